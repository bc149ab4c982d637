import type { Clock } from '../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError } from '../base/errors.ts';
import { withinLimit } from '../base/node/within-limit.ts';
import type { Bearers } from '../bearer/bearers.ts';
import type { AttachedFunction, AttachedThing } from '../bearer/discovery.ts';
import type { Finding } from '../contract/doctor.ts';
import { fact } from './finding.ts';

/** Conversations of this program, by `turnKeyOf` their address. */
export interface Turns {
  /** Under what conversations with this thing have their turns. */
  keysOf(thing: AttachedThing): readonly string[];
  /** Somebody of ours waits there for a handset that calls. */
  occupied(key: string): boolean;
  /** Resolves when the turn has come, with what ends it. @throws the signal's reason */
  take(key: string, signal: AbortSignal): Promise<() => void>;
}

export interface RetestOptions {
  readonly bearers: Pick<Bearers, 'for'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Default: nobody else has a turn. */
  readonly turns?: Turns | undefined;
  /** Until when a turn is waited for, by the monotonic clock. */
  readonly until: number;
}

/** Questions of ours are over by then; a session goes on. All things of a computer together are waited for so long. */
export const TURN_LIMIT: Duration = seconds(12);

/** How one way was opened for real. */
export interface Opened {
  readonly address: string;
  /** This program has a conversation there, so somebody has opened it. */
  readonly inUse?: boolean;
  /** Absent: it went well. */
  readonly code?: string;
  readonly said?: string;
}

/** More than any bearer's own limit: a driver that takes longer has hung. */
const OPEN_LIMIT: Duration = seconds(22);

/** Opens each way of a thing as a session would, says nothing over it, and closes it again. @throws AbortError */
export async function openWays(thing: AttachedThing, options: RetestOptions): Promise<readonly Opened[]> {
  const ways = uniqueWays(thing);
  const end = await turnAtAll(thing, options);
  if (end === undefined) return ways.map(({ address }) => ({ address, inUse: true }));
  try {
    const opened: Opened[] = [];
    // One after the other: two ways may go through one node.
    for (const way of ways) opened.push(await open(way, options));
    return opened;
  } finally {
    end();
  }
}

/** The turn at every way, as two may go through one node; `undefined` when it does not come in time. @throws AbortError */
async function turnAtAll(
  thing: AttachedThing,
  { turns, clock, signal, until }: RetestOptions,
): Promise<(() => void) | undefined> {
  const ends: (() => void)[] = [];
  const end = () => {
    for (const each of ends) each();
  };
  if (turns === undefined) return end;
  const keys = turns.keysOf(thing);
  if (keys.some((key) => turns.occupied(key))) return undefined;
  const left = milliseconds(Math.max(0, until - clock.monotonic()));
  try {
    await withinLimit(left, { clock, signal }, async (limited) => {
      for (const key of [...new Set(keys)].sort()) ends.push(await turns.take(key, limited));
    });
    return end;
  } catch (error) {
    end();
    signal.throwIfAborted();
    if (!isAbort(error)) throw error;
    return undefined;
  }
}

function uniqueWays({ functions }: AttachedThing): readonly AttachedFunction[] {
  return [...new Map(functions.map((way) => [way.address, way])).values()];
}

async function open({ kind, address }: AttachedFunction, { bearers, clock, signal }: RetestOptions): Promise<Opened> {
  try {
    const bearer = bearers.for(kind);
    await withinLimit(OPEN_LIMIT, { clock, signal }, async (limited) => {
      const stream = await bearer.dial(bearer.parse(address), { signal: limited });
      await stream.close();
    });
    return { address };
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error ? error.message : String(error);
    return { address, code: isPcAgentError(error) ? error.code : 'bearer/timeout', said };
  }
}

/** Puts what was seen at the device into its finding: a way that was refused is trouble, whatever access(2) says. */
export function withOpened(findings: readonly Finding[], thing: string, opened: readonly Opened[]): readonly Finding[] {
  if (opened.length === 0) return findings;
  const facts = opened.map((each) => fact('opened', `${each.address}: ${seenOf(each)}`));
  const refused = opened.find(({ code }) => code !== undefined);
  return findings.map((finding) => {
    if (finding.id !== `permission:${thing}`) return finding;
    const whole = { ...finding, facts: [...finding.facts, ...facts.filter((each) => each !== undefined)] };
    if (refused?.code === undefined || finding.state === 'trouble') return whole;
    const state = refused.code === 'bearer/permission-denied' ? ('trouble' as const) : ('unknown' as const);
    return { ...whole, state, code: refused.code, address: refused.address };
  });
}

function seenOf({ inUse, code, said }: Opened): string {
  if (inUse === true) return 'this program speaks with it at the moment';
  return code === undefined ? 'yes' : `no, ${code}, ${said ?? ''}`;
}
