/** What a profile does is on the wire, and our own sides get along with it. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { concatBytes, textOf, utf8 } from '../../../src-main/base/bytes.ts';
import type { Element } from '../../../src-main/base/element.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import type { WantedCommand } from '../../../src-main/dm/server/work.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { decodeMessage } from '../../../src-main/syncml/codec.ts';
import { ContentType, encodingOf } from '../../../src-main/syncml/content-type.ts';
import type { Envelope } from '../../../src-main/syncml/envelope.ts';
import type { Encoding } from '../../../src-main/syncml/model.ts';
import {
  type MessageHabits,
  oddChildren,
  oddFirstChunk,
  oddOrder,
} from '../../../src-main/virtual/faults/message-habits.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { PROFILES } from '../../../src-main/virtual/handset/profiles.ts';
import {
  byHand,
  clientOf,
  converse,
  DEVICE,
  gist,
  proverOf,
  readEnvelope,
  SERVER,
  serverOf,
  statusesOf,
  statusXml,
  TestDevice,
  verifierOf,
} from '../../support/dm-pair.ts';
import { profileOf } from '../../support/profile-of.ts';
import { ACCOUNT, handsetOf, notificationOf } from './handset-fixture.ts';

const ENCODINGS: readonly Encoding[] = ['xml', 'wbxml'];
const FOLDER = './SCM/Inventory/Delivered/kept';
const LARGE = 'größer <&> "5" '.repeat(500);

interface Scene {
  readonly encoding?: Encoding;
  readonly work?: readonly (readonly WantedCommand[])[];
  /** Largest message that the server takes. */
  readonly maxMsgSize?: number;
  /** The server knows the handset's nonce; default yes. */
  readonly known?: boolean;
}

/** A session of its own accord with our server. */
function played(name: string, { encoding = 'xml', work = [], maxMsgSize = 60_000, known = true }: Scene = {}) {
  const { handset } = handsetOf({ profile: profileOf(name), encoding });
  const plan = handset.planOwn(SERVER);
  const nonce = utf8(known ? 'client nonce' : 'another nonce');
  const server = serverOf(work, {
    encoding: handset.options.encoding,
    sessionId: plan.sessionId,
    maxMsgSize,
    self: { uri: SERVER, name: ACCOUNT.serverId },
    prover: proverOf('md5', ACCOUNT.serverId, ACCOUNT.serverPassword, utf8('server nonce')),
    verifier: verifierOf('md5', ACCOUNT.user, ACCOUNT.password, nonce),
  });
  const talk = converse(handset.begin(plan), server.session);
  expect([talk.client, talk.server]).toEqual([{ ok: true }, { ok: true }]);
  return { ...server, said: talk.messages.filter((_, index) => index % 2 === 0) };
}

const node = (uri: string): WantedCommand => ({ kind: 'Add', items: [{ target: { uri }, meta: { format: 'node' } }] });
const leaf = (uri: string, data: string): WantedCommand => ({
  kind: 'Add',
  items: [{ target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data }],
});
const get = (uri: string): WantedCommand => ({ kind: 'Get', items: [{ target: { uri } }] });
const READ_LARGE = [[node(FOLDER), leaf(`${FOLDER}/PkgID`, LARGE)], [get(`${FOLDER}/PkgID`)]];

/** DM Security 1.2, 5.1.3.2, without a line of ours. */
function md5Proof(user: string, password: string, nonce: string): string {
  const hashed = (text: string) => createHash('md5').update(text).digest('base64');
  return hashed(`${hashed(`${user}:${password}`)}:${nonce}`);
}
const EMPTY_PROOF = md5Proof(ACCOUNT.user, ACCOUNT.password, '');
const proofOf = (envelope: Envelope | undefined) => readEnvelope(envelope).header.cred?.data;

describe('md5-without-nonce', () => {
  it('[DMP-4-08] makes its first proof with an empty nonce, and the next one with that of the challenge', () => {
    const { said, session } = played('md5-without-nonce', { work: [[get('./DevInfo/Mod')]] });
    expect(proofOf(said[0])).toBe(EMPTY_PROOF);
    expect(proofOf(said[1])).not.toBe(EMPTY_PROOF);
    expect(session.wire.verifier.user).toBe(ACCOUNT.user);
    const standard = played('standard', { work: [[get('./DevInfo/Mod')]] });
    expect(proofOf(standard.said[0])).toBe(md5Proof(ACCOUNT.user, ACCOUNT.password, 'client nonce'));
  });

  it('answers a challenge without NextNonce by an empty nonce again, where others give up', () => {
    const answers = ['md5-without-nonce', 'standard'].map((name) => {
      const { handset } = handsetOf({ profile: profileOf(name), encoding: 'xml' });
      const plan = handset.planOwn(SERVER);
      const session = handset.begin(plan);
      session.start();
      const chal = `<Chal><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-md5</Type></Meta></Chal>`;
      const cred = `<Cred><Meta><Format xmlns='syncml:metinf'>b64</Format><Type xmlns='syncml:metinf'>syncml:auth-md5</Type></Meta><Data>${md5Proof(ACCOUNT.serverId, ACCOUNT.serverPassword, 'server nonce')}</Data></Cred>`;
      const refusal = [
        ['0', 'SyncHdr'],
        ['1', 'Alert'],
        ['2', 'Replace'],
      ]
        .map(([ref, cmd], id) => statusXml(id + 1, 1, Number(ref), String(cmd), 401, cmd === 'SyncHdr' ? chal : ''))
        .join('');
      const name_ = `<LocName>${ACCOUNT.serverId}</LocName>`;
      const envelope = byHand(refusal, { session: plan.sessionId, header: cred });
      const body = textOf(envelope.body).replace(`${SERVER}</LocURI>`, `${SERVER}</LocURI>${name_}`);
      return session.receive({ ...envelope, body: utf8(body) });
    });
    expect(proofOf(answers[0]?.send)).toBe(EMPTY_PROOF);
    expect(gist(answers[0]?.send)).toContain('Alert 1201');
    expect(answers[1]).toMatchObject({ outcome: { ok: false, code: 'dm/auth-refused' } });
    expect(answers[1]?.send).toBeUndefined();
  });
});

describe('forgets-after-auth', () => {
  it.each(ENCODINGS)('proves itself after a challenge and says package 1 no more, in %s', (encoding) => {
    const scene: Scene = { encoding, known: false, work: [[get('./DevInfo/Mod')]] };
    const { said, begun, reports } = played('forgets-after-auth', scene);
    const standard = played('standard', scene);
    expect(gist(said[0])).toEqual(gist(standard.said[0]));
    expect(gist(said[0])[0]).toBe('Alert 1201');
    expect(gist(standard.said[1])).toContain('Alert 1201');
    expect(gist(said[1])).toEqual(['Status 1/0 SyncHdr 212 Chal', 'Final']);
    expect(begun).toEqual(standard.begun);
    expect(begun[0]?.devInfo.get('./DevInfo/Mod')).toBe('V1');
    expect(reports[0]?.reports[0]?.results[0]?.data).toBe('V1');
  });
});

describe('cdata-first-chunk', () => {
  const chunksOf = (said: readonly Envelope[]) =>
    said.filter((envelope) => readEnvelope(envelope).commands.some(({ kind }) => kind === 'Results'));

  it('[REP-2.1-12] puts the first chunk into CDATA and escapes the others; the server has it whole', () => {
    const { said, reports } = played('cdata-first-chunk', { work: READ_LARGE, maxMsgSize: 3000 });
    const chunks = chunksOf(said).map(({ body }) => textOf(body));
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.map((text) => text.includes('<![CDATA['))).toEqual(chunks.map((_, index) => index === 0));
    expect(chunks[0]).not.toContain('&lt;');
    expect(chunks.slice(1).every((text) => text.includes('&lt;'))).toBe(true);
    expect(reports[1]?.reports[0]?.results[0]?.data).toBe(LARGE);
    for (const { body } of said) expect(body.length).toBeLessThanOrEqual(3000);
    const standard = played('standard', { work: READ_LARGE, maxMsgSize: 3000 });
    expect(chunksOf(standard.said).some(({ body }) => textOf(body).includes('CDATA'))).toBe(false);
  });

  it('makes the first chunk opaque and the others inline in WBXML; the server has it whole', () => {
    const { said, reports } = played('cdata-first-chunk', { encoding: 'wbxml', work: READ_LARGE, maxMsgSize: 3000 });
    const kinds = chunksOf(said).map((envelope) => {
      const results = readEnvelope(envelope).commands.find(({ kind }) => kind === 'Results');
      return results?.kind === 'Results' ? typeof results.items[0]?.data : undefined;
    });
    expect(kinds.length).toBeGreaterThan(2);
    expect(kinds).toEqual(kinds.map((_, index) => (index === 0 ? 'object' : 'string')));
    const data = reports[1]?.reports[0]?.results[0]?.data;
    expect(typeof data === 'string' ? data : textOf(data ?? utf8(''))).toBe(LARGE);
    for (const { body } of said) expect(body.length).toBeLessThanOrEqual(3000);
  });

  it('leaves escaped what CDATA cannot hold', () => {
    const awkward = `a]]>b\r\n${LARGE}`;
    const work = [[node(FOLDER), leaf(`${FOLDER}/PkgID`, awkward)], [get(`${FOLDER}/PkgID`)]];
    const { said, reports } = played('cdata-first-chunk', { work, maxMsgSize: 3000 });
    expect(said.some(({ body }) => textOf(body).includes('CDATA'))).toBe(false);
    expect(reports[1]?.reports[0]?.results[0]?.data).toBe(awkward);
  });
});

describe('xml-only', () => {
  it('writes XML though it was told to write WBXML', () => {
    const { said } = played('xml-only', { encoding: 'wbxml' });
    expect(said.map(({ contentType }) => contentType)).toEqual(said.map(() => ContentType.DmXml));
    expect(textOf(said[0]?.body ?? utf8(''))).toMatch(/^<\?xml/);
    expect(played('standard', { encoding: 'wbxml' }).said[0]?.contentType).toBe(ContentType.DmWbxml);
  });
});

describe('status-order', () => {
  const work = [[get('./DevInfo/Mod'), get('./DevInfo/Man')], [get('./DevInfo')]];

  it('[DMP-12-04] says alerts first, commands and Statuses from the end, and answers the header last', () => {
    const { said, reports } = played('status-order', { work });
    const standard = played('standard', { work });
    expect(gist(standard.said[1])).toEqual([
      'Status 1/0 SyncHdr 212 Chal',
      'Status 1/4 Get 200',
      'Results 1/4 ./DevInfo/Mod=V1',
      'Status 1/5 Get 200',
      'Results 1/5 ./DevInfo/Man=PC Agent',
      'Final',
    ]);
    expect(gist(said[1])).toEqual([
      'Results 1/5 ./DevInfo/Man=PC Agent',
      'Results 1/4 ./DevInfo/Mod=V1',
      'Status 1/5 Get 200',
      'Status 1/4 Get 200',
      'Status 1/0 SyncHdr 212 Chal',
      'Final',
    ]);
    expect(reports).toEqual(standard.reports);
  });

  it('puts Alert 1222 before the Statuses, and leaves a large object where it has to be', () => {
    const rest = oddOrder();
    const status = (cmdRef: string, cmd: string) => ({
      ...{ kind: 'Status' as const, cmdId: cmdRef, msgRef: 1, cmdRef, cmd, targetRefs: [], sourceRefs: [] },
      ...{ code: 200, items: [] },
    });
    const results = (uri: string, moreData: boolean) => ({
      ...{ kind: 'Results' as const, cmdId: '9', msgRef: 1, cmdRef: '9' },
      items: [{ source: { uri }, data: 'x', ...(moreData ? { moreData } : {}) }],
    });
    const alert = { kind: 'Alert' as const, cmdId: '8', code: 1222, items: [] };
    const { header } = readEnvelope(byHand(''));
    const order = (...commands: Parameters<typeof turned>[0]) => turned(commands);
    const turned = (commands: Parameters<NonNullable<MessageHabits['mangle']>>[0]['commands']) =>
      rest
        .mangle?.({ header, commands, final: false })
        .commands.map((one) =>
          one.kind === 'Results' ? one.items[0]?.source?.uri : 'cmd' in one ? one.cmd : one.kind,
        );
    const header0 = status('0', 'SyncHdr');
    expect(order(header0, status('3', 'Get'), results('a', false), results('b', true))).toEqual([
      ...['a', 'Get', 'SyncHdr', 'b'],
    ]);
    expect(order(header0, alert, results('b', true))).toEqual(['Alert', 'SyncHdr', 'b']);
    expect(order(header0, results('b', false), results('c', false), results('d', true))).toEqual([
      ...['b', 'c', 'SyncHdr', 'd'],
    ]);
  });

  it('a result of many messages is whole all the same', () => {
    const { reports, said } = played('status-order', { work: READ_LARGE, maxMsgSize: 3000 });
    expect(said.length).toBeGreaterThan(4);
    expect(reports[1]?.reports[0]?.results[0]?.data).toBe(LARGE);
  });
});

const childrenOf = (root: Element | undefined, ...path: readonly string[]): readonly string[] => {
  let at = root;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at?.children.map(({ name }) => name) ?? [];
};
const rootOf = ({ body, contentType }: Envelope) => decodeMessage(body, encodingOf(contentType) ?? 'wbxml').root;

describe('data-before-refs', () => {
  it.each(ENCODINGS)('[REP-2.1-20] has the children of commands in odd order in %s; nothing is lost', (encoding) => {
    const work = [[get('./DevInfo/Mod')]];
    const { said, reports } = played('data-before-refs', { encoding, work });
    const standard = played('standard', { encoding, work });
    const [first, second] = said.map(rootOf);
    expect(childrenOf(first, 'SyncHdr')).toEqual([
      'Meta',
      'Cred',
      'Source',
      'Target',
      'MsgID',
      'SessionID',
      'VerProto',
      'VerDTD',
    ]);
    expect(childrenOf(first, 'SyncBody', 'Alert')).toEqual(['Data', 'CmdID']);
    const refs = ['SourceRef', 'TargetRef', 'Cmd', 'CmdRef', 'MsgRef', 'CmdID'];
    expect(childrenOf(second, 'SyncBody', 'Status')).toEqual(['Data', 'Chal', ...refs]);
    expect(childrenOf(second, 'SyncBody', 'Results', 'Item').slice(-1)).toEqual(['Source']);
    expect(childrenOf(rootOf(standard.said[1] as Envelope), 'SyncBody', 'Status').slice(-1)).toEqual(['Data']);
    expect(said.map(gist)).toEqual(standard.said.map(gist));
    expect(reports).toEqual(standard.reports);
  });
});

describe('a server with the same habits', () => {
  const habits = { 'CDATA first': oddFirstChunk, 'odd children': oddChildren, 'odd order': oddOrder };
  const cases = Object.entries(habits).flatMap(([name, habit]) =>
    ENCODINGS.map((encoding) => ({ name, habit, encoding })),
  );

  it.each(cases)('is understood: $name in $encoding', ({ habit, encoding }) => {
    const device = new TestDevice();
    const client = clientOf(device, { encoding, maxMsgSize: 1500 });
    const work = [[leaf('./bag/x', LARGE), get('./a')], [get('./bag/x')]];
    const server = serverOf(work, { encoding, ...habit() });
    const talk = converse(client, server.session);
    expect([talk.client, talk.server]).toEqual([{ ok: true }, { ok: true }]);
    expect(device.tree.text('./bag/x')).toBe(LARGE);
    expect(server.reports[1]?.reports[0]?.results[0]?.data).toBe(LARGE);
    const added = talk.messages.filter((envelope) => gist(envelope).some((line) => line.startsWith('Add')));
    expect(added.length).toBeGreaterThan(4);
    for (const { body } of added) expect(body.length).toBeLessThanOrEqual(1500);
  });
});

/** A stream that keeps what passes, as OBEX packets. */
function tapped(stream: ByteStream) {
  const read: Uint8Array[] = [];
  const written: Uint8Array[] = [];
  const tap: ByteStream = {
    read: async (signal) => {
      const bytes = await stream.read(signal);
      if (bytes !== undefined) read.push(bytes.slice());
      return bytes;
    },
    write: (bytes, signal) => {
      written.push(bytes.slice());
      return stream.write(bytes, signal);
    },
    close: () => stream.close(),
  };
  return { tap, answers: () => packetsOf(read), requests: () => packetsOf(written) };
}

/** OBEX 1.5, 3.1: opcode, length of two octets, the rest. */
function packetsOf(pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  let rest = concatBytes(pieces);
  const packets: Uint8Array[] = [];
  while (rest.length >= 3) {
    const length = ((rest[1] ?? 0) << 8) | (rest[2] ?? 0);
    packets.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return packets;
}

/** Package 0 to a handset, and its first message, over OBEX with packets of 255 octets from the handset. */
async function firstMessage(name: string, getTypes: readonly [string, ...string[]] = [ContentType.DmWbxml]) {
  const [near, far] = memoryPair();
  const { tap, answers, requests } = tapped(near);
  const { handset } = handsetOf({ profile: profileOf(name) });
  const stop = new AbortController();
  const onOutcome = () => undefined;
  const done = serveHandset(far, { handset, inbox: inboxService(), signal: stop.signal, onOutcome });
  const signal = AbortSignal.timeout(60_000);
  const link = await openObexClientLink(tap, { target: SYNCML_DM_TARGET, signal, getTypes, maxPacket: 255 });
  await link.send({ contentType: ContentType.Notification, body: notificationOf() }, signal);
  const message = await link.receive(signal);
  stop.abort();
  near.reset();
  await done;
  return { message, answers: answers(), requests: requests(), link };
}

const hex = (packet: Uint8Array | undefined) => Buffer.from(packet ?? []).toString('hex');

describe('handsets that are odd in OBEX', () => {
  it('empty-end: the final bit is on an empty End-of-Body alone', async () => {
    const { answers, message } = await firstMessage('empty-end');
    expect(hex(answers.at(-1))).toBe('a00006490003');
    expect(answers.at(-2)?.[0]).toBe(0x90);
    expect(gist(message)[0]).toBe('Alert 1200');
    const standard = await firstMessage('standard');
    expect(standard.answers.at(-1)?.[0]).toBe(0xa0);
    expect(standard.answers.at(-1)?.length).toBeGreaterThan(6);
  });

  it('connection-id-always: a request that goes on without it is refused once, and we learn', async () => {
    const withId = (packets: readonly Uint8Array[]) =>
      packets.filter((packet) => packet[0] === 0x83 && packet[3] === 0xcb);
    const without = (packets: readonly Uint8Array[]) => packets.filter((packet) => hex(packet) === '830003');
    const { message, answers, requests } = await firstMessage('connection-id-always');
    expect(gist(message)[0]).toBe('Alert 1200');
    expect(answers.filter((packet) => (packet[0] ?? 0) >= 0xc0)).toHaveLength(1);
    expect(without(requests)).toHaveLength(1);
    expect(withId(requests).length).toBeGreaterThan(2);
    const standard = await firstMessage('standard');
    expect(standard.answers.filter((packet) => (packet[0] ?? 0) >= 0xc0)).toEqual([]);
    expect(withId(standard.requests)).toHaveLength(1);
    expect(hex(requests.at(-1)).slice(0, 8)).toBe('830008cb');
    expect(hex(standard.requests.at(-1))).toBe('830003');
  });

  it('small-packets: its CONNECT says how little it takes', async () => {
    const { answers } = await firstMessage('small-packets');
    expect(hex(answers[0]?.subarray(0, 1))).toBe('a0');
    expect(hex(answers[0]?.subarray(5, 7))).toBe('0400');
  });

  it('xml-only: a GET for WBXML is answered by 0xCF, and the next one for XML by XML', async () => {
    const { answers, message } = await firstMessage('xml-only', [ContentType.DmWbxml, ContentType.DmXml]);
    expect(answers.map((packet) => packet[0])).toContain(0xcf);
    expect(message?.contentType).toBe(ContentType.DmXml);
    expect(gist(message)[0]).toBe('Alert 1200');
    const standard = await firstMessage('standard', [ContentType.DmWbxml, ContentType.DmXml]);
    expect(standard.answers.map((packet) => packet[0])).not.toContain(0xcf);
  });
});

describe('handsets that differ in what they have', () => {
  it('scomo-root: its SCOMO object is elsewhere', () => {
    const list = (name: string) => played(name, { work: [[get('.')]] }).reports[0]?.reports[0]?.results[0]?.data;
    expect(String(list('scomo-root')).split('/')).toContain('Software');
    expect(String(list('standard')).split('/')).not.toContain('Software');
  });

  it('no-user: a question is answered with 406', () => {
    const work: Scene['work'] = [[{ kind: 'Alert', code: 1101, items: [{}, { data: 'Install?' }] }]];
    const { said } = played('no-user', { work });
    expect(statusesOf(said[1]).map(({ code }) => code)).toEqual([212, 406]);
  });

  it('have a name and a sentence each', () => {
    const names = PROFILES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names[0]).toBe('standard');
    for (const { help } of PROFILES) expect(help.length).toBeGreaterThan(10);
    expect(DEVICE).toBe(handsetOf().handset.device.id);
  });
});
