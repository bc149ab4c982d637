/** The engine's records as faces see them. */
import { PcAgentError } from '../base/errors.ts';
import { withoutSecrets } from '../base/node/shown-address.ts';
import { parseHandsetAddress } from '../bearer/address.ts';
import type { Cache } from '../cache/cache.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import type { KnownHandset } from '../contract/handsets.ts';
import type { PackageView, ProfileView } from '../contract/results.ts';
import type { StoredProfile } from '../dms/profile-store.ts';
import type { HandsetLikeness } from '../handset/likeness.ts';
import type { HandsetRecord } from '../handset/registry.ts';
import { contentsOf } from './package-contents.ts';

/** Whether a handset is there, and why it cannot be used though it is. */
export type HandsetStanding = Pick<KnownHandset, 'presence' | 'reason'>;

export function handsetView(
  record: HandsetRecord,
  { presence, reason }: HandsetStanding = { presence: 'unknown' },
  likeness: readonly HandsetLikeness[] = [],
  rateOf: (address: string) => number | undefined = () => undefined,
): KnownHandset {
  const { device, alias, manufacturer, model, firmware, speaksDm, address, firstSeen, lastSeen, virtual } = record;
  return {
    device,
    ...(alias === undefined ? {} : { alias }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(model === undefined ? {} : { model }),
    ...(firmware === undefined ? {} : { firmware }),
    ...(speaksDm === undefined ? {} : { speaksDm }),
    ...(address === undefined ? {} : { address }),
    ...{ firstSeen, lastSeen, virtual, presence },
    bearers: chipsOf(record).map((chip) => ({ ...chip, ...rated(rateOf(chip.address)) })),
    ...(reason === undefined ? {} : { reason }),
    ...(likeness.length === 0 ? {} : { likeness: [...likeness] }),
  };
}

function rated(rate: number | undefined): { readonly rate?: number } {
  return rate === undefined ? {} : { rate: Math.round(rate) };
}

/** The ways to a handset; of one whose places are all another one's by now, where it was. */
function chipsOf({ ways, address }: HandsetRecord): KnownHandset['bearers'] {
  if (ways.length === 0) return address === undefined ? [] : bearersOf(address);
  return ways.map(({ kind, address: text, attached, place, reason, holder }) => ({
    ...{ kind, address: text },
    ...(attached === undefined ? {} : { attached }),
    ...(place === undefined ? {} : { place }),
    ...(reason === undefined || attached !== true ? {} : { reason }),
    ...(holder === undefined || attached !== true ? {} : { holder: { ...holder } }),
  }));
}

/** What an address says of the way to a handset; nothing when it is none. */
export function bearersOf(address: string): KnownHandset['bearers'] {
  try {
    const { kind, text } = parseHandsetAddress(address);
    return kind === 'id' ? [] : [{ kind, address: text }];
  } catch {
    return [];
  }
}

/** @throws PcAgentError `cache/absent` */
export function cachedPackage(cache: Pick<Cache, 'show'>, id: string): CachedPackage {
  const found = cache.show(id);
  if (found !== undefined) return found;
  throw new PcAgentError('cache/absent', `there is no package ${id}`, { details: { id } });
}

export function packageView(found: CachedPackage): PackageView {
  const { id, name, version, size, digest, trust, origin, addedAt, verifiedAt, reason } = found;
  const { contents, model: own } = contentsOf(found.head);
  const model = found.model === '' ? own : found.model;
  // Who offers it: nothing but the server that it was fetched from vouches for a name.
  const provider = origin.kind === 'url' && URL.canParse(origin.url) ? new URL(origin.url).host : undefined;
  return {
    ...{ id, name, version, size, trust, addedAt, verifiedAt },
    ...(model === undefined ? {} : { model }),
    ...(provider === undefined ? {} : { provider }),
    ...(contents === undefined ? {} : { contents }),
    sha256: digest,
    source: origin.kind === 'file' ? origin.path : withoutSecrets(origin.url),
    ...(reason === undefined ? {} : { quarantined: reason }),
  };
}

export function profileView(profile: StoredProfile): ProfileView {
  return { ...profile, allowedOrigins: [...profile.allowedOrigins] };
}
