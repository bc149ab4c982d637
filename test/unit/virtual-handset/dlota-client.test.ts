import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import type { UserAnswer } from '../../../src-main/dm/user-question.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import {
  DlotaClient,
  type DlotaClientOptions,
  type FetchRequest,
} from '../../../src-main/virtual/handset/dlota-client.ts';
import { fetchFirmwareBy } from '../../../src-main/virtual/handset/fetch-firmware.ts';
import { fetchSoftwareBy } from '../../../src-main/virtual/handset/fetch-software.ts';
import { type Behaviour, startRangeServer } from '../../support/range-server.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const BODY = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 31) & 0xff);
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const MD5 = createHash('md5').update(BODY).digest('hex');
const JAR = 'application/java-archive';
const DD = 'application/vnd.oma.dd+xml';

/** Waits are over at once, and are counted. */
const clock = { ...nodeClock, sleep: async () => undefined };

interface Shop {
  readonly url: string;
  /** Bodies of notifications. */
  readonly told: string[];
  /** What is there, by path. */
  readonly pages: Record<string, (request: IncomingMessage, answer: ServerResponse) => void>;
}

/** A server of descriptors that takes notifications; what it answers to those is set by `statuses`. */
async function shop(statuses: readonly number[] = []): Promise<Shop> {
  const told: string[] = [];
  const pages: Shop['pages'] = {};
  const server = createServer(async (request, answer) => {
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      told.push(`${request.headers['content-type']}: ${Buffer.concat(chunks)}`);
      answer.writeHead(statuses[told.length - 1] ?? 200).end();
      return;
    }
    const page = pages[request.url ?? ''];
    if (page === undefined) answer.writeHead(404).end();
    else page(request, answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endings.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, told, pages };
}

function serve(type: string, body: string): Shop['pages'][string] {
  return (_request, answer) => answer.writeHead(200, { 'content-type': type }).end(body);
}

function descriptor(objectUri: string, more: Readonly<Record<string, string>> = {}): string {
  const said = { name: 'Fun Game', type: JAR, size: String(BODY.length), objectURI: objectUri, ...more };
  const elements = Object.entries(said).map(([name, text]) => `<${name}>${text}</${name}>`);
  return `<media xmlns="http://www.openmobilealliance.org/xmlns/dd">${elements.join('')}</media>`;
}

function client(more: Partial<DlotaClientOptions> = {}) {
  const http = createHttpAgent();
  endings.push(() => http.close());
  const states: string[] = [];
  const asked: string[] = [];
  const dlota = new DlotaClient({
    http,
    ledger: createMemoryLedger(),
    clock,
    maxSize: 1_000_000,
    onState: (state) => states.push(state.kind),
    ask: async ({ text }) => {
      asked.push(text);
      return 'accept';
    },
    ...more,
  });
  const get = (url: string, request: Partial<FetchRequest> = {}) =>
    dlota.fetchPackage(url, { signal: AbortSignal.timeout(10_000), consent: 'ask', ...request });
  return { dlota, states, asked, get };
}

async function object(behave?: (index: number) => Behaviour) {
  const server = await startRangeServer(BODY, ({ index }) => ({
    headers: { 'content-type': JAR },
    ...behave?.(index),
  }));
  endings.push(server.close);
  return server;
}

/** A shop with one descriptor of an object, which is served as the test says. */
async function sale(
  behave?: (index: number) => Behaviour,
  more: Readonly<Record<string, string>> = {},
  statuses: readonly number[] = [],
) {
  const place = await shop(statuses);
  const source = await object(behave);
  const installNotifyURI = `${place.url}/notify/42`;
  place.pages['/fun.dd'] = serve(DD, descriptor(source.url.href, { installNotifyURI, ...more }));
  return { ...place, source, dd: `${place.url}/fun.dd` };
}

describe('a download by descriptor', () => {
  it('asks the person, loads, installs and tells the server, in this order', async () => {
    const { dd, told } = await sale(undefined, {
      nextURL: 'http://shop.example/next',
      installParam: `SHA256=${SHA256}`,
    });
    const { get, states, asked } = client();
    const installed: unknown[] = [];
    const got = await get(dd, {
      install: async ({ content, type }) => {
        installed.push(type, content.length, [...told]);
        return undefined;
      },
    });
    expect(got).toMatchObject({
      kind: 'delivered',
      type: JAR,
      size: BODY.length,
      sha256: SHA256,
      report: 'delivered',
      nextUrl: 'http://shop.example/next',
      descriptor: { name: 'Fun Game' },
    });
    if (got.kind !== 'delivered') return;
    expect(octetsOf(got.content)).toEqual(BODY);
    got.release();
    expect(installed).toEqual([JAR, BODY.length, []]);
    expect(told).toEqual(['text/plain: 900 Success\r\n']);
    expect(states).toEqual(['describing', 'asking', 'loading', 'installing', 'reporting', 'over']);
    expect(asked).toEqual([
      expect.stringContaining(`Download Fun Game? Vendor: not said. Size: ${BODY.length} bytes.`),
    ]);
  });

  it('goes on with Range where the connection broke, as often as it breaks', async () => {
    const { dd, source, told } = await sale((index) => (index < 3 ? { closeAfter: 80_000 } : {}));
    const got = await client().get(dd, { consent: 'given' });
    expect(got).toMatchObject({ kind: 'delivered', sha256: SHA256 });
    expect(source.requests.map(({ range, ifRange }) => [range, ifRange])).toEqual([
      [undefined, undefined],
      ['bytes=80000-', '"one"'],
      ['bytes=160000-', '"one"'],
      ['bytes=240000-', '"one"'],
    ]);
    expect(source.sent()).toBe(BODY.length);
    expect(told).toEqual(['text/plain: 900 Success\r\n']);
  });

  it('begins anew where nothing vouches that the rest belongs to the beginning', async () => {
    const { dd, source } = await sale((index) => (index === 0 ? { closeAfter: 80_000, etag: null } : { etag: null }));
    expect(await client().get(dd)).toMatchObject({ kind: 'delivered', sha256: SHA256 });
    expect(source.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
    const changed = await sale((index) => (index === 0 ? { closeAfter: 80_000 } : { etag: '"two"' }));
    expect(await client().get(changed.dd)).toMatchObject({ kind: 'delivered', sha256: SHA256 });
  });

  it.each<[string, UserAnswer]>([
    ['says no', 'reject'],
    ['breaks off', 'cancel'],
    ['says nothing', 'timeout'],
  ])('ends with 902 when the person %s, and loads nothing', async (_what, answer) => {
    const { dd, told, source } = await sale();
    const got = await client({ ask: async () => answer }).get(dd);
    expect(got).toMatchObject({
      kind: 'failed',
      failed: { code: 902, reason: 'dlota/cancelled' },
      codes: { scomo: 1401, fumo: 401 },
      report: 'delivered',
    });
    expect(told).toEqual(['text/plain: 902 User Cancelled\r\n']);
    expect(source.requests).toEqual([]);
  });

  it.each<[string, (index: number) => Behaviour, Readonly<Record<string, string>>, number, string]>([
    ['a server that breaks off every time', () => ({ closeAfter: 0 }), {}, 903, 'dlota/lost'],
    ['an object that is not there', () => ({ status: 404 }), {}, 954, 'dlota/http-status'],
    ['a length other than the size', () => ({}), { size: '299999' }, 905, 'dlota/size-mismatch'],
    ['more octets than the size', () => ({ chunked: true }), { size: '299999' }, 905, 'dlota/size-mismatch'],
    ['fewer octets than the size', () => ({ chunked: true }), { size: '300001' }, 905, 'dlota/size-mismatch'],
    [
      'a type that the descriptor does not have',
      () => ({ headers: { 'content-type': 'text/html' } }),
      {},
      905,
      'dlota/type-mismatch',
    ],
    ['another digest', () => ({}), { installParam: `SHA256=${'0'.repeat(64)}` }, 905, 'dlota/digest-mismatch'],
    ['a size beyond the memory', () => ({}), { size: '1000001' }, 901, 'dlota/memory-full'],
    [
      'a coded object',
      () => ({ headers: { 'content-type': JAR, 'content-encoding': 'gzip' } }),
      {},
      954,
      'dlota/answer-malformed',
    ],
    [
      'a redirect that leads back',
      () => ({ status: 302, headers: { location: '/packages/game-2.0.bin' } }),
      {},
      954,
      'dlota/redirect-refused',
    ],
    [
      'redirects without end',
      (index) => ({ status: 307, headers: { location: `/${index}` } }),
      {},
      954,
      'dlota/redirect-refused',
    ],
    ['a version that is not known', () => ({}), { DDVersion: '3.0' }, 951, 'dlota/version'],
    ['a size that is none', () => ({}), { size: 'big' }, 906, 'dlota/element-invalid'],
  ])('tells %s', async (_what, behave, more, code, reason) => {
    const { dd, told } = await sale(behave, more);
    expect(await client().get(dd, { consent: 'given' })).toMatchObject({
      kind: 'failed',
      failed: { code, reason },
      report: 'delivered',
    });
    expect(told).toEqual([expect.stringMatching(new RegExp(`^text/plain: ${code} .*\r\n$`))]);
  });

  it.each([
    ['the right MD5', `MD5=${MD5.toUpperCase()};x=1`, 'delivered'],
    ['another MD5', `md5=${'0'.repeat(32)}`, 'failed'],
    ['an MD5 that a better digest makes needless', `MD5=${'0'.repeat(32)};SHA256=${SHA256}`, 'delivered'],
    ['parameters that only look like a digest', 'SHA256=yes;MD5=no', 'delivered'],
  ])("takes of the installer's parameters %s", async (_what, installParam, kind) => {
    const { dd } = await sale((index) => (index === 0 ? { closeAfter: 80_000 } : {}), { installParam });
    expect(await client().get(dd, { consent: 'given' })).toMatchObject({ kind });
  });

  it('refuses what the handset cannot use, and tells when it could not be installed', async () => {
    const { dd, told } = await sale();
    const refusing = client({ accepts: (type) => type === 'image/png' });
    expect(await refusing.get(dd)).toMatchObject({ failed: { code: 953, reason: 'dlota/type-refused' } });
    expect(refusing.asked).toEqual([]);
    const full = await client().get(dd, { install: async () => 'memory' });
    expect(full).toMatchObject({ kind: 'failed', failed: { code: 901 } });
    expect(told.map((body) => body.slice(12, 15))).toEqual(['953', '901']);
  });

  it('tries a notification three times, keeps it, and sends it later', async () => {
    const { dd, told } = await sale(undefined, {}, [500, 503, 404, 500]);
    const { dlota, get } = client();
    expect(await get(dd)).toMatchObject({ kind: 'delivered', report: 'pending' });
    expect(told).toHaveLength(3);
    expect(dlota.pending).toEqual([{ uri: expect.stringContaining('/notify/42'), code: 900 }]);
    expect(await dlota.sendPending(AbortSignal.timeout(60_000))).toBe(1);
    expect(await dlota.sendPending(AbortSignal.timeout(60_000))).toBe(0);
    expect(told).toHaveLength(5);
  });

  it('ends as cancelled when the person changes their mind, and with the signal when the handset ends', async () => {
    const { dd, told } = await sale(() => ({ stallAfter: 1000 }));
    const mind = new AbortController();
    const { get } = client({ onProgress: () => mind.abort() });
    expect(await get(dd, { cancelled: mind.signal })).toMatchObject({ failed: { code: 902 }, report: 'delivered' });
    const end = new AbortController();
    const ended = client({ onProgress: () => end.abort() });
    await expect(ended.get(dd, { signal: end.signal })).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
    expect(ended.dlota.pending).toEqual([{ uri: expect.stringContaining('/notify/42'), code: 952 }]);
    expect(told).toEqual(['text/plain: 902 User Cancelled\r\n']);
  });

  it('knows a descriptor by its name where the server does not know the type, and follows it where it went', async () => {
    const place = await shop();
    const source = await object();
    place.pages['/fun.dd'] = (_request, answer) => answer.writeHead(302, { location: '/new/fun.dd' }).end();
    place.pages['/new/fun.dd'] = serve('text/plain', descriptor(source.url.href, { installNotifyURI: '../n' }));
    const { get, asked } = client();
    expect(await get(`${place.url}/fun.dd`)).toMatchObject({ kind: 'delivered', report: 'delivered' });
    expect(asked[0]).toContain(`also: ${source.url.host}`);
    place.pages['/two'] = serve('application/vnd.oma.dd2+xml', '<media/>');
    expect(await get(`${place.url}/two`)).toMatchObject({ failed: { code: 951 }, report: 'none' });
    place.pages['/big.dd'] = serve(DD, `<media>${' '.repeat(10_000_000)}</media>`);
    expect(await get(`${place.url}/big.dd`)).toMatchObject({ failed: { code: 906, reason: 'dlota/too-large' } });
  });
});

describe('a download without descriptor', () => {
  it('comes with one question when consent was given, and is asked about by its head when not', async () => {
    const source = await object();
    const { get, asked } = client();
    const got = await get(source.url.href, { consent: 'given' });
    expect(got).toMatchObject({ kind: 'delivered', sha256: SHA256, type: JAR, report: 'none', descriptor: undefined });
    expect(source.requests).toHaveLength(1);
    expect(await get(source.url.href)).toMatchObject({ kind: 'delivered', sha256: SHA256 });
    expect(asked).toEqual([
      `Download an object without a name? Vendor: not said. Size: 300000 bytes. Type: ${JAR}. Licence and price: not said. From: ${source.url.host}`,
    ]);
  });

  it.each([
    ['http://127.0.0.1:1/x', 'dlota/unreachable', 1501, 412],
    ['ftp://127.0.0.1/x', 'dlota/address-invalid', 1402, 411],
    ['no address', 'dlota/address-invalid', 1402, 411],
  ])('from %s ends with %s', async (url, reason, scomo, fumo) => {
    const got = await client().get(url);
    expect(got).toMatchObject({
      kind: 'failed',
      failed: { code: 954, reason },
      codes: { scomo, fumo },
      report: 'none',
    });
  });

  it('is refused by an offline handset, a silent server and a full memory, each by its name', async () => {
    const silent = await object(() => ({ stallAfter: 0 }));
    const offline = client({ ledger: createMemoryLedger({ offline: true }) });
    expect(await offline.get(silent.url.href)).toMatchObject({ failed: { reason: 'dlota/unreachable' } });
    const impatient = client({ stallTime: milliseconds(50) });
    expect(await impatient.get(silent.url.href, { consent: 'given' })).toMatchObject({
      failed: { code: 903, reason: 'dlota/timeout' },
      codes: { scomo: 1402, fumo: 407 },
    });
    const endless = await object(() => ({ chunked: true }));
    const small = client({ maxSize: 100_000 });
    expect(await small.get(endless.url.href, { consent: 'given' })).toMatchObject({ failed: { code: 901 } });
  });
});

describe('descriptor and object in one answer', () => {
  const KIND = 'multipart/related; boundary="=_b 1"; type="application/vnd.oma.dd+xml"; start="<dd>"';

  /** As RFC 2046 and 2387 write it. */
  function together({
    object = BODY as Uint8Array,
    said = descriptor('cid:fun%40example'),
    head = `Content-Type: ${JAR}\r\nContent-ID: <fun@example>\r\nContent-Transfer-Encoding: binary\r\n`,
    first = `Content-Type: ${DD}; charset=utf-8\r\nContent-ID: <dd>\r\n`,
    end = '\r\n--=_b 1--\r\n',
  } = {}): Buffer {
    return Buffer.concat([
      Buffer.from(`for mail readers\r\n--=_b 1\r\n${first}\r\n${said}\r\n--=_b 1\r\n${head}\r\n`),
      object,
      Buffer.from(end),
    ]);
  }

  async function offered(body: Uint8Array, kind = KIND, behave?: (index: number) => Behaviour) {
    const server = await startRangeServer(body, ({ index }) => ({
      headers: { 'content-type': kind },
      ...behave?.(index),
    }));
    endings.push(server.close);
    return server;
  }

  it('is asked about like any other, is the part that the descriptor names, and is reported', async () => {
    const { told, url } = await shop();
    const said = descriptor('cid:fun@example', { installNotifyURI: `${url}/n`, installParam: `SHA256=${SHA256}` });
    const server = await offered(together({ said }), KIND, (index) => (index === 0 ? { closeAfter: 90_000 } : {}));
    const { get, asked, states } = client();
    const installed: unknown[] = [];
    const got = await get(server.url.href, {
      install: async ({ content }) => {
        installed.push(createHash('sha256').update(octetsOf(content)).digest('hex'));
        return undefined;
      },
    });
    expect(got).toMatchObject({ kind: 'delivered', sha256: SHA256, type: JAR, size: BODY.length, report: 'delivered' });
    expect([installed, told]).toEqual([[SHA256], ['text/plain: 900 Success\r\n']]);
    expect(states).toEqual(['describing', 'asking', 'loading', 'installing', 'reporting', 'over']);
    expect(asked[0]).toContain(`From: ${server.url.host}`);
    // The first answer broke off, and the second went on with it.
    expect(server.requests).toHaveLength(2);
  });

  it('may name another place for the object, which is then asked', async () => {
    const source = await object();
    const server = await offered(together({ said: descriptor(source.url.href), object: Buffer.from('thumbnail') }));
    expect(await client().get(server.url.href, { consent: 'given' })).toMatchObject({
      kind: 'delivered',
      sha256: SHA256,
    });
    expect(source.requests).toHaveLength(1);
  });

  it.each<readonly [string, Uint8Array, number, string]>([
    ['no part that it names', together({ said: descriptor('cid:other@example') }), 906, 'dlota/element-invalid'],
    ['a name that is none', together({ said: descriptor('cid:%') }), 906, 'dlota/element-invalid'],
    ['a descriptor that is none', together({ said: '<html/>' }), 906, 'dlota/malformed'],
    ['an object that ends early', together({ object: BODY.subarray(1) }), 905, 'dlota/size-mismatch'],
    [
      'an object that is longer',
      together({ object: Buffer.concat([BODY, BODY.subarray(0, 1)]) }),
      905,
      'dlota/size-mismatch',
    ],
    ['no end', together({ end: '' }), 905, 'dlota/size-mismatch'],
    [
      'another type',
      together({ head: 'Content-Type: text/html\r\nContent-ID: <fun@example>\r\n' }),
      905,
      'dlota/type-mismatch',
    ],
    [
      'another digest',
      together({ said: descriptor('cid:fun@example', { installParam: `MD5=${'0'.repeat(32)}` }) }),
      905,
      'dlota/digest-mismatch',
    ],
    [
      'a size beyond the memory',
      together({ said: descriptor('cid:fun@example', { size: '1000001' }) }),
      901,
      'dlota/memory-full',
    ],
    [
      'an object coded for mail',
      together({ head: 'Content-Transfer-Encoding: base64\r\n' }),
      954,
      'dlota/answer-malformed',
    ],
    ['another document first', together({ first: 'Content-Type: text/plain\r\n' }), 954, 'dlota/answer-malformed'],
    ['a descriptor without end', together({ said: 'x'.repeat(400_000) }), 954, 'dlota/answer-malformed'],
    ['header fields without end', together({ head: `X: ${'x'.repeat(20_000)}\r\n` }), 954, 'dlota/answer-malformed'],
    ['one part only', together().subarray(0, 300), 954, 'dlota/answer-malformed'],
  ])('is refused with %s', async (_what, body, code, reason) => {
    const server = await offered(body);
    expect(await client().get(server.url.href, { consent: 'given' })).toMatchObject({
      kind: 'failed',
      failed: { code, reason },
    });
  });

  it.each([
    ['without a boundary', `multipart/related; type="${DD}"`],
    ['with a boundary of 71 characters', `multipart/related; type="${DD}"; boundary=${'b'.repeat(71)}`],
    ['of something else', 'multipart/related; type="text/html"; boundary="=_b 1"'],
  ])('is no combined delivery %s: it is an object like any other', async (_what, kind) => {
    const server = await offered(together(), kind);
    const got = await client().get(server.url.href, { consent: 'given' });
    expect(got).toMatchObject({ kind: 'delivered', type: 'multipart/related', size: together().length });
  });

  it('takes no more octets than it has room for, the descriptor aside', async () => {
    const server = await offered(together(), KIND, () => ({ chunked: true }));
    expect(await client({ maxSize: 10_000 }).get(server.url.href)).toMatchObject({ failed: { code: 901 } });
  });
});

describe('the download that a management object orders', () => {
  it.each([
    ['software', fetchSoftwareBy],
    ['firmware', fetchFirmwareBy],
  ])('of %s begins when the handset that goes on with it is made', async (_what, by) => {
    const events: string[] = [];
    const failed = { kind: 'failed', failed: { code: 901, reason: 'dlota/memory-full' } } as const;
    const client = {
      fetchPackage: async () => {
        events.push('asked');
        return { ...failed, codes: { scomo: 1404, fumo: 501 }, report: 'none', nextUrl: undefined } as const;
      },
    };
    const fetched = by(client, new AbortController().signal)('http://h/p');
    events.push('made');
    expect(await fetched).toMatchObject({ kind: 'failed', code: by === fetchSoftwareBy ? 1404 : 501 });
    expect(events).toEqual(['made', 'asked']);
  });
});
