import { z } from 'zod';
import { assertNever } from '../base/errors.ts';
import { ActEvent, type AgentEvent, ErrorEvent, HandsetEvent, ResultEvent, SessionEvent } from './events.ts';
import type { FeedChange } from './live-feed-messages.ts';
import { Step, stepsAfterMessage, stepsAfterSession } from './live-steps.ts';

const MAX_HANDSETS = 64;
const MAX_SESSIONS = 64;
const MAX_ACTS = 32;
const MAX_ERRORS = 20;

export const Traffic = z.object({ messages: z.int(), bytes: z.int() });

/**
 * What happened so far in a few lines, whatever the length of the history. The feed and every page compute it with
 * the same function, so a page that comes late starts from the feed's and is never behind.
 */
export const LiveOverview = z.object({
  /** Sequence number of the last change that is in it. */
  sequence: z.int(),
  acts: z.array(ActEvent),
  handsets: z.array(HandsetEvent),
  sessions: z.array(SessionEvent),
  toDms: Traffic,
  toHandset: Traffic,
  /** The large object on its way, or the last one. */
  transfer: z.object({ done: z.int(), total: z.int(), session: z.string().optional() }).optional(),
  steps: z.array(Step),
  errors: z.array(ErrorEvent),
  result: ResultEvent.optional(),
});

export type Traffic = z.infer<typeof Traffic>;
export type LiveOverview = z.infer<typeof LiveOverview>;

export const EMPTY_OVERVIEW: LiveOverview = Object.freeze({
  sequence: 0,
  acts: [],
  handsets: [],
  sessions: [],
  toDms: { messages: 0, bytes: 0 },
  toHandset: { messages: 0, bytes: 0 },
  steps: [],
  errors: [],
});

/** The overview after one more change; the given one is not altered. */
export function overviewAfter(overview: LiveOverview, change: FeedChange): LiveOverview {
  const next = { ...overview, sequence: change.sequence };
  switch (change.kind) {
    case 'event':
      return afterEvent(next, change.event);
    case 'summary':
      return { ...next, steps: stepsAfterMessage(overview.steps, change) };
    default:
      return assertNever(change);
  }
}

function afterEvent(overview: LiveOverview, event: AgentEvent): LiveOverview {
  switch (event.type) {
    case 'listening':
      return overview;
    case 'act':
      return { ...overview, acts: replaced(overview.acts, event, (act) => act.act === event.act, MAX_ACTS) };
    case 'handset': {
      const same = (handset: HandsetEvent) => handset.device === event.device;
      return { ...overview, handsets: replaced(overview.handsets, event, same, MAX_HANDSETS) };
    }
    case 'session': {
      const same = (session: SessionEvent) => session.id === event.id && session.handset === event.handset;
      return {
        ...overview,
        sessions: replaced(overview.sessions, event, same, MAX_SESSIONS),
        steps: stepsAfterSession(overview.steps, event),
      };
    }
    case 'message': {
      const way = event.direction === 'to-dms' ? 'toDms' : 'toHandset';
      const traffic = { messages: overview[way].messages + 1, bytes: overview[way].bytes + event.bytes };
      return { ...overview, [way]: traffic };
    }
    case 'progress': {
      const session = event.session === undefined ? {} : { session: event.session };
      return { ...overview, transfer: { done: event.done, total: event.total, ...session } };
    }
    case 'error':
      return { ...overview, errors: [...overview.errors, event].slice(-MAX_ERRORS) };
    case 'result':
      return { ...overview, result: event };
    default:
      return assertNever(event);
  }
}

/** The list with `item` in the place of the one that it renews, else at the end; the oldest go first. */
function replaced<T>(list: readonly T[], item: T, isSame: (other: T) => boolean, limit: number): T[] {
  const index = list.findIndex(isSame);
  return index < 0 ? [...list, item].slice(-limit) : list.with(index, item);
}
