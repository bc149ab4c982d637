/** What the window's process and its host process tell each other over their one port, which carries all faces. */
import * as z from 'zod/mini';
import { MAX_FACE_FRAME, MAX_HOST_FRAME } from './frames.ts';

/** A process that has the native modules, of the host that asked for it: a number each start. */
const run = z.int().check(z.minimum(1));
/** Its invitation; nothing else gets into its environment. */
const invitation = z.record(
  z.string().check(z.regex(/^PC_AGENT_BEARER_[A-Z]{1,20}$/)),
  z.string().check(z.maxLength(1000)),
);

/** A face: the first frame under a new number opens it. */
const face = z.int().check(z.minimum(1));

export const ToHostProcess = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('frame'), face, text: z.string().check(z.maxLength(MAX_FACE_FRAME)) }),
  /** The face has gone: what it asked for is broken off. */
  z.object({ kind: z.literal('gone'), face }),
  /** The process that has the native modules has ended, or could not be started. */
  z.object({ kind: z.literal('bearers-gone'), run, how: z.string().check(z.maxLength(1000)) }),
  /** Finish what is under way and end. */
  z.object({ kind: z.literal('end') }),
]);

export const FromHostProcess = z.discriminatedUnion('kind', [
  /** Faces are served. `own`: by this process; else by a host that ran already, which outlives the window. */
  z.object({ kind: z.literal('ready'), own: z.boolean() }),
  /** It cannot be the host and ends. */
  z.object({ kind: z.literal('failed'), code: z.string(), message: z.string() }),
  /** Something for people that belongs to no request. */
  z.object({ kind: z.literal('note'), text: z.string() }),
  z.object({ kind: z.literal('frame'), face, text: z.string().check(z.maxLength(MAX_HOST_FRAME)) }),
  /** A packed program starts no plain Node, and a host's own process no other one: the window's process does. */
  z.object({ kind: z.literal('start-bearers'), run, env: invitation }),
  z.object({ kind: z.literal('kill-bearers'), run }),
  /** The host has ended this face's connection. */
  z.object({ kind: z.literal('dropped'), face }),
]);

export type ToHostProcess = z.infer<typeof ToHostProcess>;
export type FromHostProcess = z.infer<typeof FromHostProcess>;
