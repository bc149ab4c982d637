import { type Duration, seconds } from '../base/durations.ts';
import type { ParamsOf } from '../contract/requests.ts';
import { profileFor } from '../dms/profile-store.ts';
import type { OrderConsent } from '../jobs/job.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import type { Engine } from './engine.ts';

/** The question to the person at the handset; asked wherever the handset can, unless the order says otherwise. */
export function consentFor(policy: ParamsOf<'remove'>['consent'], text: string): { readonly consent?: OrderConsent } {
  return policy === 'none' ? {} : { consent: { text, policy: policy ?? 'if-possible' } };
}

/**
 * What the PC's own server may put on a handset, and what is the same for each order of it.
 * @throws PcAgentError `cache/*`, `listening/network-off`; as `reportAddress`
 */
export function usableForOrder(
  engine: Pick<Engine, 'profiles' | 'shelf' | 'cache'>,
  params: Pick<ParamsOf<'install'>, 'allowUnverified' | 'download' | 'reportTo'>,
  ids: readonly string[],
) {
  const { allowUnverified = false, download } = params;
  const reportTo = reportAddress(engine, params);
  if (download === true) engine.shelf.assertOpen();
  const packages = ids.map((id) => usablePackage(engine.cache.show(id), { id, allowUnverified }));
  return { packages, same: { allowUnverified, reportTo } };
}

/** How long the handset is waited for when its link is lost in the middle. */
export function reconnecting({ reconnect }: Pick<ParamsOf<'remove'>, 'reconnect'>): { readonly reconnect?: Duration } {
  return reconnect === undefined || reconnect === 0 ? {} : { reconnect: seconds(reconnect) };
}

/**
 * Origin of the DM server that is told what was done: the one that is named, else the default profile's.
 * @throws PcAgentError `dms/profile-unknown`, `dms/profile-invalid`
 */
export function reportAddress(
  { profiles }: Pick<Engine, 'profiles'>,
  { reportTo }: Pick<ParamsOf<'remove'>, 'reportTo'>,
): string | undefined {
  if (reportTo !== undefined) return profileFor(reportTo, profiles).url.origin;
  const standard = profiles.list().find(({ isDefault }) => isDefault);
  return standard === undefined ? undefined : new URL(standard.url).origin;
}
