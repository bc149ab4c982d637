import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import { buildNotification } from '../../../src-main/dm/notification/notification.ts';
import { dmsProfile } from '../../../src-main/dms/profile.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import type { RelayOutcome } from '../../../src-main/relay/relay-outcome.ts';
import { type RelaySessionOptions, relaySession } from '../../../src-main/relay/relay-session.ts';
import { decodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Header } from '../../../src-main/syncml/model.ts';
import {
  alert,
  challenge,
  dmMessage,
  envelope,
  fromDms,
  fromHandset,
  get,
  status,
  UNREADABLE,
} from '../dm-watcher/messages.ts';
import { type Cue, ScriptedLink } from './scripted-link.ts';

const NOTIFICATION = buildNotification(
  {
    serverId: 'pc-agent',
    password: '',
    nonce: new Uint8Array(4),
    sessionId: 0x1a2b,
    uiMode: 'not-specified',
    initiator: 'server',
  },
  nodeDigest,
);

/** Packages 1 to 4 of a session in which the server asks one thing. */
const P1 = fromHandset(1, [alert('1', 1200)]);
const P2 = fromDms(1, [status('1', 1, '0', 'SyncHdr', 212), get('2', './DevInfo/Mod')]);
const P3 = fromHandset(2, [status('1', 1, '0', 'SyncHdr'), status('2', 1, '2', 'Get')]);
const P4 = fromDms(2, [status('1', 2, '0', 'SyncHdr')]);
const ABORT_3 = fromHandset(2, [alert('1', 1223)]);
const LOST = new PcAgentError('bearer/lost', 'the handset is gone');

interface Play {
  readonly handset: readonly Cue[];
  readonly dms: readonly Cue[];
  readonly handsetTakes?: readonly Cue[];
  readonly dmsTakes?: readonly Cue[];
  readonly options?: Partial<RelaySessionOptions>;
}

interface Scene {
  readonly outcome: RelayOutcome;
  readonly log: readonly string[];
  readonly events: readonly UntimedEvent[];
  readonly handset: ScriptedLink;
  readonly dms: ScriptedLink;
}

async function play(parts: Play): Promise<Scene> {
  const log: string[] = [];
  const events: UntimedEvent[] = [];
  const handset = new ScriptedLink('handset', log, parts.handset, parts.handsetTakes);
  const dms = new ScriptedLink('dms', log, parts.dms, parts.dmsTakes);
  const outcome = await relaySession({
    downlink: handset,
    uplink: dms,
    profile: dmsProfile(dms.url),
    handset: 'tcp:handset',
    label: 'unread-1',
    timeout: seconds(20),
    idle: seconds(20),
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    ...parts.options,
  });
  return { outcome, log, events, handset, dms };
}

function statesOf(events: readonly UntimedEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'session' ? [`${event.id} ${event.state}`] : []));
}

function respUri(uri: string, commands = [get('2', './x')]): Envelope {
  return fromDms(1, commands, true, { respUri: uri } satisfies Partial<Header>);
}

describe('a session that is started here', () => {
  it('[DMP-9-20][DMP-5-01][DMP-5-03][DMP-12-10] sends package 0, carries the messages unchanged, and hangs up without another GET', async () => {
    const { outcome, log, handset, dms, events } = await play({
      handset: [P1, P3],
      dms: [P2, P4],
      options: { notification: NOTIFICATION },
    });
    expect(log).toEqual([
      'handset: send application/vnd.syncml.notification',
      'handset: receive',
      'dms: send http://dms.example/dm',
      'dms: receive',
      'handset: send application/vnd.syncml.dm+wbxml',
      'handset: receive',
      'dms: send http://dms.example/dm',
      'dms: receive',
      'handset: send application/vnd.syncml.dm+wbxml',
      'handset: close done',
      'dms: close done',
    ]);
    expect(dms.sent).toEqual([P1, P3]);
    expect(handset.sent.slice(1)).toEqual([P2, P4]);
    expect(outcome).toEqual({
      state: 'done',
      id: '1A2B',
      messages: { toDms: 2, toHandset: 2 },
      bytes: { toDms: P1.body.length + P3.body.length, toHandset: P2.body.length + P4.body.length },
      heard: true,
      cancelled: false,
    });
    expect(statesOf(events)).toEqual(['1A2B started', '1A2B running', '1A2B done']);
  });

  it('[DMP-12-12] leaves the sizes that either side announces, whatever it could carry itself', async () => {
    const meta = { maxMsgSize: 1234, maxObjSize: 5678 };
    const first = envelope(dmMessage({ from: 'handset', msgId: 1, commands: [alert('1', 1200)], header: { meta } }));
    const second = fromDms(1, [get('2', './x')], true, { meta: { maxMsgSize: 9_000_000 } });
    const { handset, dms } = await play({ handset: [first, P3], dms: [second, P4] });
    const sizes = [...dms.sent, ...handset.sent].map(
      ({ body }) => decodeMessage(body, 'wbxml').message.header.meta?.maxMsgSize,
    );
    expect(sizes).toEqual([1234, undefined, 9_000_000, undefined]);
  });

  it('tells of each message with its package, number and digest when it is on its way', async () => {
    const { events } = await play({ handset: [P1, P3], dms: [P2, P4], options: { notification: NOTIFICATION } });
    const messages = events.flatMap((event) =>
      event.type === 'message' ? [[event.direction, event.package, event.msgId, event.bytes] as const] : [],
    );
    expect(messages).toEqual([
      ['to-handset', 0, 0, NOTIFICATION.length],
      ['to-dms', 1, 1, P1.body.length],
      ['to-handset', 2, 1, P2.body.length],
      ['to-dms', 3, 2, P3.body.length],
      ['to-handset', 4, 2, P4.body.length],
    ]);
    expect(events[0]).toMatchObject({ type: 'session', serverId: 'pc-agent', handset: 'tcp:handset' });
    const first = events.find((event) => event.type === 'message' && event.package === 1);
    expect(first).toMatchObject({ sha256: Buffer.from(nodeDigest.sha256(P1.body)).toString('hex') });
  });

  it('passes the hmac and a content type with parameters as they are', async () => {
    const request = { ...P1, contentType: 'Application/VND.syncml.dm+wbxml; charset=utf-8', hmac: 'mac=one' };
    const answer = { ...P4, contentType: 'application/vnd.syncml+wbxml', hmac: 'algorithm=MD5, username="d", mac=two' };
    const { handset, dms } = await play({ handset: [request], dms: [answer] });
    expect(dms.sent).toEqual([request]);
    expect(handset.sent).toEqual([answer]);
  });

  it('says that the notification was ignored when the handset has nothing to say', async () => {
    const { outcome, log } = await play({ handset: [undefined], dms: [], options: { notification: NOTIFICATION } });
    expect(outcome).toMatchObject({ state: 'failed', code: 'relay/notification-ignored', heard: false, id: '1A2B' });
    expect(log).not.toContain('dms: send http://dms.example/dm');
  });

  it('names the session as the handset does, and says what was announced', async () => {
    const decimal = envelope(
      dmMessage({ from: 'handset', msgId: 1, commands: [alert('1', 1200)], header: { sessionId: '6699' } }),
    );
    const { outcome, events } = await play({
      handset: [decimal],
      dms: [P4],
      options: { notification: NOTIFICATION },
    });
    expect(outcome.id).toBe('6699');
    expect(statesOf(events)).toEqual(['1A2B started', '6699 started', '6699 running', '6699 done']);
    expect(events.find((event) => event.type === 'session' && event.id === '6699')).toMatchObject({
      announced: '1A2B',
    });
  });

  it('shows a page what passed, after the event of it', async () => {
    const seen: unknown[] = [];
    const emit = (event: UntimedEvent): unknown => event.type === 'message' && seen.push(event.package);
    const onMessage: RelaySessionOptions['onMessage'] = (message, direction, summary) => {
      seen.push([message, direction, summary.package]);
    };
    await play({ handset: [P1], dms: [P4], options: { emit, onMessage } });
    expect(seen).toEqual([1, [P1, 'to-dms', 1], 2, [P4, 'to-handset', 2]]);
  });

  it('says what is about to pass before the handset has it', async () => {
    const seen: string[] = [];
    const emit = (event: UntimedEvent): unknown => event.type === 'message' && seen.push(`told ${event.package}`);
    const onPassing: RelaySessionOptions['onPassing'] = (direction, summary) => {
      seen.push(`${direction} ${summary.package}`);
    };
    const notified = { emit, onPassing, notification: NOTIFICATION };
    await play({ handset: [P1], dms: [P4], options: notified });
    expect(seen).toEqual(['to-handset 0', 'told 0', 'to-dms 1', 'told 1', 'to-handset 2', 'told 2']);
  });

  it.each([
    ['equal when nothing touched it', undefined, [true, true]],
    [
      'not equal when something did',
      (message: Envelope) => ({ ...message, body: message.body.with(20, 0xff) }),
      [false, false],
    ],
  ])('compares each message but package 0, and finds it %s', async (_what, tamper, expected) => {
    const compared: boolean[] = [];
    const onCompared = (equal: boolean): void => void compared.push(equal);
    const options = { onCompared, notification: NOTIFICATION, ...(tamper === undefined ? {} : { tamper }) };
    await play({ handset: [P1], dms: [P4], options });
    expect(compared).toEqual(expected);
  });

  it('changes messages only by the fault of the demo', async () => {
    const tamper = (message: Envelope): Envelope => ({ ...message, body: message.body.with(20, 0xff) });
    const { dms, handset } = await play({ handset: [P1], dms: [P4], options: { tamper } });
    expect(dms.sent[0]?.body[20]).toBe(0xff);
    expect(handset.sent[0]?.body[20]).toBe(0xff);
  });
});

describe('a session that the handset starts over OBEX', () => {
  const options = { handsetHangsUp: true };

  it('waits for the handset to hang up', async () => {
    const { outcome, log, events } = await play({ handset: [P1, P3, undefined], dms: [P2, P4], options });
    expect(outcome.state).toBe('done');
    expect(log.slice(-3)).toEqual(['handset: receive', 'handset: close done', 'dms: close done']);
    expect(statesOf(events)).toEqual(['1A2B started', '1A2B running', '1A2B done']);
  });

  it.each([
    ['drops the link', LOST],
    ['never hangs up', 'silence' as const],
  ])('is done all the same when the handset %s at the end', async (_name, cue) => {
    const { outcome } = await play({
      handset: [P1, cue],
      dms: [P4],
      options: { ...options, idle: milliseconds(30) },
    });
    expect(outcome).toMatchObject({ state: 'done', messages: { toDms: 1, toHandset: 1 } });
  });

  it('lets a handset know at once that nothing more comes, should it ask', async () => {
    const { log } = await play({ handset: [P1, P3, undefined], dms: [P2, P4], options });
    const said = log.filter((entry) => entry === 'handset: say nothing');
    expect(said).toHaveLength(1);
    expect(log.at(log.indexOf('handset: say nothing') + 1)).toBe('handset: receive');
  });

  it('carries on when the handset does, for the watcher may be wrong', async () => {
    const { outcome, dms } = await play({ handset: [P1, P3, undefined], dms: [P4, fromDms(2, [])], options });
    expect(dms.sent).toEqual([P1, P3]);
    expect(outcome).toMatchObject({ state: 'done', messages: { toDms: 2, toHandset: 2 } });
  });

  it('fails when the handset leaves without a word', async () => {
    const { outcome } = await play({ handset: [undefined], dms: [], options });
    expect(outcome).toMatchObject({ state: 'failed', code: 'relay/ended-early', id: 'unread-1' });
  });

  it('fails when the handset leaves before the server is done', async () => {
    const { outcome } = await play({ handset: [P1, undefined], dms: [P2], options });
    expect(outcome).toMatchObject({ state: 'failed', code: 'relay/ended-early' });
  });
});

describe('abort by Alert 1223', () => {
  it('posts the one of the handset and delivers the answer first', async () => {
    const { outcome, dms, handset, log } = await play({ handset: [P1, ABORT_3], dms: [P2, P4] });
    expect(outcome).toMatchObject({ state: 'aborted', code: 'dm/aborted', cancelled: false });
    expect(dms.sent).toEqual([P1, ABORT_3]);
    expect(handset.sent).toEqual([P2, P4]);
    expect(log.slice(-2)).toEqual(['handset: close done', 'dms: close done']);
  });

  it('is an abort also when the DMS answers nothing or the handset does not wait for the answer', async () => {
    const empty = await play({ handset: [P1, ABORT_3], dms: [P2, undefined] });
    const gone = await play({ handset: [P1, ABORT_3], dms: [P2, P4], handsetTakes: [undefined, LOST] });
    expect(empty.outcome).toMatchObject({ state: 'aborted', code: 'dm/aborted' });
    expect(gone.outcome).toMatchObject({ state: 'aborted', code: 'dm/aborted' });
  });

  it('delivers the one of the server and hangs up', async () => {
    const abort = fromDms(1, [alert('1', 1223)]);
    const { outcome, handset, log } = await play({ handset: [P1], dms: [abort] });
    expect(outcome).toMatchObject({ state: 'aborted', code: 'dm/aborted' });
    expect(handset.sent).toEqual([abort]);
    expect(log.slice(-3)).toEqual([
      'handset: send application/vnd.syncml.dm+wbxml',
      'handset: close done',
      'dms: close done',
    ]);
  });
});

describe('where the next message goes', () => {
  it.each([
    ['http://dms.example/dm;jsessionid=7', 'http://dms.example/dm;jsessionid=7'],
    ['/other?s=1', 'http://dms.example/other?s=1'],
    ['next', 'http://dms.example/next'],
    ['HTTP://DMS.example:80/x', 'http://dms.example/x'],
  ])('[DMP-12-11] follows the RespURI %s', async (uri, address) => {
    const { log } = await play({ handset: [P1, P3], dms: [respUri(uri), P4] });
    expect(log.filter((line) => line.startsWith('dms: send'))).toEqual([
      'dms: send http://dms.example/dm',
      `dms: send ${address}`,
    ]);
  });

  it('[DMP-12-11] resolves a relative RespURI once, against the address that it answered', async () => {
    const third = fromHandset(3, [status('1', 2, '0', 'SyncHdr', 500)]);
    const second = fromDms(2, [get('2', './y')]);
    const { log } = await play({ handset: [P1, P3, third], dms: [respUri('a/b'), second, fromDms(3, [])] });
    expect(log.filter((line) => line.startsWith('dms: send')).slice(1)).toEqual([
      'dms: send http://dms.example/a/b',
      'dms: send http://dms.example/a/b',
    ]);
  });

  it.each([
    'http://elsewhere.example/dm',
    'http://dms.example:8080/dm',
    'https://dms.example/dm',
    '//127.0.0.1/admin',
    'file:///etc/passwd',
    'http://user:pw@dms.example/dm',
    'http://[broken',
  ])('ends the session before anything is sent to %s', async (uri) => {
    const { outcome, log, dms } = await play({ handset: [P1, P3], dms: [respUri(uri), P4] });
    expect(outcome).toMatchObject({ state: 'failed', code: 'relay/respuri-refused' });
    expect(dms.sent).toEqual([P1]);
    expect(log.slice(-2)).toEqual(['handset: close aborted', 'dms: close aborted']);
  });

  it('follows to another origin that the operator allowed', async () => {
    const profile = dmsProfile(new URL('http://dms.example/dm'), ['https://Elsewhere.example:443']);
    const { outcome, log } = await play({
      handset: [P1, P3],
      dms: [respUri('https://elsewhere.example/dm'), P4],
      options: { profile },
    });
    expect(outcome.state).toBe('done');
    expect(log).toContain('dms: send https://elsewhere.example/dm');
  });

  it('does not mind an address in the last message, which nothing follows', async () => {
    const { outcome } = await play({ handset: [P1], dms: [respUri('http://elsewhere.example/', [])] });
    expect(outcome.state).toBe('done');
  });
});

describe('messages that nobody can read', () => {
  it.each<[string, readonly Cue[], readonly Cue[]]>([
    ['the handset has nothing more to say', [UNREADABLE, undefined], [UNREADABLE]],
    ['the link is lost', [UNREADABLE, LOST], [UNREADABLE]],
    ['the DMS answers without a message', [UNREADABLE], [undefined]],
    ['only the answer was unreadable', [P1, undefined], [UNREADABLE]],
  ])('end the session unread when %s', async (_name, handset, dms) => {
    const { outcome, dms: uplink } = await play({ handset, dms });
    expect(outcome).toMatchObject({ state: 'ended-unread', cancelled: false });
    expect(outcome.code).toBeUndefined();
    expect(uplink.sent[0]).toEqual(handset[0]);
  });

  it('are reported without package and number, under the label', async () => {
    const { events, outcome } = await play({ handset: [UNREADABLE, undefined], dms: [UNREADABLE] });
    expect(outcome.id).toBe('unread-1');
    expect(events.find(({ type }) => type === 'message')).toMatchObject({
      session: 'unread-1',
      package: -1,
      msgId: -1,
      bytes: UNREADABLE.body.length,
    });
  });

  it('still end in good order when the last one could be read', async () => {
    const { outcome } = await play({ handset: [UNREADABLE], dms: [P4] });
    expect(outcome.state).toBe('done');
  });

  it('are a stall when nothing ends them', async () => {
    const { outcome } = await play({
      handset: [UNREADABLE, 'silence'],
      dms: [UNREADABLE],
      options: { idle: milliseconds(20) },
    });
    expect(outcome).toMatchObject({ state: 'failed', code: 'relay/stalled' });
  });
});

describe('time limits', () => {
  it.each<[string, Play, string]>([
    ['the handset says nothing', { handset: ['silence'], dms: [] }, 'the handset did not say anything'],
    ['the handset takes nothing', { handset: [P1], dms: [P4], handsetTakes: ['silence'] }, 'the handset did not take'],
    ['the DMS takes nothing', { handset: [P1], dms: [], dmsTakes: ['silence'] }, 'the DM server did not take'],
    ['the DMS does not answer', { handset: [P1], dms: ['silence'] }, 'the DM server did not answer'],
  ])('end the session with its side when %s', async (_name, parts, sentence) => {
    const slow = await play({ ...parts, options: { timeout: milliseconds(20) } });
    expect(slow.outcome).toMatchObject({ state: 'failed', code: 'relay/timeout' });
    expect(slow.outcome.message).toContain(sentence);
    expect(slow.log.slice(-2)).toEqual(['handset: close aborted', 'dms: close aborted']);
    const idle = await play({ ...parts, options: { idle: milliseconds(20) } });
    expect(idle.outcome).toMatchObject({ state: 'failed', code: 'relay/stalled' });
    expect(idle.outcome.message).toContain(sentence);
  });

  it('hold against a link that does not heed its signal', async () => {
    const deaf = new ScriptedLink('deaf', [], []);
    deaf.receive = () => new Promise(() => undefined);
    const { outcome } = await play({ handset: [P1], dms: [], options: { uplink: deaf, timeout: milliseconds(20) } });
    expect(outcome).toMatchObject({ state: 'failed', code: 'relay/timeout' });
  });
});

describe('failures', () => {
  const cases: readonly string[] = [
    'dms/unreachable',
    'dms/http-status',
    'dms/timeout',
    'dms/answer-truncated',
    'dms/answer-too-large',
    'dms/answer-unexpected',
    'net/offline',
  ];

  it.each(cases)('[DMP-12-09] of the DMS (%s) break off the OBEX side and put nothing into it', async (code) => {
    const { outcome, handset, log, events } = await play({ handset: [P1], dms: [new PcAgentError(code, 'no luck')] });
    expect(outcome).toMatchObject({ state: 'failed', code, message: 'no luck' });
    expect(handset.sent).toEqual([]);
    expect(log.slice(-2)).toEqual(['handset: close aborted', 'dms: close aborted']);
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ code });
    expect(statesOf(events).at(-1)).toBe('1A2B failed');
  });

  it('of an empty answer have a code of their own', async () => {
    const { outcome, handset } = await play({ handset: [P1], dms: [undefined] });
    expect(outcome).toMatchObject({ state: 'failed', code: 'dms/answer-empty' });
    expect(handset.sent).toEqual([]);
  });

  it.each<[string, Play]>([
    ['before it spoke', { handset: [LOST], dms: [] }],
    [
      'instead of taking the notification',
      { handset: [], dms: [], handsetTakes: [LOST], options: { notification: NOTIFICATION } },
    ],
    ['instead of taking an answer', { handset: [P1], dms: [P2], handsetTakes: [LOST] }],
    ['instead of taking the last answer', { handset: [P1], dms: [P4], handsetTakes: [LOST] }],
    ['between two messages', { handset: [P1, LOST], dms: [P2] }],
  ])('of a handset that vanishes %s are bearer/lost', async (_name, parts) => {
    const { outcome } = await play(parts);
    expect(outcome).toMatchObject({ state: 'failed', code: 'bearer/lost' });
  });

  it('keep the offset of an error', async () => {
    const error = new PcAgentError('obex/truncated', 'cut', { offset: 17 });
    const { events } = await play({ handset: [error], dms: [] });
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ code: 'obex/truncated', offset: 17 });
  });

  it('of our own code close both links and are passed on', async () => {
    const log: string[] = [];
    const handset = new ScriptedLink('handset', log, [new TypeError('bug')]);
    const dms = new ScriptedLink('dms', log, []);
    await expect(play({ handset: [], dms: [], options: { downlink: handset, uplink: dms } })).rejects.toThrow('bug');
    expect(log.slice(-2)).toEqual(['handset: close aborted', 'dms: close aborted']);
  });
});

describe('credentials that are not accepted', () => {
  it('fail a session that the server closes with 401', async () => {
    const closed = fromDms(1, [status('1', 1, '0', 'SyncHdr', 401)]);
    const { outcome, handset } = await play({ handset: [P1], dms: [closed] });
    expect(handset.sent).toEqual([closed]);
    expect(outcome).toMatchObject({ state: 'failed', code: 'dm/auth-refused' });
  });

  it('fail a session that the handset leaves after a second challenge', async () => {
    const again = fromHandset(2, [status('1', 1, '0', 'SyncHdr'), alert('2', 1200)]);
    const { outcome } = await play({
      handset: [P1, again, undefined],
      dms: [fromDms(1, [challenge('1', 1)]), fromDms(2, [challenge('1', 2)])],
    });
    expect(outcome).toMatchObject({ state: 'failed', code: 'dm/auth-refused' });
  });

  it('do not fail a session in which they were accepted in the end', async () => {
    const again = fromHandset(2, [status('1', 1, '0', 'SyncHdr'), alert('2', 1200)]);
    const { outcome } = await play({
      handset: [P1, again],
      dms: [fromDms(1, [challenge('1', 1)]), fromDms(2, [status('1', 2, '0', 'SyncHdr', 212)])],
    });
    expect(outcome.state).toBe('done');
  });

  it('leave other refusals of the whole message their number', async () => {
    const { outcome } = await play({ handset: [P1], dms: [fromDms(1, [status('1', 1, '0', 'SyncHdr', 513)])] });
    expect(outcome).toMatchObject({ state: 'failed', code: 'dm/status' });
    expect(outcome.message).toContain('513');
  });
});

describe('breaking off', () => {
  it('aborts both sides and says so', async () => {
    const controller = new AbortController();
    const playing = play({ handset: [P1, 'silence'], dms: [P2], options: { signal: controller.signal, emit } });
    function emit(event: UntimedEvent): void {
      if (event.type === 'message' && event.package === 2) setImmediate(() => controller.abort());
    }
    const { outcome, log } = await playing;
    expect(outcome).toMatchObject({ state: 'aborted', code: 'relay/cancelled', cancelled: true });
    expect(log.slice(-2)).toEqual(['handset: close aborted', 'dms: close aborted']);
  });

  it('does not begin when it was aborted before', async () => {
    const { outcome, log } = await play({ handset: [P1], dms: [], options: { signal: AbortSignal.abort() } });
    expect(outcome.cancelled).toBe(true);
    expect(log).toEqual(['handset: close aborted', 'dms: close aborted']);
  });
});

describe('a link that is lost in mid-session', () => {
  /** The other link, and how often it was asked for. */
  function other(log: string[], cues: readonly Cue[], sends: readonly Cue[] = []) {
    const link = new ScriptedLink('other', log, cues, sends);
    const told: string[] = [];
    const reopen = async (loss: PcAgentError) => {
      told.push(loss.code);
      return { link, wentOn: () => void told.push('went on') };
    };
    return { link, told, options: { reopen } };
  }

  it('is replaced where the handset was to speak: it is told the last message again, and the DMS notices nothing', async () => {
    const log: string[] = [];
    const { link, told, options } = other(log, [P3]);
    const { outcome, dms, handset, events } = await play({ handset: [P1, LOST], dms: [P2, P4], options });
    expect(outcome).toMatchObject({ state: 'done', messages: { toDms: 2, toHandset: 2 } });
    expect(handset.sent).toEqual([P2]);
    expect(link.sent).toEqual([P2, P4]);
    expect(dms.sent).toEqual([P1, P3]);
    expect(told).toEqual(['bearer/lost', 'went on']);
    // What was said twice is one message.
    expect(events.filter(({ type }) => type === 'message')).toHaveLength(4);
  });

  it('is replaced where a message was on its way to it, again and again', async () => {
    const { link, told, options } = other([], [P3], [LOST, LOST, undefined, undefined]);
    const { outcome, dms } = await play({ handset: [P1], handsetTakes: [LOST], dms: [P2, P4], options });
    expect(outcome.state).toBe('done');
    expect(link.sent).toEqual([P2, P2, P2, P4]);
    expect(dms.sent).toEqual([P1, P3]);
    expect(told).toEqual(['bearer/lost', 'bearer/lost', 'bearer/lost', 'went on']);
  });

  it('brings the last message of the session to the handset', async () => {
    const { link, told, options } = other([], []);
    const { outcome } = await play({ handset: [P1, P3], handsetTakes: [undefined, LOST], dms: [P2, P4], options });
    expect(outcome.state).toBe('done');
    expect(link.sent).toEqual([P4]);
    expect(told).toEqual(['bearer/lost', 'went on']);
  });

  it('stays lost where the handset has forgotten the session, where another one answers, or before it has spoken', async () => {
    const forgotten = other([], [undefined]);
    expect((await play({ handset: [P1, LOST], dms: [P2], options: forgotten.options })).outcome).toMatchObject({
      ...{ state: 'failed', code: 'bearer/lost' },
    });
    expect(forgotten.told).toEqual(['bearer/lost']);

    const refusing = other([], [], [new PcAgentError('obex/response', 'refused')]);
    expect((await play({ handset: [P1, LOST], dms: [P2], options: refusing.options })).outcome).toMatchObject({
      ...{ state: 'failed', code: 'bearer/lost' },
    });
    expect(refusing.told).toEqual(['bearer/lost']);

    const own = dmMessage({ from: 'handset', msgId: 1, commands: [alert('1', 1201)], header: { sessionId: 'FF' } });
    const anew = other([], [envelope(own)]);
    const begun = await play({ handset: [P1, LOST], dms: [P2], options: anew.options });
    expect(begun.outcome).toMatchObject({ state: 'failed', code: 'bearer/lost' });
    expect([begun.dms.sent, anew.told]).toEqual([[P1], ['bearer/lost']]);

    const header = { source: { uri: 'IMEI:490154203237518' } };
    const commands = [status('1', 1, '0', 'SyncHdr')];
    const stranger = other([], [envelope(dmMessage({ from: 'handset', msgId: 2, commands, header }))]);
    const strange = await play({ handset: [P1, LOST], dms: [P2], options: stranger.options });
    expect(strange.outcome).toMatchObject({ state: 'failed', code: 'dm/other-handset' });
    expect(strange.dms.sent).toEqual([P1]);

    const early = other([], []);
    const options = { ...early.options, notification: NOTIFICATION };
    expect((await play({ handset: [LOST], dms: [], options })).outcome).toMatchObject({ code: 'bearer/lost' });
    expect(early.told).toEqual([]);
  });

  it('is let go again when the session was broken off before it came', async () => {
    const log: string[] = [];
    const stop = new AbortController();
    const link = new ScriptedLink('other', log, []);
    const reopen = async () => {
      stop.abort();
      await new Promise(setImmediate);
      return { link, wentOn: () => undefined };
    };
    const options = { reopen, signal: stop.signal };
    const { outcome } = await play({ handset: [P1, LOST], dms: [P2], options });
    expect(outcome).toMatchObject({ state: 'aborted', cancelled: true });
    await expect.poll(() => log).toEqual(['other: close aborted']);
  });

  it('and nothing of a handset is passed on that is not the one that is meant', async () => {
    const { outcome, dms } = await play({ handset: [P1], dms: [], options: { device: 'IMEI:490154203237518' } });
    expect(outcome).toMatchObject({ state: 'failed', code: 'dm/other-handset', heard: false });
    expect(dms.sent).toEqual([]);
  });
});

describe('large objects', () => {
  it('are followed by their size', async () => {
    const data = 'x'.repeat(600);
    const chunk = (msgId: number, more: boolean): Envelope =>
      fromDms(
        msgId,
        [
          {
            kind: 'Add',
            cmdId: '2',
            items: [{ target: { uri: './Data' }, data, ...(more ? { moreData: true } : {}) }],
            ...(msgId === 1 ? { meta: { size: 1200 } } : {}),
          },
        ],
        !more,
      );
    const go = fromHandset(2, [status('1', 1, '2', 'Add', 213), alert('2', 1222)], false);
    const last = fromHandset(3, [status('1', 2, '2', 'Add', 200)]);
    const { events, outcome } = await play({
      handset: [P1, go, last],
      dms: [chunk(1, true), chunk(2, false), fromDms(3, [])],
    });
    const progress = events.flatMap((event) =>
      event.type === 'progress' ? [[event.session, event.done, event.total]] : [],
    );
    expect(progress).toEqual([
      ['1A2B', 600, 1200],
      ['1A2B', 1200, 1200],
    ]);
    expect(outcome.state).toBe('done');
  });
});

describe('types of what is carried', () => {
  it('a body of a foreign type is carried like any other', async () => {
    const odd = { contentType: 'application/octet-stream', body: utf8('whatever') };
    const { dms, outcome } = await play({ handset: [odd, undefined], dms: [P2] });
    expect(dms.sent).toEqual([odd]);
    expect(outcome.state).toBe('ended-unread');
  });
});
