import type { HostChange } from '../../../src-main/contract/host-state.ts';
import type { MessageSummary } from '../../../src-main/contract/message-summary.ts';
import type { LiveSession, SessionRow } from '../../../src-main/contract/sessions.ts';
import { LiveSessions } from '../../../src-main/host/live-sessions.ts';
import { HandClock } from '../../support/hand-clock.ts';

export function row(key: string, change: Partial<SessionRow> = {}): SessionRow {
  return {
    key,
    sessionId: '',
    kind: 'relay',
    handset: 'tcp:127.0.0.1:1',
    dms: 'http://127.0.0.1:1/dm',
    virtual: true,
    startedAt: '2026-01-01T00:00:00.000Z',
    state: 'started',
    ...change,
  };
}

export const SUMMARY: MessageSummary = {
  readable: true,
  sessionId: 'A1',
  msgId: 1,
  package: 1,
  final: true,
  source: '',
  target: '',
  credentials: 'none',
  commands: [],
};

/** Live sessions with a clock that is set by hand, and every change that faces were told. */
export function liveRig() {
  const clock = new HandClock();
  const changes: HostChange[] = [];
  const live = new LiveSessions({ clock, onChange: (change) => changes.push(change) });
  return {
    clock,
    live,
    changes,
    /** Rows of a session as faces were told since the last call. */
    told(key: string): LiveSession[] {
      const all = changes.splice(0);
      return all.flatMap((change) => (change.kind === 'session' && change.session.key === key ? [change.session] : []));
    },
    say(key: string, direction: 'to-dms' | 'to-handset', text = 'body') {
      const body = new TextEncoder().encode(text);
      live.message(key, { contentType: 'text/plain', body }, direction, SUMMARY);
    },
    progress(key: string, done: number, total: number) {
      live.event({ type: 'progress', session: 'A1', key, done, total });
    },
  };
}
