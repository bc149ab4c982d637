import { describe, expect, it } from 'vitest';
import { nodeHmacSha1 } from '../../../src-main/base/node/digest.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import type { UserAnswer } from '../../../src-main/dm/user-question.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { packetRoomOf } from '../../../src-main/link/packet-room.ts';
import { bootstrapDocument } from '../../../src-main/provisioning/bootstrap-document.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { gist, proverOf, serverOf, verifierOf } from '../../support/dm-pair.ts';
import { ACCOUNT, handsetOf, type Made, notificationOf } from './handset-fixture.ts';

const READ_VERSION: Parameters<typeof serverOf>[0] = [
  [{ kind: 'Get', items: [{ target: { uri: './DevDetail/FwV' } }] }],
];

async function served(made: Made = handsetOf()) {
  const [near, far] = memoryPair({ pieceLength: (available) => Math.min(available, 700) });
  const outcomes: SessionOutcome[] = [];
  const stop = new AbortController();
  const done = serveHandset(far, {
    handset: made.handset,
    inbox: inboxService(),
    signal: stop.signal,
    onOutcome: (outcome) => outcomes.push(outcome),
  });
  const signal = AbortSignal.timeout(10_000);
  const link = await openObexClientLink(near, { target: SYNCML_DM_TARGET, signal, getTypes: [ContentType.DmWbxml] });
  const notify = (body = notificationOf()) => link.send({ contentType: ContentType.Notification, body }, signal);
  return { ...made, link, notify, outcomes, signal, stop, near, done };
}

function serverFor(sessionId: string, work: Parameters<typeof serverOf>[0] = READ_VERSION) {
  const nonce = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  return serverOf(work, {
    encoding: 'wbxml',
    sessionId,
    self: { uri: 'http://dms.example/dm', name: ACCOUNT.serverId },
    prover: proverOf('md5', ACCOUNT.serverId, ACCOUNT.serverPassword, nonce(ACCOUNT.serverNonce)),
    verifier: verifierOf('md5', ACCOUNT.user, ACCOUNT.password),
  });
}

describe('a handset that is served over a stream', () => {
  it('[DMP-9-01][DMP-9-03] runs the session that package 0 asked for to its end', async () => {
    const { link, notify, outcomes, signal, events, done, near } = await served();
    await notify();
    const server = serverFor('1A2B');
    for (;;) {
      const said = await link.receive(signal);
      if (said === undefined) break;
      const { send, outcome } = server.session.receive(said);
      if (send !== undefined) await link.send(send, signal);
      if (outcome !== undefined) break;
    }
    await link.close('done');
    await near.close();
    await done;
    expect(outcomes).toEqual([{ ok: true }]);
    expect(server.reports[0]?.reports[0]?.results[0]?.data).toBe('1.0');
    expect(events.filter(({ type }) => type === 'session').map(({ state }) => state)).toEqual(['started', 'done']);
    expect(events[0]).toMatchObject({ type: 'message', package: 0, direction: 'to-handset' });
  });

  it('takes a bootstrap that comes as a first message, says nothing to it, and a notification after it', async () => {
    const bootstrap = { pin: '1234', imsi: '001010123456789', hmac: nodeHmacSha1 };
    const { handset, link, notify, signal, near, done } = await served(handsetOf({ bootstrap }));
    const profiles = ['dm', 'cp'] as const;
    for (const profile of profiles) {
      const account = { ...ACCOUNT, serverId: `${profile}.example`, addresses: [] };
      const signing = { profile, security: 'pin', secrets: bootstrap } as const;
      const document = bootstrapDocument(account, signing, nodeHmacSha1);
      if (document !== undefined) await link.send(document, signal);
      expect(await link.receive(signal)).toBeUndefined();
    }
    expect(handset.accounts.all.map(({ serverId }) => serverId)).toEqual(['dms.example', 'dm.example', 'cp.example']);
    await notify();
    expect(gist(await link.receive(signal))[0]).toBe('Alert 1200');
    near.reset();
    await done;
  });

  it('has nothing to say to a notification that it ignores, and takes the next one', async () => {
    const { link, notify, signal, events, near, done } = await served();
    await notify(notificationOf({ password: 'wrong' }));
    expect(await link.receive(signal)).toBeUndefined();
    expect(events.find(({ type }) => type === 'error')).toMatchObject({ code: 'dm/notification-digest' });
    await notify();
    const first = await link.receive(signal);
    expect(gist(first)[0]).toBe('Alert 1200');
    near.reset();
    await done;
  });

  it('ends its session with a code when the server vanishes, and may be called again', async () => {
    const made = handsetOf();
    const { link, notify, outcomes, signal, near, done } = await served(made);
    await notify();
    await link.receive(signal);
    near.reset();
    await done;
    expect(outcomes).toMatchObject([{ ok: false }]);
    expect(made.handset.openSessions.size).toBe(0);
    const again = await served(made);
    await again.notify();
    expect(gist(await again.link.receive(again.signal))[0]).toBe('Alert 1200');
    again.near.reset();
    await again.done;
  });

  it('refuses a body that cannot be read, and ends with its code', async () => {
    const { link, notify, outcomes, signal, near, done } = await served();
    await notify();
    await link.receive(signal);
    await expect(
      link.send({ contentType: ContentType.DmWbxml, body: Uint8Array.of(1, 2, 3) }, signal),
    ).rejects.toThrow();
    near.reset();
    await done;
    expect(outcomes).toMatchObject([{ ok: false, code: expect.stringMatching(/^(wbxml|syncml)\//) }]);
  });
});

describe('a handset whose person is asked', () => {
  const QUESTION = 'Install Maps?';
  const ask = () => serverFor('1A2B', [[{ kind: 'Alert', code: 1101, items: [{}, { data: QUESTION }] }]]);

  /** The session up to the question. */
  async function asked() {
    const put = Promise.withResolvers<string>();
    const answer = Promise.withResolvers<UserAnswer>();
    const ended = Promise.withResolvers<void>();
    const made = handsetOf({
      answers: ['ask'],
      askPerson: ({ text }, signal) => {
        put.resolve(text);
        return new Promise((resolve, reject) => {
          void answer.promise.then(resolve);
          signal.addEventListener('abort', () => {
            ended.resolve();
            reject(signal.reason);
          });
        });
      },
    });
    const run = await served(made);
    await run.notify();
    const server = ask();
    const said: string[] = [];
    const talk = async (): Promise<void> => {
      for (;;) {
        const envelope = await run.link.receive(run.signal);
        if (envelope === undefined) return;
        said.push(...gist(envelope));
        const { send, outcome } = server.session.receive(envelope);
        if (send !== undefined) await run.link.send(send, run.signal);
        if (outcome !== undefined) return;
      }
    };
    const talked = talk().catch(() => undefined);
    expect(await put.promise).toBe(QUESTION);
    return { ...run, said, talked, answer, ended: ended.promise };
  }

  it('goes on with the answer when it comes', async () => {
    const { said, talked, answer, events, near, done, outcomes } = await asked();
    answer.resolve('reject');
    await talked;
    near.reset();
    await done;
    expect(said).toContain('Status 2/4 Alert 304');
    expect(outcomes).toHaveLength(1);
    const states = events.filter(({ type }) => type === 'handset').map(({ state, answer: given }) => [state, given]);
    expect(states).toEqual([
      ['asked', undefined],
      ['answered', 'reject'],
      ['ready', undefined],
    ]);
  });

  it('asks no more when the server has left', async () => {
    const { near, ended, done, outcomes } = await asked();
    near.reset();
    await ended;
    await done;
    expect(outcomes).toMatchObject([{ ok: false, code: 'dm/session-cut' }]);
  });
});

describe('the room in a packet', () => {
  it.each([
    [65_535, 65_215],
    [4416, 4096],
    [4415, undefined],
    [255, undefined],
  ])('of %i octets is %s', (limit, room) => {
    expect(packetRoomOf(limit)).toBe(room);
  });
});
