import { afterEach, describe, expect, it } from 'vitest';
import { type Duration, milliseconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { createHttpClientLink, type HttpClientLinkOptions } from '../../../src-main/link/http-client-link.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { httpAnswer, type ScriptedRequest, startScripted } from '../net/scripted-server.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const WBXML = 'application/vnd.syncml.dm+wbxml';
const everyOctet = Uint8Array.from({ length: 256 }, (_, index) => index);
const message: Envelope = { contentType: WBXML, body: everyOctet };
const signal = new AbortController().signal;

async function set(onRequest: (request: ScriptedRequest) => void, more: Partial<HttpClientLinkOptions> = {}) {
  const server = await startScripted(onRequest);
  const agent = createHttpAgent();
  const ledger = createMemoryLedger();
  const link = createHttpClientLink({ url: server.url, agent, ledger, initiator: 'unit', version: '1.2.3', ...more });
  endings.push(server.close, agent.close, () => link.close('done'));
  const exchange = async (envelope: Envelope = message) => {
    await link.send(envelope, signal);
    return link.receive(signal);
  };
  return { server, link, exchange, ledger };
}

const answering = (headers: readonly string[], body: Uint8Array | string, status = '200 OK') =>
  set(({ socket }) => socket.write(httpAnswer(status, headers, body)));

describe('createHttpClientLink', () => {
  it('[DMP-7-01][DMP-7-13] carries bodies, content types and the MAC unchanged both ways', async () => {
    const { server, exchange } = await answering(
      [`Content-Type: ${WBXML}`, 'x-syncml-hmac: algorithm=MD5, mac=b'],
      everyOctet,
    );
    const answer = await exchange({ ...message, hmac: 'algorithm=MD5, username="u", mac=a==' });
    expect(answer?.contentType).toBe(WBXML);
    expect(answer?.hmac).toBe('algorithm=MD5, mac=b');
    expect([...(answer?.body ?? [])]).toEqual([...everyOctet]);
    expect([...(server.requests[0]?.body ?? [])]).toEqual([...everyOctet]);
    expect(server.requests[0]?.head).toContain('x-syncml-hmac: algorithm=MD5, username="u", mac=a==');
  });

  it('[DMP-7-03][DMP-7-04][DMP-7-07][DMP-7-08][DMP-7-09][DMP-7-10][DMP-7-11] sends the headers of the HTTP binding, and the bare type as the only acceptable one', async () => {
    const { server, exchange } = await answering([`Content-Type: ${WBXML}`], everyOctet);
    await exchange({ contentType: 'application/vnd.syncml.dm+xml; charset="utf-8"', body: everyOctet });
    const lines = server.requests[0]?.head.split('\r\n') ?? [];
    expect(lines[0]).toBe('POST /dm HTTP/1.1');
    expect(lines.map((line) => line.toLowerCase())).toContain(`host: ${server.url.host}`);
    expect(lines).toContain('Content-Type: application/vnd.syncml.dm+xml; charset="utf-8"');
    expect(lines).toContain('Accept: application/vnd.syncml.dm+xml');
    expect(lines).toContain('Accept-Charset: utf-8');
    expect(lines).toContain('Cache-Control: no-store');
    expect(lines).toContain('User-Agent: PC-Agent/1.2.3');
    expect(lines.map((line) => line.toLowerCase())).toContain('content-length: 256');
    expect(server.requests[0]?.head).not.toMatch(/expect:|x-syncml-hmac/i);
  });

  it('[DMP-7-16] gives undefined when the DMS has nothing more to say', async () => {
    expect(await (await answering([`Content-Type: ${WBXML}`], '')).exchange()).toBeUndefined();
    const none = await set(({ socket }) => socket.write('HTTP/1.1 204 No Content\r\n\r\n'));
    expect(await none.exchange()).toBeUndefined();
  });

  it('[DMP-7-16] takes any 2xx with a body for an answer', async () => {
    for (const status of ['200 OK', '201 Created', '202 Accepted', '299 Odd']) {
      const { exchange } = await answering([`Content-Type: ${WBXML}`], everyOctet, status);
      expect((await exchange())?.body.length).toBe(256);
    }
  });

  it('[DMP-7-03][DMP-7-10] understands an answer in chunks, and one of HTTP/1.0 that ends with its connection', async () => {
    const head = `Content-Type: ${WBXML}\r\n`;
    const chunked = await set(({ socket }) =>
      socket.write(`HTTP/1.1 200 OK\r\n${head}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n`),
    );
    const old = await set(({ socket }) => socket.end(`HTTP/1.0 200 OK\r\n${head}\r\nabcde`));
    for (const { exchange } of [chunked, old]) {
      for (const _ of [1, 2]) expect(Buffer.from((await exchange())?.body ?? []).toString()).toBe('abcde');
    }
  });

  it('[DMP-7-18] sends the same bytes again when the time is over that a busy DMS asked for', async () => {
    const slept: number[] = [];
    const now = () => new Date(Date.UTC(2026, 0, 1) + slept.reduce((sum, length) => sum + length, 0));
    const sleep = async (length: number) => void slept.push(length);
    const busy = (wait: string) => httpAnswer('429 Too Many Requests', [`Retry-After: ${wait}`], 'busy');
    const good = httpAnswer('200 OK', [`Content-Type: ${WBXML}`], 'x');
    const answers = [busy('20'), busy('Thu, 01 Jan 2026 00:00:45 GMT'), good];
    const { server, exchange } = await set(({ socket, index }) => socket.write(answers[index] ?? busy('0')), {
      clock: { ...nodeClock, now, sleep },
    });
    expect((await exchange({ ...message, hmac: 'mac=a' }))?.body.length).toBe(1);
    expect(slept).toEqual([20_000, 25_000]);
    expect(server.requests.map(({ body }) => [...body])).toEqual([0, 1, 2].map(() => [...everyOctet]));
    expect(new Set(server.requests.map(({ head }) => head)).size).toBe(1);
  });

  it('[DMP-7-18] does not wait longer than it has patience for, for nothing else, and not for ever', async () => {
    const cases = [
      ['429 Too Many Requests', ['Retry-After: 61'], 1],
      ['429 Too Many Requests', [], 1],
      ['503 Service Unavailable', ['Retry-After: 0'], 1],
      ['429 Too Many Requests', ['Retry-After: 0'], 4],
    ] as const;
    for (const [status, headers, times] of cases) {
      const { server, exchange } = await answering(headers, 'why', status);
      await expect(exchange()).rejects.toMatchObject({ code: 'dms/http-status', retry: 'later' });
      expect(server.requests).toHaveLength(times);
    }
    let closing: Promise<void> | undefined;
    const sleep = (length: Duration, until: AbortSignal) => {
      closing = waiting.link.close('aborted');
      return nodeClock.sleep(length, until);
    };
    const waiting = await set(({ socket }) => socket.write(httpAnswer('429 Busy', ['Retry-After: 50'], '')), {
      clock: { ...nodeClock, sleep },
    });
    await expect(waiting.exchange()).rejects.toMatchObject({ code: 'dms/closed' });
    await closing;
  });

  it('[DMP-7-02][DMP-7-20] posts to another address once it was set, with only that origin’s cookies', async () => {
    const other = await startScripted(({ socket }) =>
      socket.write(httpAnswer('200 OK', [`Content-Type: ${WBXML}`], 'x')),
    );
    endings.push(other.close);
    const { server, link, exchange } = await answering(
      [`Content-Type: ${WBXML}`, 'Set-Cookie: sid=1; Path=/; HttpOnly', 'Set-Cookie: elsewhere=2; Path=/private'],
      'x',
    );
    await exchange();
    await exchange();
    link.url = other.url;
    await exchange();
    link.url = new URL('/dm;jsessionid=7?a=b', server.url);
    await exchange();
    expect(server.requests[0]?.head).not.toMatch(/^cookie:/im);
    expect(server.requests[1]?.head).toMatch(/^cookie: sid=1\r?$/im);
    expect(other.requests[0]?.head).not.toMatch(/^cookie:/im);
    expect(server.requests[2]?.head).toMatch(/^POST \/dm;jsessionid=7\?a=b HTTP/);
  });

  it.each(['text/html', 'text/html; charset=utf-8', 'application/xhtml+xml', 'text/plain', 'application/json'])(
    'refuses a %s answer',
    async (type) => {
      const { exchange } = await answering([`Content-Type: ${type}`], '<html><body>Please log in</body></html>');
      await expect(exchange()).rejects.toMatchObject({ code: 'dms/answer-unexpected', details: { contentType: type } });
    },
  );

  it('refuses a page that is labelled as a message, and a compressed answer', async () => {
    const page = await answering([`Content-Type: application/vnd.syncml.dm+xml`], '\n<!DOCTYPE html>\n<html></html>');
    await expect(page.exchange()).rejects.toMatchObject({ code: 'dms/answer-unexpected' });
    const packed = await answering([`Content-Type: ${WBXML}`, 'Content-Encoding: gzip'], 'xx');
    await expect(packed.exchange()).rejects.toMatchObject({ code: 'dms/answer-unexpected' });
  });

  it('[DMP-7-06] accepts a charset parameter, the data-sync type, and a message without type', async () => {
    for (const type of ['application/vnd.syncml.dm+xml; charset=utf-8', 'APPLICATION/VND.SYNCML+XML']) {
      expect((await (await answering([`Content-Type: ${type}`], '<SyncML/>')).exchange())?.contentType).toBe(type);
    }
    const untyped = await answering([], Uint8Array.of(2, 0, 0));
    expect((await untyped.exchange())?.contentType).toBe(WBXML);
  });

  it.each([
    ['404 Not Found', [], 'after-operator', { status: 404 }],
    ['401 Unauthorized', ['WWW-Authenticate: Basic'], 'after-operator', { status: 401 }],
    ['407 Proxy Authentication Required', ['Proxy-Authenticate: Basic'], 'after-operator', { status: 407 }],
    ['500 Internal Server Error', [], 'later', { status: 500 }],
    ['429 Too Many Requests', ['Retry-After: 70'], 'later', { status: 429, retryAfter: 70 }],
    ['503 Service Unavailable', ['Retry-After: 120'], 'later', { status: 503, retryAfter: 120 }],
    [
      '302 Found',
      ['Location: http://evil.example/token=1'],
      'after-operator',
      { status: 302, redirect: 'http://evil.example' },
    ],
  ] as const)('[DMP-7-19] reports HTTP status %s', async (status, headers, retry, details) => {
    const { server, exchange, link } = await answering(headers, 'why', status);
    await expect(exchange()).rejects.toMatchObject({ code: 'dms/http-status', retry, details });
    expect(server.requests).toHaveLength(1);
    expect(link.url.href).toBe(server.url.href);
  });

  it('[DMP-7-17] reports a stall, a half answer, a huge answer and nobody there, each by its code', async () => {
    const stalled = await set(() => undefined, { headerTime: milliseconds(30) });
    await expect(stalled.exchange()).rejects.toMatchObject({ code: 'dms/timeout' });
    const half = await set(({ socket }) =>
      socket.end(`HTTP/1.1 200 OK\r\nContent-Type: ${WBXML}\r\nContent-Length: 9\r\n\r\nxx`),
    );
    await expect(half.exchange()).rejects.toMatchObject({ code: 'dms/answer-truncated' });
    const huge = await set(({ socket }) => socket.write(httpAnswer('200 OK', [], 'x'.repeat(101))), { maxBody: 100 });
    await expect(huge.exchange()).rejects.toMatchObject({ code: 'dms/answer-too-large' });
    await huge.server.close();
    endings.splice(0, endings.length, ...endings.filter((end) => end !== huge.server.close));
    await expect(huge.exchange()).rejects.toMatchObject({ code: 'dms/unreachable' });
  });

  it('goes on after a failure: the same link can send again', async () => {
    const { exchange } = await set(({ socket, connection }) =>
      connection === 0 ? socket.destroy() : socket.write(httpAnswer('200 OK', [`Content-Type: ${WBXML}`], 'x')),
    );
    await expect(exchange()).rejects.toMatchObject({ code: 'dms/answer-truncated' });
    expect((await exchange())?.body.length).toBe(1);
  });

  it('keeps a line break that a handset put into its type out of the request', async () => {
    const { server, exchange } = await answering([`Content-Type: ${WBXML}`], 'x');
    await expect(exchange({ contentType: 'a/b\r\nHost: evil', body: everyOctet })).rejects.toMatchObject({
      code: 'syncml/header-invalid',
    });
    await expect(exchange({ ...message, hmac: 'x\u0000' })).rejects.toMatchObject({ code: 'syncml/header-invalid' });
    expect(server.connections()).toBe(0);
  });

  it('carries the octets above ASCII of a user name', async () => {
    const { server, exchange } = await answering([`Content-Type: ${WBXML}`], 'x');
    const hmac = 'algorithm=MD5, username="Jos\u00e9", mac=XSyvwd2YM0lhmXu8JllsNg==';
    await exchange({ ...message, hmac });
    expect(server.requests[0]?.head).toContain(`x-syncml-hmac: ${hmac}`);
  });

  it('stops waiting when its signal is aborted, and when it is closed', async () => {
    const stop = new AbortController();
    const { link } = await set(() => stop.abort());
    await link.send(message, signal);
    await expect(link.receive(stop.signal)).rejects.toMatchObject({ name: 'AbortError' });

    let closeNow = () => {};
    const waiting = await set(() => closeNow());
    closeNow = () => void waiting.link.close('aborted');
    await waiting.link.send(message, signal);
    await expect(waiting.link.receive(signal)).rejects.toMatchObject({ code: 'dms/closed' });
  });

  it('answers misuse by a TypeError', async () => {
    const { link } = await set(() => undefined);
    await expect(link.receive(signal)).rejects.toBeInstanceOf(TypeError);
    await link.send(message, signal);
    await expect(link.send(message, signal)).rejects.toBeInstanceOf(TypeError);
  });
});
