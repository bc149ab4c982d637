import { describe, expect, it } from 'vitest';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { packetRoomOf, serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { gist, proverOf, serverOf, verifierOf } from '../../support/dm-pair.ts';
import { ACCOUNT, handsetOf, type Made, notificationOf } from './handset-fixture.ts';

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

function serverFor(sessionId: string) {
  const nonce = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
  return serverOf([[{ kind: 'Get', items: [{ target: { uri: './DevDetail/FwV' } }] }]], {
    encoding: 'wbxml',
    sessionId,
    self: { uri: 'http://dms.example/dm', name: ACCOUNT.serverId },
    prover: proverOf('md5', ACCOUNT.serverId, ACCOUNT.serverPassword, nonce(ACCOUNT.serverNonce)),
    verifier: verifierOf('md5', ACCOUNT.user, ACCOUNT.password),
  });
}

describe('a handset that is served over a stream', () => {
  it('runs the session that package 0 asked for to its end', async () => {
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
