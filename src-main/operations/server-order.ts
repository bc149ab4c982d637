import type { ParamsOf } from '../contract/requests.ts';
import type { DmsJobRequest } from '../dms/jobs.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { profileFor } from '../dms/profile-store.ts';
import type { Engine } from './engine.ts';
import { consentFor } from './own-order.ts';

type Wish = NonNullable<DmsJobRequest['software']>;

/**
 * How a DM server is to do its work, in the field of its job for that. Nothing where nothing is wished: servers of other
 * people may know no wishes. Nobody is asked unless the order says so, as asking is that server's matter.
 * @param question to the person at the handset
 */
export function serverWish<F extends 'software' | 'firmware'>(
  field: F,
  consent: ParamsOf<'remove'>['consent'],
  question: string,
  more: Wish = {},
): { readonly [field in F]?: Wish } {
  const wish = { ...more, ...(consent === undefined ? {} : consentFor(consent, question)) };
  return Object.keys(wish).length === 0 ? {} : ({ [field]: wish } as { readonly [field in F]?: Wish });
}

/**
 * The DM server that is to do the work; `undefined`: the PC's own. Asked before anybody is looked for, which may take half
 * a minute.
 * @throws PcAgentError `dms/profile-unknown`, `dms/profile-invalid`
 */
export function serverFor(
  { profiles }: Pick<Engine, 'profiles'>,
  { dms }: Pick<ParamsOf<'inventory'>, 'dms'>,
): DmsProfile | undefined {
  return dms === undefined ? undefined : profileFor(dms, profiles);
}
