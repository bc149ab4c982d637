import { describe, expect, it } from 'vitest';
import type { HostFrame } from '../../../src-main/contract/frames.ts';
import { FaceSession } from '../../../src-main/host/face-session.ts';
import { type CallContext, type Handlers, RequestDesk } from '../../../src-main/host/request-desk.ts';
import { StateFeed } from '../../../src-main/host/state-feed.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { EMPTY_STATE, noHandlers } from './empty-host.ts';
import { HELLO } from './home.ts';

/** A face whose requests are answered as the test says; frames of the host as they go out. */
function faceRig(handlers: Partial<Handlers>, room?: () => Promise<void>) {
  const clock = new HandClock();
  const feed = new StateFeed({ host: 'run', read: () => EMPTY_STATE });
  const desk = new RequestDesk({ feed, clock, handlers: () => ({ ...noHandlers(), ...handlers }) });
  const frames: Record<string, unknown>[] = [];
  const face = new FaceSession({
    ...{ desk, feed },
    now: () => clock.now(),
    local: false,
    channel: {
      send: (frame) => frames.push(frame as HostFrame),
      close: () => undefined,
      ...(room === undefined ? {} : { room }),
    },
  });
  const say = (frame: object) => face.receive(JSON.stringify(frame));
  say(HELLO);
  frames.splice(0);
  return { clock, feed, desk, face, frames, say };
}

const SESSION = { kind: 'request', id: 1, name: 'sessions.watch', params: { session: '1' } };
const DEMO = { kind: 'request', id: 1, name: 'demo.run', params: {} };

/** Work that goes on until it is broken off. */
function patient() {
  let context: CallContext<never> | undefined;
  const work = (_params: unknown, given: CallContext<never>) => {
    context = given;
    return new Promise<never>((_resolve, reject) =>
      given.signal.addEventListener('abort', () => reject(given.signal.reason)),
    );
  };
  return { work, aborted: () => context?.signal.aborted };
}

describe('an answer in pieces', () => {
  it('comes piece by piece before the response', async () => {
    const rig = faceRig({
      async 'sessions.export'(_params, { part }) {
        await part({ text: 'one' });
        await part({ text: 'two' });
        return {};
      },
    });
    rig.say({ kind: 'request', id: 1, name: 'sessions.export', params: { format: 'csv' } });
    await rig.desk.idle();
    expect(rig.frames).toEqual([
      { kind: 'part', id: 1, part: { text: 'one' } },
      { kind: 'part', id: 1, part: { text: 'two' } },
      { kind: 'response', id: 1, result: {} },
    ]);
  });

  it('waits while the face has no room', async () => {
    const room = Promise.withResolvers<void>();
    const rig = faceRig(
      {
        async 'sessions.export'(_params, { part }) {
          await part({ text: 'one' });
          await part({ text: 'two' });
          return {};
        },
      },
      () => room.promise,
    );
    rig.say({ kind: 'request', id: 1, name: 'sessions.export', params: { format: 'csv' } });
    await rig.clock.pass(0);
    expect(rig.frames).toHaveLength(1);
    room.resolve();
    await rig.desk.idle();
    expect(rig.frames).toHaveLength(3);
  });
});

describe('a face that goes away', () => {
  it.each([
    ['a task that it wants to be kept goes on', 'inventory', { handset: 'a' }, true, false],
    ['the demo goes on', 'demo.run', {}, true, false],
    ['a task that it does not is broken off', 'inventory', { handset: 'a' }, false, true],
    ['what is no task is broken off', 'sessions.watch', { session: '1' }, true, true],
  ] as const)('leaves it so that %s', async (_what, name, params, keep, aborted) => {
    const { work, aborted: isAborted } = patient();
    const rig = faceRig({ [name]: work });
    rig.say({ kind: 'request', id: 1, name, params, keep });
    await rig.clock.pass(0);
    rig.face.closed();
    expect(isAborted()).toBe(aborted);
    rig.desk.breakOff();
    await rig.desk.idle();
    expect(isAborted()).toBe(true);
  });

  it('may cancel what it wanted to be kept', async () => {
    const { work } = patient();
    const rig = faceRig({ 'demo.run': work });
    rig.say({ ...DEMO, keep: true });
    await rig.clock.pass(0);
    rig.say({ kind: 'cancel', id: 1 });
    await rig.desk.idle();
    expect(rig.frames).toMatchObject([{ kind: 'error', id: 1, error: { code: 'host/cancelled' } }]);
  });
});

describe('a face that follows', () => {
  it.each([
    [{ kind: 'follow' }, ['snapshot', 'event', 'change']],
    [{ kind: 'follow', events: true }, ['snapshot', 'event', 'change']],
    [{ kind: 'follow', events: false }, ['snapshot', 'change']],
  ])('by %j gets %j', (frame, kinds) => {
    const { say, feed, frames } = faceRig({});
    say(frame);
    feed.event({ type: 'error', time: '2026-01-01T00:00:00.000Z', code: 'a/b', message: '' });
    feed.change({ kind: 'offline', offline: true });
    expect(frames.map(({ kind }) => kind)).toEqual(kinds);
  });

  it('is counted, so that what only it needs is done for it', () => {
    const counts: number[] = [];
    const feed = new StateFeed({ host: 'run', read: () => EMPTY_STATE, onFollowers: (count) => counts.push(count) });
    const ends = [feed.follow(() => undefined), feed.follow(() => undefined)];
    for (const end of ends) end();
    expect(counts).toEqual([1, 2, 1, 0]);
  });

  it('sees in its tasks who opened which session, and breaks one off that another face asked for', async () => {
    const { work } = patient();
    const rig = faceRig({
      inventory: (params, context) => {
        context.emit({ type: 'phase', session: '', key: '7', phase: 'connecting', unplug: 'safe' });
        return work(params, context);
      },
    });
    rig.say({ kind: 'request', id: 1, name: 'inventory', params: { handset: 'a' } });
    await rig.clock.pass(0);
    expect(rig.desk.tasks).toMatchObject([{ name: 'inventory', handset: 'a', sessions: ['7'] }]);
    rig.desk.breakOff();
    await rig.desk.idle();
    expect(rig.desk.tasks).toMatchObject([{ end: { ok: false, cancelled: true } }]);
  });
});

describe('a wrong request', () => {
  it('begins nothing and is no task', async () => {
    const rig = faceRig({});
    rig.say({ ...SESSION, params: {} });
    rig.say({ kind: 'request', id: 2, name: 'inventory', params: {} });
    await rig.clock.pass(0);
    expect(rig.frames).toMatchObject([
      { kind: 'error', id: 1, error: { code: 'host/params-invalid' } },
      { kind: 'error', id: 2, error: { code: 'host/params-invalid' } },
    ]);
    expect(rig.desk.tasks).toEqual([]);
  });
});
