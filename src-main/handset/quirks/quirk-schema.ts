import * as z from 'zod/mini';

/** What is done differently with a handset; none where only what was seen is worth telling. */
export const Traits = z.strictObject({
  /** Names of AT sequences (`bearer/serial`) that are tried before the others. */
  atFirst: z.optional(z.array(z.string().check(z.regex(/^AT\S+$/))).check(z.minLength(1), z.maxLength(6))),
  /** Its DM client keeps a session when the link is lost, and answers the last message again over another one. */
  keepsSession: z.optional(z.boolean()),
  /** Over USB it takes a packet of length zero for an object of its own. */
  noZeroLengthPacket: z.optional(z.boolean()),
  /** Milliseconds that it needs after its USB interface was selected. */
  settleAfterSelect: z.optional(z.int().check(z.gte(0), z.lte(5_000))),
  /** Milliseconds that it needs after it has answered the AT command for OBEX. */
  settleAfterConnect: z.optional(z.int().check(z.gte(0), z.lte(5_000))),
});

const UsbId = z.string().check(z.regex(/^[0-9a-f]{4}$/));
const Text = z.string().check(z.minLength(2), z.maxLength(500));
/** A regular expression, matched from the beginning, without regard to case. */
const Pattern = z.string().check(z.minLength(2), z.maxLength(80), z.refine(isPattern));

/** One thing that was seen at a phone. */
const Quirk = z.strictObject({
  phone: Text,
  firmware: Text,
  seen: Text,
  source: Text,
  /** To which of the family it applies; without it, to all. */
  when: z.optional(
    z.strictObject({
      productIds: z.optional(z.array(UsbId).check(z.minLength(1))),
      models: z.optional(z.array(Pattern).check(z.minLength(1))),
      firmware: z.optional(Pattern),
    }),
  ),
  does: Traits,
});

/** A file of one phone family. */
export const QuirkFamily = z.strictObject({
  family: Text,
  match: z.strictObject({
    vendorIds: z.array(UsbId).check(z.minLength(1)),
    manufacturers: z.array(Pattern).check(z.minLength(1)),
  }),
  quirks: z.array(Quirk).check(z.minLength(1)),
});

export type Traits = z.infer<typeof Traits>;
export type QuirkFamily = z.infer<typeof QuirkFamily>;
export type Quirk = z.infer<typeof Quirk>;

function isPattern(text: string): boolean {
  try {
    return new RegExp(text).source === text;
  } catch {
    return false;
  }
}
