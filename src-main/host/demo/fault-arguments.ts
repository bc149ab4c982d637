import { DMS_PROFILES } from '../../virtual/dms/profiles.ts';
import type { DemoOptions } from './demo-options.ts';

/** What the peers are started with so that the fault happens where it belongs. */
export function faultArguments(
  fault: DemoOptions['fault'],
  acts: DemoOptions['acts'],
): { readonly dms: readonly string[]; readonly handset: readonly string[] } {
  // The download of act 2 is broken off once, to show that it goes on where it stopped.
  const drop = acts.includes('cache') ? ['--fault', 'dms-drop-download'] : [];
  if (fault === undefined || fault.name === 'flip-byte') return { dms: drop, handset: [] };
  const flag = ['--fault', fault.value === undefined ? fault.name : `${fault.name}=${fault.value}`];
  // A proof beside the message is only there to be wrong when MAC is in use.
  const auth = isMacFault(fault) ? ['--auth', 'mac'] : [];
  return fault.name.startsWith('dms-')
    ? { dms: [...flag, ...auth, ...drop], handset: [] }
    : { dms: [...auth, ...drop], handset: flag };
}

/** What the peers are started with so that those behave so whose profile it is. */
export function profileArguments(profile: string | undefined): {
  readonly dms: readonly string[];
  readonly handset: readonly string[];
} {
  if (profile === undefined) return { dms: [], handset: [] };
  const flag = ['--profile', profile];
  return DMS_PROFILES.some(({ name }) => name === profile) ? { dms: flag, handset: [] } : { dms: [], handset: flag };
}

/** A fault of the proof beside the message: both sides prove themselves by MAC then. */
export function isMacFault(fault: DemoOptions['fault']): boolean {
  return fault?.name.endsWith('-mac') === true;
}
