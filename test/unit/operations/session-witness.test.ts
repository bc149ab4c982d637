import { describe, expect, it } from 'vitest';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { MessageSummary } from '../../../src-main/contract/message-summary.ts';
import type { SessionRow } from '../../../src-main/contract/sessions.ts';
import type { SessionAudience } from '../../../src-main/operations/session-audience.ts';
import { SessionWitness } from '../../../src-main/operations/session-witness.ts';

const SESSION: SessionRow = {
  key: '7',
  sessionId: '',
  kind: 'relay',
  handset: 'tcp:127.0.0.1:1',
  dms: 'http://127.0.0.1:1/dm',
  virtual: true,
  startedAt: '2026-01-01T00:00:00.000Z',
  state: 'started',
};

/** A witness, and what was told in its order: events by type, what the audience was told in capitals. */
function witnessed() {
  const events: UntimedEvent[] = [];
  const order: string[] = [];
  const emit = (event: UntimedEvent): void => {
    events.push(event);
    order.push(event.type === 'phase' ? String(event.phase) : event.type);
  };
  const audience: SessionAudience = {
    begun: () => void order.push('BEGUN'),
    message: () => void order.push('MESSAGE'),
    compared: () => void order.push('COMPARED'),
    ended: (_key, { state }) => void order.push(`ENDED ${state}`),
  };
  return { witness: new SessionWitness({ session: SESSION, emit, audience }), events, order };
}

const EXEC: MessageSummary = {
  ...{ readable: true, sessionId: 'A1', msgId: 3, package: 4, final: true, source: '', target: '' },
  credentials: 'none',
  commands: [{ kind: 'Exec', cmdId: '1', items: 1, uri: './SCM/Inventory/Delivered/x/Operations/Install' }],
};

describe('what is said of a session', () => {
  it('holds no token of the address of a DM server', () => {
    const { witness, events } = witnessed();
    witness.emit({
      type: 'session',
      id: 'A1',
      handset: 'h',
      dms: 'https://u:p@dm.example/dm?token=t',
      state: 'started',
    });
    expect(events.at(-1)).toMatchObject({ type: 'session', dms: 'https://dm.example/dm' });
  });

  it('begins before its link is opened, and names it in every event', () => {
    const { witness, events, order } = witnessed();
    expect(order).toEqual(['BEGUN', 'connecting']);
    witness.emit({ type: 'session', id: 'A1', handset: 'h', dms: 'd', state: 'started' });
    witness.emit({ type: 'error', code: 'dm/status', message: 'refused' });
    witness.onPassing('to-handset', EXEC);
    expect(events.slice(1)).toMatchObject([
      { type: 'session', key: '7', virtual: true },
      { type: 'error', key: '7', virtual: true },
      { type: 'phase', key: '7', session: 'A1', phase: 'installing', unplug: 'unsafe' },
    ]);
  });

  it('tells a phase once', () => {
    const { witness, order } = witnessed();
    witness.onPassing('to-handset', EXEC);
    witness.onPassing('to-handset', EXEC);
    expect(order).toEqual(['BEGUN', 'connecting', 'installing']);
  });

  it('ends once with its own event, safe however it ended', () => {
    const { witness, events, order } = witnessed();
    witness.onPassing('to-handset', EXEC);
    witness.emit({ type: 'session', id: 'A1', handset: 'h', dms: 'd', state: 'failed', code: 'bearer/lost' });
    witness.ended({ state: 'failed', code: 'bearer/lost' });
    expect(order.slice(-3)).toEqual(['session', 'ENDED failed', 'over']);
    expect(events.at(-1)).toMatchObject({ type: 'phase', phase: 'over', unplug: 'safe' });
  });

  it('ends with an event when the handset could not even be reached', () => {
    const { witness, events, order } = witnessed();
    witness.ended({ state: 'failed', code: 'bearer/unavailable' });
    expect(order).toEqual(['BEGUN', 'connecting', 'session', 'ENDED failed', 'over']);
    expect(events[1]).toMatchObject({ type: 'session', id: '', state: 'failed', code: 'bearer/unavailable', key: '7' });
  });
});
