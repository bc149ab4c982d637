import { describe, expect, it } from 'vitest';
import { judge, median } from '../../bench/codec/rounds.ts';

describe('the verdict of a benchmark', () => {
  it('is made from the median of the ratios of the rounds', () => {
    const rounds = [
      { anchor: 10, subject: 90 },
      { anchor: 9, subject: 27 },
      { anchor: 8, subject: 64 },
    ];
    expect(judge(rounds, 8)).toEqual({ ratio: 8, spread: 0.8, verdict: 'met' });
    expect(judge(rounds, 8.1).verdict).toBe('not met');
  });

  it('is refused when the anchor itself varied too much', () => {
    const rounds = [
      { anchor: 10, subject: 1_000 },
      { anchor: 4, subject: 1_000 },
    ];
    expect(judge(rounds, 1).verdict).toBe('too noisy');
  });

  it('takes the mean of the middle two of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
});
