import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { type HttpRequestOptions, httpRequest } from '../../../src-main/net/http-request.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { httpAnswer, type ScriptedRequest, startScripted } from './scripted-server.ts';

const MEBIBYTE = 1024 * 1024;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function set(onRequest: (request: ScriptedRequest) => void) {
  const server = await startScripted(onRequest);
  const agent = createHttpAgent();
  const ledger = createMemoryLedger();
  endings.push(server.close, agent.close);
  const signal = new AbortController().signal;
  const request = (more: Partial<HttpRequestOptions> = {}) =>
    httpRequest({
      url: server.url,
      method: 'POST',
      agent,
      ledger,
      purpose: 'test',
      initiator: 'unit',
      signal,
      ...more,
    });
  return { server, agent, ledger, request };
}

/** Chunked answer without an end, as fast as the reader takes it; tells how much was handed to the socket. */
function pour(socket: ScriptedRequest['socket'], total: number): () => number {
  const block = Buffer.alloc(64 * 1024, 0x41);
  let sent = 0;
  socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
  const go = () => {
    while (sent < total && !socket.destroyed) {
      sent += block.length;
      if (!socket.write(Buffer.concat([Buffer.from('10000\r\n'), block, Buffer.from('\r\n')]))) return;
    }
  };
  socket.on('drain', go);
  go();
  return () => sent;
}

describe('httpRequest', () => {
  it('sends the body unchanged and gives status, headers and body of the answer', async () => {
    const { server, request } = await set(({ socket }) => socket.write(httpAnswer('201 Made', ['X-A: b'], 'ok')));
    const body = Uint8Array.from({ length: 70_000 }, (_, index) => index * 7);
    const answer = await request({ body, headers: { 'Content-Type': 'x/y' } });
    expect(answer.status).toBe(201);
    expect(answer.headers['x-a']).toBe('b');
    expect(new TextDecoder().decode(answer.body)).toBe('ok');
    expect(Buffer.compare(server.requests[0]?.body ?? Buffer.alloc(0), body)).toBe(0);
    expect(server.requests[0]?.head).toMatch(/^POST \/dm HTTP\/1\.1\r\n/);
    expect(server.requests[0]?.head.toLowerCase()).toContain('content-length: 70000');
  });

  it('keeps the connection for the next exchange and understands chunked answers', async () => {
    const { server, request } = await set(({ socket }) =>
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n'),
    );
    for (const _ of [1, 2, 3]) expect(Buffer.from((await request()).body).toString()).toBe('abcde');
    expect(server.connections()).toBe(1);
  });

  it('writes each exchange with its true bytes to the ledger, failures too', async () => {
    const { server, ledger, request } = await set(({ socket, index }) =>
      index === 0
        ? socket.write(httpAnswer('200 OK', [], 'abc'))
        : socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab'),
    );
    await request();
    await request().catch(() => undefined);
    const [first, second] = ledger.entries();
    expect(first).toMatchObject({
      host: '127.0.0.1',
      port: Number(server.url.port),
      purpose: 'test',
      initiator: 'unit',
    });
    expect(first?.bytesIn).toBe(httpAnswer('200 OK', [], 'abc').length);
    expect(first?.bytesOut).toBe((server.requests[0]?.head.length ?? 0) + 4);
    expect(second?.bytesIn).toBe('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab'.length);
  });

  it('opens nothing while the offline switch is on', async () => {
    const { server, ledger, request } = await set(({ socket }) => socket.write(httpAnswer('200 OK', [], '')));
    ledger.setOffline(true);
    await expect(request()).rejects.toMatchObject({ code: 'net/offline' });
    expect(server.connections()).toBe(0);
    ledger.setOffline(false);
    expect((await request()).status).toBe(200);
  });

  it('refuses an announced 100 MB answer before reading it', async () => {
    const { request } = await set(({ socket }) =>
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\nxx'),
    );
    await expect(request()).rejects.toMatchObject({
      code: 'net/answer-too-large',
      details: { announced: 100_000_000, limit: 4 * MEBIBYTE },
    });
  });

  it('stops a 100 MB answer of unknown length at the cap, in bounded memory', async () => {
    let sent = () => 0;
    const { request, server } = await set(({ socket }) => {
      sent = pour(socket, 100 * MEBIBYTE);
    });
    const before = process.memoryUsage().arrayBuffers;
    await expect(request({ family: 'dms' })).rejects.toMatchObject({ code: 'dms/answer-too-large' });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MEBIBYTE);
    expect(sent()).toBeLessThan(24 * MEBIBYTE);
    expect(server.connections()).toBe(1);
  });

  it('takes an answer of exactly the cap', async () => {
    const { request } = await set(({ socket }) => socket.write(httpAnswer('200 OK', [], 'x'.repeat(1000))));
    expect((await request({ maxBody: 1000 })).body.length).toBe(1000);
    await expect(request({ maxBody: 999 })).rejects.toMatchObject({ code: 'net/answer-too-large' });
  });

  it.each([
    ['before the answer', ''],
    ['inside the status line', 'HTTP/1.1 20'],
    ['inside the headers', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['inside a counted body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    [
      'inside a counted body of a closing connection',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nhalf',
    ],
    [
      'inside a chunk of a closing connection',
      'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf',
    ],
    ['inside a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf'],
  ])('calls a connection closed %s truncated', async (_where, text) => {
    const { request, server } = await set(({ socket }) => socket.end(text));
    await expect(request({ family: 'dms' })).rejects.toMatchObject({
      code: 'dms/answer-truncated',
      details: { received: text.length },
    });
    expect(server.requests).toHaveLength(1);
  });

  it('calls an answer that ends by reset truncated, and one that ends by close complete', async () => {
    const head = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it';
    const closing = await set(({ socket }) => socket.end(head));
    expect(Buffer.from((await closing.request()).body).toString()).toBe('all of it');
    const reset = await set(({ socket }) => socket.write(head, () => socket.resetAndDestroy()));
    await expect(reset.request()).rejects.toMatchObject({ code: 'net/answer-truncated' });
  });

  it('calls something that is not HTTP malformed', async () => {
    const { request } = await set(({ socket }) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'));
    await expect(request()).rejects.toMatchObject({ code: 'net/answer-malformed' });
  });

  it('says unreachable, with the system code, when nobody listens', async () => {
    const { request, server } = await set(() => undefined);
    endings.splice(endings.indexOf(server.close), 1);
    await server.close();
    await expect(request({ family: 'dms' })).rejects.toMatchObject({
      code: 'dms/unreachable',
      retry: 'later',
      details: { os: 'ECONNREFUSED' },
    });
  });

  it('times out while headers are missing, and while a body drips', async () => {
    const silent = await set(() => undefined);
    await expect(silent.request({ headerTime: milliseconds(40) })).rejects.toMatchObject({
      code: 'net/timeout',
      details: { phase: 'header' },
    });
    const dripping = await set(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 5);
      socket.on('close', () => clearInterval(drip));
    });
    await expect(dripping.request({ bodyTime: milliseconds(60) })).rejects.toMatchObject({
      code: 'net/timeout',
      details: { phase: 'body' },
    });
  });

  it('ends with the reason of its signal', async () => {
    const stop = new AbortController();
    const { request } = await set(() => stop.abort());
    await expect(request({ signal: stop.signal })).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('says that the other side could not be trusted when it does not speak TLS', async () => {
    const { request, server } = await set(() => undefined);
    // The ClientHello has no blank line, so the scripted server would wait: this one answers at once.
    const url = new URL(server.url.href.replace('http:', 'https:'));
    server.onConnection((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(request({ url, family: 'dms' })).rejects.toMatchObject({
      code: 'dms/tls-failed',
      retry: 'after-operator',
    });
  });

  it('refuses addresses of other schemes and with credentials', async () => {
    const { request } = await set(() => undefined);
    await expect(request({ url: new URL('file:///etc/passwd') })).rejects.toMatchObject({ code: 'net/url-invalid' });
    await expect(request({ url: new URL('http://a:b@127.0.0.1/') })).rejects.toMatchObject({ code: 'net/url-invalid' });
  });
});

describe('a connection that the server gave up between two exchanges', () => {
  const body = new TextEncoder().encode('identical bytes');

  it('is replaced once, with identical bytes, when not one byte came back', async () => {
    const { server, request } = await set(({ socket, connection, index }) => {
      if (connection === 0 && index === 1) socket.resetAndDestroy();
      else socket.write(httpAnswer('200 OK', [], `${connection}`));
    });
    await request({ body });
    expect(Buffer.from((await request({ body })).body).toString()).toBe('1');
    expect(server.requests.map((each) => Buffer.from(each.body).toString())).toEqual(Array(3).fill('identical bytes'));
  });

  it('is given up when the second connection is closed too', async () => {
    const { server, request } = await set(({ socket, connection, index }) => {
      if (connection === 0 && index === 0) socket.write(httpAnswer('200 OK', [], ''));
      else socket.destroy();
    });
    await request({ body });
    await expect(request({ body })).rejects.toMatchObject({ code: 'net/answer-truncated' });
    expect(server.requests).toHaveLength(3);
  });

  it.each([
    ['a byte of the answer had come', (socket: ScriptedRequest['socket']) => void socket.end('H')],
    [
      'the server held the request longer than a stale connection takes',
      (socket: ScriptedRequest['socket']) => void setTimeout(() => socket.destroy(), 1050),
    ],
  ])('is not replaced when %s', async (_why, second) => {
    const { server, request } = await set(({ socket, index }) => {
      if (index === 0) socket.write(httpAnswer('200 OK', [], ''));
      else second(socket);
    });
    await request({ body });
    await expect(request({ body })).rejects.toMatchObject({ code: 'net/answer-truncated' });
    expect(server.requests).toHaveLength(2);
  });

  it('is not replaced when it was the first exchange on it', async () => {
    const { server, request } = await set(({ socket }) => socket.destroy());
    await expect(request({ body })).rejects.toMatchObject({ code: 'net/answer-truncated' });
    expect(server.requests).toHaveLength(1);
  });

  it('is not used at all when it was seen to close', async () => {
    const { server, request } = await set(({ socket }) => socket.end(httpAnswer('200 OK', [], '')));
    await request({ body });
    const first = server.requests[0]?.socket;
    if (first?.closed === false) await once(first, 'close');
    await request({ body });
    expect(server.connections()).toBe(2);
    expect(server.requests).toHaveLength(2);
  });
});
