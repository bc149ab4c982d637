import { describe, expect, it } from 'vitest';
import type { FeedMessage, FeedSnapshot } from '../../../src-main/contract/live-feed-messages.ts';
import { FeedMessage as FeedMessageSchema } from '../../../src-main/contract/live-feed-messages.ts';
import { overviewAfter } from '../../../src-main/contract/live-overview.ts';
import { LiveFeed } from '../../../src-main/host/live-feed.ts';
import { messageEvent, progressEvent, summary, TIME } from './feed-samples.ts';

function detailSource(bytes: number, xml = '<SyncML/>') {
  return { bytes, read: () => ({ summary: summary(), xml, hex: '', masked: 0 }) };
}

/** What a page knows after it has read these messages. */
function known(messages: readonly FeedMessage[]): Pick<FeedSnapshot, 'overview' | 'entries'> {
  let overview: FeedSnapshot['overview'] | undefined;
  let entries: FeedSnapshot['entries'] = [];
  for (const message of messages) {
    if (message.kind === 'snapshot') ({ overview, entries } = message);
    else {
      for (const change of message.changes) {
        if (overview !== undefined) overview = overviewAfter(overview, change);
        entries =
          change.kind === 'event'
            ? [...entries, { sequence: change.sequence, event: change.event }]
            : entries.map((entry) => (entry.sequence === change.of ? { ...entry, summary: change.summary } : entry));
      }
    }
  }
  if (overview === undefined) throw new Error('no snapshot');
  return { overview, entries };
}

describe('LiveFeed', () => {
  it('numbers changes without gaps, summaries included', () => {
    const feed = new LiveFeed({ id: 'run' });
    const first = feed.emit(messageEvent());
    feed.summary(first, summary());
    expect(feed.emit(progressEvent(1))).toBe(first + 2);
    expect(feed.snapshot().overview.sequence).toBe(first + 2);
  });

  it('tells a page that comes late the same as one that was there from the start', () => {
    const feed = new LiveFeed({ id: 'run' });
    const early: FeedMessage[] = [];
    feed.subscribe(undefined, (message) => early.push(message));
    const first = feed.emit(messageEvent());
    feed.summary(first, summary({ package: 1 }));
    feed.emit({ type: 'session', time: TIME, id: '1a', handset: 'h', dms: 'd', state: 'started' });
    feed.emit(messageEvent({ direction: 'to-handset', bytes: 12 }));
    const late: FeedMessage[] = [];
    feed.subscribe(undefined, (message) => late.push(message));
    feed.emit(progressEvent(10));
    expect(known(late)).toEqual(known(early));
    expect(known(late).overview.toHandset).toEqual({ messages: 1, bytes: 12 });
  });

  it('sends a page that comes back only what it missed', () => {
    const feed = new LiveFeed({ id: 'run' });
    feed.emit(progressEvent(1));
    const seen = feed.snapshot().overview.sequence;
    feed.emit(progressEvent(2));
    const messages: FeedMessage[] = [];
    feed.subscribe({ feed: 'run', sequence: seen }, (message) => messages.push(message));
    expect(messages).toEqual([
      { kind: 'changes', changes: [{ kind: 'event', sequence: seen + 1, event: progressEvent(2) }] },
    ]);
  });

  it.each([
    ['of another run', { feed: 'other', sequence: 1 }],
    ['that never was', { feed: 'run', sequence: 99 }],
    ['that is no longer kept', { feed: 'run', sequence: 0 }],
  ])('answers a position %s with a snapshot', (_what, position) => {
    const feed = new LiveFeed({ id: 'run', historyLimit: 2 });
    for (let done = 1; done <= 4; done += 1) feed.emit(progressEvent(done));
    const messages: FeedMessage[] = [];
    feed.subscribe(position, (message) => messages.push(message));
    expect(messages[0]).toMatchObject({ kind: 'snapshot', feed: 'run', dropped: 2 });
  });

  it('keeps the totals right when the history has lost the messages', () => {
    const feed = new LiveFeed({ id: 'run', historyLimit: 3 });
    for (let msgId = 1; msgId <= 10; msgId += 1) feed.emit(messageEvent({ msgId, bytes: 100 }));
    const { overview, entries, dropped } = feed.snapshot();
    expect(overview.toDms).toEqual({ messages: 10, bytes: 1000 });
    expect(entries).toHaveLength(3);
    expect(dropped).toBe(7);
  });

  it('makes a detail only when it is asked for', () => {
    const feed = new LiveFeed({ id: 'run' });
    const sequence = feed.emit(messageEvent());
    let made = 0;
    feed.detail(sequence, {
      bytes: 1,
      read: () => {
        made += 1;
        return detailSource(1).read();
      },
    });
    expect(made).toBe(0);
    expect(feed.detailOf(sequence)).toMatchObject({ sequence, xml: '<SyncML/>' });
    expect(made).toBe(1);
    expect(feed.detailOf(sequence + 1)).toBeUndefined();
  });

  it('forgets the oldest details when together they hold too much', () => {
    const feed = new LiveFeed({ id: 'run', detailBytesLimit: 250 });
    const numbers = [1, 2, 3].map((msgId) => feed.emit(messageEvent({ msgId })));
    for (const number of numbers) feed.detail(number, detailSource(100));
    expect(numbers.map((number) => feed.detailOf(number) !== undefined)).toEqual([false, true, true]);
    feed.detail(numbers[2] ?? 0, detailSource(150));
    expect(numbers.map((number) => feed.detailOf(number) !== undefined)).toEqual([false, true, true]);
    feed.detail(numbers[0] ?? 0, detailSource(1000));
    expect(numbers.map((number) => feed.detailOf(number) !== undefined)).toEqual([false, false, false]);
  });

  it('forgets a detail together with its event', () => {
    const feed = new LiveFeed({ id: 'run', historyLimit: 1 });
    const sequence = feed.emit(messageEvent());
    feed.detail(sequence, detailSource(10));
    feed.emit(progressEvent(1));
    expect(feed.detailOf(sequence)).toBeUndefined();
    feed.detail(sequence, detailSource(10));
    expect(feed.detailOf(sequence)).toBeUndefined();
  });

  it('goes on for the others when a listener throws, and after one has ended', () => {
    const feed = new LiveFeed({ id: 'run' });
    const seen: number[] = [];
    feed.subscribe(undefined, (message) => {
      if (message.kind === 'changes') throw new Error('broken page');
    });
    const end = feed.subscribe(undefined, (message) => {
      if (message.kind === 'changes') seen.push(message.changes.length);
    });
    feed.emit(progressEvent(1));
    feed.emit(progressEvent(2));
    end();
    feed.emit(progressEvent(3));
    expect(seen).toEqual([1, 1]);
  });

  it('sends what the schema of the contract accepts', () => {
    const feed = new LiveFeed({ id: 'run' });
    const sequence = feed.emit(messageEvent());
    feed.summary(sequence, summary({ package: 1 }));
    feed.emit({ type: 'result', time: TIME, ok: true, handsets: [] });
    expect(FeedMessageSchema.parse(JSON.parse(JSON.stringify(feed.snapshot())))).toEqual(feed.snapshot());
  });
});
