import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import type { DmEndpoint } from '../../../src-main/virtual/dms/dm-endpoint.ts';
import { startDms } from './dms-fixture.ts';

const everyOctet = Uint8Array.from({ length: 256 }, (_, index) => index);

/** Sends text as it is and gives all that came until the server closed. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.write(text, 'latin1');
  await once(socket, 'close');
  return answer;
}

function recorder(answer?: Envelope): { readonly dm: DmEndpoint; readonly taken: Envelope[] } {
  const taken: Envelope[] = [];
  return {
    taken,
    dm: {
      async handle(envelope) {
        taken.push(envelope);
        return answer ?? envelope;
      },
    },
  };
}

describe('POST /dm', () => {
  it('[DMP-7-01][DMP-7-09][DMP-7-13] passes body, type and MAC to the DM server unchanged, and its answer back', async () => {
    const answer = { contentType: 'application/vnd.syncml.dm+xml', body: everyOctet, hmac: 'algorithm=MD5, mac=b' };
    const { dm, taken } = recorder(answer);
    const { url } = await startDms({ dm });
    const headers = { 'Content-Type': 'application/vnd.syncml.dm+wbxml', 'x-syncml-hmac': 'mac=a' };
    const got = await fetch(`${url}/dm`, { method: 'POST', body: everyOctet, headers });
    expect(taken[0]).toMatchObject({ contentType: 'application/vnd.syncml.dm+wbxml', hmac: 'mac=a' });
    expect([...(taken[0]?.body ?? [])]).toEqual([...everyOctet]);
    expect(got.status).toBe(200);
    expect(got.headers.get('content-type')).toBe('application/vnd.syncml.dm+xml');
    expect(got.headers.get('content-length')).toBe('256');
    expect(got.headers.get('x-syncml-hmac')).toBe('algorithm=MD5, mac=b');
    expect(got.headers.get('cache-control')).toBe('private, no-store');
    expect([...new Uint8Array(await got.arrayBuffer())]).toEqual([...everyOctet]);
  });

  it.each([
    'application/vnd.syncml.dm+xml; charset="UTF-8"',
    'Application/Vnd.SyncML.DM+WBXML',
    'application/json',
    'text/plain',
    'no type at all;;;=',
    'application/vnd.syncml.dm+wbxml;',
  ])('[DMP-7-06] takes the content type %s as it is', async (type) => {
    const { dm, taken } = recorder({ contentType: 'application/vnd.syncml.dm+wbxml', body: everyOctet });
    const { port } = await startDms({ dm });
    const text = `POST /dm HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\nContent-Type: ${type}\r\nContent-Length: 3\r\n\r\n{"x`;
    expect(await raw(port, text)).toMatch(/^HTTP\/1\.1 200 /);
    expect(taken[0]?.contentType).toBe(type);
    expect(Buffer.from(taken[0]?.body ?? []).toString()).toBe('{"x');
  });

  it('[DMP-7-03][DMP-7-11] guesses the type of a message without one, and answers HTTP/1.0 without Host', async () => {
    const { dm, taken } = recorder();
    const { port } = await startDms({ dm });
    const answer = await raw(port, `POST /dm HTTP/1.0\r\nContent-Length: 9\r\n\r\n<SyncML/>`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*<SyncML\/>$/s);
    expect(taken[0]?.contentType).toBe('application/vnd.syncml.dm+xml');
  });

  it('[DMP-7-04][DMP-7-10] answers Expect: 100-continue and chunked bodies', async () => {
    const { dm, taken } = recorder();
    const { port } = await startDms({ dm });
    const head = `POST /dm HTTP/1.1\r\nHost: localhost:${port}\r\nConnection: close\r\nExpect: 100-continue\r\n`;
    const answer = await raw(port, `${head}Transfer-Encoding: chunked\r\n\r\n2\r\n\u0002\u0000\r\n1\r\nx\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
    expect([...(taken[0]?.body ?? [])]).toEqual([2, 0, 0x78]);
  });

  it('refuses more than 1 MiB with 413, announced or not, and takes exactly that', async () => {
    const { dm, taken } = recorder({ contentType: 'a/b', body: everyOctet });
    const { url } = await startDms({ dm });
    const send = (length: number) => fetch(`${url}/dm`, { method: 'POST', body: new Uint8Array(length) });
    expect((await send(1024 * 1024)).status).toBe(200);
    const refused = await send(1024 * 1024 + 1);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({ code: 'dms/request-too-large' });
    expect(taken).toHaveLength(1);
  });

  it('gives the DM server’s refusals as HTTP statuses', async () => {
    const { url } = await startDms({ dm: { handle: async () => ({ status: 400, message: 'no SyncML' }) } });
    const answer = await fetch(`${url}/dm`, { method: 'POST', body: 'x' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ code: 'dms/refused', message: 'no SyncML' });
  });

  it('[DMP-7-19] answers unreadable messages with 400 and their code, its own failures with 500 and nothing of the inside', async () => {
    let error: Error = new PcAgentError('wbxml/truncated', 'ends early', { offset: 3 });
    const dm: DmEndpoint = {
      async handle() {
        throw error;
      },
    };
    const { url, internal } = await startDms({ dm });
    const unreadable = await fetch(`${url}/dm`, { method: 'POST', body: 'x' });
    expect([unreadable.status, await unreadable.json()]).toEqual([
      400,
      { code: 'wbxml/truncated', message: 'ends early' },
    ]);
    expect(internal).toEqual([]);
    error = new Error('secret detail');
    const broken = await fetch(`${url}/dm`, { method: 'POST', body: 'x' });
    expect(broken.status).toBe(500);
    expect(await broken.text()).not.toContain('secret');
    expect(internal).toEqual([error]);
  });

  it.each([
    ['an empty body', 'POST /dm HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n', 400],
    ['a GET', 'GET /dm HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 405],
    [
      'a page of another origin',
      'POST /dm HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
      403,
    ],
    [
      'a rebound name',
      'POST /dm HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx',
      403,
    ],
    ['a broken address', 'GET /packages/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 400],
    ['an unknown path', 'GET /etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 404],
    ['no HTTP', '\u0002\u0000\u0000j\r\n\r\n', 400],
  ])('answers %s cleanly', async (_what, text, status) => {
    const { dm, taken } = recorder();
    const { port, url } = await startDms({ dm });
    expect(await raw(port, text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(taken).toHaveLength(0);
    expect((await fetch(`${url}/dm`, { method: 'POST', body: 'x' })).status).toBe(200);
  });

  it('serves a client behind a forwarded port, whose Host names another one', async () => {
    const { port } = await startDms();
    const text = 'POST /dm HTTP/1.1\r\nHost: 127.0.0.1:9\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx';
    expect(await raw(port, text)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('tells the DM server that its client has gone', async () => {
    let started = (_signal: AbortSignal) => {};
    const handling = new Promise<AbortSignal>((resolve) => {
      started = resolve;
    });
    const dm: DmEndpoint = {
      async handle(envelope, signal) {
        started(signal);
        if (!signal.aborted) await once(signal, 'abort');
        return envelope;
      },
    };
    const { port } = await startDms({ dm });
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /dm HTTP/1.1\r\nHost: localhost:${port}\r\nContent-Length: 1\r\n\r\nx`);
    const signal = await handling;
    expect(signal.aborted).toBe(false);
    socket.destroy();
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.aborted).toBe(true);
  });
});
