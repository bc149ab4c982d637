import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import type { SessionOutcome } from '../../../src-main/dm/session-outcome.ts';
import { serveHandset } from '../../../src-main/virtual/handset/handset-service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { handsetOf } from './handset-fixture.ts';

/** How a PC looks whether a handset is there. */
async function visit(port: number, leave: 'end' | 'reset'): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  if (leave === 'end') socket.end();
  else socket.resetAndDestroy();
}

describe('a virtual handset that somebody connects to and leaves without a word', () => {
  it.each(['end', 'reset'] as const)('says nothing and has no session (%s)', async (leave) => {
    const { handset, events } = handsetOf();
    const outcomes: SessionOutcome[] = [];
    const served = Promise.withResolvers<void>();
    const stop = new AbortController();
    const bearer = createTcpBearer();
    const listener = await bearer.listen(bearer.parse('tcp:127.0.0.1:0'), {
      signal: stop.signal,
      onStream: (stream) => {
        const onOutcome = (outcome: SessionOutcome) => void outcomes.push(outcome);
        serveHandset(stream, { handset, inbox: inboxService(), signal: stop.signal, onOutcome }).then(
          served.resolve,
          served.reject,
        );
      },
    });
    await visit(Number(listener.address.text.split(':').at(-1)), leave);
    await served.promise;
    stop.abort();
    expect(events).toEqual([]);
    expect(outcomes).toEqual([]);
  });
});
