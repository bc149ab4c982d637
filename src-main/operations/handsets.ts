import { PcAgentError } from '../base/errors.ts';
import type { KeyedLock } from '../cache/keyed-lock.ts';
import type { KnownHandset } from '../contract/handsets.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { HandsetRecord, HandsetRegistry } from '../handset/registry.ts';

/** What operations on the list of handsets work with. */
export interface HandsetList {
  readonly handsets: HandsetRegistry;
  readonly turns: Pick<KeyedLock, 'held'>;
  readonly view: (record: HandsetRecord) => KnownHandset;
  /** A session with this address is under way. */
  readonly inSession: (address: string) => boolean;
}

/** @throws PcAgentError `handset/unknown`, `handset/alias-invalid`, `handset/alias-taken` */
export async function renameHandset(
  { handsets, view }: Pick<HandsetList, 'handsets' | 'view'>,
  { device, alias }: ParamsOf<'handsets.rename'>,
): Promise<ResultOf<'handsets.rename'>> {
  return { handset: view(await handsets.rename(knownHandset(handsets, device).device, alias)) };
}

/** @throws PcAgentError `handset/unknown`, `handset/busy` */
export async function forgetHandset(
  list: Omit<HandsetList, 'view'>,
  { device }: ParamsOf<'handsets.forget'>,
): Promise<ResultOf<'handsets.forget'>> {
  const known = knownHandset(list.handsets, device);
  assertIdle(list, known);
  const { device: forgotten } = await list.handsets.forget(known.device);
  return { forgotten };
}

/** @throws PcAgentError `handset/unknown`, `handset/ids-differ`, `handset/busy` */
export async function joinHandsets(
  list: HandsetList,
  { device, other }: ParamsOf<'handsets.join'>,
): Promise<ResultOf<'handsets.join'>> {
  const both = [knownHandset(list.handsets, device), knownHandset(list.handsets, other)] as const;
  for (const each of both) assertIdle(list, each);
  return { handset: list.view(await list.handsets.join(both[0].device, both[1].device)) };
}

/** @throws PcAgentError `handset/unknown` */
export async function tellHandsetsApart(
  { handsets }: Pick<HandsetList, 'handsets'>,
  { device, other }: ParamsOf<'handsets.differ'>,
): Promise<ResultOf<'handsets.differ'>> {
  await handsets.differ(knownHandset(handsets, device).device, knownHandset(handsets, other).device);
  return {};
}

/** @throws PcAgentError `handset/unknown`, `handset/name-ambiguous` */
export function knownHandset(handsets: Pick<HandsetRegistry, 'named'>, name: string): HandsetRecord {
  const found = handsets.named(name);
  if (found !== undefined) return found;
  throw new PcAgentError('handset/unknown', `no handset ${name} is known`, { retry: 'after-operator' });
}

/** @throws PcAgentError `handset/busy` */
export function assertIdle(
  { turns, inSession }: Omit<HandsetList, 'view' | 'handsets'>,
  { device, metAt, ways }: HandsetRecord,
): void {
  const addresses = [...ways.map(({ address }) => address), ...(metAt === undefined ? [] : [metAt])];
  const busy = turns.held(`device ${device}`) || addresses.some(inSession);
  if (!busy) return;
  throw new PcAgentError('handset/busy', 'a session with this handset is under way', { retry: 'later' });
}
