import * as z from 'zod/mini';

/** How work went on after a link to its handset was lost. */
export const Continuation = z.object({
  at: z.string(),
  /** The way that was lost and the one it goes on over; the same when the cable came back. */
  from: z.string(),
  over: z.string(),
  /**
   * `resumed`: a download by URL from where it stopped; `repeated`: the last message once more, in the same session;
   * `new-session`: all of it anew.
   */
  how: z.enum(['resumed', 'repeated', 'new-session']),
  /** Bytes that need not be carried again (`resumed`). */
  kept: z.optional(z.int()),
});

export type Continuation = z.infer<typeof Continuation>;
