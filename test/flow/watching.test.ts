import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HostState, stateAfter } from '../../src-main/contract/host-state.ts';
import { type LiveSession, type MessageRow, SessionPart } from '../../src-main/contract/sessions.ts';
import { hostEndpoint } from '../../src-main/host/endpoint.ts';
import { connectLocal, type LocalConnection } from '../../src-main/host/local-client.ts';
import { placesOf } from '../support/host-face.ts';
import { DEVICE, GAME, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { thoroughly } from '../support/thoroughly.ts';

const LIMIT = 60_000;

/** A face that follows without events, as the window does. */
async function windowOn(stage: Stage) {
  const stop = new AbortController();
  const { signal } = stop;
  const endpoint = hostEndpoint(placesOf(join(stage.folder, 'home')).runtime);
  const face = await connectLocal({ endpoint, face: 'test', signal });
  if (face === undefined) throw new Error('no host runs');
  let state: HostState | undefined;
  const watchers = new Set<() => void>();
  const following = face.follow((update) => {
    if (update.kind === 'snapshot') state = update.state;
    if (update.kind === 'change' && state !== undefined) state = stateAfter(state, update.change);
    for (const wake of watchers) wake();
  }, signal);
  return {
    face,
    /** The first session for which the test waits. */
    async session(wanted: (session: LiveSession) => boolean): Promise<LiveSession> {
      for (;;) {
        const found = state?.sessions.find(wanted);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => watchers.add(resolve));
      }
    },
    state: () => state,
    async close() {
      stop.abort();
      await following;
      face.close();
    },
  };
}

/** Every message of a session, as the Session screen gets it. */
async function messagesOf(face: LocalConnection, session: string): Promise<MessageRow[]> {
  const messages: MessageRow[] = [];
  await face.request(
    'sessions.watch',
    { session },
    {
      emit: () => undefined,
      signal: AbortSignal.timeout(LIMIT),
      part: (part) => void messages.push(...SessionPart.parse(part).messages),
    },
  );
  return messages;
}

/** What the command line saw of one session. */
function seenBy(watch: Program, key: string) {
  const own = (type: string) => watch.of(type).filter((event) => event.key === key);
  return {
    messages: own('message').map(({ direction, package: dmPackage, msgId, bytes, sha256 }) => ({
      ...{ direction, package: dmPackage, msgId, bytes, sha256 },
    })),
    phases: own('phase').map(({ phase, unplug }) => `${phase} ${unplug}`),
    states: own('session').map(({ state }) => state),
    code: own('session').at(-1)?.code,
    progress: own('progress').at(-1),
  };
}

function trafficOf(session: LiveSession): object {
  const { toDms, toHandset } = session;
  return { toDms, toHandset };
}

function countedBy(messages: ReturnType<typeof seenBy>['messages']): object {
  const way = (direction: string) => {
    const own = messages.filter((message) => message.direction === direction);
    return { messages: own.length, bytes: own.reduce((sum, { bytes }) => sum + Number(bytes), 0) };
  };
  return { toDms: way('to-dms'), toHandset: way('to-handset') };
}

/** A host, somebody at the command line who watches it, a window, a DM server and a handset. */
async function play(
  handsetFlags: readonly string[],
  act: (cast: {
    readonly watch: Program;
    readonly window: Awaited<ReturnType<typeof windowOn>>;
    readonly handset: Awaited<ReturnType<typeof ourHandset>>;
    readonly dms: Awaited<ReturnType<typeof ourDms>>;
  }) => Promise<void>,
): Promise<void> {
  await onStage(async (stage) => {
    await stage.agent('serve').address();
    const [dms, handset] = await Promise.all([ourDms(stage), ourHandset(stage, ...handsetFlags)]);
    const window = await windowOn(stage);
    try {
      const options = { emit: () => undefined, signal: AbortSignal.timeout(LIMIT) };
      await window.face.request('inventory', { handset: handset.address }, options).catch(() => undefined);
      const watch = stage.agent('handsets', '--watch');
      // It tells of the handset that is known when it begins to watch.
      await watch.event('the handset', ({ type }) => type === 'handset');
      await act({ watch, window, handset, dms });
    } finally {
      await window.close();
    }
  });
}

describe('the window and the command line', () => {
  it('see the same session, number for number, and the phases as they are', () =>
    play([], async ({ watch, window, handset, dms }) => {
      const options = { emit: () => undefined, signal: AbortSignal.timeout(LIMIT) };
      const result = await window.face.request(
        'install',
        { handset: handset.address, device: DEVICE, packages: [GAME], dms: dms.url },
        options,
      );
      expect(result.jobs).toMatchObject([{ state: 'done', resultCode: 1200 }]);
      const session = await window.session(({ kind, phase }) => kind === 'relay' && phase === 'over');
      await watch.event(
        'the end of the relayed session',
        ({ type, phase, key }) => type === 'phase' && phase === 'over' && key === session.key,
      );
      const seen = seenBy(watch, session.key);
      expect(trafficOf(session)).toEqual(countedBy(seen.messages));
      const shown = await messagesOf(window.face, session.key);
      expect(
        shown.map(({ direction, package: dmPackage, msgId, bytes, sha256 }) => ({
          ...{ direction, package: dmPackage, msgId, bytes, sha256 },
        })),
      ).toEqual(seen.messages);
      expect(session).toMatchObject({
        ...{ state: 'done', unplug: 'safe', virtual: true, device: DEVICE, sessionId: result.sessions[0] },
        transfer: { done: seen.progress?.done, total: seen.progress?.total },
        evidence: { by: 'agent', compared: seen.messages.length - 1, equal: true },
      });
      expect(seen.phases).toEqual([
        'connecting safe',
        'calling safe',
        'signing-in safe',
        'reading safe',
        'delivering safe',
        'installing unsafe',
        'reporting safe',
        // The server compares what is installed now with what was there before.
        'reading safe',
        'ending safe',
        'over safe',
      ]);
      const task = window.state()?.tasks.find(({ name }) => name === 'install');
      expect(task).toMatchObject({ sessions: [session.key], end: { ok: true } });
      // Number, direction and digest are the journal's too.
      expect((await messagesOf(window.face, session.key)).length).toBe(seen.messages.length);
    }));

  thoroughly('say the same when the link breaks in the middle', () =>
    play(['--fault', 'vanish=4'], async ({ watch, window, handset, dms }) => {
      const options = { emit: () => undefined, signal: AbortSignal.timeout(LIMIT) };
      const asked = { handset: handset.address, device: DEVICE, packages: [GAME], dms: dms.url };
      const result = await window.face.request('install', asked, options);
      const session = await window.session(({ kind, phase }) => kind === 'relay' && phase === 'over');
      await watch.event(
        'the end of the relayed session',
        ({ type, phase, key }) => type === 'phase' && phase === 'over' && key === session.key,
      );
      const seen = seenBy(watch, session.key);
      expect(session).toMatchObject({
        state: 'failed',
        unplug: 'safe',
        code: expect.stringMatching(/^(bearer|obex)\//),
      });
      expect([seen.states.at(-1), seen.code]).toEqual(['failed', session.code]);
      expect(trafficOf(session)).toEqual(countedBy(seen.messages));
      expect(seen.phases.slice(-2)).toEqual(['delivering safe', 'over safe']);
      expect(result.jobs).toMatchObject([{ state: 'failed', code: session.code }]);
      const task = window.state()?.tasks.find(({ name }) => name === 'install');
      expect(task).toMatchObject({ end: { ok: false } });
    }),
  );
});
