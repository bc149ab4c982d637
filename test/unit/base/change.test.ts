import { describe, expect, it } from 'vitest';
import { Change } from '../../../src-main/base/change.ts';

const never = new AbortController().signal;

describe('a change', () => {
  it('wakes who waits for it, once, and nobody when nobody waits', async () => {
    const change = new Change();
    change.wake();
    let woken = 0;
    const first = change.next(never).then(() => {
      woken += 1;
    });
    await new Promise(setImmediate);
    expect(woken).toBe(0);
    change.wake();
    change.wake();
    await first;
    expect(woken).toBe(1);
    const second = change.next(never);
    change.wake();
    await second;
  });

  it('is over for who waits when the signal is aborted, with its reason, and another may wait then', async () => {
    const change = new Change();
    const stop = new AbortController();
    const waiting = change.next(stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const next = change.next(never);
    change.wake();
    await next;
  });

  it('refuses a second one while somebody waits, and leaves the first waiting', async () => {
    const change = new Change();
    const first = change.next(never);
    await expect(change.next(never)).rejects.toThrow(TypeError);
    change.wake();
    await first;
  });
});
