import { describe, expect, it } from 'vitest';
import type { LiveSession, SessionRow } from '../../../src-main/contract/sessions.ts';
import { loadAllWords } from '../../../src-main/wording/catalogue.ts';
import { session as words } from '../../../src-main/wording/en/screens/session.ts';
import { elapsedText } from '../../../src-main/wording/numbers.ts';
import { secondsBetween } from '../../../src-renderer/components/use-now.ts';
import { evidenceText } from '../../../src-renderer/screens/session/evidence-text.ts';
import {
  EMPTY_LOG,
  isInJournal,
  lastNumber,
  logAfterPart,
  trafficOf,
} from '../../../src-renderer/screens/session/session-log.ts';
import { packageText, serverName, sessionStateWord } from '../../../src-renderer/screens/session/session-state.ts';
import { nextIndex } from '../../../src-renderer/screens/session/timeline-moves.ts';
import { command, messageRow, summary } from '../contract/message-samples.ts';

const ROW: SessionRow = {
  ...{ key: '1', sessionId: '1a', kind: 'relay', handset: 'tcp:x:1', dms: 'http://dms.example/dm', virtual: true },
  ...{ startedAt: '2026-11-21T10:00:00.000Z', state: 'running' },
};
const LIVE: LiveSession = {
  ...ROW,
  ...{ phase: 'reading', unplug: 'safe', toDms: { messages: 9, bytes: 90 }, toHandset: { messages: 8, bytes: 80 } },
};

function asking(number: number) {
  const commands = [command({ kind: 'Get', uri: './SCM/Inventory/Deployed' })];
  return messageRow({ number, direction: 'to-handset', bytes: 100, summary: summary({ commands }) });
}

describe('what is known of a session', () => {
  it('grows by pieces, takes no message twice and counts what nobody keeps', () => {
    const first = logAfterPart(EMPTY_LOG, {
      session: LIVE,
      messages: [asking(4), messageRow({ number: 5 })],
      dropped: 3,
    });
    const again = logAfterPart(first, {
      session: LIVE,
      messages: [messageRow({ number: 5 }), messageRow({ number: 6 })],
    });
    expect(again.messages.map(({ number }) => number)).toEqual([4, 5, 6]);
    expect([lastNumber(EMPTY_LOG), lastNumber(again), again.dropped]).toEqual([0, 6, 3]);
    expect(again.steps).toMatchObject([{ kind: 'inventory', state: 'working', from: 4 }]);
  });

  it('keeps its list of messages when only the row differs', () => {
    const first = logAfterPart(EMPTY_LOG, { session: LIVE, messages: [asking(1)] });
    const next = logAfterPart(first, { session: { ...LIVE, state: 'done' }, messages: [] });
    expect(next.messages).toBe(first.messages);
    expect(next.steps).toMatchObject([{ kind: 'inventory', state: 'done' }]);
  });

  it('counts with the host while there is one, else by its messages', () => {
    const messages = [asking(1), messageRow({ number: 2, bytes: 7 }), messageRow({ number: 3, bytes: 5 })];
    expect(trafficOf(LIVE, messages)).toEqual({ toDms: LIVE.toDms, toHandset: LIVE.toHandset });
    expect(trafficOf(ROW, messages)).toEqual({
      toDms: { messages: 2, bytes: 12 },
      toHandset: { messages: 1, bytes: 100 },
    });
  });

  it('is in the journal by its number, unless it is the demo’s', () => {
    expect(['17', 'demo-2'].map((key) => isInJournal({ key }))).toEqual([true, false]);
  });

  it('has one state word: who waits for a person says so', () => {
    expect(sessionStateWord(LIVE)).toBe('working');
    expect(sessionStateWord({ ...LIVE, phase: 'asking' })).toBe('waiting');
    expect(sessionStateWord({ ...ROW, state: 'aborted' })).toBe('cancelled');
    expect(sessionStateWord({ ...ROW, state: 'ended-unread' })).toBe('done');
  });
});

describe('evidence in words', () => {
  const text = (evidence: LiveSession['evidence'], state: LiveSession['state'] = 'running') =>
    evidenceText({ ...LIVE, state, ...(evidence === undefined ? {} : { evidence }) }, words.evidence);

  it('says whose word it is', () => {
    expect(text({ by: 'ends', compared: 5, equal: true })).toMatchObject({
      tone: 'done',
      title: 'Every byte unchanged',
    });
    expect(text({ by: 'ends', compared: 5, equal: true }).text).toContain('PC Agent’s word does not count');
    const own = text({ by: 'agent', compared: 5, equal: true });
    expect(own.title).toContain('own word');
    expect(own.text).toContain('PC Agent’s own word');
  });

  it('is red when a byte differs, and never green with nothing compared', () => {
    expect(text({ by: 'agent', compared: 5, equal: false })).toMatchObject({ tone: 'failed', title: 'Not unchanged' });
    expect(text({ by: 'ends', compared: 0, equal: null })).toMatchObject({ tone: 'idle', title: words.evidence.open });
    expect(text({ by: 'agent', compared: 0, equal: null }, 'done')).toMatchObject({ title: words.evidence.nothing });
  });

  it('claims nothing for a session of the journal or of PC Agent’s own', () => {
    expect(evidenceText(ROW, words.evidence)).toMatchObject({ tone: 'idle', title: 'Not compared' });
    expect(evidenceText({ ...LIVE, kind: 'management-server' }, words.evidence)).toMatchObject({
      tone: 'idle',
      title: 'Nothing was relayed',
    });
  });
});

describe('small words of the session screen', () => {
  it('move the keys within the list and never out of it', () => {
    expect(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].map((key) => nextIndex(key, 2, 5))).toEqual([
      3, 1, 4, 0, 0, 4,
    ]);
    expect([nextIndex('ArrowDown', 4, 5), nextIndex('ArrowUp', 0, 5)]).toEqual([4, 0]);
    expect([nextIndex('ArrowDown', -1, 5), nextIndex('ArrowUp', -1, 5)]).toEqual([0, 4]);
    expect([nextIndex('a', 2, 5), nextIndex('End', -1, 0)]).toEqual([undefined, undefined]);
  });

  it('name a package as people count it, and a server by its host', () => {
    expect([-1, 0, 3].map((number) => packageText(number, words))).toEqual(['Unreadable', 'Call', 'Step 3 of 4']);
    expect(['https://dms.example:8443/dm', 'pc-agent'].map(serverName)).toEqual(['dms.example:8443', 'pc-agent']);
  });

  it('tell how long it took, never less than nothing', async () => {
    await loadAllWords('de');
    expect([8, 72, 3723].map((seconds) => elapsedText(seconds, 'en'))).toEqual(['8 s', '1 min 12 s', '1 h 2 min']);
    expect(elapsedText(-3, 'de')).toBe('0 s');
    expect(secondsBetween('2026-11-21T10:00:00.000Z', '2026-11-21T10:00:07.900Z')).toBe(7);
    expect(secondsBetween('2026-11-21T10:00:00.000Z', 0)).toBe(0);
    expect(secondsBetween('no time', '2026-11-21T10:00:00.000Z')).toBe(0);
  });
});
