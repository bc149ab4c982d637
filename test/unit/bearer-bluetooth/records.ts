/** Service records as octets, laid out by hand (Bluetooth Core 5.4, volume 3, part B). */

/** A "SyncML DM Client" on channel 13, as SDP listings of Nokia handsets show theirs. */
export const DM_CLIENT = `
  35 4e
  09 00 01  35 11 1c 00 00 00 04 00 00 10 00 80 00 00 02 ee 00 00 02
  09 00 04  35 11  35 03 19 01 00  35 05 19 00 03 08 0d  35 03 19 00 08
  09 00 09  35 08 35 06 19 11 05 09 01 00
  09 01 00  25 10 53 79 6e 63 4d 4c 20 44 4d 20 43 6c 69 65 6e 74`;

/** OBEX push on channel 9, its UUID of 16 bits, without a name. */
export const PUSH = `
  35 1e
  09 00 01  35 03 19 11 05
  09 00 04  35 11  35 03 19 01 00  35 05 19 00 03 08 09  35 03 19 00 08`;

/** File transfer on channel 10, whose protocols are a choice of two lists, and whose UUID has 32 bits. */
export const FILE_TRANSFER = `
  35 2d
  09 00 01  35 05 1a 00 00 11 06
  09 00 04  3d 1e
    35 08  35 06 19 01 00 09 10 21
    35 12  35 03 19 01 00  35 06 19 00 03 09 00 0a  35 03 19 00 08`;

/** @param text octets in hex, with blanks */
export function octetsOf(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s+/g, ''), 'hex'));
}

/** A list of records, its length in two octets. */
export function listOf(...records: readonly string[]): Uint8Array {
  const octets = records.flatMap((record) => [...octetsOf(record)]);
  return Uint8Array.of(0x36, octets.length >> 8, octets.length & 0xff, ...octets);
}

/** What BlueZ 5.66 with obexd answered to the question for all that speaks RFCOMM: seven services, two of them of use. */
export const BLUEZ_LIST = `
  36018735370900013503191133090004351135031901003505190003081135031900080901002514
  4d657373616765204e6f74696669636174696f6e3531090001350319113209000435113503190100
  350519000308103503190008090100250e4d65737361676520416363657373353409000135031911
  2f090004351135031901003505190003080f3503190008090100251150686f6e6520426f6f6b2041
  636365737335320900013503191104090004351135031901003505190003080e3503190008090100
  250f53796e6368726f6e697a6174696f6e3530090001350319110609000435113503190100350519
  0003080a3503190008090100250d46696c65205472616e73666572352e0900013503191105090004
  35113503190100350519000308093503190008090100250b4f626a6563742050757368354d090001
  35111c000050050000100080000002ee000001090004351135031901003505190003081835031900
  08090100251c4e6f6b6961204f424558205043205375697465205365727669636573`;
