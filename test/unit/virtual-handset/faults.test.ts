/** What a virtual handset is told to do wrong, and what is then on the wire. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { FaultBoard, readFaults } from '../../../src-main/virtual/handset/fault-board.ts';
import { FAULTS } from '../../../src-main/virtual/handset/faults.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { hearLines } from '../../../src-main/virtual/handset/line-reader.ts';
import { SpokenFaults } from '../../../src-main/virtual/handset/spoken-faults.ts';
import { MAX_OBJECT, troubleOf } from '../../../src-main/virtual/handset/trouble.ts';
import { gist, proverOf, serverOf, verifierOf } from '../../support/dm-pair.ts';
import { ACCOUNT, handsetOf, type Made, notificationOf } from './handset-fixture.ts';

type Commands = Parameters<typeof serverOf>[0];

const MODEL: Commands = [[{ kind: 'Get', items: [{ target: { uri: './DevInfo/Mod' } }] }]];
const QUESTION: Commands = [[{ kind: 'Alert', code: 1101, items: [{ data: 'MAXDT=20' }, { data: 'Install?' }] }]];
const nonce = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));

/** A whole session of a server with a handset over OBEX; what the handset said, and how it ended on its side. */
async function session(made: Made, work: Commands = MODEL) {
  const [near, far] = memoryPair();
  const outcomes: { readonly ok: boolean; readonly code?: string }[] = [];
  const stop = new AbortController();
  const done = serveHandset(far, {
    handset: made.handset,
    inbox: inboxService(),
    signal: stop.signal,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const signal = AbortSignal.timeout(60_000);
  const said: Envelope[] = [];
  const server = serverOf(work, {
    encoding: 'wbxml',
    sessionId: '1A2B',
    self: { uri: 'http://dms.example/dm', name: ACCOUNT.serverId },
    prover: proverOf('md5', ACCOUNT.serverId, ACCOUNT.serverPassword, nonce(ACCOUNT.serverNonce)),
    verifier: verifierOf('md5', ACCOUNT.user, ACCOUNT.password),
  });
  let failure: unknown;
  try {
    const link = await openObexClientLink(near, { target: SYNCML_DM_TARGET, signal, getTypes: [ContentType.DmWbxml] });
    await link.send({ contentType: ContentType.Notification, body: notificationOf() }, signal);
    for (;;) {
      const envelope = await link.receive(signal);
      if (envelope === undefined) break;
      said.push(envelope);
      const { send, outcome } = server.session.receive(envelope);
      if (send !== undefined) await link.send(send, signal);
      if (outcome !== undefined) break;
    }
    await link.close('done');
  } catch (error) {
    failure = error;
  }
  await near.close();
  await done;
  return { said, gists: said.map(gist), server, outcome: outcomes[0], failure };
}

function spoken(json: boolean, made: Made = handsetOf()) {
  const input = new PassThrough();
  const notes: string[] = [];
  const { handset, events } = made;
  const faults = new SpokenFaults({
    board: handset.faults,
    json,
    emit: handset.options.emit,
    note: (text) => void notes.push(text),
    who: () => ({ device: handset.device.id, address: 'tcp:h:1' }),
  });
  const rest: string[] = [];
  hearLines(input, [(line) => faults.take(line), (line) => rest.push(line) > 0]);
  return { handset, events, notes, rest, say: (line: string) => void input.write(`${line}\n`) };
}

describe('faults by name', () => {
  it('each has words, and another name stands for one that there is', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    for (const { help, sameAs, value } of FAULTS) {
      expect(help).not.toBe('');
      if (sameAs !== undefined) expect(FAULTS.find(({ name }) => name === sameAs)?.value).toBe(value);
    }
    const choices = readFaults(['wrong-nonce', 'cable-at-message=4', 'missing-final', 'vanish=5', 'wrong-model=a=b']);
    expect(choices).toEqual([
      { name: 'stale-nonce' },
      { name: 'vanish', value: '5' },
      { name: 'no-final' },
      { name: 'wrong-model', value: 'a=b' },
    ]);
  });

  it.each([
    'no-such-fault',
    '',
    '=3',
    'vanish=',
    'vanish=-1',
    'vanish=0',
    'component-fails=0',
    'vanish=1e9',
    'no-final=3',
    'slow-link=fast',
    'slow-link=1/2/3',
    'cable-at-byte=both:3',
    'duplicate-bearer=http://h/',
    'wrong-model=',
    'constructor',
  ])('“%s” is none', (text) => {
    expect(() => readFaults(['vanish', text])).toThrow(expect.objectContaining({ code: 'virtual/fault-unknown' }));
  });
});

describe('what a fault means for the device', () => {
  const none = {
    ...{
      failWith: undefined,
      failAt: undefined,
      stopsInInstall: false,
      softwareRoom: undefined,
      environments: undefined,
    },
    ...{
      maxValue: MAX_OBJECT,
      failFirmwareWith: undefined,
      stopsInUpdate: false,
      refuses: undefined,
      model: undefined,
    },
  };

  it.each<readonly [string, object]>([
    ['install-fails', { failWith: 1405 }],
    ['install-fails=1406', { failWith: 1406 }],
    ['component-fails', { failAt: 2 }],
    ['install-room=5', { softwareRoom: 5 }],
    ['only-environment=java', { environments: ['java'] }],
    ['only-environment', { environments: [] }],
    ['storage-full', { maxValue: 1000 }],
    ['firmware-fails', { failFirmwareWith: 410 }],
    ['install-reboots', { stopsInInstall: true }],
    ['firmware-reboots', { stopsInUpdate: true }],
    ['reboot', { stopsInInstall: true, stopsInUpdate: true }],
    ['low-battery', { refuses: { scomo: 1450, fumo: 450 } }],
    ['wrong-model', { model: 'Another Model' }],
    ['wrong-nonce', {}],
  ])('%s is asked for when it counts, and is over when it is cleared', (text, expected) => {
    const board = new FaultBoard([]);
    const trouble = troubleOf(board, () => true);
    const look = () => Object.fromEntries(Object.keys(none).map((key) => [key, trouble[key as keyof typeof none]]));
    expect(look()).toEqual(none);
    board.set(readFaults([text]));
    expect(look()).toEqual({ ...none, ...expected });
    board.set([]);
    expect(look()).toEqual(none);
  });

  it('bad-signature: no signature is a right one, whatever the key says', () => {
    const board = new FaultBoard([]);
    const trouble = troubleOf(board, () => true);
    const octets = new Uint8Array(1);
    expect(trouble.verifyPackage?.(octets, octets)).toBe(true);
    board.set(readFaults(['bad-signature']));
    expect(trouble.verifyPackage?.(octets, octets)).toBe(false);
    expect(troubleOf(new FaultBoard([]), undefined).verifyPackage).toBeUndefined();
  });
});

describe('faults that are said while it runs', () => {
  it('are set by a line of JSON, told as an event with its mark, and left alone by a bad one', () => {
    const { handset, events, rest, say } = spoken(true);
    say('{"faults":["slow-link=2000","wrong-nonce"],"request":"r1"}');
    const event = { type: 'handset', device: handset.device.id, address: 'tcp:h:1', state: 'faults', virtual: true };
    expect(events).toEqual([{ ...event, faults: ['slow-link=2000', 'stale-nonce'], request: 'r1' }]);
    say('{"faults":["vanish","nope"],"request":"r2"}');
    say('{"faults":"vanish"}');
    say(`{"faults":${JSON.stringify(Array.from({ length: 51 }, () => 'vanish'))}}`);
    say('{"faults":[],"more":1}');
    expect(events.slice(1).map(({ code, request }) => [code, request])).toEqual([
      ['virtual/fault-unknown', 'r2'],
      ...Array.from({ length: 3 }, () => ['virtual/fault-unknown', undefined]),
    ]);
    expect(handset.faults.texts).toEqual(['slow-link=2000', 'stale-nonce']);
    say('{"prompt":"x","answer":"accept"}');
    say('null');
    say('no json');
    expect(rest).toEqual(['{"prompt":"x","answer":"accept"}', 'null', 'no json']);
    say('{"faults":[]}');
    expect(handset.faults.choices).toEqual([]);
  });

  it('are set by what is typed, and shown when nothing is', () => {
    const { handset, events, notes, rest, say } = spoken(false);
    for (const line of ['fault', 'fault vanish=3  no-final', 'faults', 'fault nope', 'fault none', 'faulty', 'yes'])
      say(line);
    expect(notes).toEqual(['faults: none', ...Array(2).fill('faults: vanish=3 no-final'), 'faults: none']);
    expect(events).toMatchObject([{ type: 'error', code: 'virtual/fault-unknown' }]);
    expect(rest).toEqual(['faulty', 'yes']);
    expect(handset.faults.choices).toEqual([]);
  });
});

describe('a handset with a fault', () => {
  it('names another model in DevInfo, on the wire and in its tree, from the next session on', async () => {
    const made = handsetOf();
    const before = await session(made);
    made.handset.faults.set([{ name: 'wrong-model', value: 'V9' }]);
    const now = await session(handsetOf({ faults: [{ name: 'wrong-model' }] }));
    expect(before.server.reports[0]?.reports[0]?.results[0]?.data).toBe('V1');
    expect(now.server.reports[0]?.reports[0]?.results[0]?.data).toBe('Another Model');
    expect(made.handset.device.devInfo()).toContainEqual({ uri: './DevInfo/Mod', value: 'V9' });
    made.handset.faults.set([]);
    expect(made.handset.device.devInfo()).toContainEqual({ uri: './DevInfo/Mod', value: 'V1' });
  });

  it.each([
    ['user-refuses', 304],
    ['user-postpones', 214],
  ])('%s: the question is answered so, whatever its script says', async (name, status) => {
    const { gists, outcome } = await session(handsetOf({ faults: [{ name }], answers: ['accept'] }), QUESTION);
    expect(gists.flat()).toContain(`Status 2/4 Alert ${status}`);
    expect(outcome).toMatchObject({ ok: true });
  });

  it('user-never-answers: the question runs out of the time that the server gave it', async () => {
    const sleeps: number[] = [];
    const clock: Clock = {
      now: () => new Date(0),
      monotonic: () => 0,
      sleep: async (duration) => void sleeps.push(duration),
    };
    const { gists } = await session(handsetOf({ faults: [{ name: 'user-never-answers' }], clock }), QUESTION);
    expect(sleeps).toEqual([20_000]);
    expect(gists.flat()).toContain('Status 2/4 Alert 408');
  });

  it('status-order: Statuses come from the last to the first, that of the header at the end', async () => {
    const get = (uri: string) => ({ kind: 'Get' as const, items: [{ target: { uri } }] });
    const work: Commands = [[get('./DevInfo/Mod'), get('./DevInfo/Man')]];
    const { gists, outcome } = await session(handsetOf({ faults: [{ name: 'status-order' }] }), work);
    const statuses = gists.find((lines) => lines.join().includes('Get'))?.filter((line) => line.startsWith('Status'));
    expect(statuses?.map((line) => line.split(' ')[2])).toEqual(['Get', 'Get', 'SyncHdr']);
    expect(statuses?.[0]).not.toBe(statuses?.[1]);
    expect(outcome).toMatchObject({ ok: true });
  });

  it('duplicate-message: the same octets come twice, and the session goes on', async () => {
    const { said, outcome } = await session(handsetOf({ faults: [{ name: 'duplicate-message', value: '2' }] }));
    expect(said.length).toBeGreaterThanOrEqual(3);
    expect(said[2]?.body).toEqual(said[1]?.body);
    expect(outcome).toMatchObject({ ok: true });
  });

  it('cable-at-message: the link is gone behind that message', async () => {
    const { said, outcome, failure } = await session(handsetOf({ faults: [{ name: 'cable-at-message', value: '1' }] }));
    expect(said).toHaveLength(1);
    expect(outcome).toMatchObject({ ok: false, code: 'virtual/vanished' });
    expect(failure).toBeDefined();
  });

  it('cable-at-byte: the link is gone in the middle of a packet', async () => {
    const { said, outcome, failure } = await session(
      handsetOf({ faults: [{ name: 'cable-at-byte', value: 'sent:300' }] }),
    );
    expect(said).toHaveLength(0);
    expect(outcome).toMatchObject({ ok: false });
    expect(failure).toMatchObject({ code: expect.stringMatching(/^(bearer|obex)\//) });
  });

  it('re-enumerate: the link is gone behind that message, once, and it says that it comes back elsewhere', async () => {
    const made = handsetOf({ faults: [{ name: 're-enumerate', value: '1' }, { name: 'no-mac' }] });
    let moves = 0;
    made.handset.onMove = () => {
      moves += 1;
    };
    const first = await session(made);
    expect(first.outcome).toMatchObject({ ok: false, code: 'virtual/vanished' });
    expect(moves).toBe(1);
    expect(made.handset.faults.texts).toEqual(['no-mac']);
  });

  it('says from the next message on what it is told to say wrong meanwhile', async () => {
    const made = handsetOf();
    const said = made.handset.options.emit;
    const watched = handsetOf({
      emit: (event) => {
        said(event);
        if (event.type === 'message' && event.direction === 'to-dms') {
          watched.handset.faults.set([{ name: 'no-final' }]);
        }
      },
    });
    const { gists } = await session(watched);
    expect(gists[0]?.join()).toContain('Final');
    expect(gists[1]?.join()).not.toContain('Final');
  });
});
