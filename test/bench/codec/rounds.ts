/** How figures against an anchor are judged, the same for every case. */

/** One interleaved round: anchor and subject one after the other, in documents a second. */
export interface Round {
  readonly anchor: number;
  readonly subject: number;
}

export type Verdict = 'met' | 'not met' | 'too noisy';

export interface Judgement {
  /** Median of the ratios of the rounds. */
  readonly ratio: number;
  /** Slowest by fastest round of the anchor: 1 is a quiet machine. */
  readonly spread: number;
  readonly verdict: Verdict;
}

/** Below this the machine was too busy to say anything. */
const QUIET = 0.5;

export function judge(rounds: readonly Round[], goal: number): Judgement {
  const ratio = median(rounds.map((round) => round.subject / round.anchor));
  const anchors = rounds.map((round) => round.anchor);
  const spread = Math.min(...anchors) / Math.max(...anchors);
  const verdict = spread < QUIET ? 'too noisy' : ratio >= goal ? 'met' : 'not met';
  return { ratio, spread, verdict };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
