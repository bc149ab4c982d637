import { describe, expect, it } from 'vitest';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { cardFacts, lastSessionOf } from '../../../src-renderer/screens/handsets/card-facts.ts';
import { batchOf, cardOrder, unknownAddresses } from '../../../src-renderer/screens/handsets/card-order.ts';
import { type CardState, cardState } from '../../../src-renderer/screens/handsets/card-state.ts';
import { isHandsetAddress } from '../../../src-renderer/screens/handsets/handset-address.ts';
import { outcomeOf } from '../../../src-renderer/screens/handsets/outcome.ts';
import {
  aDemoPhone,
  aDoneTask,
  aFailedTask,
  aHandset,
  aPackage,
  aPrompt,
  aResult,
  aSession,
  aTask,
} from '../../window/fixtures/handsets.ts';

const PHONE = aDemoPhone();
const OTHER = aDemoPhone(1);

function stateOf(more: Partial<HostState>): Pick<HostState, 'handsets' | 'sessions' | 'tasks' | 'prompts'> {
  return { handsets: [PHONE, OTHER], sessions: [], tasks: [], prompts: [], ...more };
}

describe('what a card says of its handset', () => {
  const over = { endedAt: '2026-11-21T09:59:00.000Z', state: 'done', phase: 'over' } as const;
  const table: readonly (readonly [string, Partial<KnownHandset>, Partial<HostState>, CardState['kind']])[] = [
    ['an attached handset is ready', {}, {}, 'ready'],
    ['one that does not answer is away', { presence: 'away' }, {}, 'away'],
    ['one that is away is no case of why it cannot be used', { presence: 'away', reason: 'bearer/busy' }, {}, 'away'],
    ['one that nobody looked for is not called ready', { presence: 'unknown' }, {}, 'unknown'],
    [
      'one without any way only calls by itself',
      { presence: 'unknown', bearers: [], address: undefined },
      {},
      'caller',
    ],
    ['a reason makes it unusable', { reason: 'bearer/permission-denied' }, {}, 'unusable'],
    ['an open session makes it busy', {}, { sessions: [aSession(PHONE)] }, 'busy'],
    ['a session counts more than a reason', { reason: 'bearer/busy' }, { sessions: [aSession(PHONE)] }, 'busy'],
    ['a session counts more than a look that missed it', { presence: 'away' }, { sessions: [aSession(PHONE)] }, 'busy'],
    ['a session that is over leaves it ready', {}, { sessions: [aSession(PHONE, over)] }, 'ready'],
    ['the session of another handset leaves it ready', {}, { sessions: [aSession(OTHER)] }, 'ready'],
    ['while its person is asked it waits', {}, { sessions: [aSession(PHONE, { phase: 'asking' })] }, 'asked-there'],
    [
      'a question in this window counts more than its session',
      {},
      { sessions: [aSession(PHONE, { phase: 'asking' })], prompts: [aPrompt(PHONE)] },
      'asked-here',
    ],
    ['the question of another handset is not its own', {}, { prompts: [aPrompt(OTHER)] }, 'ready'],
    ['work without a session is about to begin', {}, { tasks: [aTask(PHONE)] }, 'queued'],
    ['work that ended leaves it ready', {}, { tasks: [aDoneTask(PHONE)] }, 'ready'],
  ];
  it.each(table)('%s', (_sentence, handset, state, kind) => {
    const owner = { ...PHONE, ...handset };
    expect(cardState(owner, cardFacts(stateOf(state), owner)).kind).toBe(kind);
  });
});

describe('what belongs to a handset', () => {
  const withoutDevice = ({ device: _device, ...task }: Task): Task => task;

  it('finds work by its address only while no number is known', () => {
    const byAddress = withoutDevice(aTask(PHONE, { handset: PHONE.address ?? '' }));
    const taken = aTask(OTHER, { handset: PHONE.address ?? '' });
    expect(cardFacts(stateOf({ tasks: [byAddress] }), PHONE).running).toBe(byAddress);
    expect(cardFacts(stateOf({ tasks: [taken] }), PHONE).running).toBeUndefined();
  });

  it('takes a session without a number at the address of the handset for its own', () => {
    const { device: _device, ...session } = aSession(PHONE);
    expect(cardFacts(stateOf({ sessions: [session] }), PHONE).session).toBe(session);
    expect(cardFacts(stateOf({ sessions: [session] }), OTHER).session).toBeUndefined();
  });

  it('keeps the end of earlier work when reading after it went well or was broken off', () => {
    const failed = aFailedTask(PHONE);
    const read = aDoneTask(PHONE, { id: 'later', name: 'inventory' });
    const end = { at: '2026-11-21T09:59:30.000Z', ok: false, cancelled: true };
    const brokenOff = aTask(PHONE, { id: 'last', name: 'inventory', end });
    expect(cardFacts(stateOf({ tasks: [failed, read, brokenOff] }), PHONE).ended).toBe(failed);
  });

  it('is not a fetch of a package', () => {
    const fetch = aTask(PHONE, { name: 'packages.fetch' });
    expect(cardFacts(stateOf({ tasks: [fetch] }), PHONE).running).toBeUndefined();
  });

  it('has the newest of its sessions as its last', () => {
    const first = aSession(PHONE, { key: '1' });
    const second = aSession(PHONE, { key: '2' });
    expect(lastSessionOf([first, second, aSession(OTHER)], PHONE)).toBe(second);
  });
});

describe('where cards stand', () => {
  it('puts attached handsets and those at work first, each section by when they were first met', () => {
    const old = aHandset({ device: 'IMEI:1', presence: 'away', firstSeen: '2020-01-01T00:00:00.000Z' });
    const working = aHandset({ device: 'IMEI:2', presence: 'unknown', firstSeen: '2021-01-01T00:00:00.000Z' });
    const unseen = aHandset({ device: 'IMEI:3', presence: 'unknown', firstSeen: '2019-01-01T00:00:00.000Z' });
    const state = stateOf({ handsets: [OTHER, PHONE, old, working, unseen], sessions: [aSession(working)] });
    expect(cardOrder(state)).toEqual({ here: ['IMEI:2', PHONE.device, OTHER.device], away: ['IMEI:3', 'IMEI:1'] });
  });

  it('counts what several came to', () => {
    const handsets = [0, 1, 2, 3, 4, 5].map((index) => aDemoPhone(index));
    const [working, queued, done, failed, asked] = handsets as [KnownHandset, ...KnownHandset[]] & KnownHandset[];
    const state = stateOf({
      handsets,
      sessions: [aSession(working)],
      tasks: [aTask(queued as KnownHandset), aDoneTask(done as KnownHandset), aFailedTask(failed as KnownHandset)],
      prompts: [aPrompt(asked as KnownHandset)],
    });
    expect(batchOf(state)).toEqual({ working: 2, done: 1, needsYou: 2 });
  });

  it('has a place for an address that is being asked who it is, until it is known', () => {
    const { device: _device, ...task } = aTask(PHONE, { name: 'inventory', handset: 'tcp:10.0.0.7:4000' });
    const ended = { ...task, end: { at: '2026-11-21T09:59:00.000Z', ok: false } };
    expect(unknownAddresses({ handsets: [PHONE], tasks: [task, task] })).toEqual(['tcp:10.0.0.7:4000']);
    expect(unknownAddresses({ handsets: [PHONE], tasks: [ended] })).toEqual([]);
    expect(unknownAddresses({ handsets: [{ ...PHONE, address: 'tcp:10.0.0.7:4000' }], tasks: [task] })).toEqual([]);
  });
});

describe('what the last work came to', () => {
  const maps = { id: 'com.example.maps.demo', name: 'Demo Maps', version: '1.1' };
  const two = ['com.example.maps.demo', 'com.example.mail'];

  function ended(jobs: ReturnType<typeof aResult>['jobs'], packages = two): Task {
    return aTask(PHONE, {
      packages,
      end: { at: '2026-11-21T09:59:00.000Z', ok: false, result: aResult(PHONE, { jobs }) },
    });
  }

  it('is nothing while it goes on', () => {
    expect(outcomeOf(aTask(PHONE), [])).toBeUndefined();
  });

  it('names what was installed with its version', () => {
    expect(outcomeOf(aDoneTask(PHONE), [aPackage()])).toEqual({ kind: 'done', things: [maps] });
  });

  it('names it by its id when the package has gone, with the version that the handset says', () => {
    const components = [{ id: maps.id, version: '1.1.7', state: 'active' }];
    const task = aDoneTask(PHONE, {
      end: { at: '2026-11-21T09:59:00.000Z', ok: true, result: aResult(PHONE, { components }) },
    });
    expect(outcomeOf(task, [])).toEqual({ kind: 'done', things: [{ id: maps.id, name: maps.id, version: '1.1.7' }] });
  });

  it('leaves only what failed to be tried again, and says what was done', () => {
    const outcome = outcomeOf(
      ended([
        { state: 'done', package: maps.id },
        { state: 'failed', package: 'com.example.mail', code: 'scomo/storage-full' },
      ]),
      [aPackage()],
    );
    expect(outcome).toMatchObject({ kind: 'failed', code: 'scomo/storage-full', done: [maps] });
    expect(outcome).toMatchObject({ left: [{ id: 'com.example.mail' }] });
  });

  it('is a good end when there was nothing to do', () => {
    const jobs = two.map((id) => ({ state: 'skipped' as const, package: id }));
    expect(outcomeOf(ended(jobs), [])?.kind).toBe('nothing');
  });

  it('tells only what was done when the rest was there already', () => {
    const jobs = [
      { state: 'done' as const, package: maps.id },
      { state: 'skipped' as const, package: 'com.example.mail' },
    ];
    expect(outcomeOf(ended(jobs), [aPackage()])).toEqual({ kind: 'done', things: [maps] });
  });

  it('has a code for a refusal that came without one', () => {
    expect(outcomeOf(ended([{ state: 'refused', package: maps.id }], [maps.id]), [])).toMatchObject({
      kind: 'failed',
      code: 'job/refused',
    });
  });

  it('is no failure when a person broke it off', () => {
    const end = { at: '2026-11-21T09:59:00.000Z', ok: false, cancelled: true };
    expect(outcomeOf(aTask(PHONE, { end }), [aPackage()])).toEqual({
      kind: 'cancelled',
      things: [maps],
      code: 'job/cancelled',
    });
  });

  it('passes the error of work that did not begin on', () => {
    expect(outcomeOf(aFailedTask(PHONE), [aPackage()])).toMatchObject({ code: 'bearer/lost', left: [maps] });
  });
});

describe('an address that a person types', () => {
  it.each(['tcp:127.0.0.1:4700', 'tcp:[::1]:80', 'serial:/dev/ttyACM0', 'serial:COM3@9600', 'usb:0421:0508'])(
    'takes %s',
    (text) => {
      expect(isHandsetAddress(text)).toBe(true);
    },
  );
  it.each(['', '127.0.0.1:4700', 'tcp:127.0.0.1', 'serial:', 'http://127.0.0.1/', 'tcp:host:port', 'usb:1-2'])(
    'does not take "%s"',
    (text) => {
      expect(isHandsetAddress(text)).toBe(false);
    },
  );
});
