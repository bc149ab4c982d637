import type { Attachment, KnownHandset } from '../../../src-main/contract/handsets.ts';

/** What the doctor can say more of, or mend; of others it helps to try again. */
const DOCTORED: readonly string[] = [
  'bearer/permission-denied',
  'bearer/modem-manager',
  'bearer/driver-missing',
  'bearer/unusable',
  'bearer/descriptor-invalid',
  'bearer/module-missing',
  'bearer/child-lost',
];
/** What a thing is called that nothing dials, after its port. */
const PORT_ONLY = /^usb:\d{1,4}-\d/;

/** True of a code of which the doctor can say more. */
export function isDoctored(code: string): boolean {
  return DOCTORED.includes(code) || code.startsWith('doctor/');
}

/** Where the doctor is that says more of a handset's trouble; `undefined`: it is better to try again. */
export function doctorOfHandset({ bearers, address }: KnownHandset, code: string | undefined): string | undefined {
  if (code === undefined || !DOCTORED.includes(code)) return undefined;
  const way = bearers.find(({ reason }) => reason === code);
  return doctorPlace(way?.address ?? address);
}

/** The same for a thing of which nobody knows whose it is. */
export function doctorOfThing({ address, finding, reason }: Pick<Attachment, 'address' | 'finding' | 'reason'>) {
  if (reason === undefined) return undefined;
  if (!DOCTORED.includes(reason) && !PORT_ONLY.test(address)) return undefined;
  return doctorPlace(finding ?? address);
}

function doctorPlace(target: string | undefined): string {
  return target === undefined ? '/doctor' : `/doctor/${encodeURIComponent(target)}`;
}
