import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { EndedConnection } from '../../../src-main/link/http-connections.ts';
import { type HttpListenOptions, type HttpSessionInfo, listenHttp } from '../../../src-main/link/http-server-link.ts';
import type { Envelope, MessageLink } from '../../../src-main/link/message-link.ts';

const WBXML = 'application/vnd.syncml.dm+wbxml';
const signal = new AbortController().signal;
const everyOctet = Uint8Array.from({ length: 256 }, (_, index) => index);
const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

interface Arrival {
  readonly link: MessageLink;
  readonly info: HttpSessionInfo;
}

/** A listener whose sessions are told apart by the body's first character, unless told otherwise. */
async function listen(more: Partial<HttpListenOptions> = {}) {
  const arrived: Arrival[] = [];
  const waiters: ((arrival: Arrival) => void)[] = [];
  const listener = await listenHttp({
    address: 'http://127.0.0.1:0/dm',
    signal,
    sessionOf: (envelope) => String.fromCharCode(envelope.body[0] ?? 0),
    onLink(link, info) {
      const waiter = waiters.shift();
      if (waiter === undefined) arrived.push({ link, info });
      else waiter({ link, info });
    },
    ...more,
  });
  endings.push(listener.close);
  const nextLink = async (): Promise<Arrival> =>
    arrived.shift() ?? new Promise<Arrival>((resolve) => waiters.push(resolve));
  return { listener, nextLink, pending: arrived };
}

/** A raw connection, since what is tested lies below what a client library lets through. */
async function dial(
  address: string,
  localAddress = '127.0.0.1',
): Promise<{ socket: Socket; answer: (until?: RegExp) => Promise<string> }> {
  const url = new URL(address);
  const socket = connect({ port: Number(url.port), host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  endings.push(() => void socket.destroy());
  await once(socket, 'connect');
  let text = '';
  let wake = () => {};
  const stir = (chunk: Buffer | undefined) => {
    if (chunk !== undefined) text += chunk.toString('latin1');
    wake();
  };
  socket.on('data', stir);
  socket.on('close', () => stir(undefined));
  /** What came, once it matches; everything when the connection closed. */
  const answer = async (until = /\r\n\r\n/): Promise<string> => {
    while (!until.test(text) && !socket.closed) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const all = text;
    text = '';
    return all;
  };
  return { socket, answer };
}

function post(body: string, headers: readonly string[] = []): string {
  return [`POST /dm HTTP/1.1`, 'Host: h', `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n');
}

const text = (envelope: Envelope | undefined) => Buffer.from(envelope?.body ?? []).toString('latin1');
const reply = (body: string, hmac?: string): Envelope => ({
  contentType: WBXML,
  body: Buffer.from(body, 'latin1'),
  ...(hmac === undefined ? {} : { hmac }),
});

describe('listenHttp', () => {
  it('[DMP-7-01][DMP-7-05][DMP-7-09][DMP-7-10][DMP-7-13] hands over bodies unchanged and answers with the headers of the HTTP binding', async () => {
    const { listener, nextLink } = await listen();
    const asked = fetch(listener.address, {
      method: 'POST',
      body: everyOctet,
      headers: { 'Content-Type': 'Application/Vnd.syncml.DM+xml; charset=UTF-8', 'X-SyncML-HMAC': 'mac=a' },
    });
    const { link } = await nextLink();
    const envelope = await link.receive(signal);
    expect(envelope).toMatchObject({ contentType: 'Application/Vnd.syncml.DM+xml; charset=UTF-8', hmac: 'mac=a' });
    expect([...(envelope?.body ?? [])]).toEqual([...everyOctet]);
    await link.send({ contentType: WBXML, body: everyOctet, hmac: 'mac=b' }, signal);
    const answer = await asked;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(WBXML);
    expect(answer.headers.get('content-length')).toBe('256');
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    expect(answer.headers.get('x-syncml-hmac')).toBe('mac=b');
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([...everyOctet]);
  });

  it('joins the posts of one session over several connections, and keeps sessions apart', async () => {
    const { listener, nextLink, pending } = await listen();
    const ask = (body: string) =>
      fetch(listener.address, { method: 'POST', body, headers: { Connection: 'close' } }).then((answer) =>
        answer.text(),
      );
    const a1 = ask('A1');
    const a = (await nextLink()).link;
    const b1 = ask('B1');
    const b = (await nextLink()).link;
    expect(text(await b.receive(signal))).toBe('B1');
    expect(text(await a.receive(signal))).toBe('A1');
    await a.send(reply('to A1'), signal);
    await b.send(reply('to B1'), signal);
    expect([await a1, await b1]).toEqual(['to A1', 'to B1']);
    const a2 = ask('A2');
    expect(text(await a.receive(signal))).toBe('A2');
    await a.send(reply('to A2'), signal);
    expect(await a2).toBe('to A2');
    expect(pending).toHaveLength(0);
  });

  it('names a handset of IPv6 as in a URL', async () => {
    const { listener, nextLink } = await listen({ address: 'http://[::1]:0/dm' });
    const asked = fetch(listener.address, { method: 'POST', body: 'A' });
    const { info, link } = await nextLink();
    expect(info.remote).toMatch(/^\[::1\]:\d+$/);
    await link.close('done');
    expect((await asked).status).toBe(204);
  });

  it('lets nobody at another address into a session', async () => {
    const { listener, nextLink } = await listen();
    const own = await dial(listener.address);
    own.socket.write(post('A1'));
    const { link } = await nextLink();
    expect(text(await link.receive(signal))).toBe('A1');
    await link.send(reply('to A1'), signal);
    expect(await own.answer(/to A1$/)).toContain('200 OK');
    const other = await dial(listener.address, '127.0.0.9');
    other.socket.write(post('A2, made up'));
    const thief = await nextLink();
    expect(thief.info.remote).toMatch(/^127\.0\.0\.9:/);
    expect(text(await thief.link.receive(signal))).toBe('A2, made up');
    own.socket.write(post('A2'));
    expect(text(await link.receive(signal))).toBe('A2');
    await Promise.all([link.close('done'), thief.link.close('aborted')]);
  });

  it('takes the connection for the session when the message names none', async () => {
    const { listener, nextLink } = await listen({ sessionOf: () => undefined });
    const phone = await dial(listener.address);
    phone.socket.write(post('one'));
    const { link, info } = await nextLink();
    expect(info.key).toBe('connection:1');
    expect(text(await link.receive(signal))).toBe('one');
    await link.send(reply('1'), signal);
    await phone.answer(/1$/);
    phone.socket.write(post('two'));
    expect(text(await link.receive(signal))).toBe('two');
    await link.send(reply('2'), signal);
    await phone.answer(/2$/);
    phone.socket.end();
    expect(await link.receive(signal)).toBeUndefined();
  });

  it('[DMP-7-10] understands chunked bodies, in pieces', async () => {
    const { listener, nextLink } = await listen();
    const phone = await dial(listener.address);
    phone.socket.write('POST /dm HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nAb\r\n');
    phone.socket.write('3\r\ncde\r\n0\r\n\r\n');
    const { link } = await nextLink();
    expect(text(await link.receive(signal))).toBe('Abcde');
  });

  it('[DMP-7-04] sends 100 Continue before the body is there, and 413 instead when too much is announced', async () => {
    const { listener, nextLink } = await listen({ maxBody: 10 });
    const phone = await dial(listener.address);
    phone.socket.write('POST /dm HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n');
    expect(await phone.answer()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    phone.socket.write('Abcde');
    const { link } = await nextLink();
    expect(text(await link.receive(signal))).toBe('Abcde');
    await link.send(reply('x'), signal);
    expect(await phone.answer(/x$/)).toMatch(/^HTTP\/1\.1 200 /);
    phone.socket.write('POST /dm HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 11\r\n\r\n');
    expect(await phone.answer()).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('serves curl, which waits for 100 Continue with a large body', async () => {
    const { listener, nextLink } = await listen();
    const body = 'A'.repeat(100_000);
    const args = ['-sS', '--max-time', '10', '-H', 'Expect: 100-continue', '-H', `Content-Type: ${WBXML}`];
    const running = promisify(execFile)('curl', [...args, '--data-binary', '@-', listener.address]);
    running.child.stdin?.end(body);
    const { link } = await nextLink();
    expect(text(await link.receive(signal))).toBe(body);
    await link.send(reply('fine'), signal);
    expect((await running).stdout).toBe('fine');
  });

  it('[DMP-7-03][DMP-7-07][DMP-7-11][DMP-7-12] serves a handset of HTTP/1.0 that says nothing of itself', async () => {
    const { listener, nextLink } = await listen();
    for (const more of ['', 'Accept: x/y\r\nAccept-Language: en\r\n']) {
      const phone = await dial(listener.address);
      phone.socket.write(`POST /dm HTTP/1.0\r\n${more}Content-Length: 2\r\n\r\nA1`);
      const { link } = await nextLink();
      expect(text(await link.receive(signal))).toBe('A1');
      await link.send(reply('fine'), signal);
      expect(await phone.answer(/never/)).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nfine$/s);
      await link.close('done');
    }
  });

  it.each([
    ['another path', 'POST /other HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nA', 404],
    ['another path with a parameter', 'POST /dmx;/dm HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nA', 404],
    ['another method', 'PUT /dm HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nA', 405],
    ['a GET', 'GET /dm HTTP/1.1\r\nHost: h\r\n\r\n', 405],
    ['no length', 'POST /dm HTTP/1.1\r\nHost: h\r\n\r\n', 411],
    ['a packed body', 'POST /dm HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nA', 415],
    ['an empty body', 'POST /dm HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n', 400],
    ['a page’s post', 'POST /dm HTTP/1.1\r\nHost: h\r\nOrigin: http://evil\r\nContent-Length: 1\r\n\r\nA', 403],
    ['too large a length', 'POST /dm HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\nA', 413],
    [
      'too many chunks',
      `POST /dm HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n${'A'.repeat(101)}\r\n`,
      413,
    ],
    ['two lengths', 'POST /dm HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nA', 400],
    [
      'length and chunks',
      'POST /dm HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
    ],
    ['no HTTP', '\u0002\u0000\u0000\u006a\r\n\r\n', 400],
  ])('answers %s with a status and goes on', async (_what, bytes, status) => {
    const { listener, nextLink, pending } = await listen({ maxBody: 100 });
    const phone = await dial(listener.address);
    phone.socket.write(bytes, 'latin1');
    expect(await phone.answer()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(pending).toHaveLength(0);
    const next = await dial(listener.address);
    next.socket.write(post('A'));
    expect(text(await (await nextLink()).link.receive(signal))).toBe('A');
  });

  it('is there for a path with a session token, as a RespURI of the DMS adds it', async () => {
    const { listener, nextLink } = await listen();
    for (const path of ['/dm;jsessionid=0A1B', '/dm;jsessionid=0A1B?x=/other']) {
      const phone = await dial(listener.address);
      phone.socket.write(`POST ${path} HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nA`);
      const { link } = await nextLink();
      expect(text(await link.receive(signal))).toBe('A');
      await link.close('done');
    }
  });

  it('gives nobody a message whose body ended before its length', async () => {
    const { listener, nextLink, pending } = await listen();
    const phone = await dial(listener.address);
    phone.socket.end('POST /dm HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nAhalf');
    await phone.answer(/never/);
    expect(pending).toHaveLength(0);
    const next = await dial(listener.address);
    next.socket.write(post('A whole'));
    expect(text(await (await nextLink()).link.receive(signal))).toBe('A whole');
  });

  it('says bearer/lost when the handset left before its answer', async () => {
    const { listener, nextLink } = await listen();
    const phone = await dial(listener.address);
    phone.socket.write(post('A'));
    const { link } = await nextLink();
    await link.receive(signal);
    phone.socket.resetAndDestroy();
    // The server notices when the reset arrives; an exchange on a second connection comes after it.
    await fetch(listener.address, { method: 'GET' });
    await expect(link.send(reply('x'), signal)).rejects.toMatchObject({ code: 'bearer/lost', retry: 'same-bearer' });
    expect(await link.receive(signal)).toBeUndefined();
  });

  it('answers on the new connection when the handset repeats its bytes, and 409 to different ones', async () => {
    const { listener, nextLink } = await listen();
    const first = await dial(listener.address);
    first.socket.write(post('A same'));
    const { link } = await nextLink();
    await link.receive(signal);
    const second = await dial(listener.address);
    second.socket.write(post('A same'));
    expect(await first.answer()).toMatch(/^HTTP\/1\.1 503 /);
    const third = await dial(listener.address);
    third.socket.write(post('A different'));
    expect(await third.answer()).toMatch(/^HTTP\/1\.1 409 /);
    await link.send(reply('done'), signal);
    expect(await second.answer(/done$/)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('tells that a handset left while it was kept waiting, unless it comes again with the same octets', async () => {
    const { listener, nextLink } = await listen({ goneAfter: milliseconds(30) });
    const first = await dial(listener.address);
    first.socket.write(post('A1'));
    const { link } = await nextLink();
    await link.receive(signal);
    let gone = false;
    void link.peerGone?.then(() => {
      gone = true;
    });
    first.socket.destroy();
    const again = await dial(listener.address);
    again.socket.write(post('A1'));
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(gone).toBe(false);
    again.socket.destroy();
    await link.peerGone;
  });

  it('lets in only who may call, so many at a time, and tells what went over each connection', async () => {
    const ended: EndedConnection[] = [];
    const { listener, nextLink } = await listen({
      ...{ mayCall: (address) => address === '127.0.0.1', maxConnections: { all: 9, each: 2 } },
      onConnectionEnd: (connection) => ended.push(connection),
      others: ({ url }, response) => {
        response.writeHead(url === '/else' ? 200 : 404, { Connection: 'close' }).end('other');
        return url === '/else';
      },
    });
    const [one, two, three] = [
      await dial(listener.address),
      await dial(listener.address),
      await dial(listener.address),
    ];
    expect(await three.answer()).toBe('');
    one.socket.write('GET /else HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(await one.answer(/other$/)).toContain('200 OK');
    two.socket.write(post('A1'));
    const { link } = await nextLink();
    await link.close('done');
    expect(await two.answer()).toContain('204');
    two.socket.destroy();
    await expect.poll(() => ended.length).toBe(2);
    const none = await dial(listener.address);
    none.socket.write('GET /none HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(await none.answer(/other$/)).toContain('404');
    await expect.poll(() => ended.length).toBe(3);
    expect(ended).toMatchObject([{ address: '127.0.0.1', served: true }, { served: true }, { served: false }]);
    expect(ended.every(({ bytesIn, bytesOut }) => bytesIn > 20 && bytesOut > 20)).toBe(true);
    const closed = await listen({ mayCall: () => false });
    expect(await (await dial(closed.listener.address)).answer()).toBe('');
  });

  it('takes a handset that posts nothing more for gone', async () => {
    const { listener, nextLink } = await listen({ idle: milliseconds(30) });
    const phone = await dial(listener.address);
    phone.socket.write(post('A'));
    const { link } = await nextLink();
    await link.receive(signal);
    await link.send(reply('x'), signal);
    expect(await link.receive(signal)).toBeUndefined();
    // What comes later under the same name is a session of its own.
    phone.socket.write(post('A again'));
    expect(text(await (await nextLink()).link.receive(signal))).toBe('A again');
  });

  it('answers 503 when no answer came in time', async () => {
    const { listener, nextLink } = await listen({ answerWithin: milliseconds(30) });
    const phone = await dial(listener.address);
    phone.socket.write(post('A'));
    const { link } = await nextLink();
    await link.receive(signal);
    expect(await phone.answer()).toMatch(/^HTTP\/1\.1 503 /);
    await expect(link.send(reply('late'), signal)).rejects.toMatchObject({ code: 'bearer/lost' });
  });

  it.each([
    ['done', 204],
    ['aborted', 503],
  ] as const)('answers a waiting post when closed as %s', async (reason, status) => {
    const { listener, nextLink } = await listen();
    const phone = await dial(listener.address);
    phone.socket.write(post('A'));
    const { link } = await nextLink();
    await link.receive(signal);
    await link.close(reason);
    await link.close(reason);
    expect(await phone.answer()).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(await link.receive(signal)).toBeUndefined();
  });

  it('limits the sessions at a time', async () => {
    const { listener, nextLink } = await listen({ maxSessions: 1 });
    const first = await dial(listener.address);
    first.socket.write(post('A'));
    await nextLink();
    const second = await dial(listener.address);
    second.socket.write(post('B'));
    expect(await second.answer()).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('breaks everything off when its signal is aborted', async () => {
    const stop = new AbortController();
    const { listener, nextLink } = await listen({ signal: stop.signal });
    const phone = await dial(listener.address);
    phone.socket.write(post('A'));
    const { link } = await nextLink();
    await link.receive(signal);
    stop.abort();
    expect(await phone.answer()).toMatch(/^HTTP\/1\.1 503 /);
    await expect(link.receive(signal)).rejects.toMatchObject({ code: 'bearer/lost' });
    await listener.close();
    await expect(fetch(listener.address)).rejects.toThrow();
  });

  it('stops one receive by its own signal and keeps the session', async () => {
    const { listener, nextLink } = await listen();
    const phone = await dial(listener.address);
    phone.socket.write(post('A1'));
    const { link } = await nextLink();
    await link.receive(signal);
    await link.send(reply('1'), signal);
    const stop = new AbortController();
    const waiting = link.receive(stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    phone.socket.write(post('A2'));
    expect(text(await link.receive(signal))).toBe('A2');
  });

  it('names what is wrong with an address', async () => {
    await expect(listen({ address: 'tcp:1' })).rejects.toMatchObject({ code: 'bearer/address-invalid' });
    await expect(listen({ address: 'https://127.0.0.1:0/' })).rejects.toMatchObject({ code: 'bearer/address-invalid' });
    const { listener } = await listen();
    await expect(listen({ address: listener.address })).rejects.toMatchObject({
      code: 'bearer/unavailable',
      details: { os: 'EADDRINUSE' },
    });
  });
});
