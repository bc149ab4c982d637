/** What the doctor finds out about the ways to handsets, and what it can do. Words for people are in `wording`. */
import * as z from 'zod/mini';

export const FindingCheck = z.enum([
  /** The system shows USB at all. */
  'usb-system',
  /** The process that holds the native modules starts and loads them. */
  'bearer-process',
  /** The installed udev rules are the ones of this version, octet by octet. */
  'udev-rules',
  /** This user may open the device or port. */
  'permission',
  /** No other program holds it. */
  'holder',
  /** The system's modem service leaves it alone. */
  'modem-manager',
  /** Phones can be found and paired over the air. */
  'bluetooth',
  /** Something carries octets over the air. */
  'rfcomm',
  /** There is a driver for it. */
  'driver',
  /** It offers OBEX or AT commands. */
  'service',
  /** Handsets that call by themselves are let in where a person wants it. */
  'way-in',
]);

export const Remedy = z.object({
  /** Given back to `doctor.apply` and `doctor.undo`. */
  id: z.string(),
  /** `apply`: the doctor can do it, with consent; `manual`: a person does it. */
  kind: z.enum(['apply', 'manual']),
  /** File that is written, and exactly what. */
  path: z.optional(z.string()),
  content: z.optional(z.string()),
  /** Commands that are run, or that a person runs, one a line. */
  commands: z.array(z.string()),
  /** The system asks for an administrator's password. */
  needsAdministrator: z.boolean(),
  /** It was applied by the doctor and can be undone. */
  applied: z.boolean(),
  /** It was applied, and would do something else now: for another thing, or by a newer version. Default: false. */
  outdated: z.optional(z.boolean()),
  /** SHA-256 of path, content and commands: `doctor.apply` does that only which was shown. */
  digest: z.optional(z.string()),
});

export const Finding = z.object({
  /** Stable for the same check on the same thing, e.g. `permission:usb:1-2`. */
  id: z.string(),
  check: FindingCheck,
  state: z.enum(['good', 'trouble', 'unknown']),
  /** Code of the error that it leads to; absent when good. */
  code: z.optional(z.string()),
  /** What it is about: name of the thing, its address and physical port; absent for the computer as a whole. */
  name: z.optional(z.string()),
  address: z.optional(z.string()),
  place: z.optional(z.string()),
  /** Facts in the system's own words: owner and mode of a node, the holder, the driver. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  remedy: z.optional(Remedy),
});

/** What was done, what was seen on the device afterwards, and how it stands now. */
export const RemedyOutcome = z.object({
  remedy: z.string(),
  /** `declined`: the administrator's question was answered with No; `no-agent`: nobody could be asked. */
  state: z.enum(['applied', 'undone', 'declined', 'no-agent', 'failed']),
  /** What the system said when it failed. */
  said: z.optional(z.string()),
  findings: z.array(Finding),
});

export type Finding = z.infer<typeof Finding>;
export type Remedy = z.infer<typeof Remedy>;
export type RemedyOutcome = z.infer<typeof RemedyOutcome>;
