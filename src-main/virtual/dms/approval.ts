import { z } from 'zod';
import { ApiError } from './api-error.ts';

export const Approval = z.enum(['awaited', 'granted', 'refused']);

/** Who asks, decides or answers for something: a name that outside systems agree on. */
const Authority = z
  .string()
  .trim()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters');

/** What is asked with work that another authority has a say in. */
export const ApprovalWish = z.object({
  approval: z.literal('required').optional().meta({ description: 'it waits until another authority has granted it' }),
  requestedBy: Authority.optional().meta({ description: 'the authority that asks, which cannot grant it' }),
});

/** The word of an authority. */
export const Verdict = z.strictObject({
  authority: Authority.meta({ description: 'another one than requestedBy' }),
  verdict: z.enum(['grant', 'refuse']),
  reason: z.string().min(1).max(1000).optional(),
});
export type Verdict = z.infer<typeof Verdict>;

export const Judgement = z.object({
  authority: z.string(),
  verdict: z.enum(['grant', 'refuse']),
  reason: z.string().optional(),
  at: z.iso.datetime(),
});
export type Judgement = Readonly<z.infer<typeof Judgement>>;

/** Fields of work that was just asked for. */
export function awaitedIf({ approval, requestedBy }: z.infer<typeof ApprovalWish>): {
  readonly approval?: 'awaited';
  readonly requestedBy?: string;
} {
  return {
    ...(approval === undefined ? {} : { approval: 'awaited' }),
    ...(requestedBy === undefined ? {} : { requestedBy }),
  };
}

/**
 * The verdict as it is kept.
 * @throws ApiError 409 `approval/not-awaited`, `approval/same-authority`
 */
export function judge(
  asked: { readonly approval?: z.infer<typeof Approval> | undefined; readonly requestedBy?: string | undefined },
  { authority, verdict, reason }: Verdict,
  at: Date,
): Judgement {
  if (asked.approval !== 'awaited') {
    throw new ApiError(409, 'approval/not-awaited', 'this waits for no approval');
  }
  if (asked.requestedBy !== undefined && sameName(asked.requestedBy, authority)) {
    throw new ApiError(409, 'approval/same-authority', 'who asked for it cannot grant or refuse it');
  }
  return { authority, verdict, ...(reason === undefined ? {} : { reason }), at: at.toISOString() };
}

/** Why refused work fails. */
export function refusalMessage({ authority, reason }: Judgement): string {
  return `${authority} refused it${reason === undefined ? '' : `: ${reason}`}`;
}

/** A second spelling does not make a second authority. */
function sameName(one: string, other: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
  return plain(one) === plain(other);
}
