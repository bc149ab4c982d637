/** What the host answers with: rows of lists and the outcome of operations on handsets. Adding fields is free. */
import { z } from 'zod';

/** A handset that the host has met. */
export const KnownHandset = z.object({
  /** DevId, e.g. `IMEI:004999010640000`. */
  device: z.string(),
  alias: z.string().optional(),
  manufacturer: z.string().optional(),
  model: z.string().optional(),
  /** Where it was seen last: a place, which another handset may have taken since. */
  address: z.string().optional(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  virtual: z.boolean(),
});

/** A package of the cache. */
export const PackageView = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  model: z.string().optional(),
  size: z.int(),
  sha256: z.string(),
  /** `verified`: by a digest or manifest of a trusted source, or put in by hand; `unverified`: nobody vouched for it. */
  trust: z.enum(['verified', 'unverified']),
  /** File or address that it came from. */
  source: z.string().optional(),
  addedAt: z.string().optional(),
  /** Set when it must not be used, with why. */
  quarantined: z.string().optional(),
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
  code: z.string().optional(),
  milliseconds: z.number(),
});

/** Software on a handset. */
export const ComponentView = z.looseObject({ id: z.string(), version: z.string(), state: z.string() });

/** What one job came to: its one end, or `waiting` for the handset's word on how the work ended that it has begun. */
export const JobResult = z.object({
  job: z.string().optional(),
  state: z.enum(['done', 'skipped', 'refused', 'postponed', 'failed', 'cancelled', 'expired', 'waiting']),
  package: z.string().optional(),
  component: z.string().optional(),
  /** Result code of the handset's completion alert (SCOMO). */
  resultCode: z.int().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

/** What an operation on one handset came to. */
export const OperationResult = z.object({
  operation: z.enum(['inventory', 'install', 'remove']),
  /** Unknown when the handset never spoke. */
  device: z.string().optional(),
  /** Its address. */
  handset: z.string(),
  virtual: z.boolean(),
  /** The DM server; absent: the PC's own. */
  dms: z.string().optional(),
  sessions: z.array(z.string()),
  jobs: z.array(JobResult),
  components: z.array(ComponentView).optional(),
});

/** The outcome of work for a DM server that has not acknowledged it. */
export const ReportView = z.object({
  /** Also its Idempotency-Key. */
  id: z.string(),
  job: z.string(),
  /** Origin of the DM server; absent: none is to be told. */
  origin: z.string().optional(),
  state: z.enum(['waiting', 'unsupported', 'rejected', 'unaddressed']),
  tries: z.int(),
  /** Why it is still here. */
  code: z.string().optional(),
  message: z.string().optional(),
  /** What is sent, without the handset's message. */
  body: z.looseObject({ device: z.string(), operation: z.string(), state: z.string() }),
});

/** The verdict on one package of the cache. */
export const PackageCheck = z.object({
  id: z.string(),
  ok: z.boolean(),
  code: z.string().optional(),
  message: z.string().optional(),
});

export type KnownHandset = z.infer<typeof KnownHandset>;
export type PackageView = z.infer<typeof PackageView>;
export type ProfileView = z.infer<typeof ProfileView>;
export type Hop = z.infer<typeof Hop>;
export type ComponentView = z.infer<typeof ComponentView>;
export type JobResult = z.infer<typeof JobResult>;
export type OperationResult = z.infer<typeof OperationResult>;
export type ReportView = z.infer<typeof ReportView>;
export type PackageCheck = z.infer<typeof PackageCheck>;
