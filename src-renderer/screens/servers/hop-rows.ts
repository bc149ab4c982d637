import type { Hop } from '../../../src-main/contract/results.ts';

const WAY: readonly Hop['hop'][] = ['name', 'tcp', 'tls', 'http', 'dm'];

export interface HopRow {
  readonly hop: Hop['hop'];
  /** `unneeded`: not on this way; `skipped`: not tried, since an earlier one failed or the test was stopped. */
  readonly state: Hop['state'] | 'unneeded' | 'working' | 'waiting';
  /** What came of it, once that is known. */
  readonly result?: Hop;
}

/** The whole way, hop by hop, with what is known of it so far. */
export function hopRows(known: readonly Hop[], running: boolean): readonly HopRow[] {
  let broken = false;
  let next = running;
  return WAY.map((hop): HopRow => {
    const result = known.find((each) => each.hop === hop);
    if (result === undefined) {
      const working = next;
      next = false;
      return { hop, state: working ? 'working' : running ? 'waiting' : 'skipped' };
    }
    if (result.state === 'failed') broken = true;
    return { hop, state: result.state === 'skipped' && !broken ? 'unneeded' : result.state, result };
  });
}

/** The hop at which the way ends; `undefined`: it does not. */
export function failedHop(known: readonly Hop[]): Hop | undefined {
  return known.find(({ state }) => state === 'failed');
}

/** Milliseconds of all hops together. */
export function wholeTime(known: readonly Hop[]): number {
  return known.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
}
