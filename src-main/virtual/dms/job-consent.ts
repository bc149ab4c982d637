import { z } from 'zod';

/** What the person at the handset has to agree to before an operation begins. */
export const ConsentWish = z.strictObject({
  text: z.string().min(1).max(1000),
  policy: z.enum(['required', 'if-possible']).default('required'),
  maxSeconds: z.int().min(1).max(3600).exactOptional(),
});
