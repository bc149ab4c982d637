import type { MessageEvent } from '../../../src-main/contract/events.ts';
import type { CommandSummary, MessageSummary } from '../../../src-main/contract/message-summary.ts';
import type { MessageRow } from '../../../src-main/contract/sessions.ts';

export const TIME = '2026-11-21T10:00:00.000Z';

export function command(over: Partial<CommandSummary> & { kind: string }): CommandSummary {
  return { cmdId: '1', items: 1, ...over };
}

export function summary(over: Partial<MessageSummary> = {}): MessageSummary {
  return {
    readable: true,
    sessionId: '1a',
    msgId: 1,
    package: 3,
    final: true,
    source: 'IMEI:004999010640000',
    target: 'virtual-dms',
    credentials: 'none',
    commands: [],
    ...over,
  };
}

const WIRE = {
  direction: 'to-dms',
  msgId: 1,
  bytes: 370,
  sha256: 'ab'.repeat(32),
  contentType: 'application/vnd.syncml.dm+wbxml',
} as const;

/** A message of a session, as a face that watches it gets it. */
export function messageRow(over: Partial<MessageRow> = {}): MessageRow {
  return { number: 1, at: TIME, package: 3, summary: summary(), ...WIRE, ...over };
}

export function messageEvent(over: Partial<MessageEvent> = {}): MessageEvent {
  return { type: 'message', time: TIME, session: '1a', package: 1, ...WIRE, ...over };
}
