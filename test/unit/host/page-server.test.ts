import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Clock } from '../../../src-main/base/clock.ts';
import { type Duration, milliseconds } from '../../../src-main/base/durations.ts';
import { openPageServer, type PageServer, type PageServerOptions } from '../../../src-main/host/page-server.ts';
import { RequestDesk } from '../../../src-main/host/request-desk.ts';
import { StateFeed } from '../../../src-main/host/state-feed.ts';
import { EMPTY_STATE, noHandlers } from './empty-host.ts';
import { HELLO } from './home.ts';

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asked {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

let folder = '';
let now = 0;
let server: PageServer | undefined;
const clock: Clock = {
  now: () => new Date(now),
  monotonic: () => now,
  sleep: () => Promise.reject(new TypeError('not used')),
};

const feed = new StateFeed({ host: 'run', read: () => EMPTY_STATE });
const faces: PageServerOptions['faces'] = {
  feed,
  desk: new RequestDesk({ feed, clock, handlers: noHandlers }),
  now: clock.now,
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>PC Agent</title>');
  await writeFile(join(folder, 'app.js'), 'export {};');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await server?.close();
  server = undefined;
});

async function open(tokenLifetime?: Duration): Promise<PageServer> {
  server = await openPageServer({ faces, clock, folder, ...(tokenLifetime === undefined ? {} : { tokenLifetime }) });
  return server;
}

function ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<Answer> {
  const port = server?.port ?? 0;
  const text = body === undefined ? undefined : JSON.stringify(body);
  const type = text === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { ...type, ...headers } }, (answer) => {
      const parts: Uint8Array[] = [];
      answer.on('data', (part: Uint8Array) => parts.push(part));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

function tokenOf(address: string): string {
  return address.split('#token=')[1] ?? '';
}

function origin(): Record<string, string> {
  return { origin: `http://127.0.0.1:${server?.port}` };
}

async function signIn(opened: PageServer): Promise<string> {
  const body = { token: tokenOf(opened.newAddress()) };
  const answer = await ask('/session', { method: 'POST', headers: origin(), body });
  expect(answer.status).toBe(204);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** The status of a refused upgrade, or the first frame of an accepted one. */
function socket(headers: Record<string, string>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const client = new WebSocket(`ws://127.0.0.1:${server?.port}/contract`, { headers });
    client.on('unexpected-response', (_request, answer) => {
      resolve(answer.statusCode ?? 0);
      client.terminate();
    });
    client.on('open', () => client.send(JSON.stringify(HELLO)));
    client.on('message', (data) => {
      client.close();
      resolve(JSON.parse(String(data)));
    });
    client.on('error', reject);
  });
}

describe('an address that cannot be read', () => {
  it('is refused like anything else, without being repeated', async () => {
    await open();
    const { status, headers, text } = await ask('/%zz<secret>');
    expect({ status, text }).toEqual({ status: 400, text: '{"code":"page/bad-request"}' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('page server', () => {
  it('serves the page to anybody on this machine, with a strict policy', async () => {
    const { port } = await open();
    const answer = await ask('/');
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('PC Agent');
    expect(answer.headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
        `connect-src 'self' ws://127.0.0.1:${port}; ` +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
    );
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });

  it('listens on 127.0.0.1 only and gives an address with the token in the fragment', async () => {
    const opened = await open();
    expect(opened.newAddress()).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${opened.port}/#token=[\\w-]{43}$`));
    expect(tokenOf(opened.newAddress())).not.toBe(tokenOf(opened.newAddress()));
  });

  it.each([
    ['a name that was re-pointed here', 'rebound.example'],
    ['such a name with our port', 'rebound.example:PORT'],
    ['another port', '127.0.0.1:1'],
    ['no port', '127.0.0.1'],
    ['all addresses', '0.0.0.0:PORT'],
    ['a name that begins like ours', '127.0.0.1:PORT.example'],
  ])('refuses the Host of %s, even for the page itself', async (_what, host) => {
    const opened = await open();
    const cookie = await signIn(opened);
    const headers = { host: host.replace('PORT', String(opened.port)), cookie };
    for (const path of ['/', '/app.js', '/session', '/contract', '/nowhere']) {
      expect(await ask(path, { headers })).toMatchObject({ status: 403, text: '{"code":"page/wrong-host"}' });
    }
    expect(await socket({ ...headers, ...origin() })).toBe(403);
  });

  it('accepts localhost by name', async () => {
    const { port } = await open();
    const headers = { host: `localhost:${port}` };
    expect((await ask('/', { headers })).status).toBe(200);
    expect((await ask('/', { headers: { ...headers, origin: `http://127.0.0.1:${port}` } })).status).toBe(403);
  });

  it.each([
    ['missing', undefined],
    ['null', 'null'],
    ['of another site', 'https://example.org'],
    ['of another port of this machine', 'http://127.0.0.1:1'],
    ['https', 'https://127.0.0.1:PORT'],
  ])('refuses a POST and an upgrade whose Origin is %s, and does not use up the token', async (_what, value) => {
    const opened = await open();
    const cookie = await signIn(opened);
    const headers: Record<string, string> =
      value === undefined ? {} : { origin: value.replace('PORT', String(opened.port)) };
    const body = { token: tokenOf(opened.newAddress()) };
    const refused = await ask('/session', { method: 'POST', headers, body });
    expect(refused).toMatchObject({ status: 403, text: '{"code":"page/wrong-origin"}' });
    expect(await socket({ ...headers, cookie })).toBe(403);
    expect((await ask('/session', { method: 'POST', headers: origin(), body })).status).toBe(204);
  });

  it('refuses everything but the page without the cookie', async () => {
    await open();
    const forged = { cookie: `pc-agent-${server?.port}=${'A'.repeat(43)}` };
    for (const headers of [{}, forged]) {
      expect(await ask('/session', { headers })).toMatchObject({ status: 401, text: '{"code":"page/no-session"}' });
      expect(await socket({ ...headers, ...origin() })).toBe(401);
    }
  });

  it('gives a cookie that scripts and other sites cannot use', async () => {
    const opened = await open();
    const body = { token: tokenOf(opened.newAddress()) };
    const answer = await ask('/session', { method: 'POST', headers: origin(), body });
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^pc-agent-${opened.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
  });

  it('takes a token once', async () => {
    const opened = await open();
    const body = { token: tokenOf(opened.newAddress()) };
    expect((await ask('/session', { method: 'POST', headers: origin(), body })).status).toBe(204);
    const again = await ask('/session', { method: 'POST', headers: origin(), body });
    expect(again).toMatchObject({ status: 403, text: '{"code":"page/token-spent"}' });
    expect(again.headers['set-cookie']).toBeUndefined();
    await signIn(opened);
  });

  it('takes a token only in time', async () => {
    const opened = await open(milliseconds(1000));
    const body = { token: tokenOf(opened.newAddress()) };
    now += 1000;
    expect((await ask('/session', { method: 'POST', headers: origin(), body })).status).toBe(403);
  });

  it.each([
    ['no token', {}],
    ['a token of another kind', { token: ['x'] }],
    ['a huge token', { token: 'x'.repeat(2000) }],
    ['a huge body', { token: 'x'.repeat(200_000) }],
  ])('answers %s without a cookie', async (_what, body) => {
    await open();
    const answer = await ask('/session', { method: 'POST', headers: origin(), body }).catch(() => undefined);
    expect(answer?.status ?? 413).toBeGreaterThanOrEqual(400);
    expect(answer?.headers['set-cookie']).toBeUndefined();
  });

  it('speaks the contract with a page that is signed in', async () => {
    const opened = await open();
    const headers = { cookie: await signIn(opened), ...origin() };
    expect(await socket(headers)).toMatchObject({ kind: 'welcome' });
    await opened.visited(AbortSignal.timeout(60_000));
  });

  it.each(['/events', '/api/messages/1', '/nowhere'])('has nothing at %s', async (path) => {
    const opened = await open();
    const headers = { cookie: await signIn(opened) };
    expect(await ask(path, { headers })).toMatchObject({ status: 404, text: '{"code":"page/not-found"}' });
  });

  it.each(['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/.hidden'])(
    'does not serve %s',
    async (path) => {
      await open();
      expect((await ask(path)).status).toBeGreaterThanOrEqual(400);
    },
  );

  it('closes with pages open', async () => {
    const opened = await open();
    const headers = { cookie: await signIn(opened), ...origin() };
    const client = new WebSocket(`ws://127.0.0.1:${opened.port}/contract`, { headers });
    await new Promise((resolve) => client.once('open', resolve));
    const closed = new Promise((resolve) => client.once('close', resolve));
    await opened.close();
    await closed;
  });

  it('says that the page is missing, and that a port is taken', async () => {
    const { port } = await open();
    await expect(openPageServer({ faces, clock, folder: join(folder, 'none') })).rejects.toMatchObject({
      code: 'cli/page-missing',
    });
    await expect(openPageServer({ faces, clock, folder, port })).rejects.toMatchObject({ code: 'cli/port-busy' });
  });
});
