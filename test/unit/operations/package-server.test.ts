import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { Cache } from '../../../src-main/cache/cache.ts';
import type { CachedPackage } from '../../../src-main/cache/cached-package.ts';
import type { ContentPieces } from '../../../src-main/cache/content-store.ts';
import { readDescriptor } from '../../../src-main/dlota/read-descriptor.ts';
import { PackageShelf } from '../../../src-main/operations/listening/package-shelf.ts';
import { openPackageServer } from '../../../src-main/operations/package-server.ts';
import { offerPackage } from '../../../src-main/operations/packages-offer.ts';

const BODY = randomBytes(700_000);
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const PIECES = { size: BODY.length, read: async (from: number, to: number) => BODY.subarray(from, to) };

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function open(content: ContentPieces = PIECES) {
  const server = await openPackageServer(
    { file: 'maps & more.jar', type: 'application/java-archive', content, sha256: SHA256, about: { name: 'Maps' } },
    nodeRandom,
  );
  endings.push(server.close);
  return server;
}

async function descriptorAt(url: string) {
  const answer = await fetch(url);
  expect(answer.headers.get('content-type')).toBe('application/vnd.oma.dd+xml');
  const reading = readDescriptor(new Uint8Array(await answer.arrayBuffer()), { url });
  if (reading.kind === 'refused') throw reading.error;
  return reading.descriptor;
}

const notify = (url: string | undefined, body: string) => fetch(url ?? '', { method: 'POST', body });

describe('a package that is served to one handset', () => {
  it('sees a download that goes on after a cut, and takes one in parts for no such thing', async () => {
    const resumed: object[] = [];
    const served = { file: 'maps.jar', type: 'application/java-archive', content: PIECES, sha256: SHA256 };
    const about = { name: 'Maps' };
    const server = await openPackageServer({ ...served, about, onResumed: (each) => resumed.push(each) }, nodeRandom);
    endings.push(server.close);
    const part = async (range: string) => (await fetch(server.object, { headers: { range } })).arrayBuffer();
    await part('bytes=0-299999');
    await part('bytes=300000-599999');
    expect(resumed).toEqual([]);
    // Of what had gone out not all has arrived.
    await part('bytes=500000-');
    expect(resumed).toEqual([{ from: '127.0.0.1', over: '127.0.0.1', kept: 500_000 }]);
  });

  it('has a descriptor, its type, its tag and its parts, below a path that nobody guesses', async () => {
    const server = await open();
    expect(server.descriptor).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/maps-more\.jar\.dd$/);
    const descriptor = await descriptorAt(server.descriptor);
    expect(descriptor).toEqual({
      version: '1.0',
      name: 'Maps',
      types: ['application/java-archive'],
      size: BODY.length,
      objectUri: server.object,
      installNotifyUri: expect.stringMatching(/\/[0-9a-f]{32}\/installed$/),
      installParam: `SHA256=${SHA256}`,
    });
    const whole = await fetch(server.object);
    expect(Object.fromEntries(whole.headers)).toMatchObject({
      'content-type': 'application/java-archive',
      'content-length': '700000',
      etag: `"${SHA256}"`,
      'accept-ranges': 'bytes',
      'cache-control': 'no-store',
    });
    expect(Buffer.compare(Buffer.from(await whole.arrayBuffer()), BODY)).toBe(0);
    const ask = (headers: Record<string, string>) => fetch(server.object, { headers });
    const rest = await ask({ range: 'bytes=600000-', 'if-range': `"${SHA256}"` });
    expect([rest.status, rest.headers.get('content-range')]).toEqual([206, 'bytes 600000-699999/700000']);
    expect(Buffer.compare(Buffer.from(await rest.arrayBuffer()), BODY.subarray(600_000))).toBe(0);
    expect((await ask({ range: 'bytes=600000-', 'if-range': '"other"' })).status).toBe(200);
    expect((await ask({ range: 'bytes=700000-' })).status).toBe(416);
    expect((await ask({ 'if-none-match': `"${SHA256}"` })).status).toBe(304);
    expect((await fetch(server.object, { method: 'HEAD' })).headers.get('content-length')).toBe('700000');
    expect((await fetch(server.object, { method: 'PUT' })).status).toBe(405);
    expect((await fetch(server.object.replace(/[0-9a-f]{32}/, '0'.repeat(32)))).status).toBe(404);
    expect((await fetch(new URL('/', server.object))).status).toBe(404);
  });

  it('is there once: after the notification only that is taken again', async () => {
    const server = await open();
    const { installNotifyUri } = await descriptorAt(server.descriptor);
    expect((await notify(installNotifyUri, 'done')).status).toBe(400);
    expect((await notify(installNotifyUri, 'x'.repeat(10_000))).status).toBe(413);
    expect((await fetch(installNotifyUri ?? '')).status).toBe(405);
    expect((await notify(installNotifyUri, '902 User Cancelled\r\n')).status).toBe(200);
    expect(await server.notified).toEqual({ code: 902, text: 'User Cancelled', success: false });
    expect((await fetch(server.descriptor)).status).toBe(404);
    expect((await fetch(server.object)).status).toBe(404);
    expect((await notify(installNotifyUri, '902 User Cancelled\r\n')).status).toBe(200);
  });

  it('is no business of a web page or of another name for this machine', async () => {
    const { object } = await open();
    const status = (headers: Record<string, string>) =>
      new Promise((resolve, reject) => {
        request(object, { headers }, (answer) => resolve(answer.resume().statusCode))
          .on('error', reject)
          .end();
      });
    expect(await status({ origin: 'http://evil.example' })).toBe(403);
    expect(await status({ host: 'evil.example' })).toBe(403);
    expect(await status({ host: 'localhost:9' })).toBe(200);
  });

  it('goes out as fast as it is taken, however large it is', async () => {
    const warnings: string[] = [];
    const note = (warning: Error) => void warnings.push(warning.name);
    process.on('warning', note);
    const size = 64 * 1024 * 1024;
    let read = 0;
    const { object } = await open({
      size,
      read: async (from, to) => {
        read = to;
        return new Uint8Array(to - from);
      },
    });
    const body = (await fetch(object)).body?.getReader();
    await body?.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    // What nobody takes is not read ahead: the sockets' own buffers hold a few megabytes at most.
    expect(read).toBeLessThan(size);
    let taken = 0;
    for (let part = await body?.read(); part?.done === false; part = await body?.read()) taken += part.value.length;
    expect(taken).toBeGreaterThan(size / 2);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('breaks off when its content is not what it was', async () => {
    const read = async (from: number, to: number) => {
      if (from > 300_000) throw new Error('changed');
      return BODY.subarray(from, to);
    };
    const { object } = await open({ ...PIECES, read });
    await expect(fetch(object).then((answer) => answer.arrayBuffer())).rejects.toThrow(/terminated/);
  });
});

describe('packages.offer', () => {
  const found: CachedPackage = {
    ...{ id: 'com.example.maps', name: 'Maps', version: '3.1', model: '', digest: SHA256, size: BODY.length },
    ...{ origin: { kind: 'file', path: '/somewhere/maps.jar' }, trust: 'verified', state: 'ready', reason: undefined },
    ...{ addedAt: '2026-01-01T00:00:00.000Z', verifiedAt: '2026-01-01T00:00:00.000Z', lastUsedAt: undefined },
  };
  const engine = (entry: CachedPackage | undefined) => ({
    cache: { show: () => entry, pieces: async () => PIECES } as unknown as Cache,
    clock: nodeClock,
    shelf: new PackageShelf(),
  });
  const events: { readonly type: string; readonly [field: string]: unknown }[] = [];
  const emit = (event: (typeof events)[number]) => void events.push(event);
  const { signal } = new AbortController();

  it('tells the address, and ends with what the handset says', async () => {
    const offered = offerPackage(engine(found), { id: found.id }, { emit, signal });
    while (events.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const [{ address } = { address: '' }] = events;
    const descriptor = await descriptorAt(String(address));
    expect(descriptor).toMatchObject({
      types: ['application/java-archive'],
      installParam: `version=3.1;SHA256=${SHA256}`,
    });
    await (await fetch(descriptor.objectUri)).arrayBuffer();
    await notify(descriptor.installNotifyUri, '900 Success\r\n');
    expect(await offered).toMatchObject({
      package: { id: found.id },
      notification: { code: 900, text: 'Success', success: true },
    });
    expect(events.at(-1)).toMatchObject({ type: 'progress', done: BODY.length, total: BODY.length });
    await expect(fetch(String(address))).rejects.toThrow();
  });

  it('offers nothing that nobody vouches for, nothing damaged, and nothing for ever', async () => {
    const ask = (entry: CachedPackage | undefined, sleep = nodeClock.sleep) =>
      offerPackage({ ...engine(entry), clock: { ...nodeClock, sleep } }, { id: 'x' }, { emit, signal });
    await expect(ask(undefined)).rejects.toMatchObject({ code: 'cache/absent' });
    await expect(ask({ ...found, trust: 'unverified' })).rejects.toMatchObject({ code: 'cache/unverified' });
    await expect(ask({ ...found, state: 'quarantined' })).rejects.toMatchObject({ code: 'cache/quarantined' });
    await expect(ask(found, async () => undefined)).rejects.toMatchObject({ code: 'dlota/offer-expired' });
  });
});
