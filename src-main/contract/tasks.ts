import * as z from 'zod/mini';
import { Continuation } from './continuation.ts';
import { FrameError } from './frame-error.ts';
import { OperationResult } from './results.ts';

/** How a task ended. */
const TaskEnd = z.object({
  at: z.string(),
  ok: z.boolean(),
  /** It was broken off by a person. */
  cancelled: z.optional(z.boolean()),
  error: z.optional(FrameError),
  result: z.optional(OperationResult),
});

/** Work that a face asked for; for a while also when it is over. */
export const Task = z.object({
  id: z.string(),
  /** Name of the request. */
  name: z.string(),
  /** Address as it was given. */
  handset: z.optional(z.string()),
  device: z.optional(z.string()),
  packages: z.optional(z.array(z.string())),
  component: z.optional(z.string()),
  /** What is fetched. */
  url: z.optional(z.string()),
  startedAt: z.string(),
  /** Sessions that it has opened so far, newest last. */
  sessions: z._default(z.array(z.string()), []),
  /** Bytes of what is fetched or uploaded. */
  progress: z.optional(z.object({ done: z.int(), total: z.int() })),
  /** The link was lost, and the handset is waited for until then. */
  interrupted: z.optional(z.object({ since: z.string(), until: z.string(), code: z.string() })),
  /** How it went on after losses of the link, oldest first; the last twenty. */
  continuations: z.optional(z.array(Continuation)),
  /** Absent while it goes on. */
  end: z.optional(TaskEnd),
});

export type Task = z.infer<typeof Task>;
