/**
 * What goes over the wire between a face and the host, the same over the local socket (a JSON object a line), the page's
 * WebSocket (a JSON object a message) and the window's message port. A face says `hello` first and nothing else before
 * the host's `welcome`.
 */
import * as z from 'zod/mini';
import { AgentEvent } from './events.ts';
import { FrameError } from './frame-error.ts';
import { HostChange, HostState } from './host-state.ts';

export { FrameError } from './frame-error.ts';

/** Longest frame of a face, in bytes. */
export const MAX_FACE_FRAME = 1024 * 1024;
/** Longest frame of the host, in bytes: a snapshot of thousands of packages. */
export const MAX_HOST_FRAME = 64 * 1024 * 1024;

const id = z.int().check(z.minimum(1));
const shortText = z.string().check(z.maxLength(100));

export const Hello = z.object({
  kind: z.literal('hello'),
  contract: z.int(),
  version: shortText,
  /** Which face it is, for people. */
  face: shortText,
});

export const FaceFrame = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    id,
    name: shortText,
    params: z.unknown(),
    /** The work goes on when the face goes away; `tasks.cancel` breaks it off. Only for work that is a task. */
    keep: z.optional(z.boolean()),
  }),
  /** The face no longer wants it. */
  z.object({ kind: z.literal('cancel'), id }),
  /** Send a snapshot and then every change, and unless `events` is false every event. */
  z.object({ kind: z.literal('follow'), events: z.optional(z.boolean()) }),
]);

/** The first frame of the host. `refused`: the versions differ, and nothing follows. */
export const Greeting = z.object({
  kind: z.enum(['welcome', 'refused']),
  contract: z.int(),
  version: z.string(),
  pid: z.int(),
});

export const HostFrame = z.discriminatedUnion('kind', [
  /** The last frame of a host that ends as it should: what it has not answered it has not begun. */
  z.object({ kind: z.literal('bye') }),
  z.object({ kind: z.literal('response'), id, result: z.unknown() }),
  z.object({ kind: z.literal('error'), id, error: FrameError }),
  /** A piece of the answer to a request that answers in pieces; the response follows the last. */
  z.object({ kind: z.literal('part'), id, part: z.unknown() }),
  /** Something happened: in the request `id`, or, for one that follows, anywhere. */
  z.object({ kind: z.literal('event'), id: z.optional(id), event: AgentEvent }),
  /** Numbers of another run of the host mean nothing: `host` names this one. */
  z.object({ kind: z.literal('snapshot'), host: z.string(), sequence: z.int(), state: HostState }),
  /** Numbers rise by one. */
  z.object({ kind: z.literal('change'), sequence: z.int(), change: HostChange }),
]);

export type Hello = z.infer<typeof Hello>;
export type FaceFrame = z.infer<typeof FaceFrame>;
export type Greeting = z.infer<typeof Greeting>;
export type HostFrame = z.infer<typeof HostFrame>;
