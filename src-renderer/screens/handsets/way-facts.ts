import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { LiveSession } from '../../../src-main/contract/sessions.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { WAY_KINDS } from '../../../src-main/contract/way-kinds.ts';

export type Way = KnownHandset['bearers'][number];

/** Which of several ways is used, and why. */
export interface WayFacts {
  readonly used: Way;
  readonly why: /** It is faster and steadier than the other one, which could be used, too. */
    | { readonly kind: 'better'; readonly than: Way }
    /** A better one is not there. */
    | { readonly kind: 'away'; readonly other: Way }
    /** A better one is there and cannot be used. */
    | { readonly kind: 'unusable'; readonly other: Way }
    /** A better one has come while a session goes on. */
    | { readonly kind: 'until-over'; readonly then: Way };
}

/** @returns `undefined` where there is nothing to choose from, or nothing is there */
export function wayFacts(
  { bearers }: Pick<KnownHandset, 'bearers'>,
  session: Pick<LiveSession, 'handset'> | undefined,
): WayFacts | undefined {
  const sorted = bearers.toSorted((a, b) => rank(a) - rank(b));
  const used =
    session === undefined
      ? sorted.find(isUsable)
      : sorted.find(({ address }) => placeOf(address) === placeOf(session.handset));
  if (used === undefined) return undefined;
  const others = sorted.filter(({ kind }) => kind !== used.kind);
  const better = others.filter((way) => rank(way) < rank(used));
  const then = better.find(isUsable);
  if (then !== undefined) return { used, why: { kind: 'until-over', then } };
  const unusable = better.find(({ attached, reason }) => attached !== false && reason !== undefined);
  if (unusable !== undefined) return { used, why: { kind: 'unusable', other: unusable } };
  const away = better.find(({ attached }) => attached === false);
  if (away !== undefined) return { used, why: { kind: 'away', other: away } };
  const than = others.find((way) => isUsable(way) && rank(way) > rank(used));
  return than === undefined ? undefined : { used, why: { kind: 'better', than } };
}

/** Another way that work could go on over while its link is lost, and how long it would take. */
export interface WayOffer {
  readonly other: Way;
  /** What is to be carried anew; absent: not known. */
  readonly bytes: number | undefined;
  /** Seconds for that; absent: this way was never measured. */
  readonly seconds: number | undefined;
  /** The one that was lost, and how long it would take there. */
  readonly lost: Way | undefined;
  readonly lostSeconds: number | undefined;
}

export function wayOffer(
  { sessions, packages }: Pick<HostState, 'sessions' | 'packages'>,
  handset: Pick<KnownHandset, 'bearers' | 'address'>,
  task: Pick<Task, 'sessions' | 'packages'>,
): WayOffer | undefined {
  const last = sessions.findLast(({ key }) => task.sessions.includes(key));
  const place = placeOf(last?.handset ?? handset.address ?? '');
  const lost = handset.bearers.find(({ address }) => placeOf(address) === place);
  const other = handset.bearers
    .filter(({ kind, reason }) => kind !== lost?.kind && reason === undefined)
    .toSorted((a, b) => rank(a) - rank(b))[0];
  if (other === undefined) return undefined;
  const sizes = packages.filter(({ id }) => task.packages?.includes(id)).map(({ size }) => size);
  const bytes = last?.transfer?.total ?? (sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0));
  return { other, bytes, seconds: secondsOver(other, bytes), lost, lostSeconds: secondsOver(lost, bytes) };
}

export function secondsOver(way: Way | undefined, bytes: number | undefined): number | undefined {
  if (way?.rate === undefined || way.rate <= 0 || bytes === undefined) return undefined;
  return bytes / way.rate;
}

function isUsable({ attached, reason }: Way): boolean {
  return attached === true && reason === undefined;
}

function rank({ kind }: Way): number {
  return WAY_KINDS.indexOf(kind);
}

/** Without the speed of a line and the channel of a radio, which are how one speaks there. */
function placeOf(address: string): string {
  return /^(?:serial|bluetooth):/.test(address) ? (address.split('@', 1)[0] ?? '') : address;
}
