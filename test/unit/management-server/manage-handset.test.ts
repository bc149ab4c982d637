import { describe, expect, it } from 'vitest';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import { DEFAULT_NONCE, DEFAULT_NONCE_ASCII } from '../../../src-main/dm/auth/credentials.ts';
import type { Envelope, MessageLink } from '../../../src-main/link/message-link.ts';
import { manageHandset } from '../../../src-main/management-server/manage-handset.ts';
import type { ManageOptions } from '../../../src-main/management-server/manage-options.ts';
import type { Loaded } from '../../../src-main/management-server/managed-session.ts';
import { firstNonces } from '../../../src-main/management-server/nonces.ts';
import { ask, getCommand } from '../../../src-main/scomo/procedure/commands.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { byHand, gist, XML_TYPE } from '../../support/dm-pair.ts';
import { ACCOUNT, DEVICE, type HandsetChoice, plugIn, startBench } from '../offline/bench.ts';

/** Reads the model; what a session is for here. */
const readModel: ManageOptions<string>['work'] = function* () {
  const { items } = yield* ask(getCommand('./DevInfo/Mod'));
  return String(items[0]?.data);
};

async function start(choice: HandsetChoice = {}) {
  const bearer = createMemoryBearer();
  const bench = startBench(bearer);
  const plugged = await plugIn(bearer, choice);
  const manage = (more: Partial<ManageOptions<string>> = {}) =>
    manageHandset<string>({ ...bench.manage(), work: readModel, ...more });
  const states = () => bench.events.flatMap((event) => (event.type === 'session' ? [event.state] : []));
  const codes = () => bench.events.flatMap((event) => (event.type === 'error' ? [event.code] : []));
  return { ...bench, ...plugged, events: bench.events, manage, states, codes, seen: plugged.events };
}

describe('the PC as DM server', () => {
  it.each(['none', 'basic', 'md5', 'mac'] as const)('manages a handset that proves itself by %s', async (auth) => {
    const account = { ...ACCOUNT, auth };
    const { manage, states, codes } = await start({ accounts: [account] });
    const outcome = await manage({ account });
    expect(outcome).toMatchObject({ ok: true, device: DEVICE, found: 'V1', heard: true, cancelled: false });
    expect(outcome.facts?.devInfo.get('./DevInfo/Mod')).toBe('V1');
    expect(states()).toEqual(['started', 'running', 'done']);
    expect(codes()).toEqual([]);
  });

  it('keeps the nonces of one session for the next, and needs no second try', async () => {
    const { manage, nonces, states } = await start();
    await manage();
    const first = nonces.kept.get(DEVICE);
    expect(first?.client).not.toEqual(utf8('nonce'));
    expect(first?.server).not.toEqual(utf8('nonce'));
    expect(await manage({ device: DEVICE })).toMatchObject({ ok: true });
    expect(states()).toEqual(['started', 'running', 'done', 'started', 'running', 'done']);
    expect(nonces.kept.get(DEVICE)).not.toEqual(first);
  });

  it('begins anew with the default nonce when the handset takes no notice of the one that we know', async () => {
    const { manage, nonces, states, codes } = await start();
    await nonces.keep(DEVICE, 'pc-agent', { client: utf8('forgotten'), server: utf8('forgotten') });
    expect(await manage({ device: DEVICE })).toMatchObject({ ok: true, found: 'V1' });
    expect(states()).toEqual(['started', 'failed', 'started', 'running', 'done']);
    expect(codes()).toEqual([]);
    expect(await manage({ device: DEVICE })).toMatchObject({ ok: true });
    expect(states().slice(5)).toEqual(['started', 'running', 'done']);
  });

  it('tries the nonces that make sense, each once', () => {
    const client = utf8('c');
    const other = { nonce: utf8('s'), isDefault: false };
    const zero = { nonce: DEFAULT_NONCE, isDefault: true };
    const ascii = { nonce: DEFAULT_NONCE_ASCII, isDefault: true };
    expect(firstNonces({ client, server: other.nonce })).toEqual([other, zero, ascii]);
    expect(firstNonces({ client, server: DEFAULT_NONCE })).toEqual([zero, ascii]);
  });

  it('gives up on a handset that takes no notice at all', async () => {
    const { manage, codes, events } = await start({ faults: [{ name: 'ignore-notification' }] });
    expect(await manage()).toMatchObject({ ok: false, code: 'dm/notification-ignored', heard: false });
    expect(codes()).toEqual(['dm/notification-ignored']);
    expect(events.filter((event) => event.type === 'message')).toHaveLength(3);
  });

  it.each([
    ['a handset with another password', { faults: [{ name: 'wrong-password' }] }, {}, 'dm/auth-refused'],
    ['a handset that breaks it off', { faults: [{ name: 'abort', value: '1' }] }, {}, 'dm/aborted'],
    ['a handset that says nothing more', { faults: [{ name: 'stall', value: '1' }] }, {}, 'dm/timeout'],
    ['a handset that is gone', { faults: [{ name: 'vanish' }] }, {}, 'bearer/lost'],
    ['an account that it does not know', {}, { serverId: 'nobody' }, 'dm/notification-ignored'],
    ['a password of ours that is wrong', {}, { serverPassword: 'x' }, 'dm/notification-ignored'],
    [
      'our wrong password, where package 0 is not checked',
      { laxNotification: true },
      { serverPassword: 'x' },
      'dm/server-refused',
    ],
  ] as const)('has one code for %s', async (_what, choice, change, code) => {
    const { manage, codes } = await start(choice as HandsetChoice);
    const outcome = await manage({ account: { ...ACCOUNT, ...change }, timeout: milliseconds(400) });
    expect(outcome).toMatchObject({ ok: false, code, cancelled: false });
    expect(codes()).toEqual([code]);
  });

  it('says that nobody is there', async () => {
    const { manage, unplug, states, codes } = await start();
    await unplug();
    expect(await manage()).toMatchObject({ ok: false, code: 'bearer/unavailable', heard: false });
    expect([states(), codes()]).toEqual([['failed'], ['bearer/unavailable']]);
  });

  it('finds a stale nonce of the handset and mends it in the session', async () => {
    const { manage, nonces } = await start();
    await nonces.keep(DEVICE, 'pc-agent', { client: utf8('stale'), server: utf8('nonce') });
    expect(await manage({ device: DEVICE })).toMatchObject({ ok: true, found: 'V1' });
  });

  it('does not manage another handset than the one that was meant', async () => {
    const { manage } = await start();
    let worked = false;
    const work: ManageOptions<string>['work'] = function* (session) {
      worked = true;
      return yield* readModel(session);
    };
    const outcome = await manage({ device: 'IMEI:490154203237518', work });
    expect(outcome).toMatchObject({ ok: false, code: 'dm/other-handset', device: DEVICE, heard: true });
    expect(worked).toBe(false);
    expect(await manage({ device: DEVICE.slice('IMEI:'.length) })).toMatchObject({ ok: true });
  });

  it('[DMP-1-01] is told of each message once it was carried, package 0 first', async () => {
    const { manage, seen } = await start();
    const messages: string[] = [];
    const sizes: number[] = [];
    await manage({
      onMessage: (envelope, direction, summary) => {
        messages.push(`${direction} ${summary.package}`);
        sizes.push(envelope.body.length);
      },
    });
    expect(messages).toEqual(['to-handset 0', 'to-dms 1', 'to-handset 2', 'to-dms 3', 'to-handset 4']);
    const bytes = seen.flatMap((event) => (event.type === 'message' ? [event.bytes] : []));
    expect(sizes).toEqual(bytes);
  });

  it('manages a handset that called, over the link that it opened', async () => {
    const { handset, nonces, ...bench } = await start();
    const said: Envelope[] = [];
    let closed = 0;
    const session = handset.begin({ ...handset.planOwn('obex:pc-agent'), account: ACCOUNT });
    let next: Envelope | undefined = session.start();
    const link: MessageLink = {
      receive: async () => next,
      send: async (envelope) => {
        said.push(envelope);
        next = session.receive(envelope).send;
      },
      close: async () => {
        closed += 1;
      },
    };
    const outcome = await bench.manage({ via: { kind: 'link', link, address: 'tcp:phone' } });
    expect(outcome).toMatchObject({ ok: true, found: 'V1', facts: { alert: 1201 } });
    expect(said).toHaveLength(2);
    expect(closed).toBe(1);
    expect(nonces.kept.has(DEVICE)).toBe(true);
  });

  it('ends when a handset that called says nothing', async () => {
    const { manage } = await start();
    const link: MessageLink = { receive: async () => undefined, send: async () => {}, close: async () => {} };
    const outcome = await manage({ via: { kind: 'link', link, address: 'tcp:phone' } });
    expect(outcome).toMatchObject({ ok: false, code: 'dm/session-cut', heard: false });
  });

  it('ends with a code on what is no DM message', async () => {
    const { manage } = await start();
    for (const [contentType, code] of [
      ['text/plain', 'syncml/content-type'],
      ['application/vnd.syncml.dm+xml', 'xml/'],
    ] as const) {
      const link: MessageLink = {
        receive: async () => ({ contentType, body: utf8('hello') }),
        send: async () => {},
        close: async () => {},
      };
      const outcome = await manage({ via: { kind: 'link', link, address: 'tcp:phone' } });
      expect(outcome.ok).toBe(false);
      expect(outcome.code).toContain(code);
    }
  });
});

describe('a handset that called and says something unusual', () => {
  /** A handset of no words of its own: it says these, and what it is told is kept. */
  const scripted = (...messages: readonly Envelope[]) => {
    const waiting = [...messages];
    const told: Envelope[] = [];
    const link: MessageLink = {
      receive: async () => waiting.shift(),
      send: async (envelope) => void told.push(envelope),
      close: async () => {},
    };
    return { link, told, via: { kind: 'link', link, address: 'tcp:phone' } as const };
  };
  const account = { ...ACCOUNT, auth: 'none' as const };
  const event = (id: number, code: number) =>
    `<Alert><CmdID>${id}</CmdID><Data>${code}</Data><Item><Meta><Type xmlns='syncml:metinf'>urn:x</Type></Meta><Data/></Item></Alert>`;
  const greeting = '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>';

  it('has its first message refused in its own session when that cannot be used', async () => {
    const { manage } = await start();
    const body = textOf(byHand(greeting, { source: DEVICE }).body).replace(/<MsgID>.*<\/MsgID>/, '');
    const { told, via } = scripted({ contentType: XML_TYPE, body: utf8(body) });
    const outcome = await manage({ account, via });
    expect(outcome).toMatchObject({
      ok: false,
      code: 'syncml/missing-element',
      id: '1A2B',
      device: DEVICE,
      heard: true,
    });
    expect(told.map(gist)).toEqual([['Status 1/0 SyncHdr 412', 'Final']]);
  });

  it('is told that nobody processes its event (406) and that nobody knows the type of its alert (415)', async () => {
    const { manage } = await start();
    const { told, via } = scripted(byHand(greeting + event(2, 1224) + event(3, 1226), { source: DEVICE }));
    await manage({ account, via });
    expect(gist(told[0])).toEqual(expect.arrayContaining(['Status 1/2 Alert 406', 'Status 1/3 Alert 415']));
  });

  it('is told by 1223 when the session is stopped while it is our turn', async () => {
    const { manage } = await start();
    const { told, via } = scripted(byHand(greeting, { source: DEVICE }));
    const outcome = await manage({
      account,
      via,
      work: function* (session) {
        session.before(() => Promise.reject(new PcAgentError('store/full', 'the disk is full')));
        yield* ask(getCommand('./DevInfo/Mod'));
        return 'never';
      },
    });
    expect(outcome).toMatchObject({ code: 'store/full' });
    expect(gist(told[0])).toEqual(['Status 1/0 SyncHdr 200', 'Alert 1223', 'Final']);
  });
});

describe('what has to be done between two messages', () => {
  it('is done before the next one goes out, in order', async () => {
    const { manage, seen } = await start();
    const told = () => seen.filter((event) => event.type === 'message' && event.direction === 'to-handset').length;
    const order: string[] = [];
    let content: (() => Loaded<string>) | undefined;
    await manage({
      work: function* (session) {
        session.before(async () => void order.push(`first ${told()}`));
        session.before(async () => void order.push(`second ${told()}`));
        content = session.load(async () => 'content');
        expect(content()).toEqual({ kind: 'pending' });
        yield* ask(getCommand('./DevInfo/Mod'));
        expect(content()).toEqual({ kind: 'loaded', value: 'content' });
        return '';
      },
    });
    // Package 0 had gone out by then, and nothing else.
    expect(order).toEqual(['first 1', 'second 1']);
  });

  it('breaks the session off when it fails, by a word to the handset, and nothing else is sent', async () => {
    const { manage, seen, quiet } = await start();
    const outcome = await manage({
      work: function* (session) {
        session.before(() => Promise.reject(new PcAgentError('store/full', 'the disk is full')));
        yield* ask(getCommand('./DevInfo/Mod'));
        return 'never';
      },
    });
    expect(outcome).toMatchObject({ ok: false, code: 'store/full', found: undefined });
    await quiet();
    expect(seen.filter((event) => event.type === 'session').at(-1)).toMatchObject({
      state: 'aborted',
      code: 'dm/aborted',
    });
  });

  it('may fail for what is only fetched: that is for the work to judge', async () => {
    const { manage } = await start();
    const outcome = await manage({
      work: function* (session) {
        const content = session.load(() => Promise.reject(new PcAgentError('cache/absent', 'gone')));
        yield* ask(getCommand('./DevInfo/Mod'));
        return content().kind;
      },
    });
    expect(outcome).toMatchObject({ ok: true, found: 'failed' });
  });

  it('makes a mistake of ours no outcome', async () => {
    const { manage } = await start();
    const broken = manage({
      // biome-ignore lint/correctness/useYield: it breaks before it asks for anything.
      work: function* () {
        throw new RangeError('a bug');
      },
    });
    await expect(broken).rejects.toThrow('a bug');
  });
});

describe('breaking off', () => {
  it('ends the session at any message, as cancelled, and the next one works', async () => {
    const state = new HandsetStateFile(undefined);
    const { manage, codes, quiet } = await start({ state });
    for (let after = 1; after <= 4; after += 1) {
      const stop = new AbortController();
      let count = 0;
      const outcome = await manage({
        signal: stop.signal,
        onMessage: () => {
          count += 1;
          if (count === after) stop.abort();
        },
      });
      expect(outcome).toMatchObject({ ok: false, code: 'dm/cancelled', cancelled: true });
      await quiet();
    }
    expect(codes()).toEqual([]);
    expect(await manage()).toMatchObject({ ok: true });
  });

  it('before it began leaves the handset alone', async () => {
    const { manage, seen } = await start();
    const signal = AbortSignal.abort();
    expect(await manage({ signal })).toMatchObject({ ok: false, cancelled: true, heard: false });
    expect(seen.filter((event) => event.type === 'message')).toEqual([]);
  });
});
