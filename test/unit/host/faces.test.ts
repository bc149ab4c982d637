import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MAX_FACE_FRAME } from '../../../src-main/contract/frames.ts';
import { type HostState, stateAfter } from '../../../src-main/contract/host-state.ts';
import type { HostUpdate } from '../../../src-main/host/connection.ts';
import { hostEndpoint } from '../../../src-main/host/endpoint.ts';
import { HELLO, never, patientServer, QUIET, testHome } from './home.ts';

const home = testHome();

/** Whether the host still serves everybody else. */
async function expectServed(own: ReturnType<typeof home.places>): Promise<void> {
  const face = await home.face(own);
  expect(await face.request('host.status', {}, QUIET)).toMatchObject({ pid: process.pid, offline: false });
}

describe('a face', () => {
  it('asks over a socket that only its owner may open', async () => {
    const own = home.places();
    await home.host(own);
    expect(statSync(hostEndpoint(own.runtime)).mode & 0o777).toBe(0o600);
    expect(statSync(own.runtime).mode & 0o777).toBe(0o700);
    await expectServed(own);
  });

  it('finds the host where a dead one left its socket file', async () => {
    const own = home.places();
    writeFileSync(hostEndpoint(own.runtime), '');
    await home.host(own);
    await expectServed(own);
  });

  it('is told what was wrong with a request, and not what was in it', async () => {
    const own = home.places();
    await home.host(own);
    const face = await home.raw(own);
    face.say({ kind: 'request', id: 1, name: 'install', params: { handset: 'tcp:h:1', packages: ['secret', 7] } });
    expect(JSON.parse((await face.lines.matching(/"id":1/)).input)).toMatchObject({
      kind: 'error',
      error: { code: 'host/params-invalid', details: { request: 'install', field: 'packages.1' } },
    });
    face.say({ kind: 'request', id: 2, name: 'toString', params: {} });
    expect((await face.lines.matching(/"id":2/)).input).toContain('host/unknown-request');
    expect(face.lines.all.join('')).not.toContain('secret');
  });

  it('of another version is refused in words', async () => {
    const own = home.places();
    await home.host(own);
    const face = await home.raw(own, false);
    face.say({ ...HELLO, contract: 99 });
    expect((await face.lines.ended()).map((line) => JSON.parse(line) as unknown)).toEqual([
      { kind: 'refused', contract: HELLO.contract, version: expect.any(String), pid: process.pid },
    ]);
    await expectServed(own);
  });

  it.each([
    ['no JSON', 'hello?\n'],
    ['a frame before its name', { kind: 'request', id: 1, name: 'host.status', params: {} }],
    ['zeros', '\u0000'.repeat(5000).concat('\n')],
    ['deep nesting', `${'['.repeat(100_000)}\n`],
    ['an endless line', 'x'.repeat(MAX_FACE_FRAME + 1)],
  ])('that begins with %s is cut off alone', async (_what, said) => {
    const own = home.places();
    await home.host(own);
    const face = await home.raw(own, false);
    face.say(said);
    expect(await face.lines.ended()).toEqual([]);
    await expectServed(own);
  });

  it.each([
    ['what is no frame', { kind: 'dance' }],
    ['a request without a number', { kind: 'request', name: 'host.status', params: {} }],
    ['half a frame in a whole line', '{"kind":"request","id":1\n'],
    ['a line that is too long', `{"kind":"request","id":1,"name":"${'x'.repeat(MAX_FACE_FRAME)}"}\n`],
  ])('that says %s later is cut off and what it asked for is broken off', async (_what, said) => {
    const own = home.places();
    const { server, begun, aborted } = patientServer();
    await home.host(own, { ownServer: server });
    const face = await home.raw(own);
    face.say({ kind: 'request', id: 7, name: 'inventory', params: { handset: 'tcp:127.0.0.1:1' } });
    await begun;
    face.say(said);
    await face.lines.ended();
    await aborted;
    await expectServed(own);
  });

  it('may cancel, and leaves nothing behind when it goes away', async () => {
    const own = home.places();
    const { server, begun, aborted } = patientServer();
    const host = await home.host(own, { ownServer: server });
    const face = await home.face(own);
    const stop = new AbortController();
    const asked = face.request('inventory', { handset: 'tcp:127.0.0.1:1' }, { ...QUIET, signal: stop.signal });
    await begun;
    expect(host.tasks).toMatchObject([{ name: 'inventory', handset: 'tcp:127.0.0.1:1' }]);
    stop.abort();
    await expect(asked).rejects.toBe(stop.signal.reason);
    await aborted;
    expect(host.tasks).toMatchObject([{ name: 'inventory', end: { ok: false, cancelled: true } }]);
  });

  it('gets a bounded number of answers at a time', async () => {
    const own = home.places();
    await home.host(own, { ownServer: patientServer().server });
    const face = await home.raw(own);
    for (let id = 1; id <= 65; id += 1) {
      face.say({ kind: 'request', id, name: 'inventory', params: { handset: 'tcp:127.0.0.1:1' } });
    }
    expect((await face.lines.matching(/"kind":"error"/)).input).toMatch(/"id":65,.*host\/too-many-requests/);
  });

  it('that comes late gets the state and then each change, and knows what everybody knows', async () => {
    const own = home.places();
    const { server, begun, finish } = patientServer();
    const host = await home.host(own, { ownServer: server });
    const asking = await home.face(own);
    const file = join(own.state, 'game.bin');
    writeFileSync(file, 'bytes');
    await asking.request('packages.add', { files: [{ file, id: 'game' }] }, QUIET);
    const work = asking.request('inventory', { handset: 'tcp:127.0.0.1:1' }, QUIET);
    await begun;

    const seen: HostUpdate[] = [];
    const caughtUp = Promise.withResolvers<void>();
    const late = await home.face(own);
    const stop = new AbortController();
    const following = late.follow((update) => {
      seen.push(update);
      if (update.kind === 'change' && update.change.kind === 'offline') caughtUp.resolve();
    }, stop.signal);
    await late.request('dms.list', {}, QUIET);
    finish();
    await work;
    await asking.request('dms.add', { name: 'one', url: 'http://127.0.0.1:1/dm' }, QUIET);
    await asking.request('packages.remove', { id: 'game' }, QUIET);
    await asking.request('host.offline', { offline: true }, QUIET);
    await caughtUp.promise;
    stop.abort();
    await following;

    const [first, ...changes] = seen.filter(({ kind }) => kind !== 'event');
    if (first?.kind !== 'snapshot') throw new Error('no snapshot');
    expect(first.state).toMatchObject({ packages: [{ id: 'game' }], tasks: [{ name: 'inventory' }], handsets: [] });
    expect(changes.map((change) => change.kind === 'change' && change.sequence)).toEqual(
      changes.map((_change, index) => first.sequence + 1 + index),
    );
    const folded = changes.reduce<HostState>(
      (state, update) => (update.kind === 'change' ? stateAfter(state, update.change) : state),
      first.state,
    );
    let now: HostState | undefined;
    const look = new AbortController();
    const looking = host.connection.follow((update) => {
      if (update.kind === 'snapshot') now = update.state;
    }, look.signal);
    look.abort();
    await looking;
    expect(folded).toEqual(now);
    expect(folded).toMatchObject({
      offline: true,
      packages: [],
      tasks: [{ name: 'inventory', end: { ok: true } }],
      handsets: [{ device: 'IMEI:004999010640000', virtual: true }],
      profiles: [{ name: 'one', isDefault: true }],
    });
  });

  it('is told when the host ends', async () => {
    const own = home.places();
    const host = await home.host(own, { ownServer: patientServer().server });
    const face = await home.face(own);
    const following = face.follow(() => undefined, never());
    const asked = face.request('inventory', { handset: 'tcp:127.0.0.1:1' }, QUIET);
    const both = Promise.allSettled([asked, following]);
    await face.request('host.status', {}, QUIET);
    await host.close();
    expect(await both).toMatchObject([
      { status: 'rejected', reason: { code: 'host/cancelled' } },
      { status: 'rejected', reason: { code: 'host/leaving' } },
    ]);
    await expect(face.request('host.status', {}, QUIET)).rejects.toMatchObject({ code: 'host/leaving' });
  });
});
