import type { HostState } from '../../../src-main/contract/host-state.ts';
import { cardFacts } from './card-facts.ts';
import { cardState, isAtWork } from './card-state.ts';
import { outcomeOf } from './outcome.ts';

type Listed = Pick<HostState, 'handsets' | 'sessions' | 'tasks' | 'prompts'>;

/** Devices by section; within one in the order in which they were first met, so that no card changes places. */
export interface CardOrder {
  readonly here: readonly string[];
  readonly away: readonly string[];
}

/** A handset that nobody has looked for is not counted as attached: most that are known lie in a drawer. */
export function cardOrder(state: Listed): CardOrder {
  const here: string[] = [];
  const away: string[] = [];
  const sorted = state.handsets.toSorted((a, b) => compare(a.firstSeen, b.firstSeen) || compare(a.device, b.device));
  for (const handset of sorted) {
    const isHere = handset.presence === 'attached' || isAtWork(cardState(handset, cardFacts(state, handset)));
    (isHere ? here : away).push(handset.device);
  }
  return { here, away };
}

/** What several handsets are at, or came to. */
export interface Batch {
  readonly working: number;
  readonly done: number;
  readonly needsYou: number;
}

export function batchOf(state: Listed): Batch {
  const batch = { working: 0, done: 0, needsYou: 0 };
  for (const handset of state.handsets) {
    const facts = cardFacts(state, handset);
    const { kind } = cardState(handset, facts);
    const outcome = facts.ended === undefined ? undefined : outcomeOf(facts.ended, []);
    if (kind === 'asked-here' || kind === 'asked-there' || kind === 'unusable') batch.needsYou += 1;
    else if (kind === 'busy' || kind === 'queued') batch.working += 1;
    else if (outcome?.kind === 'waiting') batch.working += 1;
    else if (outcome?.kind === 'failed') batch.needsYou += 1;
    else if (outcome !== undefined && outcome.kind !== 'cancelled') batch.done += 1;
  }
  return batch;
}

/** Addresses where work goes on of which it is not known yet whose they are. */
export function unknownAddresses({ handsets, tasks }: Pick<HostState, 'handsets' | 'tasks'>): readonly string[] {
  const known = new Set(handsets.flatMap(({ device, address, alias }) => [device, address, alias]));
  const open = tasks.filter(
    ({ name, end, device }) => name === 'inventory' && end === undefined && device === undefined,
  );
  return [...new Set(open.flatMap(({ handset }) => (handset === undefined || known.has(handset) ? [] : [handset])))];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
