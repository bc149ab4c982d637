import { z } from 'zod';
import { AgentEvent } from './events.ts';
import { LiveOverview } from './live-overview.ts';
import { MessageSummary } from './message-summary.ts';

/** Raised when a page of an earlier build could misread what the host sends. */
export const CONTRACT_VERSION = 1;

/** Events that the feed and every page keep, so that a reloaded page shows what an old one shows. */
export const FEED_HISTORY = 10_000;

/** One event of the history, with what the watcher understood of a message. */
export const FeedEntry = z.object({
  sequence: z.int(),
  event: AgentEvent,
  summary: MessageSummary.optional(),
});

export const FeedChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('event'), sequence: z.int(), event: AgentEvent }),
  z.object({
    kind: z.literal('summary'),
    sequence: z.int(),
    /** Sequence number of the message event that is summed up. */
    of: z.int(),
    session: z.string(),
    direction: z.enum(['to-dms', 'to-handset']),
    summary: MessageSummary,
  }),
]);

/** What the host writes to a page: once a snapshot, then changes; numbers without gaps. */
export const FeedMessage = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('snapshot'),
    contract: z.literal(CONTRACT_VERSION),
    /** Names this run of the host; numbers of another run mean nothing here. */
    feed: z.string(),
    overview: LiveOverview,
    entries: z.array(FeedEntry),
    /** How many older events the history no longer holds. */
    dropped: z.int(),
  }),
  z.object({ kind: z.literal('changes'), changes: z.array(FeedChange) }),
]);

/** The first thing to check of a host's message: is it of a version that this page can read? */
export const AnyContract = z.looseObject({ contract: z.int() });

export type FeedEntry = z.infer<typeof FeedEntry>;
export type FeedChange = z.infer<typeof FeedChange>;
export type FeedMessage = z.infer<typeof FeedMessage>;
export type FeedSnapshot = Extract<FeedMessage, { kind: 'snapshot' }>;
export type SummaryChange = Extract<FeedChange, { kind: 'summary' }>;
