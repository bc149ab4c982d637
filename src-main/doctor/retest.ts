import type { Clock } from '../base/clock.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import type { Bearers } from '../bearer/bearers.ts';
import type { AttachedFunction, AttachedThing } from '../bearer/discovery.ts';
import type { Finding } from '../contract/doctor.ts';
import { fact } from './finding.ts';

export interface RetestOptions {
  readonly bearers: Pick<Bearers, 'for'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** How one way was opened for real. */
export interface Opened {
  readonly address: string;
  /** Absent: it went well. */
  readonly code?: string;
  readonly said?: string;
}

/** More than any bearer's own limit: a driver that takes longer has hung. */
const OPEN_LIMIT: Duration = seconds(22);

/** Opens each way of a thing as a session would, says nothing over it, and closes it again. @throws AbortError */
export async function openWays(thing: AttachedThing, options: RetestOptions): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  // One after the other: two ways may go through one node.
  for (const way of uniqueWays(thing)) opened.push(await open(way, options));
  return opened;
}

function uniqueWays({ functions }: AttachedThing): readonly AttachedFunction[] {
  return [...new Map(functions.map((way) => [way.address, way])).values()];
}

async function open({ kind, address }: AttachedFunction, { bearers, clock, signal }: RetestOptions): Promise<Opened> {
  const stop = new AbortController();
  const limit = clock.sleep(OPEN_LIMIT, AbortSignal.any([signal, stop.signal]));
  const overdue = new AbortController();
  limit.then(
    () => overdue.abort(),
    () => undefined,
  );
  try {
    const bearer = bearers.for(kind);
    const stream = await bearer.dial(bearer.parse(address), { signal: AbortSignal.any([signal, overdue.signal]) });
    await stream.close();
    return { address };
  } catch (error) {
    signal.throwIfAborted();
    const said = error instanceof Error ? error.message : String(error);
    return { address, code: isPcAgentError(error) ? error.code : 'bearer/timeout', said };
  } finally {
    stop.abort();
  }
}

/** Puts what was seen at the device into its finding: a way that was refused is trouble, whatever access(2) says. */
export function withOpened(findings: readonly Finding[], thing: string, opened: readonly Opened[]): readonly Finding[] {
  if (opened.length === 0) return findings;
  const facts = opened.map(({ address, code, said }) =>
    fact('opened', `${address}: ${code === undefined ? 'yes' : `no, ${code}, ${said ?? ''}`}`),
  );
  const refused = opened.find(({ code }) => code !== undefined);
  return findings.map((finding) => {
    if (finding.id !== `permission:${thing}`) return finding;
    const whole = { ...finding, facts: [...finding.facts, ...facts.filter((each) => each !== undefined)] };
    if (refused?.code === undefined || finding.state === 'trouble') return whole;
    const state = refused.code === 'bearer/permission-denied' ? ('trouble' as const) : ('unknown' as const);
    return { ...whole, state, code: refused.code, address: refused.address };
  });
}
