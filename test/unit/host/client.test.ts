import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { type HostConnection, withHost } from '../../../src-main/host/client.ts';
import { hostEndpoint } from '../../../src-main/host/endpoint.ts';
import { openLastingHost } from '../../../src-main/host/lasting-host.ts';
import { takeHostLock } from '../../../src-main/host/lock.ts';
import type { Places } from '../../../src-main/settings/places.ts';
import { never, patientServer, QUIET, testHome } from './home.ts';

const home = testHome();
const context = { note: () => undefined, signal: never() };
const PLACE = { handset: 'tcp:127.0.0.1:1' };

/** Something that listens where the host would and greets in its own way. */
async function impostor(own: Places, greeting: string) {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(greeting));
  });
  await new Promise<void>((resolve) => server.listen(hostEndpoint(own.runtime), resolve));
  return server;
}

describe('a command', () => {
  it('uses the host that runs', async () => {
    const own = home.places();
    await home.host(own);
    const was = await withHost(context, async (host) => host.own, { places: own });
    expect(was).toBe(false);
  });

  it('is the host where none runs, for as long as it runs', async () => {
    const own = home.places();
    const kept = await withHost(
      context,
      async (host) => {
        expect(host.own).toBe(true);
        expect(() => takeHostLock(own.state, new Date())).toThrow(expect.objectContaining({ code: 'host/running' }));
        const face = await home.face(own);
        return face.request('dms.add', { name: 'one', url: 'http://127.0.0.1:1/dm' }, QUIET);
      },
      { places: own },
    );
    takeHostLock(own.state, new Date()).release();
    const { profiles } = await withHost(context, (host) => host.request('dms.list', {}, QUIET), { places: own });
    expect(profiles).toEqual([kept.profile]);
  });

  it('may want a running host only', async () => {
    const own = home.places();
    await expect(withHost(context, async () => 1, { places: own, absent: 'refuse' })).rejects.toMatchObject({
      code: 'host/not-running',
    });
  });

  it('lets go of everything when its work fails', async () => {
    const own = home.places();
    const failing = withHost(context, (host) => host.request('packages.show', { id: 'none' }, QUIET), { places: own });
    await expect(failing).rejects.toMatchObject({ code: 'cache/absent' });
    takeHostLock(own.state, new Date()).release();
  });

  it('works beside others that come at the same time, each thing done once', async () => {
    const own = home.places();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(
      names.map((name) =>
        withHost(context, (host) => host.request('dms.add', { name, url: `http://${name}.example/dm` }, QUIET), {
          places: own,
        }),
      ),
    );
    const { profiles } = await withHost(context, (host) => host.request('dms.list', {}, QUIET), { places: own });
    expect(profiles.map(({ name }) => name)).toEqual(names);
    expect(profiles.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });

  it.each([
    ['refuses it', '{"kind":"refused","contract":99,"version":"9.9.9","pid":7}\n', 'host/contract'],
    ['takes it for its own', '{"kind":"welcome","contract":99,"version":"9.9.9","pid":7}\n', 'host/contract'],
    ['talks nonsense', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'host/misread'],
  ])('says so when a host of another version %s', async (_what, greeting, code) => {
    const own = home.places();
    const server = await impostor(own, greeting);
    try {
      await expect(withHost(context, async () => 1, { places: own })).rejects.toMatchObject({ code });
    } finally {
      server.close();
    }
  });
});

describe('a host that is about to leave', () => {
  it('finishes what other faces asked of it, and sends those that come to the next', async () => {
    const own = home.places();
    const { server, begun, finish } = patientServer();
    const first = await home.host(own, { ownServer: server });
    const other = await home.face(own);
    const work = other.request('inventory', PLACE, QUIET);
    await begun;

    const left = first.leave(never()).then(() => first.close());
    await expect(other.request('host.status', {}, QUIET)).rejects.toMatchObject({
      code: 'host/leaving',
      retry: 'later',
    });
    const order: string[] = [];
    const ask = async (host: HostConnection) => {
      await host.request('host.status', {}, QUIET);
      order.push('next');
      return host.own;
    };
    const next = withHost(context, ask, { places: own });
    void work.then(() => order.push('work'));
    finish();
    expect(await work).toMatchObject({ device: 'IMEI:004999010640000', jobs: [{ state: 'done' }] });
    await left;
    expect(await next).toBe(true);
    expect(order).toEqual(['work', 'next']);
  });

  it('breaks them off when it is told to end now', async () => {
    const own = home.places();
    const { server, begun, aborted } = patientServer();
    const host = await home.host(own, { ownServer: server });
    const work = (await home.face(own)).request('inventory', PLACE, QUIET);
    const settled = Promise.allSettled([work]);
    await begun;
    await host.leave(AbortSignal.abort());
    await aborted;
    expect(await settled).toMatchObject([{ status: 'rejected', reason: { code: 'host/cancelled' } }]);
  });

  it('is waited for until the person has enough of it', async () => {
    const own = home.places();
    const lock = takeHostLock(own.state, new Date());
    const stop = new AbortController();
    const notes: string[] = [];
    const note = (text: string) => {
      notes.push(text);
      stop.abort();
    };
    await expect(withHost({ note, signal: stop.signal }, async () => 1, { places: own })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(notes).toEqual([`waiting for another PC Agent (pid ${process.pid}) to let go`]);
    lock.release();
  });
});

describe('a host that stays', () => {
  const options = { clock: nodeClock, sendReports: false, note: () => undefined };

  it('waits for a command that is the host meanwhile', async () => {
    const own = home.places();
    const { promise: done, resolve: finish } = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const command = withHost(
      context,
      () => {
        begun.resolve();
        return done;
      },
      { places: own },
    );
    await begun.promise;
    const opening = openLastingHost({ ...options, places: own }, never());
    finish();
    await command;
    await (await opening).close();
  });

  it('is refused at once where another stays', async () => {
    const own = home.places();
    await home.host(own, { stays: true });
    await expect(openLastingHost({ ...options, places: own }, never())).rejects.toMatchObject({
      code: 'host/running',
      details: { pid: process.pid },
    });
  });
});

describe('what the host keeps', () => {
  it('is there again after a restart: the offline switch, profiles and packages', async () => {
    const own = home.places();
    const before = await home.host(own);
    await before.connection.request('host.offline', { offline: true }, QUIET);
    await before.connection.request('dms.add', { name: 'x', url: 'http://127.0.0.1:1/dm' }, QUIET);
    await before.close();
    const after = await home.host(own);
    expect(await after.connection.request('host.status', {}, QUIET)).toMatchObject({ offline: true });
    const tested = await after.connection.request('dms.test', { dms: 'X' }, QUIET);
    expect(tested.hops).toMatchObject([
      { hop: 'name', state: 'ok', why: '127.0.0.1' },
      { hop: 'tcp', state: 'failed', code: 'net/offline' },
      { hop: 'tls', state: 'skipped' },
      { hop: 'http', state: 'skipped' },
      { hop: 'dm', state: 'skipped' },
    ]);
  });
});
