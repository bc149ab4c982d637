import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Engine } from './engine.ts';
import { profileView } from './views.ts';

/** @throws PcAgentError `dms/profile-exists`, `dms/profile-invalid` */
export async function addProfile(
  { profiles, changed }: Engine,
  { name, url, allowedOrigins, makeDefault }: ParamsOf<'dms.add'>,
): Promise<ResultOf<'dms.add'>> {
  const added = await profiles.add({
    name,
    url,
    ...(allowedOrigins === undefined ? {} : { allowedOrigins }),
    ...(makeDefault === undefined ? {} : { makeDefault }),
  });
  // The one that was the default until now differs too.
  for (const each of profiles.list()) changed({ kind: 'profile', profile: profileView(each) });
  return { profile: profileView(added) };
}

/** @throws PcAgentError `dms/profile-unknown`, `dms/profile-exists`, `dms/profile-invalid` */
export async function editProfile(
  { profiles, changed }: Engine,
  { dms, ...change }: ParamsOf<'dms.edit'>,
): Promise<ResultOf<'dms.edit'>> {
  const kept = await profiles.edit(dms, change);
  // The one that was the default until now differs too.
  for (const each of profiles.list()) changed({ kind: 'profile', profile: profileView(each) });
  return { profile: profileView(kept) };
}

export function listProfiles({ profiles }: Engine): ResultOf<'dms.list'> {
  return { profiles: profiles.list().map(profileView) };
}

/** @throws PcAgentError `dms/profile-unknown` */
export async function removeProfile(
  { profiles, changed }: Engine,
  { dms }: ParamsOf<'dms.remove'>,
): Promise<ResultOf<'dms.remove'>> {
  const removed = await profiles.remove(dms);
  changed({ kind: 'profile-gone', id: removed.id });
  return { removed: removed.name };
}
