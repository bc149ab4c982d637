import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import { dmsProfile } from '../../../src-main/dms/profile.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { listenObex } from '../../../src-main/relay/obex-listener.ts';
import { SessionDesk } from '../../../src-main/relay/session-desk.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function listening(silence: number) {
  const events: UntimedEvent[] = [];
  const agent = createHttpAgent();
  endings.push(() => agent.close());
  const bearer = createTcpBearer();
  const setting = {
    profile: dmsProfile(new URL('http://127.0.0.1:9/dm')),
    idle: seconds(1),
    agent,
    ledger: createMemoryLedger(),
    emit: (event: UntimedEvent) => void events.push(event),
    signal: new AbortController().signal,
  };
  const listener = await listenObex(setting, {
    bearer,
    address: bearer.parse('tcp:127.0.0.1:0'),
    desk: new SessionDesk({ onOutcome: () => undefined }),
    silence: milliseconds(silence),
  });
  endings.push(() => listener.close());
  const socket = connect(Number(listener.address.split(':').at(-1)), '127.0.0.1').resume();
  endings.push(async () => void socket.destroy());
  return { events, socket };
}

describe('the way in for handsets that are OBEX clients', () => {
  it('closes a connection on which nobody begins a session, so that it takes no place for ever', async () => {
    const { events, socket } = await listening(30);
    await once(socket, 'end');
    expect(events).toEqual([expect.objectContaining({ type: 'error', code: 'obex/timeout' })]);
  });

  it('leaves one alone whose session takes longer than that', async () => {
    const { events, socket } = await listening(30);
    // CONNECT with Target SYNCML-DM, and then nothing: now the limit of the session holds.
    socket.write(Buffer.from('8000131000200046000c53594e434d4c2d444d', 'hex'));
    await once(socket, 'end');
    expect(events.filter(({ type }) => type === 'error')).toEqual([expect.objectContaining({ code: 'relay/stalled' })]);
  });
});
