/** Configuration descriptors as devices give them; nothing here was made by code of ours. */

/** Two lines of hex a function; what is behind `;` is for the reader. */
export function octets(listing: string): Uint8Array {
  const digits = listing.replace(/;.*$/gm, '').replace(/\s/g, '');
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/**
 * A Nokia E70 in its PC Suite mode, after the listing that T. Sailer sent to linux-kernel on 12 December 2006 (the
 * E62 names the same services): two wireless handset control models, a vendor's function, four OBEX functions, two
 * modems.
 */
export const NOKIA_E70 = octets(`
  09 02 CE 01 10 01 04 C0 32
  09 04 00 00 00 02 08 00 00 05 24 00 10 01 05 24 11 00 01
  17 24 06 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F 10 11 12 13  ; there are no interfaces 16 to 19
  09 04 01 00 00 02 08 01 00 05 24 00 10 01 05 24 08 00 01 06 24 06 01 02 03
  09 04 02 00 00 02 FE 00 00 05 24 00 10 01 05 24 AB 05 15 05 24 06 02 03
  09 04 03 00 00 0A 00 00 00 09 04 03 01 02 0A 00 00 00 07 05 03 02 40 00 00 07 05 82 02 40 00 00
  09 04 04 00 00 02 0B 00 05 05 24 00 10 01 05 24 15 00 01 05 24 06 04 05  ; SYNCML-SYNC
  09 04 05 00 00 0A 00 00 00 09 04 05 01 02 0A 00 00 00 07 05 87 02 40 00 00 07 05 06 02 40 00 00
  09 04 06 00 00 02 0B 00 06 05 24 00 10 01 05 24 15 00 01 05 24 06 06 07  ; PC Suite Services
  09 04 07 00 00 0A 00 00 00 09 04 07 01 02 0A 00 00 00 07 05 88 02 40 00 00 07 05 08 02 40 00 00
  09 04 08 00 00 02 0B 00 07 05 24 00 10 01 05 24 15 00 01 05 24 06 08 09  ; SYNCML-DM
  09 04 09 00 00 0A 00 00 00 09 04 09 01 02 0A 00 00 00 07 05 89 02 40 00 00 07 05 09 02 40 00 00
  09 04 0A 00 00 02 0B 00 08 05 24 00 10 01 05 24 15 00 01 05 24 06 0A 0B  ; SYNCML-SYNC-CLIENT-INIT
  09 04 0B 00 00 0A 00 00 00 09 04 0B 01 02 0A 00 00 00 07 05 8B 02 40 00 00 07 05 0C 02 40 00 00
  09 04 0C 00 01 02 02 01 09 05 24 00 00 01 04 24 02 0F 05 24 06 0C 0D 07 05 84 03 40 00 80
  09 04 0D 00 02 0A 00 00 0A 07 05 8C 02 40 00 00 07 05 0D 02 40 00 00
  09 04 0E 00 01 02 02 FF 0B 05 24 00 00 01 04 24 02 0F 05 24 06 0E 0F 07 05 85 03 40 00 80
  09 04 0F 00 02 0A 00 00 0C 07 05 8E 02 40 00 00 07 05 0F 02 40 00 00`);

/** The strings of its interfaces. */
export const NOKIA_E70_STRINGS: Readonly<Record<number, string>> = {
  5: 'SYNCML-SYNC',
  6: 'PC Suite Services',
  7: 'SYNCML-DM',
  8: 'SYNCML-SYNC-CLIENT-INIT',
};

/** Linux 6.1's f_acm and f_obex on dummy_hcd, as /sys/bus/usb/devices/1-1/descriptors has it behind the device's own. */
export const KERNEL_GADGET = octets(`
  09 02 83 00 04 01 04 80 7D
  08 0B 00 02 02 02 01 07
  09 04 00 00 01 02 02 01 05 05 24 00 10 01 05 24 01 00 01 04 24 02 02 05 24 06 00 01 07 05 85 03 0A 00 09
  09 04 01 00 02 0A 00 00 06 07 05 81 02 00 02 00 07 05 02 02 00 02 00
  09 04 02 00 00 02 0B 00 09 05 24 00 20 01 05 24 15 00 01 05 24 06 02 03
  09 04 03 00 00 0A 00 00 0A
  09 04 03 01 02 0A 00 00 0A 07 05 86 02 00 02 00 07 05 07 02 00 02 00`);

/** One OBEX function and nothing else; the parts are there for tests that leave some out or change them. */
export const PARTS = {
  control: '09 04 00 00 00 02 0B 00 01',
  header: '05 24 00 10 01',
  union: '05 24 06 00 01',
  obex: '05 24 15 00 01',
  /** Role server, 02AEB320-F649-11DA-974D-0800200C9A66 (the default server), version 1.0. */
  service: '16 24 19 00 02 AE B3 20 F6 49 11 DA 97 4D 08 00 20 0C 9A 66 00 01',
  idle: '09 04 01 00 00 0A 00 00 00',
  active: '09 04 01 01 02 0A 00 00 00',
  in: '07 05 81 02 00 02 00',
  out: '07 05 02 02 00 02 00',
} as const;

/** A configuration descriptor with these parts behind it; `total` lies about its length. */
export function configurationOf(parts: readonly string[], total?: number): Uint8Array {
  const body = octets(parts.join(' '));
  const length = total ?? 9 + body.length;
  return Uint8Array.from([9, 2, length & 0xff, length >> 8, 2, 1, 0, 0x80, 50, ...body]);
}
