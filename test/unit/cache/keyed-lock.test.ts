import { describe, expect, it } from 'vitest';
import { KeyedLock } from '../../../src-main/cache/keyed-lock.ts';

describe('turns by key', () => {
  it('come in the order of asking, those of other keys at once', async () => {
    const lock = new KeyedLock();
    const log: string[] = [];
    const end = await lock.take('a');
    const later = [1, 2].map((n) => lock.run('a', async () => void log.push(`a${n}`)));
    await lock.run('b', async () => void log.push('b'));
    end();
    await Promise.all(later);
    expect(log).toEqual(['b', 'a1', 'a2']);
  });

  it('are given up while they are waited for, and nobody behind comes before those in front', async () => {
    const lock = new KeyedLock();
    const log: string[] = [];
    const end = await lock.take('a');
    const stop = new AbortController();
    const given = lock.run('a', async () => void log.push('given up'), stop.signal);
    const behind = lock.run('a', async () => void log.push('behind'));
    stop.abort();
    await expect(given).rejects.toBe(stop.signal.reason);
    expect(log).toEqual([]);
    end();
    await behind;
    expect(log).toEqual(['behind']);
  });
});
