/** What is attached to this computer, as every face sees it. */
import * as z from 'zod/mini';

const BearerChip = z.object({
  kind: z.enum(['tcp', 'serial', 'usb', 'bluetooth', 'http']),
  address: z.string(),
});

/** A handset that the host has met. */
export const KnownHandset = z.object({
  /** DevId, e.g. `IMEI:004999010640000`. */
  device: z.string(),
  alias: z.optional(z.string()),
  manufacturer: z.optional(z.string()),
  model: z.optional(z.string()),
  /** Where it was seen last: a place, which another handset may have taken since. */
  address: z.optional(z.string()),
  firstSeen: z.string(),
  lastSeen: z.string(),
  virtual: z.boolean(),
  /** `attached`: something answers at its address; `away`: nothing does; `unknown`: nobody has looked. */
  presence: z._default(z.enum(['attached', 'away', 'unknown']), 'unknown'),
  bearers: z._default(z.array(BearerChip), []),
  /** What a virtual one is told to do wrong, `NAME` or `NAME=VALUE`. */
  faults: z.optional(z.array(z.string())),
  /** Why it cannot be used though it is attached. */
  reason: z.optional(z.string()),
});

/** Something attached of which it is not known yet whose it is. */
export const Attachment = z.object({
  address: z.string(),
  kind: z.enum(['tcp', 'serial', 'usb', 'bluetooth', 'http']),
  /** What the system calls it. */
  name: z.optional(z.string()),
  /** Why it cannot be used; absent: it can be asked who it is. */
  reason: z.optional(z.string()),
  since: z.string(),
});

export type KnownHandset = z.infer<typeof KnownHandset>;
export type Attachment = z.infer<typeof Attachment>;
