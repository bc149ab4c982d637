import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { ListenerKind } from '../../../src-main/contract/listening.ts';
import type { ParamsOf, RequestName, ResultOf } from '../../../src-main/contract/requests.ts';
import type { Host } from '../../../src-main/host/host.ts';
import { createHttpClientLink } from '../../../src-main/link/http-client-link.ts';
import type { Envelope, MessageLink } from '../../../src-main/link/message-link.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { STRANGE_REQUESTS } from '../../support/strange-requests.ts';
import { alert, dmMessage, envelope, fromDms, get, status } from '../dm-watcher/messages.ts';
import { never, QUIET, testHome } from '../host/home.ts';
import { Cleanup, type DmsCue, scriptedDms } from '../relay/scripted-peers.ts';

const home = testHome();
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const signal = never();
const HMAC = 'algorithm=MD5, username="dms", mac=XSyvwd2YM0lhmXu8JllsNg==';
const PHONE = 'IMEI:356938035643809';
const devInfo = (leaf: string, data: string) => ({ source: { uri: `./DevInfo/${leaf}` }, data });
const replace = {
  kind: 'Replace',
  cmdId: '2',
  items: [devInfo('DevId', PHONE), devInfo('Man', 'Maker\u202E\n'), devInfo('Mod', 'X1')],
} as const;
function fromPhone(msgId: number, start: boolean): Envelope {
  const commands = start ? [alert('1', 1201), replace] : [status('1', 1, '0', 'SyncHdr'), status('2', 1, '2', 'Get')];
  return {
    ...envelope(dmMessage({ from: 'handset', msgId, commands, header: { source: { uri: PHONE } } })),
    hmac: HMAC,
  };
}
const P1 = fromPhone(1, true);
const P3 = fromPhone(2, false);
const P2 = { ...fromDms(1, [status('1', 1, '0', 'SyncHdr', 212), get('2', './x')]), hmac: HMAC };
const P4 = fromDms(2, [status('1', 2, '0', 'SyncHdr')]);

/** A host that stays, with a DM server as its default. */
async function hosting(cues: readonly DmsCue[], own = home.places()) {
  const dms = await scriptedDms(cleanup, cues);
  const host = await home.host(own, { stays: true });
  const ask = asking(host);
  await ask('dms.add', { name: 'test', url: dms.url });
  const stop = new AbortController();
  const events: UntimedEvent[] = [];
  const changes: { readonly kind: string; readonly [field: string]: unknown }[] = [];
  let state: HostState | undefined;
  const wakes = new Set<() => void>();
  void host.connection.follow((update) => {
    if (update.kind === 'event') events.push(update.event as UntimedEvent);
    else if (update.kind === 'change') changes.push(update.change);
    else state = update.state;
    for (const wake of wakes) wake();
  }, stop.signal);
  cleanup.add(() => stop.abort());
  /** Until the events tell it. */
  const heard = async (fits: (event: UntimedEvent) => boolean): Promise<UntimedEvent> => {
    for (;;) {
      const found = events.find(fits);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => wakes.add(resolve));
    }
  };
  const on = async (kind: ListenerKind, address: string, dmsName?: string) => {
    const { listener } = await ask('listeners.set', { kind, on: true, address, dms: dmsName });
    return listener;
  };
  const asked = () => heard((event) => event.type === 'caller' && event.state === 'asking');
  const sessions = async () => (await ask('sessions.list', {})).sessions;
  return { host, ask, dms, own, events, changes, heard, on, asked, sessions, state: () => state };
}

function asking(host: Host) {
  return <N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>> =>
    host.connection.request(name, params, QUIET);
}

/** A handset that is an OBEX client. */
async function obexCall(address = ''): Promise<MessageLink> {
  const bearer = createTcpBearer();
  const stream = await bearer.dial(bearer.parse(address), { signal });
  const link = await openObexClientLink(stream, { target: SYNCML_DM_TARGET, signal, getTypes: [P1.contentType] });
  cleanup.add(() => link.close('aborted'));
  return link;
}

/** A handset with a network link. */
function httpCall(address = ''): MessageLink {
  const agent = createHttpAgent();
  cleanup.add(() => agent.close());
  const options = { agent, ledger: createMemoryLedger(), initiator: 'test', version: '0' };
  return createHttpClientLink({ ...options, url: new URL(address) });
}

/** Its whole session. @returns what it was told */
async function speak(link: MessageLink, ...messages: readonly Envelope[]): Promise<(Envelope | undefined)[]> {
  const answers: (Envelope | undefined)[] = [];
  for (const message of messages) {
    await link.send(message, signal);
    answers.push(await link.receive(signal));
    if (answers.at(-1) === undefined) break;
  }
  await link.close('done');
  return answers;
}

const digestOf = (message: { readonly body: Uint8Array } | undefined) =>
  createHash('sha256')
    .update(message?.body ?? '')
    .digest('hex');

/** What a raw connection is answered until it is closed. */
async function raw(address: string, text: string): Promise<string> {
  const { port } = new URL(address);
  const socket = connect(Number(port), '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  socket.write(text, 'latin1');
  await once(socket, 'close');
  return answer;
}

describe('the ways in', () => {
  it('are off until a person puts them on, and refuse what would never be one', async () => {
    const { ask, on, state } = await hosting([]);
    expect(state()?.listeners.map(({ kind, state: each }) => [kind, each])).toEqual([
      ...[
        ['tcp', 'off'],
        ['serial', 'off'],
        ['bluetooth', 'off'],
        ['network', 'off'],
      ],
    ]);
    await expect(on('network', '0.0.0.0:0')).rejects.toMatchObject({ code: 'listening/everywhere' });
    await expect(ask('listeners.set', { kind: 'serial', on: true })).rejects.toMatchObject({
      code: 'listening/place-invalid',
    });
    await expect(on('tcp', '127.0.0.1:0', 'nobody')).rejects.toMatchObject({ code: 'dms/profile-unknown' });
    const works = await on('tcp', '127.0.0.1:0');
    for (const wrong of ['127.0.0.1:99999', ':x', 'a:b:c', '6512']) {
      await expect(on('tcp', wrong)).rejects.toMatchObject({ code: 'listening/place-invalid' });
    }
    await expect(on('tcp', '6512')).rejects.toThrow(/did you mean :6512/);
    await expect(on('network', '8650')).rejects.toThrow(/usb0:8650/);
    await expect(on('bluetooth', '31')).rejects.toMatchObject({ code: 'bearer/address-invalid' });
    expect((await ask('listeners.list', {})).listeners[0]).toEqual(works);
    expect(await on('network', 'no-such-interface')).toMatchObject({
      ...{ state: 'waiting', reason: 'listening/interface-absent', wanted: 'no-such-interface' },
    });
    const { interfaces } = await ask('listeners.list', {});
    expect(interfaces).toContainEqual(expect.objectContaining({ loopback: true }));
    expect(await ask('listeners.set', { kind: 'network', on: false })).toMatchObject({ listener: { state: 'off' } });
  });

  it.each(['tcp', 'network'] as const)('by %s stay as they are where another place is not to be had', async (kind) => {
    const { host, ask, on, own, changes } = await hosting([]);
    const { address = '', ...works } = await on(kind, '127.0.0.1:0');
    const place = /127[^/]*/.exec(address)?.[0] ?? '';
    const other = await on(kind === 'tcp' ? 'network' : 'tcp', '127.0.0.1:0');
    const taken = /127[^/]*/.exec(other.address ?? '')?.[0] ?? '';
    const told = changes.length;
    await expect(on(kind, taken)).rejects.toMatchObject({ code: 'listening/port-taken' });
    await expect(on(kind, 'nonsense')).rejects.toMatchObject({ code: 'listening/interface-absent' });
    const of = (from: Host) => async () =>
      (await asking(from)('listeners.list', {})).listeners.find((each) => each.kind === kind);
    expect(await of(host)()).toEqual({ ...works, address });
    expect(changes).toHaveLength(told);
    // The same port at another address: one has to be shut for the other.
    expect(await on(kind, place)).toMatchObject({ address, wanted: place });
    const absent = place.replace(/.*:/, '192.0.2.1:');
    await expect(on(kind, absent)).rejects.toMatchObject({ code: 'listening/interface-absent' });
    expect(await of(host)()).toMatchObject({ state: 'listening', address, wanted: place });
    const moved = await on(kind, '127.0.0.1:0');
    expect(moved.state).toBe('listening');
    expect(moved.address).not.toBe(address);
    await expect(raw(address.replace('tcp:', 'http://'), 'x')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await ask('listeners.set', { kind, on: false })).listener.state).toBe('off');
    await on(kind, place);
    await expect(on(kind, taken)).rejects.toMatchObject({ code: 'listening/port-taken' });
    await host.close();
    expect(await of(await home.host(own))()).toMatchObject({ wanted: place });
  });

  it('are kept over restarts, for a host that stays', async () => {
    const { host, on, own } = await hosting([]);
    const { address = '' } = await on('tcp', '127.0.0.1:0');
    const place = address.replace('tcp:', '');
    await on('tcp', place);
    await host.close();
    const command = await home.host(own);
    expect((await asking(command)('listeners.list', {})).listeners[0]).toMatchObject({
      ...{ state: 'waiting', wanted: place, reason: 'listening/no-host' },
    });
    await expect(obexCall(address)).rejects.toMatchObject({ code: 'bearer/unavailable' });
    await command.close();
    const again = await home.host(own, { stays: true });
    const [listener] = (await asking(again)('listeners.list', {})).listeners;
    expect(listener).toMatchObject({ wanted: place });
    await (await obexCall(address)).close('done');
  });
});

describe('a handset that calls', () => {
  it.each(['tcp', 'network'] as const)(
    'by %s is held until a person lets it in, and what both sides say passes unchanged',
    async (kind) => {
      const { ask, on, dms, asked, sessions, changes, events } = await hosting([P2, P4]);
      const { address } = await on(kind, '127.0.0.1:0');
      const spoken = kind === 'tcp' ? speak(await obexCall(address), P1, P3) : speak(httpCall(address), P1, P3);
      const question = await asked();
      expect(question).toMatchObject({ kind, device: PHONE, from: '127.0.0.1' });
      const { callers } = await ask('callers.list', {});
      expect(callers).toMatchObject([
        { manufacturer: 'Maker', model: 'X1', wants: 'http://dms.example/dm', known: false },
      ]);
      expect(dms.posts).toEqual([]);
      await ask('callers.answer', { caller: callers[0]?.id ?? '', answer: 'accept' });
      const answers = await spoken;
      expect(answers.map(digestOf)).toEqual([P2, P4].map(digestOf));
      expect(answers.map((each) => each?.hmac)).toEqual([HMAC, undefined]);
      expect(dms.posts.map(digestOf)).toEqual([P1, P3].map(digestOf));
      for (const { headers } of dms.posts) {
        expect(headers).toMatchObject({
          'content-type': P1.contentType,
          'x-syncml-hmac': HMAC,
          host: new URL(dms.url).host,
        });
      }
      expect(await sessions()).toMatchObject([{ kind: 'relay', device: PHONE, dms: dms.url, virtual: false }]);
      expect(changes).toContainEqual({ kind: 'listener', listener: expect.objectContaining({ kind, sessions: 1 }) });
      expect(changes).toContainEqual({
        kind: 'handset',
        handset: expect.objectContaining({ device: PHONE, model: 'X1' }),
      });
      expect(events.filter((event) => event.type === 'message')).toHaveLength(4);
    },
  );

  it('is sent away in good order when it is refused, and nothing of it is passed on', async () => {
    const { ask, on, dms, asked, sessions } = await hosting([P2]);
    const { address } = await on('tcp', '127.0.0.1:0');
    const spoken = speak(await obexCall(address), P1);
    const question = await asked();
    await ask('callers.answer', { caller: String(question.id), answer: 'refuse' });
    expect(await spoken).toEqual([undefined]);
    expect(await speak(httpCall((await on('network', '127.0.0.1:0')).address), P1)).toEqual([undefined]);
    expect({ posts: dms.posts, sessions: await sessions() }).toEqual({ posts: [], sessions: [] });
  });

  it('is not held with a message beyond measure', async () => {
    const { ask, on } = await hosting([]);
    const big = { contentType: P1.contentType, body: new Uint8Array(1024 * 1024 + 1) };
    const { address } = await on('tcp', '127.0.0.1:0');
    // 0xCD: Request Entity Too Large.
    await expect(speak(await obexCall(address), big)).rejects.toMatchObject({ details: { response: 0xcd } });
    expect((await ask('callers.list', {})).callers).toEqual([]);
  });

  it('lets in nobody else behind it, once it is let in', async () => {
    const { ask, on, asked, dms, sessions } = await hosting([P2, P4]);
    const { address } = await on('tcp', '127.0.0.1:0');
    const source = { uri: 'IMEI:490154203237518' };
    const other = envelope(dmMessage({ from: 'handset', msgId: 2, commands: [alert('1', 1201)], header: { source } }));
    const spoken = speak(await obexCall(address), P1, other);
    await ask('callers.answer', { caller: String((await asked()).id), answer: 'accept' });
    await expect(spoken).rejects.toMatchObject({ code: expect.stringMatching(/^(obex\/response|bearer\/lost)$/) });
    expect(dms.posts.map(digestOf)).toEqual([digestOf(P1)]);
    expect(await sessions()).toMatchObject([{ state: 'failed', code: 'dm/other-handset' }]);
  });

  it('is carried to the server that the way in names, else to the one that it means', async () => {
    const { ask, on, dms, asked, heard, sessions } = await hosting([P2]);
    const other = await scriptedDms(cleanup, [P2, P2]);
    await ask('dms.add', { name: 'other', url: other.url });
    const { address } = await on('network', '127.0.0.1:0', 'other');
    const first = speak(httpCall(address), P1);
    await ask('callers.answer', { caller: String((await asked()).id), answer: 'accept' });
    await first;
    expect([other.posts.length, dms.posts.length]).toEqual([1, 0]);
    let count = 0;
    const said = (target: string) => {
      count += 1;
      const header = { sessionId: `A${count}`, source: { uri: PHONE }, target: { uri: target } };
      return envelope(dmMessage({ from: 'handset', msgId: 1, commands: [alert('1', 1201)], header }));
    };
    const { address: open } = await on('network', '127.0.0.1:0');
    await speak(httpCall(open), said('OTHER'));
    expect([other.posts.length, dms.posts.length]).toEqual([2, 0]);
    await speak(httpCall(open), said('http://elsewhere.example/dm'));
    expect(dms.posts.length).toBe(1);
    await ask('dms.remove', { dms: 'test' });
    await ask('dms.remove', { dms: 'other' });
    const turned = speak(httpCall(open), said('http://elsewhere.example/dm'));
    await expect(turned).rejects.toMatchObject({ code: 'dms/http-status' });
    await heard((event) => event.type === 'error' && event.code === 'listening/no-server');
    const [failed] = (await sessions()).filter(({ state }) => state === 'failed');
    expect(failed).toMatchObject({ device: PHONE, code: 'listening/no-server', dms: 'http://elsewhere.example/dm' });
  });

  it('has its card while its first session runs, and is told before where no server is', async () => {
    const { ask, on, dms, asked, state } = await hosting([P2, P4]);
    await ask('dms.remove', { dms: 'test' });
    const { address } = await on('tcp', '127.0.0.1:0');
    const link = await obexCall(address);
    await link.send(P1, signal);
    const answer = link.receive(signal);
    const { id } = await asked();
    const reason = async () => (await ask('callers.list', {})).callers.map((each) => each.reason);
    expect(await reason()).toEqual(['listening/no-server']);
    await ask('dms.add', { name: 'test', url: dms.url });
    expect(await reason()).toEqual([undefined]);
    expect(state()?.handsets).toEqual([]);
    await ask('callers.answer', { caller: String(id), answer: 'accept' });
    await answer;
    const { handsets } = await ask('handsets.list', {});
    expect(handsets).toMatchObject([{ device: PHONE, manufacturer: 'Maker', model: 'X1' }]);
    await speak(link, P3);
  });

  it.each(['tcp', 'network'] as const)(
    'by %s goes on with its session when the way in is shut, and no other begins',
    async (kind) => {
      const { host, ask, on, asked, dms } = await hosting([P2, P4]);
      const { address } = await on(kind, '127.0.0.1:0');
      const call = async () => (kind === 'tcp' ? obexCall(address) : httpCall(address));
      const link = await call();
      await link.send(P1, signal);
      const answer = link.receive(signal);
      await ask('callers.answer', { caller: String((await asked()).id), answer: 'accept' });
      await answer;
      const { listener } = await ask('listeners.set', { kind, on: false });
      expect(listener).toMatchObject({ state: 'off', sessions: 1 });
      expect(host.calls).toBe(1);
      const refused = async () => speak(await call(), P1);
      await expect(refused()).rejects.toMatchObject({
        code: expect.stringMatching(/^(bearer\/unavailable|dms\/unreachable)$/),
      });
      expect(await speak(link, P3)).toMatchObject([{ body: P4.body }]);
      expect(dms.posts).toHaveLength(2);
    },
  );
});

describe('a host that stays offline', () => {
  it('takes the call and carries it nowhere', async () => {
    const { ask, on, asked, dms, sessions } = await hosting([P2]);
    await ask('host.offline', { offline: true });
    const { address } = await on('tcp', '127.0.0.1:0');
    const spoken = speak(await obexCall(address), P1);
    await ask('callers.answer', { caller: String((await asked()).id), answer: 'accept' });
    await expect(spoken).rejects.toMatchObject({ code: expect.stringMatching(/^(obex\/response|bearer\/lost)$/) });
    expect(await sessions()).toMatchObject([{ state: 'failed', code: 'net/offline' }]);
    expect(dms.posts).toEqual([]);
  });
});

describe('the way in for handsets with a network link', () => {
  it('answers by itself what no DM session may be made of, and whatever two programs could read differently', async () => {
    const { on, dms, ask } = await hosting([]);
    const { address = '' } = await on('network', '127.0.0.1:0');
    for (const [what, text, status] of STRANGE_REQUESTS) {
      expect((await raw(address, text)).match(/HTTP\/1\.1 \d+/g), what).toEqual([`HTTP/1.1 ${status}`]);
    }
    expect(dms.posts).toEqual([]);
    expect((await ask('callers.list', {})).callers).toEqual([]);
  });

  it('passes on of a request what belongs to the message, and nothing that belongs to the connection', async () => {
    const { ask, on, dms, asked } = await hosting([P4]);
    const { address = '' } = await on('network', '127.0.0.1:0');
    const head = [
      ...['POST /dm;jsessionid=1?x=2 HTTP/1.1', 'Host: internal.example', 'Connection: X-Hop, close', 'X-Hop: 1'],
      ...[
        'Proxy-Authorization: Basic eDp5',
        'Cookie: a=b',
        'Keep-Alive: timeout=9',
        'Via: 1.0 phone',
        'Expect: 100-continue',
      ],
      ...[`Content-Type: ${P1.contentType}`, `Content-Length: ${P1.body.length}`, '', ''],
    ].join('\r\n');
    const answered = raw(address, head + Buffer.from(P1.body).toString('latin1'));
    await asked().then(({ id }) => ask('callers.answer', { caller: String(id), answer: 'accept' }));
    expect(await answered).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    const { host, ...headers } = dms.posts[0]?.headers ?? {};
    expect(host).toBe(new URL(dms.url).host);
    const known = [
      'accept',
      'accept-charset',
      'cache-control',
      'connection',
      'content-length',
      'content-type',
      'user-agent',
    ];
    expect(new Set(Object.keys(headers))).toEqual(new Set(known));
    expect(headers.connection).toBe('keep-alive');
  });

  it('hands out the package that is offered to one handset, any part of it, and is in the network ledger', async () => {
    const { ask, host, on, own, changes } = await hosting([]);
    const body = Buffer.from(Array.from({ length: 70_000 }, (_, index) => index % 251));
    const file = join(own.content, 'maps.jar');
    writeFileSync(file, body);
    await ask('packages.add', { files: [{ file, id: 'maps' }] });
    const refused = ask('packages.offer', { id: 'maps', network: true });
    await expect(refused).rejects.toMatchObject({ code: 'listening/network-off' });
    const { downloads = '' } = await on('network', '127.0.0.1:0');
    const offered = Promise.withResolvers<{ descriptor: string; object: string }>();
    const offer = host.connection.request(
      'packages.offer',
      { id: 'maps', network: true },
      { ...QUIET, part: (part) => offered.resolve(part as never) },
    );
    const { descriptor, object } = await offered.promise;
    expect([descriptor, object].every((each) => each.startsWith(`${downloads}/`))).toBe(true);
    const text = await (await fetch(descriptor)).text();
    expect(text).toContain(`<objectURI>${object}</objectURI>`);
    const part = await fetch(object, { headers: { Range: 'bytes=65530-65545' } });
    expect(part.status).toBe(206);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(body.subarray(65_530, 65_546));
    expect((await fetch(object, { headers: { Origin: 'http://x' } })).status).toBe(404);
    const notify = text.match(/<installNotifyURI>(.*)<\/installNotifyURI>/)?.[1] ?? '';
    await fetch(notify, { method: 'POST', body: '900 Success' });
    expect(await offer).toMatchObject({ notification: { success: true } });
    expect((await fetch(object)).status).toBe(404);
    await ask('listeners.set', { kind: 'network', on: false });
    await expect(fetch(object)).rejects.toThrow();
    const row = { host: '127.0.0.1', purpose: 'handset-call', initiator: 'handset' };
    await vi.waitFor(() => expect(changes).toContainEqual({ kind: 'ledger', row: expect.objectContaining(row) }));
  });
});
