import * as z from 'zod/mini';
import { DemoResult } from './demo-result.ts';
import { ErrorEvent } from './events.ts';

/** The demo of this run of the host: everything in it is virtual and kept apart. */
export const DemoView = z.object({
  state: z.enum(['running', 'done', 'failed']),
  acts: z.array(z.object({ act: z.string(), state: z.enum(['started', 'done', 'failed']) })),
  /** Keys of its sessions among the host's, in the order in which they began. */
  sessions: z.array(z.string()),
  /** The last few. */
  errors: z.array(ErrorEvent),
  result: z.optional(DemoResult),
});

export type DemoView = z.infer<typeof DemoView>;
