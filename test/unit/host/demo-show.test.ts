import { describe, expect, it } from 'vitest';
import type { HostChange } from '../../../src-main/contract/host-state.ts';
import { never, testHome } from './home.ts';

const home = testHome();

describe('the demo in the host', () => {
  it('is played one at a time, is told of as it goes, and says when it was broken off', async () => {
    const host = await home.host(home.places());
    const changes: HostChange[] = [];
    const stopFollowing = new AbortController();
    const following = host.connection.follow((update) => {
      if (update.kind === 'change') changes.push(update.change);
    }, stopFollowing.signal);
    const stop = new AbortController();
    const began = Promise.withResolvers<void>();
    const emit = (event: { readonly type: string }) => {
      if (event.type === 'act') began.resolve();
    };
    const first = host.connection
      .request('demo.run', {}, { emit, signal: stop.signal })
      .catch((error: unknown) => error);
    await began.promise;
    const second = host.connection.request('demo.run', {}, { emit: () => undefined, signal: never() });
    await expect(second).rejects.toMatchObject({ code: 'demo/running' });
    stop.abort();
    await first;
    stopFollowing.abort();
    await following;
    const shown = changes.flatMap((change) => (change.kind === 'demo' ? [change.demo] : []));
    expect(shown[0]).toEqual({ state: 'running', acts: [], sessions: [], errors: [] });
    expect(shown.at(-1)).toMatchObject({ state: 'failed', result: { ok: false, handsets: expect.any(Array) } });
    // Nothing of it is the user's: no job, no session of the journal, no task.
    expect(changes.filter(({ kind }) => kind === 'journal' || kind === 'task')).toEqual([]);
    expect(
      await host.connection.request('sessions.list', {}, { emit: () => undefined, signal: never() }),
    ).toMatchObject({
      sessions: [],
    });
  });
});
