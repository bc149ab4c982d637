import {
  FEED_HISTORY,
  type FeedChange,
  type FeedEntry,
  type FeedMessage,
} from '../../src-main/contract/live-feed-messages.ts';
import { EMPTY_OVERVIEW, type LiveOverview, overviewAfter } from '../../src-main/contract/live-overview.ts';

/** What the page knows of the host's feed. */
export interface LiveState {
  /** Names the host's run; empty before the first snapshot. */
  readonly feed: string;
  readonly overview: LiveOverview;
  readonly entries: readonly FeedEntry[];
  readonly dropped: number;
}

export const NOTHING_YET: LiveState = Object.freeze({ feed: '', overview: EMPTY_OVERVIEW, entries: [], dropped: 0 });

/** The state after a message of the host, or `undefined` when a number is missing and a snapshot is needed. */
export function liveStateAfter(state: LiveState, message: FeedMessage): LiveState | undefined {
  if (message.kind === 'snapshot') {
    const { feed, overview, entries, dropped } = message;
    return { feed, overview, entries, dropped };
  }
  let { overview, dropped } = state;
  const entries = [...state.entries];
  for (const change of message.changes) {
    if (change.sequence <= overview.sequence) continue;
    if (change.sequence !== overview.sequence + 1) return undefined;
    overview = overviewAfter(overview, change);
    applyTo(entries, change);
  }
  const surplus = entries.length - FEED_HISTORY;
  if (surplus > 0) {
    entries.splice(0, surplus);
    dropped += surplus;
  }
  return { feed: state.feed, overview, entries, dropped };
}

function applyTo(entries: FeedEntry[], change: FeedChange): void {
  if (change.kind === 'event') {
    entries.push({ sequence: change.sequence, event: change.event });
    return;
  }
  const index = entries.findLastIndex(({ sequence }) => sequence === change.of);
  const entry = entries[index];
  if (entry !== undefined) entries[index] = { ...entry, summary: change.summary };
}
