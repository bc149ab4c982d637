import { PcAgentError } from '../../base/errors.ts';
import { type DmsProfile, respUriAllowed } from '../../dms/profile.ts';
import { type ProfileStore, profileFor, type StoredProfile } from '../../dms/profile-store.ts';

/**
 * The DM server that the sessions of a caller go to: what the way in says, else the profile that the handset means by the
 * address or name in its first message, else the default one. Where to post is never the handset's to say.
 * @throws PcAgentError `dms/profile-unknown`, `listening/no-server`
 */
export function chooseServer(
  profiles: Pick<ProfileStore, 'find' | 'list'>,
  { dms, wants }: { readonly dms?: string | undefined; readonly wants?: string | undefined },
): DmsProfile {
  if (dms !== undefined) return profileFor(dms, profiles);
  const all = profiles.list();
  const chosen = (wants === undefined ? undefined : meant(all, wants)) ?? all.find(({ isDefault }) => isDefault);
  if (chosen !== undefined) return profileFor(chosen.id, profiles);
  throw new PcAgentError('listening/no-server', 'a handset calls, and there is no DM server profile to carry it to', {
    retry: 'after-operator',
  });
}

function meant(profiles: readonly StoredProfile[], wants: string): StoredProfile | undefined {
  if (!URL.canParse(wants)) return profiles.find(({ name }) => name.toLowerCase() === wants.toLowerCase());
  const { href, origin } = new URL(wants);
  return (
    profiles.find(({ url }) => new URL(url).href === href) ??
    profiles.find(({ url }) => new URL(url).origin === origin) ??
    profiles.find((each) =>
      respUriAllowed({ url: new URL(each.url), allowedOrigins: new Set(each.allowedOrigins) }, new URL(wants)),
    )
  );
}
