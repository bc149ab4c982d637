/**
 * What goes over the wire between a face and the host, the same over the local socket (a JSON object a line) and the
 * page's WebSocket (a JSON object a message). A face says `hello` first and nothing else before the host's `welcome`.
 */
import { z } from 'zod';
import { AgentEvent } from './events.ts';
import { HostChange, HostState } from './host-state.ts';

/** Longest frame of a face, in bytes. */
export const MAX_FACE_FRAME = 1024 * 1024;
/** Longest frame of the host, in bytes: a snapshot of thousands of packages. */
export const MAX_HOST_FRAME = 64 * 1024 * 1024;

const id = z.int().min(1);

export const Hello = z.object({
  kind: z.literal('hello'),
  contract: z.int(),
  version: z.string().max(100),
  /** Which face it is, for people. */
  face: z.string().max(100),
});

export const FaceFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), id, name: z.string().max(100), params: z.unknown() }),
  /** The face no longer wants it. */
  z.object({ kind: z.literal('cancel'), id }),
  /** Send a snapshot and then every change and event. */
  z.object({ kind: z.literal('follow') }),
]);

/** An error as plain data; `wording/` turns the code into sentences. */
export const FrameError = z.object({
  code: z.string(),
  message: z.string(),
  retry: z.enum(['never', 'same-bearer', 'later', 'after-operator']),
  offset: z.int().optional(),
  details: z.record(z.string(), z.unknown()),
});

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
  /** Something happened: in the request `id`, or, for one that follows, anywhere. */
  z.object({ kind: z.literal('event'), id: id.optional(), event: AgentEvent }),
  /** Numbers of another run of the host mean nothing: `host` names this one. */
  z.object({ kind: z.literal('snapshot'), host: z.string(), sequence: z.int(), state: HostState }),
  /** Numbers rise by one. */
  z.object({ kind: z.literal('change'), sequence: z.int(), change: HostChange }),
]);

export type Hello = z.infer<typeof Hello>;
export type FaceFrame = z.infer<typeof FaceFrame>;
export type FrameError = z.infer<typeof FrameError>;
export type Greeting = z.infer<typeof Greeting>;
export type HostFrame = z.infer<typeof HostFrame>;
