import * as z from 'zod/mini';

/** An error as plain data; `wording/` turns the code into sentences. */
export const FrameError = z.object({
  code: z.string(),
  message: z.string(),
  retry: z.enum(['never', 'same-bearer', 'later', 'after-operator']),
  offset: z.optional(z.int()),
  details: z.record(z.string(), z.unknown()),
});

export type FrameError = z.infer<typeof FrameError>;
