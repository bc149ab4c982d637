import { describe, expect, it } from 'vitest';
import type { SessionPart } from '../../../src-main/contract/sessions.ts';
import { watchSession } from '../../../src-main/host/session-watch.ts';
import type { MessageView } from '../../../src-main/journal/views.ts';
import type { Engine } from '../../../src-main/operations/engine.ts';
import { liveRig, row, SUMMARY } from './live-rig.ts';

/** A journal with one session of so many messages. */
function journalOf(count: number): Engine['journal'] {
  const { key: _key, ...rest } = row('7', { state: 'done' });
  const view = { ...rest, number: 7, device: undefined, endedAt: undefined, code: undefined };
  const message = (number: number): MessageView => ({
    ...{ session: 7, number, at: '', direction: 'to-dms', package: 1, msgId: 1, bytes: 1, sha256: '', contentType: '' },
    summary: SUMMARY,
  });
  const journal: Partial<Engine['journal']> = {
    session: (number) =>
      number === 7 ? { ...view, duration: undefined, clockSetBack: false, bodies: 'off' as const } : undefined,
    messages: (_session, after = 0) =>
      Array.from({ length: Math.min(500, Math.max(0, count - after)) }, (_none, index) => message(after + index + 1)),
  };
  return journal as Engine['journal'];
}

function watching(session: string, options: { readonly after?: number; readonly journal?: number } = {}) {
  const rig = liveRig();
  const parts: SessionPart[] = [];
  const stop = new AbortController();
  const begin = () =>
    watchSession({
      session,
      after: options.after ?? 0,
      live: rig.live,
      engine: { journal: journalOf(options.journal ?? 0), clock: rig.clock },
      part: async (part) => void parts.push(part),
      signal: stop.signal,
    });
  return {
    ...rig,
    parts,
    stop,
    begin,
    numbers: () => parts.map(({ messages }) => messages.map(({ number }) => number)),
  };
}

describe('a session that is watched', () => {
  it('comes with what there was, then with what comes, until it is over', async () => {
    const { live, begin, say, clock, parts, numbers } = watching('1');
    live.begun(row('1'));
    say('1', 'to-handset');
    const watched = begin();
    await clock.pass(0);
    expect(numbers()).toEqual([[1]]);
    say('1', 'to-dms');
    say('1', 'to-handset');
    await clock.pass(99);
    expect(numbers()).toEqual([[1]]);
    await clock.pass(1);
    expect(numbers()).toEqual([[1], [2, 3]]);
    live.event({ type: 'phase', session: 'A1', key: '1', phase: 'reading', unplug: 'safe' });
    await clock.pass(100);
    expect(parts.at(-1)).toMatchObject({ session: { phase: 'reading' }, messages: [] });
    live.ended('1', { state: 'done' });
    await clock.pass(100);
    await watched;
    expect(parts.at(-1)).toMatchObject({ session: { state: 'done', phase: 'over' } });
  });

  it('comes in pieces of at most 500, from the message on that the face has', async () => {
    const { live, begin, say, numbers } = watching('1', { after: 100 });
    live.begun(row('1'));
    for (let count = 0; count < 1300; count += 1) say('1', 'to-dms');
    live.ended('1', { state: 'done' });
    await begin();
    expect(numbers().map((each) => [each[0], each.length])).toEqual([
      [101, 500],
      [601, 500],
      [1101, 200],
    ]);
  });

  it('says what is lost of one that the journal does not have', async () => {
    const { live, begin, say, parts } = watching('demo-1');
    live.begun(row('demo-1'));
    for (let count = 0; count < 11_001; count += 1) say('demo-1', 'to-dms');
    live.ended('demo-1', { state: 'done' });
    await begin();
    expect(parts[0]).toMatchObject({ dropped: 1001, messages: { length: 500 } });
    expect(parts[0]?.messages[0]?.number).toBe(1002);
    expect(parts.reduce((sum, { messages }) => sum + messages.length, 0)).toBe(10_000);
    expect(parts.slice(1).every(({ dropped }) => dropped === undefined)).toBe(true);
  });

  it('comes from the journal when it is no longer in memory', async () => {
    const { begin, numbers, parts } = watching('7', { journal: 700 });
    await begin();
    expect(numbers().map((each) => each.length)).toEqual([500, 200]);
    expect(parts[0]).toMatchObject({ session: { key: '7', state: 'done' } });
  });

  it.each(['8', '0', '-1', 'x', '1e3'])('is refused when there is no session %s', async (key) => {
    await expect(watching(key).begin()).rejects.toMatchObject({ code: 'journal/session-unknown' });
  });

  it('is let go when the face no longer wants it', async () => {
    const { live, begin, clock, stop } = watching('1');
    live.begun(row('1'));
    const watched = begin();
    watched.catch(() => undefined);
    await clock.pass(200);
    stop.abort();
    await expect(watched).rejects.toMatchObject({ name: 'AbortError' });
  });
});
