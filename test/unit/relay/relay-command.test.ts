import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import { equalBytes, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { run } from '../../../src-main/cli/peers/relay.ts';
import type { ListeningEvent } from '../../../src-main/contract/events.ts';
import {
  buildNotification,
  newNotificationId,
  parseNotification,
} from '../../../src-main/dm/notification/notification.ts';
import { verifyNotification } from '../../../src-main/dm/notification/verify-notification.ts';
import type { Envelope, MessageLink } from '../../../src-main/link/message-link.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { alert, dmMessage, envelope, fromDms, get, status } from '../dm-watcher/messages.ts';
import {
  Cleanup,
  commandContext,
  type DmsCue,
  listeningHandset,
  relayOptions,
  sayingInTurn,
  scriptedDms,
} from './scripted-peers.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const HMAC = 'algorithm=MD5, username="dms", mac=XSyvwd2YM0lhmXu8JllsNg==';
function fromHandset(sessionId: string, msgId: number, start: boolean): Envelope {
  const commands = start ? [alert('1', 1200)] : [status('1', 1, '0', 'SyncHdr'), status('2', 1, '2', 'Get')];
  return { ...envelope(dmMessage({ from: 'handset', msgId, commands, header: { sessionId } })), hmac: HMAC };
}
const P1 = fromHandset('1A2B', 1, true);
const P3 = fromHandset('1A2B', 2, false);
const P2 = { ...fromDms(1, [status('1', 1, '0', 'SyncHdr', 212), get('2', './x')]), hmac: HMAC };
const P4 = fromDms(2, [status('1', 2, '0', 'SyncHdr')]);
const NOTIFICATION = buildNotification(
  {
    serverId: 'virtual-dms',
    password: 'server-secret',
    nonce: utf8('nonce'),
    sessionId: 0x1a2b,
    uiMode: 'background',
    initiator: 'server',
  },
  nodeDigest,
);

/** A handset that takes the notification and has nothing to say. */
async function ignoring(link: MessageLink, received: Envelope[]): Promise<void> {
  const message = await link.receive(new AbortController().signal);
  if (message !== undefined) received.push(message);
  await link.close('done');
}

function relay(flags: Readonly<Record<string, unknown>>) {
  const watched = commandContext();
  return { watched, running: run(relayOptions({ timeout: 20, ...flags }), watched.context) };
}

describe('relay --handset', () => {
  it('[DMP-9-01][DMP-9-11][DMP-5-01][DMP-5-02][DMP-6-19] dials, sends a ready-made notification, carries both ways and ends with 0', async () => {
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1, P3)]);
    const dms = await scriptedDms(cleanup, [P2, P4]);
    const { watched, running } = relay({
      handset: handset.address,
      dms: dms.url,
      notification: toBase64(NOTIFICATION),
    });
    const outcome = await running;
    expect(outcome).toEqual({
      exitCode: 0,
      ok: true,
      state: 'done',
      sessionCount: 1,
      sessions: [
        {
          id: '1A2B',
          state: 'done',
          messages: { toDms: 2, toHandset: 2 },
          bytes: { toDms: P1.body.length + P3.body.length, toHandset: P2.body.length + P4.body.length },
        },
      ],
    });
    const received = handset.received[0] ?? [];
    expect(received.map(({ contentType }) => contentType)).toEqual([
      'application/vnd.syncml.notification',
      'application/vnd.syncml.dm+wbxml',
      'application/vnd.syncml.dm+wbxml',
    ]);
    expect(received.map(({ body }) => Buffer.from(body).toString('hex'))).toEqual(
      [NOTIFICATION, P2.body, P4.body].map((body) => Buffer.from(body).toString('hex')),
    );
    expect(received[1]?.hmac).toBe(HMAC);
    expect(dms.posts.map(({ body }) => [...body])).toEqual([[...P1.body], [...P3.body]]);
    expect(dms.posts[0]?.headers).toMatchObject({
      'content-type': 'application/vnd.syncml.dm+wbxml',
      'x-syncml-hmac': HMAC,
    });
    expect(watched.notes[0]).toContain('ServerID virtual-dms, SessionID 1A2B');
  });

  it('reads the notification from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    cleanup.add(() => rm(folder, { recursive: true }));
    const file = join(folder, 'package-0');
    writeFileSync(file, NOTIFICATION);
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, [P4]);
    await relay({ handset: handset.address, dms: dms.url, notification: file }).running;
    expect([...(handset.received[0]?.[0]?.body ?? [])]).toEqual([...NOTIFICATION]);
  });

  it('builds package 0 from delegated credentials and a nonce', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    cleanup.add(() => rm(folder, { recursive: true }));
    const file = join(folder, 'password');
    writeFileSync(file, 'server-secret\n');
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, [P4]);
    const flags = { serverId: 'virtual-dms', serverPasswordFile: file, serverNonce: 'bm9uY2U=' };
    const { watched, running } = relay({ handset: handset.address, dms: dms.url, ...flags });
    expect((await running).ok).toBe(true);
    const sent = handset.received[0]?.[0]?.body ?? new Uint8Array();
    expect(verifyNotification(sent, { password: 'server-secret', nonce: utf8('nonce') }, nodeDigest)).toBe('stored');
    expect(watched.notes.join()).not.toContain('server-secret');
    expect(watched.notes.join()).not.toContain('will ignore');
  });

  it('[DMP-6-14] sends the default notification and, when it is ignored, the other reading of the default nonce', async () => {
    const handset = await listeningHandset(cleanup, [ignoring, sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, [P4]);
    const { watched, running } = relay({ handset: handset.address, dms: dms.url });
    expect((await running).ok).toBe(true);
    const forms = handset.received.map(([message]) => {
      const body = message?.body ?? new Uint8Array();
      const { serverId, sessionId } = parseNotification(body);
      expect(serverId).toBe('pc-agent');
      expect(sessionId.toString(16)).toMatch(/[a-f]/);
      return verifyNotification(body, { password: '', nonce: utf8('another') }, nodeDigest);
    });
    expect(forms).toEqual(['zero-octets', 'ascii']);
    expect(watched.notes[0]).toContain('will ignore it');
    expect(watched.notes.at(-1)).toContain('another follows: ServerID pc-agent');
    expect(watched.events.filter(({ type }) => type === 'error')).toEqual([]);
  });

  it('fails when every notification is ignored', async () => {
    const handset = await listeningHandset(cleanup, [ignoring]);
    const dms = await scriptedDms(cleanup, []);
    const { watched, running } = relay({ handset: handset.address, dms: dms.url });
    expect(await running).toMatchObject({ exitCode: 1, ok: false, code: 'relay/notification-ignored' });
    expect(handset.received.length).toBe(2);
    expect(watched.events.filter(({ type }) => type === 'error').length).toBe(1);
    expect(dms.posts).toEqual([]);
  });

  it('ends with 3 and the code of the bearer when the handset is not there', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { watched, running } = relay({ handset: `tcp:127.0.0.1:${port}`, dms: 'http://127.0.0.1:9/dm' });
    expect(await running).toMatchObject({ exitCode: 3, ok: false, code: 'bearer/unavailable' });
    const address = `tcp:127.0.0.1:${port}`;
    expect(watched.events).toMatchObject([
      { type: 'started', address, pid: process.pid },
      { type: 'error', code: 'bearer/unavailable' },
    ]);
  });

  it('relays --count sessions, each with a notification of its own', async () => {
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, [P4, P4]);
    const outcome = await relay({ handset: handset.address, dms: dms.url, count: 2 }).running;
    expect(outcome).toMatchObject({ exitCode: 0, sessionCount: 2 });
    const ids = handset.received.map(([message]) => parseNotification(message?.body ?? new Uint8Array()).sessionId);
    expect(new Set(ids).size).toBe(2);
  });

  it.each<[string, readonly DmsCue[], string]>([
    ['an error status', [{ status: 500, text: 'sorry' }], 'dms/http-status'],
    ['a page', [{ status: 200, text: '<html>sign in</html>' }], 'dms/answer-unexpected'],
    [
      'half an answer',
      [{ status: 200, type: 'application/vnd.syncml.dm+wbxml', text: 'x'.repeat(900), cutAt: 300 }],
      'dms/answer-truncated',
    ],
    ['nothing', [{ status: 200, type: 'application/vnd.syncml.dm+wbxml' }], 'dms/answer-empty'],
  ])('breaks off with one code when the DMS answers with %s', async (_name, cues, code) => {
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, cues);
    const { watched, running } = relay({ handset: handset.address, dms: dms.url });
    expect(await running).toMatchObject({ exitCode: 1, ok: false, code, state: 'failed' });
    expect(watched.events.filter(({ type }) => type === 'error')).toMatchObject([{ code }]);
    expect(handset.received[0]?.length).toBe(1);
  });

  it('breaks off when the DMS cannot be reached, and when it is silent', async () => {
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const gone = await scriptedDms(cleanup, []);
    await new Promise((resolve) => gone.server.close(resolve));
    expect(await relay({ handset: handset.address, dms: gone.url }).running).toMatchObject({ code: 'dms/unreachable' });
    const silent = await scriptedDms(cleanup, ['silence', 'silence']);
    const timeout = await relay({ handset: handset.address, dms: silent.url, timeout: 0.2 }).running;
    expect(timeout.code).toBe('dms/timeout');
    const stalled = await relay({ handset: handset.address, dms: silent.url, idle: 0.2 }).running;
    expect(stalled).toMatchObject({ exitCode: 1, code: 'relay/stalled' });
  });

  it('says bearer/lost when the handset vanishes', async () => {
    const vanishing = async (link: MessageLink, _received: Envelope[], stream: { close(): Promise<void> }) => {
      await link.receive(new AbortController().signal);
      await stream.close();
    };
    const handset = await listeningHandset(cleanup, [vanishing]);
    const dms = await scriptedDms(cleanup, []);
    expect(await relay({ handset: handset.address, dms: dms.url }).running).toMatchObject({
      exitCode: 1,
      code: 'bearer/lost',
    });
  });

  it('is broken off with 4 inside a session', async () => {
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, ['silence']);
    const { watched, running } = relay({ handset: handset.address, dms: dms.url });
    await watched.event((event) => event.type === 'message' && event.direction === 'to-dms');
    watched.controller.abort();
    expect(await running).toMatchObject({ exitCode: 4, ok: false, code: 'relay/cancelled', state: 'aborted' });
  });

  it.each([
    [{ handset: 'http://127.0.0.1:1/dm' }, 'cli/usage'],
    [{ handset: '004999010640000' }, 'cli/usage'],
    [{ handset: 'bluetooth:00:11:22:33:44:55@31' }, 'bearer/address-invalid'],
    [{ handset: 'tcp:nowhere' }, 'bearer/address-invalid'],
    [{ handset: 'tcp:127.0.0.1:9', notification: '!!' }, 'cli/usage'],
    [{ handset: 'tcp:127.0.0.1:9', notification: 'AAAA' }, 'dm/notification-truncated'],
    [{ handset: 'tcp:127.0.0.1:9', serverId: 'x', serverPasswordFile: '/nowhere/at/all' }, 'cli/usage'],
    [{ listen: 'tcp:127.0.0.1:0', notification: toBase64(NOTIFICATION) }, 'cli/usage'],
  ])('refuses %o', async (flags, code) => {
    await expect(relay({ dms: 'http://127.0.0.1:9/dm', ...flags }).running).rejects.toMatchObject({ code });
  });

  it('says of a file that is not there, whose name could be base64, that it is not there', async () => {
    const flags = { dms: 'http://127.0.0.1:9/dm', handset: 'tcp:127.0.0.1:9', notification: '/nowhere/notes' };
    await expect(relay(flags).running).rejects.toThrow('taken as base64, as there is no file /nowhere/notes');
  });
});

it('refuses a password file that is no text instead of taking it for an empty password', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'));
  cleanup.add(() => rm(folder, { recursive: true }));
  const serverPasswordFile = join(folder, 'password');
  writeFileSync(serverPasswordFile, Uint8Array.of(0x70, 0xff, 0xfe));
  const flags = { handset: 'tcp:127.0.0.1:9', dms: 'http://127.0.0.1:9/dm', serverId: 'x', serverPasswordFile };
  await expect(relay(flags).running).rejects.toMatchObject({ code: 'cli/usage' });
});

describe('relay --trigger', () => {
  it('starts a session for each notification that the DMS has, and ends between two with 0', async () => {
    const handset = await listeningHandset(cleanup, [sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, [P4]);
    const held: (() => void)[] = [];
    let polls = 0;
    const trigger = createServer((_request, response) => {
      polls += 1;
      if (polls === 1) return void response.writeHead(503).end();
      if (polls > 2) return void held.push(() => response.end());
      const notifications = [{ id: 'n-1', device: 'IMEI:004999010640000', body: toBase64(NOTIFICATION) }];
      response.end(JSON.stringify({ notifications }));
    });
    await new Promise<void>((resolve) => trigger.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => trigger.closeAllConnections());
    cleanup.add(() => trigger.close());
    const { port } = trigger.address() as AddressInfo;
    const { watched, running } = relay({
      handset: handset.address,
      dms: dms.url,
      trigger: `http://127.0.0.1:${port}/api/v1/notifications?device=IMEI:004999010640000`,
    });
    await watched.event((event) => event.type === 'session' && event.state === 'done');
    watched.controller.abort();
    expect(await running).toMatchObject({ exitCode: 0, ok: true, sessionCount: 1, state: 'done' });
    expect([...(handset.received[0]?.[0]?.body ?? [])]).toEqual([...NOTIFICATION]);
    expect(watched.notes.join()).toContain('asking again in 1 s');
  });

  it('tells the DMS which notification the handset ignored, until one is heeded', async () => {
    const handset = await listeningHandset(cleanup, [ignoring, sayingInTurn(P1)]);
    const dms = await scriptedDms(cleanup, [P4]);
    const asked: (string | null)[] = [];
    const trigger = createServer((request, response) => {
      asked.push(new URL(request.url ?? '', 'http://here').searchParams.get('ignored'));
      if (asked.length > 2) return;
      const notifications = [{ id: `n-${asked.length}`, device: 'IMEI:1', body: toBase64(NOTIFICATION) }];
      response.end(JSON.stringify({ notifications }));
    });
    await new Promise<void>((resolve) => trigger.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => trigger.closeAllConnections());
    cleanup.add(() => trigger.close());
    const { port } = trigger.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/api/v1/notifications?device=IMEI:1`;
    const { watched, running } = relay({ handset: handset.address, dms: dms.url, trigger: url });
    await watched.event((event) => event.type === 'session' && event.state === 'done');
    await expect.poll(() => asked).toEqual([null, 'n-1', null]);
    watched.controller.abort();
    // What was ignored was a try.
    expect(await running).toMatchObject({ exitCode: 0, ok: true, sessionCount: 1 });
  });

  it.each([
    [404, 'nope', 'dms/http-status'],
    [200, '{"notifications":[{"id":1}]}', 'dms/answer-unexpected'],
    [200, 'hello', 'dms/answer-unexpected'],
  ])('ends with an error when the DMS has no such interface (%i %s)', async (code, text, expected) => {
    const trigger = createServer((_request, response) => void response.writeHead(code).end(text));
    await new Promise<void>((resolve) => trigger.listen(0, '127.0.0.1', resolve));
    cleanup.add(() => trigger.closeAllConnections());
    cleanup.add(() => trigger.close());
    const { port } = trigger.address() as AddressInfo;
    const { running } = relay({
      handset: 'tcp:127.0.0.1:9',
      dms: 'http://127.0.0.1:9/dm',
      trigger: `http://127.0.0.1:${port}/`,
    });
    await expect(running).rejects.toMatchObject({ code: expected });
  });
});

/** A handset that is an OBEX client: PUT, GET, PUT, GET, DISCONNECT. */
async function callingHandset(
  address: string,
  messages: readonly Envelope[],
): Promise<readonly (Envelope | undefined)[]> {
  const bearer = createTcpBearer();
  const { signal } = new AbortController();
  const link = await openObexClientLink(await bearer.dial(bearer.parse(address), { signal }), {
    target: SYNCML_DM_TARGET,
    signal,
    getTypes: ['application/vnd.syncml.dm+wbxml'],
  });
  const answers: (Envelope | undefined)[] = [];
  for (const message of messages) {
    await link.send(message, signal);
    answers.push(await link.receive(signal));
  }
  await link.close('done');
  return answers;
}

async function listeningAt(watched: ReturnType<typeof commandContext>): Promise<ListeningEvent> {
  const event = await watched.event(({ type }) => type === 'listening');
  return event as ListeningEvent;
}

describe('relay --listen', () => {
  it('[DMP-9-02][DMP-9-11] carries a session that a handset starts over OBEX, and ends after --count of them', async () => {
    const dms = await scriptedDms(cleanup, [P2, P4]);
    const { watched, running } = relay({ listen: 'tcp:127.0.0.1:0', dms: dms.url, count: 1 });
    const { address, pid } = await listeningAt(watched);
    expect(pid).toBe(process.pid);
    const answers = await callingHandset(address, [P1, P3]);
    expect(answers.map((answer) => [...(answer?.body ?? [])])).toEqual([[...P2.body], [...P4.body]]);
    expect(answers[0]?.hmac).toBe(HMAC);
    expect(await running).toMatchObject({ exitCode: 0, ok: true, state: 'done', sessionCount: 1 });
    expect(dms.posts.length).toBe(2);
  });

  it('serves several handsets at once and keeps their sessions apart', async () => {
    const dms = await scriptedDms(cleanup, new Array<Envelope>(8).fill(P4));
    const { watched, running } = relay({ listen: 'tcp:127.0.0.1:0', dms: dms.url, count: 8 });
    const { address } = await listeningAt(watched);
    await Promise.all(
      Array.from({ length: 8 }, (_unused, index) => callingHandset(address, [fromHandset(`A${index}`, 1, true)])),
    );
    const outcome = await running;
    expect(outcome).toMatchObject({ exitCode: 0, sessionCount: 8 });
    const ids = (outcome.sessions as { id: string }[]).map(({ id }) => id);
    expect(new Set(ids)).toEqual(new Set(['A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7']));
  });

  it('does not count a visitor that says nothing', async () => {
    const dms = await scriptedDms(cleanup, [P4]);
    const { watched, running } = relay({ listen: 'tcp:127.0.0.1:0', dms: dms.url, count: 1 });
    const { address } = await listeningAt(watched);
    await callingHandset(address, []);
    await callingHandset(address, [P1]);
    expect(await running).toMatchObject({ exitCode: 0, sessionCount: 1, sessions: [{ state: 'done' }] });
    expect(dms.posts.length).toBe(1);
  });

  it('carries a session of a handset that posts over HTTP', async () => {
    const dms = await scriptedDms(cleanup, [P2, P4]);
    const { watched, running } = relay({ listen: 'http://127.0.0.1:0/dm', dms: dms.url, count: 1 });
    const { address } = await listeningAt(watched);
    const post = async ({ body, contentType }: Envelope): Promise<Uint8Array> => {
      const headers = { 'content-type': contentType, 'x-syncml-hmac': HMAC };
      const response = await fetch(address, { method: 'POST', headers, body: Buffer.from(body) });
      expect(response.status).toBe(200);
      return new Uint8Array(await response.arrayBuffer());
    };
    expect(equalBytes(await post(P1), P2.body)).toBe(true);
    expect(equalBytes(await post(P3), P4.body)).toBe(true);
    expect(await running).toMatchObject({ exitCode: 0, sessionCount: 1, state: 'done' });
    expect(dms.posts.map(({ headers }) => headers['x-syncml-hmac'])).toEqual([HMAC, HMAC]);
  });

  it('ends with 0 when it is told to between two sessions', async () => {
    const { watched, running } = relay({ listen: 'tcp:127.0.0.1:0', dms: 'http://127.0.0.1:9/dm' });
    await listeningAt(watched);
    watched.controller.abort();
    expect(await running).toEqual({ exitCode: 0, ok: true, state: 'idle', sessions: [], sessionCount: 0 });
  });

  it('breaks off with 4 what runs', async () => {
    const dms = await scriptedDms(cleanup, ['silence']);
    const { watched, running } = relay({ listen: 'tcp:127.0.0.1:0', dms: dms.url });
    const { address } = await listeningAt(watched);
    const handset = callingHandset(address, [P1]).catch((error: unknown) => error);
    await watched.event((event) => event.type === 'message');
    watched.controller.abort();
    expect(await running).toMatchObject({ exitCode: 4, ok: false, code: 'relay/cancelled' });
    await handset;
  });

  it('tells of a visitor that does not speak OBEX and goes on serving', async () => {
    const dms = await scriptedDms(cleanup, [P4]);
    const { watched, running } = relay({ listen: 'tcp:127.0.0.1:0', dms: dms.url, count: 1 });
    const { address } = await listeningAt(watched);
    const bearer = createTcpBearer();
    const { signal } = new AbortController();
    const stream = await bearer.dial(bearer.parse(address), { signal });
    await stream.write(Uint8Array.of(0x80, 0x00, 0x01), signal);
    await watched.event(({ type }) => type === 'error');
    await stream.close();
    await callingHandset(address, [P1]);
    expect(await running).toMatchObject({ exitCode: 0, state: 'done' });
  });
});

describe('session ids of our notifications', () => {
  it('[DMP-12-02] always have a letter in their hex text', () => {
    for (let round = 0; round < 2000; round += 1) {
      const id = newNotificationId(nodeRandom);
      expect(id.toString(16)).toMatch(/[a-f]/);
      expect(id).toBeLessThanOrEqual(0xffff);
    }
    expect(newNotificationId({ bytes: () => Uint8Array.of(0x12, 0x34) })).toBe(0x123a);
    expect(newNotificationId({ bytes: () => new Uint8Array(2) })).toBe(0xa);
  });
});
