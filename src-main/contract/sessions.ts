/** Sessions and their messages, live and from the journal, as every face sees them. */
import * as z from 'zod/mini';
import { MessageDetail, MessageSummary } from './message-summary.ts';
import { SessionPhase } from './session-phase.ts';

export const Traffic = z.object({ messages: z.int(), bytes: z.int() });

/** One DM session. */
export const SessionRow = z.object({
  /** Names it within this host: its number in the journal, or `demo-…` for one of the demo's. */
  key: z.string(),
  /** The DM SessionID as text; empty until one was seen. */
  sessionId: z.string(),
  /** Who speaks with the handset: a remote DMS through us, or the PC's own server. */
  kind: z.enum(['relay', 'management-server']),
  /** Address of the handset. */
  handset: z.string(),
  device: z.optional(z.string()),
  /** URL of the DMS, or the ServerID of the PC's own server. */
  dms: z.string(),
  virtual: z.boolean(),
  startedAt: z.string(),
  endedAt: z.optional(z.string()),
  state: z.enum(['started', 'running', 'done', 'failed', 'aborted', 'ended-unread']),
  /** Why it failed. */
  code: z.optional(z.string()),
});

/** The large object on its way, or the last one. */
export const Transfer = z.object({
  done: z.int(),
  total: z.int(),
  /** Bytes a second over the last seconds; absent until that can be said. */
  rate: z.optional(z.number()),
  /** Seconds; absent until that can be said honestly. */
  remaining: z.optional(z.number()),
});

/** Nothing has moved for a while. */
export const Stall = z.object({
  /** ISO 8601. */
  since: z.string(),
  waitingFor: z.enum(['handset', 'dms', 'person']),
});

/** Whether what came in went out unchanged. */
export const Evidence = z.object({
  /**
   * `ends`: what the handset's and the DMS's processes wrote was compared; `agent`: SHA-256 of what PC Agent took in and
   * of what it passed on, which is its own word.
   */
  by: z.enum(['ends', 'agent']),
  /** Messages that were compared. */
  compared: z.int(),
  /** `null`: there is nothing to compare. */
  equal: z.nullable(z.boolean()),
});

/** A session of this run of the host. */
export const LiveSession = z.extend(SessionRow, {
  phase: SessionPhase,
  /** Whether the cable may be pulled now; from the state machine, never from a guess. */
  unplug: z.enum(['safe', 'unsafe']),
  /** Every message event counts, package 0 too. */
  toDms: Traffic,
  toHandset: Traffic,
  transfer: z.optional(Transfer),
  stalled: z.optional(Stall),
  /** Absent for a session of the PC's own server, which relays nothing. */
  evidence: z.optional(Evidence),
});

/** One message, as the watcher understood it. */
export const MessageRow = z.object({
  /** From 1 in its session. */
  number: z.int(),
  at: z.string(),
  direction: z.enum(['to-dms', 'to-handset']),
  /** DM package 0 to 4; -1 when the message cannot be read. */
  package: z.int(),
  msgId: z.int(),
  bytes: z.int(),
  /** Of the body as on the wire, lower-case hex. */
  sha256: z.string(),
  contentType: z.string(),
  summary: MessageSummary,
});

/** A session as a face that watches it gets it: the row whenever it differs, messages in their order without gaps. */
export const SessionPart = z.object({
  session: z.union([LiveSession, SessionRow]),
  /** At most 500. */
  messages: z.array(MessageRow),
  /** Messages before the first of these that are no longer kept. */
  dropped: z.optional(z.int()),
});

/** What is left of a message's octets: never kept, removed when their time was over, lost, or not what passed. */
export const BodyState = z.enum(['kept', 'removed', 'off', 'missing', 'damaged']);

export const SessionMessage = z.object({ body: BodyState, detail: MessageDetail });

export type Traffic = z.infer<typeof Traffic>;
export type SessionRow = z.infer<typeof SessionRow>;
export type Transfer = z.infer<typeof Transfer>;
export type Stall = z.infer<typeof Stall>;
export type Evidence = z.infer<typeof Evidence>;
export type LiveSession = z.infer<typeof LiveSession>;
export type MessageRow = z.infer<typeof MessageRow>;
export type SessionPart = z.infer<typeof SessionPart>;
export type SessionMessage = z.infer<typeof SessionMessage>;
