import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { type HttpDownloadOptions, httpDownload } from '../../../src-main/net/http-download.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { httpAnswer, type ScriptedRequest, startScripted } from './scripted-server.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function set(onRequest: (request: ScriptedRequest) => void) {
  const server = await startScripted(onRequest);
  const agent = createHttpAgent();
  const ledger = createMemoryLedger();
  endings.push(server.close, agent.close);
  const got: Uint8Array[] = [];
  const statuses: number[] = [];
  const get = (more: Partial<HttpDownloadOptions> = {}) =>
    httpDownload({
      ...{ url: server.url, agent, ledger, purpose: 'fetch', initiator: 'unit' },
      onHead: (status) => void statuses.push(status),
      onData: (chunk) => void got.push(new Uint8Array(chunk)),
      signal: new AbortController().signal,
      ...more,
    });
  return { server, ledger, got, statuses, get };
}

describe('httpDownload', () => {
  it('gives status and body as they come and keeps the connection', async () => {
    const { server, get, got, statuses, ledger } = await set(({ socket }) =>
      socket.write(httpAnswer('404 Gone', [], 'abc')),
    );
    await get();
    await get();
    expect(statuses).toEqual([404, 404]);
    expect(Buffer.concat(got).toString()).toBe('abcabc');
    expect(server.connections()).toBe(1);
    expect(ledger.entries()).toMatchObject([
      { purpose: 'fetch', initiator: 'unit', bytesIn: httpAnswer('404 Gone', [], 'abc').length },
      { bytesIn: httpAnswer('404 Gone', [], 'abc').length },
    ]);
  });

  it('reads no more while the caller is busy, and gives the pieces one after the other', async () => {
    const total = 48 * 1024 * 1024;
    let sent = 0;
    const { get } = await set(({ socket }) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${total}\r\n\r\n`);
      const block = Buffer.alloc(64 * 1024);
      const go = (): void => {
        while (sent < total) {
          sent += block.length;
          if (!socket.write(block)) return;
        }
      };
      socket.on('drain', go);
      go();
    });
    const held = Promise.withResolvers<void>();
    const first = Promise.withResolvers<void>();
    let length = 0;
    let working = 0;
    const getting = get({
      onData: async (chunk) => {
        working += 1;
        expect(working).toBe(1);
        length += chunk.length;
        first.resolve();
        await held.promise;
        working -= 1;
      },
    });
    await first.promise;
    // Whatever the two sockets take without a reader has been taken when nothing was sent for a while.
    for (let before = -1; before !== sent; ) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(sent).toBeLessThan(total / 2);
    held.resolve();
    await getting;
    expect(length).toBe(total);
  });

  it('limits a stall, not the whole', async () => {
    const { get, got } = await set(({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n');
      let left = 8;
      const timer = setInterval(() => {
        socket.write('x');
        left -= 1;
        if (left === 0) clearInterval(timer);
      }, 60);
    });
    await get({ stallTime: milliseconds(300) });
    expect(Buffer.concat(got)).toHaveLength(8);
    const stalled = await set(({ socket }) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nab'));
    await expect(stalled.get({ stallTime: milliseconds(50) })).rejects.toMatchObject({
      code: 'net/timeout',
      details: { phase: 'body' },
    });
    const silent = await set(() => undefined);
    await expect(silent.get({ headerTime: milliseconds(50) })).rejects.toMatchObject({
      code: 'net/timeout',
      details: { phase: 'header' },
    });
  });

  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab', 'net/answer-truncated'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nab', 'net/answer-truncated'],
    ['that is no HTTP', 'SSH-2.0-x\r\n\r\n', 'net/answer-malformed'],
  ])('tells an answer %s that ends in the middle', async (_what, text, code) => {
    const { get, ledger } = await set(({ socket }) => socket.end(text));
    await expect(get()).rejects.toMatchObject({ code });
    expect(ledger.entries()).toHaveLength(1);
  });

  it('ends with what a callback throws, or with the reason of the signal', async () => {
    const { get } = await set(({ socket }) => socket.write(httpAnswer('200 OK', [], 'abc')));
    const reason = new Error('no room');
    const refuse = (): never => {
      throw reason;
    };
    await expect(get({ onHead: refuse })).rejects.toBe(reason);
    await expect(get({ onData: refuse })).rejects.toBe(reason);
    await expect(get({ onData: async () => refuse() })).rejects.toBe(reason);
    const stop = new AbortController();
    let finished = false;
    const getting = get({
      signal: stop.signal,
      onData: async () => {
        stop.abort();
        await new Promise((resolve) => setImmediate(resolve));
        finished = true;
      },
    });
    await expect(getting).rejects.toMatchObject({ name: 'AbortError' });
    expect(finished).toBe(true);
  });

  it('opens nothing while the offline switch is on, nor for an address with credentials', async () => {
    const { get, ledger, server } = await set(() => undefined);
    await expect(get({ url: new URL('http://a:b@127.0.0.1/') })).rejects.toMatchObject({ code: 'net/url-invalid' });
    ledger.setOffline(true);
    await expect(get()).rejects.toMatchObject({ code: 'net/offline' });
    expect(server.connections()).toBe(0);
  });
});
