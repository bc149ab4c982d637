/**
 * Events as every face sees them: one JSON object a line with `--json`, the same objects on the page.
 * Adding fields is free; names stay.
 */
import * as z from 'zod/mini';
import { Continuation } from './continuation.ts';
import { CallerView } from './listening.ts';
import { InputType, PromptEnd } from './prompts.ts';
import { SessionPhase } from './session-phase.ts';

const time = z.iso.datetime();
/** Names the session within the host; a SessionID is only 16 bits and comes again. Absent where no host is. */
const key = z.optional(z.string());

export const ListeningEvent = z.looseObject({
  type: z.literal('listening'),
  time,
  /** As the other side's flag takes it; `virtual-dms`: the `/dm` URL. */
  address: z.string(),
  pid: z.int(),
});

/** A program that calls instead of listening: so that who started it knows what to end. */
export const StartedEvent = z.looseObject({
  type: z.literal('started'),
  time,
  /** The address that it calls. */
  address: z.string(),
  pid: z.int(),
});

export const HandsetEvent = z.looseObject({
  type: z.literal('handset'),
  time,
  device: z.string(),
  address: z.string(),
  state: z.string(),
  reason: z.optional(z.string()),
});

export const SessionEvent = z.looseObject({
  type: z.literal('session'),
  time,
  /** The DM SessionID as text. */
  id: z.string(),
  key,
  handset: z.string(),
  dms: z.string(),
  state: z.enum(['started', 'running', 'done', 'failed', 'aborted', 'ended-unread']),
});

export const MessageEvent = z.looseObject({
  type: z.literal('message'),
  time,
  session: z.string(),
  key,
  direction: z.enum(['to-dms', 'to-handset']),
  /** DM package 0 to 4; -1 when the message cannot be read. */
  package: z.int(),
  /** MsgID of the sender; 0 for package 0; -1 when the message cannot be read. */
  msgId: z.int(),
  bytes: z.int(),
  /** SHA-256 of the body as on the wire, lower-case hex. */
  sha256: z.string(),
  contentType: z.string(),
});

export const ProgressEvent = z.looseObject({
  type: z.literal('progress'),
  time,
  session: z.optional(z.string()),
  key,
  job: z.optional(z.string()),
  done: z.int(),
  total: z.int(),
  /** It comes to this PC (a package that is fetched); absent: it goes to the handset. */
  fetched: z.optional(z.boolean()),
});

/** A session comes to another phase; the word on the cable is the state machine's. */
export const PhaseEvent = z.looseObject({
  type: z.literal('phase'),
  time,
  session: z.string(),
  key,
  phase: SessionPhase,
  unplug: z.enum(['safe', 'unsafe']),
});

/** The link was lost in the middle of work that goes on when the handset is back. */
export const InterruptionEvent = z.looseObject({
  type: z.literal('interruption'),
  time,
  /** Address of the handset. */
  handset: z.string(),
  state: z.enum(['lost', 'back', 'given-up']),
  /** How the link was lost. */
  code: z.string(),
  /** ISO 8601: it is waited for until then. */
  until: z.string(),
});

/** Work goes on after a loss of its link: the handset speaks again. */
export const ContinuationEvent = z.looseObject({
  type: z.literal('continuation'),
  time,
  session: z.optional(z.string()),
  key,
  /** How the link was lost. */
  code: z.string(),
  from: Continuation.shape.from,
  over: Continuation.shape.over,
  how: Continuation.shape.how,
  kept: Continuation.shape.kept,
});

export const ErrorEvent = z.looseObject({
  type: z.literal('error'),
  time,
  code: z.string(),
  message: z.string(),
  offset: z.optional(z.int()),
});

export const ResultEvent = z.looseObject({
  type: z.literal('result'),
  time,
  ok: z.boolean(),
  code: z.optional(z.string()),
  message: z.optional(z.string()),
});

/**
 * The person at a handset is asked or shown something (alerts 1100 to 1104), or, with `end`, no longer is. What is said of
 * the question beside its text is as in `Prompt`; without `kind` it is a confirmation.
 */
export const PromptEvent = z.looseObject({
  type: z.literal('prompt'),
  time,
  id: z.string(),
  device: z.string(),
  text: z.string(),
  /** ISO 8601: when the handset stops waiting. */
  until: z.optional(z.string()),
  kind: z.optional(z.enum(['display', 'confirm', 'input', 'choice'])),
  minSeconds: z.optional(z.int()),
  inputType: z.optional(InputType),
  hidden: z.optional(z.boolean()),
  maxLength: z.optional(z.int()),
  choices: z.optional(z.readonly(z.array(z.string()))),
  multiple: z.optional(z.boolean()),
  suggested: z.optional(z.union([z.string(), z.readonly(z.array(z.int()))])),
  /** What it came to. What was typed is not said here: it may be a secret. */
  end: z.optional(PromptEnd),
});

/** Somebody calls on a way in, or how that was answered. */
export const CallerEvent = z.looseObject({
  type: z.literal('caller'),
  time,
  id: CallerView.shape.id,
  kind: CallerView.shape.kind,
  device: CallerView.shape.device,
  from: CallerView.shape.from,
  /** `forgotten`: it is a stranger again. */
  state: z.enum(['asking', 'missed', 'accepted', 'refused', 'forgotten']),
  /** ISO 8601: how long it is held while a person is asked. */
  until: CallerView.shape.until,
  /** `missed`: why. */
  missed: CallerView.shape.missed,
});

/** A job of a DM server as it is now. */
export const JobEvent = z.looseObject({
  type: z.literal('job'),
  time,
  job: z.string(),
  operation: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  device: z.optional(z.string()),
  package: z.optional(z.string()),
  component: z.optional(z.string()),
  approval: z.optional(z.enum(['awaited', 'granted', 'refused'])),
  /** Bytes of its transfer. */
  done: z.optional(z.int()),
  total: z.optional(z.int()),
  resultCode: z.optional(z.int()),
  message: z.optional(z.string()),
});

/** One act of the demo begins or ends ("relay"); the page shows its steps below it. */
export const ActEvent = z.looseObject({
  type: z.literal('act'),
  time,
  act: z.string(),
  state: z.enum(['started', 'done', 'failed']),
  message: z.optional(z.string()),
});

export const AgentEvent = z.discriminatedUnion('type', [
  ListeningEvent,
  StartedEvent,
  HandsetEvent,
  SessionEvent,
  MessageEvent,
  ProgressEvent,
  PhaseEvent,
  InterruptionEvent,
  ContinuationEvent,
  PromptEvent,
  CallerEvent,
  JobEvent,
  ActEvent,
  ErrorEvent,
  ResultEvent,
]);

export type ListeningEvent = z.infer<typeof ListeningEvent>;
export type StartedEvent = z.infer<typeof StartedEvent>;
export type HandsetEvent = z.infer<typeof HandsetEvent>;
export type SessionEvent = z.infer<typeof SessionEvent>;
export type MessageEvent = z.infer<typeof MessageEvent>;
export type ProgressEvent = z.infer<typeof ProgressEvent>;
export type JobEvent = z.infer<typeof JobEvent>;
export type ActEvent = z.infer<typeof ActEvent>;
export type PromptEvent = z.infer<typeof PromptEvent>;
export type CallerEvent = z.infer<typeof CallerEvent>;
export type PhaseEvent = z.infer<typeof PhaseEvent>;
export type InterruptionEvent = z.infer<typeof InterruptionEvent>;
export type ContinuationEvent = z.infer<typeof ContinuationEvent>;
export type ErrorEvent = z.infer<typeof ErrorEvent>;
export type ResultEvent = z.infer<typeof ResultEvent>;
export type AgentEvent = z.infer<typeof AgentEvent>;

// Not `Omit`: on a type that is open for more fields it would forget the named ones.
type WithoutTime<E> = E extends AgentEvent ? { [K in keyof E as K extends 'time' ? never : K]: E[K] } : never;
/** An event as its maker hands it over; the writer stamps the time. */
export type UntimedEvent = WithoutTime<
  | ListeningEvent
  | StartedEvent
  | HandsetEvent
  | SessionEvent
  | MessageEvent
  | ProgressEvent
  | PhaseEvent
  | InterruptionEvent
  | ContinuationEvent
  | PromptEvent
  | CallerEvent
  | JobEvent
  | ActEvent
  | ErrorEvent
>;
export type Emit = (event: UntimedEvent) => void;
