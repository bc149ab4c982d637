/** What the host answers with: rows of lists and the outcome of operations on handsets. Adding fields is free. */
import * as z from 'zod/mini';
import { Comparison, InventoryDifference } from './software-views.ts';

/** What lies in a delivery package of our own format; any other file is one component named by its id. */
export const PackageContents = z.object({
  kind: z.enum(['software', 'firmware']),
  /** Of software: what it installs, and what that cannot do without, in this version or a newer one. */
  components: z.optional(
    z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        version: z.string(),
        description: z.optional(z.string()),
        needs: z.array(z.object({ id: z.string(), version: z.optional(z.string()) })),
      }),
    ),
  ),
  /** Of firmware: versions that it may be applied to (empty: any), and the one after it. */
  from: z.optional(z.array(z.string())),
  to: z.optional(z.string()),
});

/** A package of the cache. */
export const PackageView = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  model: z.optional(z.string()),
  size: z.int(),
  sha256: z.string(),
  /** `verified`: by a digest or manifest of a trusted source, or put in by hand; `unverified`: nobody vouched for it. */
  trust: z.enum(['verified', 'unverified']),
  /** File or address that it came from. */
  source: z.optional(z.string()),
  addedAt: z.optional(z.string()),
  /** When its bytes were last compared with its digest and were right. */
  verifiedAt: z.optional(z.string()),
  /** Set when it must not be used, with why. */
  quarantined: z.optional(z.string()),
  /** Who offers it, where that is known. */
  provider: z.optional(z.string()),
  contents: z.optional(PackageContents),
});

/** How we reach and trust a DM server. */
export const ProfileView = z.object({
  id: z.string(),
  name: z.string(),
  url: z.string(),
  allowedOrigins: z.array(z.string()),
  isDefault: z.boolean(),
  createdAt: z.string(),
});

/** One step on the way to a DM server; later ones are not tried after a failure. */
export const Hop = z.object({
  hop: z.enum(['name', 'tcp', 'tls', 'http', 'dm']),
  state: z.enum(['ok', 'failed', 'skipped']),
  /** What was found, or why it failed. */
  why: z.string(),
  code: z.optional(z.string()),
  milliseconds: z.number(),
});

/** Software on a handset. */
export const ComponentView = z.looseObject({ id: z.string(), version: z.string(), state: z.string() });

/** What one job came to: its one end, or `waiting` for the handset's word on how the work ended that it has begun. */
export const JobResult = z.object({
  job: z.optional(z.string()),
  state: z.enum(['done', 'skipped', 'refused', 'postponed', 'failed', 'cancelled', 'expired', 'waiting']),
  package: z.optional(z.string()),
  component: z.optional(z.string()),
  /** Result code of the handset's completion alert (SCOMO). */
  resultCode: z.optional(z.int()),
  code: z.optional(z.string()),
  message: z.optional(z.string()),
  /** What of the inventory is another afterwards; absent where it was not read before and after. */
  difference: z.optional(InventoryDifference),
});

/** What an operation on one handset came to. */
export const OperationResult = z.object({
  operation: z.enum([
    'inventory',
    'install',
    'update',
    'remove',
    'activate',
    'deactivate',
    'firmware',
    'archive',
    'restore',
    'sync',
  ]),
  /** Unknown when the handset never spoke. */
  device: z.optional(z.string()),
  /** Its address. */
  handset: z.string(),
  virtual: z.boolean(),
  /** The DM server; absent: the PC's own. */
  dms: z.optional(z.string()),
  sessions: z.array(z.string()),
  jobs: z.array(JobResult),
  components: z.optional(z.array(ComponentView)),
  /** What is still another than it was to be, of work that was to bring about a set of components. */
  remaining: z.optional(Comparison),
});

/** What putting an account on a handset came to. */
export const BootstrapResult = z.object({
  device: z.optional(z.string()),
  /** Its address. */
  handset: z.string(),
  virtual: z.boolean(),
  profile: z.enum(['dm', 'cp']),
  security: z.enum(['userpin', 'networkid']),
  /** ServerID of the account. */
  dms: z.string(),
  /** `taken`: the handset has proved that it knows the account; `unknown`: it has the document, and no more is known. */
  account: z.enum(['taken', 'unknown']),
  /** Sessions in which it was asked. */
  sessions: z.array(z.string()),
  /** Why nothing more is known, where it was asked. */
  code: z.optional(z.string()),
  message: z.optional(z.string()),
});

/** The outcome of work for a DM server that has not acknowledged it. */
export const ReportView = z.object({
  /** Also its Idempotency-Key. */
  id: z.string(),
  job: z.string(),
  /** Origin of the DM server; absent: none is to be told. */
  origin: z.optional(z.string()),
  state: z.enum(['waiting', 'unsupported', 'rejected', 'unaddressed']),
  tries: z.int(),
  /** When it is tried again, ISO 8601. */
  nextTryAt: z.optional(z.string()),
  /** Why it is still here. */
  code: z.optional(z.string()),
  message: z.optional(z.string()),
  /** Of a virtual handset. */
  virtual: z.optional(z.boolean()),
  /** What is sent, without the handset's message. */
  body: z.looseObject({ device: z.string(), operation: z.string(), state: z.string() }),
});

/** The verdict on one package of the cache. */
export const PackageCheck = z.object({
  id: z.string(),
  ok: z.boolean(),
  code: z.optional(z.string()),
  message: z.optional(z.string()),
});

export type PackageContents = z.infer<typeof PackageContents>;
export type PackageView = z.infer<typeof PackageView>;
export type ProfileView = z.infer<typeof ProfileView>;
export type Hop = z.infer<typeof Hop>;
export type ComponentView = z.infer<typeof ComponentView>;
export type JobResult = z.infer<typeof JobResult>;
export type BootstrapResult = z.infer<typeof BootstrapResult>;
export type OperationResult = z.infer<typeof OperationResult>;
export type ReportView = z.infer<typeof ReportView>;
export type PackageCheck = z.infer<typeof PackageCheck>;
