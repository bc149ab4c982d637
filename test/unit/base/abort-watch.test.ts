import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { AbortWatch } from '../../../src-main/base/abort-watch.ts';

function listeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

describe('a watch for aborts', () => {
  it('tells the wait that is under way of the abort and its reason, once', () => {
    const watch = new AbortWatch();
    const owner = new AbortController();
    const told: unknown[] = [];
    watch.start(owner.signal, (reason) => told.push(reason));
    owner.abort('enough');
    owner.abort('again');
    expect(told).toEqual(['enough']);
  });

  it('tells nobody when the wait is over', () => {
    const watch = new AbortWatch();
    const owner = new AbortController();
    const told: unknown[] = [];
    watch.start(owner.signal, (reason) => told.push(reason));
    watch.end();
    owner.abort();
    expect(told).toEqual([]);
  });

  it('keeps one listener for all the waits with one signal, and tells only the last', () => {
    const watch = new AbortWatch();
    const owner = new AbortController();
    const told: string[] = [];
    for (const name of ['first', 'second', 'third']) {
      watch.start(owner.signal, () => told.push(name));
      if (name !== 'third') watch.end();
    }
    expect(listeners(owner.signal)).toBe(1);
    owner.abort();
    expect(told).toEqual(['third']);
  });

  it('lets go of a signal when a wait comes with another one', () => {
    const watch = new AbortWatch();
    const [before, after] = [new AbortController(), new AbortController()];
    const told: string[] = [];
    watch.start(before.signal, () => told.push('before'));
    watch.end();
    watch.start(after.signal, () => told.push('after'));
    expect([listeners(before.signal), listeners(after.signal)]).toEqual([0, 1]);
    before.abort();
    expect(told).toEqual([]);
    after.abort();
    expect(told).toEqual(['after']);
  });

  it('lets go of its signal when it is closed, and can be used again', () => {
    const watch = new AbortWatch();
    const owner = new AbortController();
    const told: string[] = [];
    watch.start(owner.signal, () => told.push('closed'));
    watch.close();
    expect(listeners(owner.signal)).toBe(0);
    watch.start(owner.signal, () => told.push('again'));
    owner.abort();
    expect(told).toEqual(['again']);
  });
});
