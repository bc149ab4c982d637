/** What is attached to this computer, as every face sees it. */
import * as z from 'zod/mini';
import { WAY_KINDS } from './way-kinds.ts';

/** A program of this computer that has something open. */
const Holder = z.object({ name: z.string(), pid: z.int() });

const BearerChip = z.object({
  kind: z.enum(WAY_KINDS),
  address: z.string(),
  /** Whether it is there now; absent: nobody has looked. */
  attached: z.optional(z.boolean()),
  /** The physical port, e.g. `1-2.3` (USB bus and ports). */
  place: z.optional(z.string()),
  /** Why this way cannot be used though it is attached. */
  reason: z.optional(z.string()),
  /** Which program has it, where that may be known. */
  holder: z.optional(Holder),
  /** Octets a second that this way, or else this kind of way, delivered since the host began; absent: not measured. */
  rate: z.optional(z.number()),
});

/** Another card that may be the same phone: something weak agrees, and a person decides. */
const Likeness = z.object({
  device: z.string(),
  /** What agrees. */
  why: z.enum(['serial-number', 'model-and-place', 'model']),
});

/** A handset that the host has met. */
export const KnownHandset = z.object({
  /** DevId, e.g. `IMEI:004999010640000`. */
  device: z.string(),
  alias: z.optional(z.string()),
  manufacturer: z.optional(z.string()),
  model: z.optional(z.string()),
  /** Version of its firmware, as it said itself. */
  firmware: z.optional(z.string()),
  /** Whether it speaks device management; absent: not known yet. */
  speaksDm: z.optional(z.boolean()),
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
  /** Cards that may be the same phone; proposed, never joined without a person. */
  likeness: z.optional(z.array(Likeness)),
});

/** Something attached of which it is not known yet whose it is, or that cannot be used: one for each physical thing. */
export const Attachment = z.object({
  /** What dials it; for a thing without any way to speak with it what it is called, e.g. `usb:1-2`. */
  address: z.string(),
  kind: z.enum(WAY_KINDS),
  /** What the system calls it. */
  name: z.optional(z.string()),
  manufacturer: z.optional(z.string()),
  /** The physical port, e.g. `1-2.3`. */
  place: z.optional(z.string()),
  /** It is being asked who it is. */
  asking: z.optional(z.boolean()),
  /** The program that holds it, where that may be known. */
  holder: z.optional(Holder),
  /** The finding of the doctor that says more and may mend it. */
  finding: z.optional(z.string()),
  /** Why it cannot be used; absent: it can be asked who it is. */
  reason: z.optional(z.string()),
  since: z.string(),
});

export type KnownHandset = z.infer<typeof KnownHandset>;
export type Attachment = z.infer<typeof Attachment>;
