/** What an installation would do, before anybody consents to it. */
import * as z from 'zod/mini';

export const PlanItem = z.object({
  package: z.string(),
  name: z.string(),
  version: z.string(),
  size: z.int(),
  action: z.enum(['install', 'update', 'skip', 'refuse']),
  /** What is on the handset now, for an update or a skip. */
  installedVersion: z.optional(z.string()),
  /** Why it is skipped or refused, as an error code. */
  code: z.optional(z.string()),
  trust: z.enum(['verified', 'unverified']),
  /** Why it is skipped or refused, in a sentence, where there is more to say than the code does. */
  message: z.optional(z.string()),
  /** What a package that is installed whole brings, all of it or nothing. */
  components: z.optional(
    z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        version: z.string(),
        installedVersion: z.optional(z.string()),
        /** What becomes of this one. */
        change: z.enum(['add', 'update', 'keep']),
      }),
    ),
  ),
  /** What those cannot do without: of the package itself, of another that goes first, or on the handset. */
  needs: z.optional(
    z.array(z.object({ component: z.string(), id: z.string(), version: z.optional(z.string()), met: z.boolean() })),
  ),
});

export const InstallPlan = z.object({
  handset: z.string(),
  device: z.optional(z.string()),
  model: z.optional(z.string()),
  virtual: z.boolean(),
  items: z.array(PlanItem),
  /** Bytes that would travel. */
  bytes: z.int(),
  /** From what this handset's link did before; absent: no estimate yet. */
  seconds: z.optional(z.number()),
  /** Bytes a second that this handset's link did before; absent: nobody has measured it yet. */
  rate: z.optional(z.number()),
  /** Who will manage the handset: URL of a DMS; absent: the PC's own server. */
  dms: z.optional(z.string()),
  /** DM server that will be told, now or when it can be reached. */
  reportTo: z.optional(z.string()),
});

export type PlanItem = z.infer<typeof PlanItem>;
export type InstallPlan = z.infer<typeof InstallPlan>;
