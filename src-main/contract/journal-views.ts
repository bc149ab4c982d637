/** What was done and what waits, as every face sees it. */
import * as z from 'zod/mini';
import { InventoryDifference, JobOperation } from './software-views.ts';

/** One order on one handset, with exactly one end. */
export const JobRow = z.object({
  id: z.string(),
  operation: JobOperation,
  handset: z.string(),
  device: z.optional(z.string()),
  virtual: z.boolean(),
  package: z.optional(z.string()),
  component: z.optional(z.string()),
  state: z.enum([
    'queued',
    'running',
    'waiting',
    'done',
    'skipped',
    'refused',
    'postponed',
    'failed',
    'cancelled',
    'expired',
  ]),
  createdAt: z.string(),
  endedAt: z.optional(z.string()),
  /** How often it was begun and the link was lost. */
  interruptions: z.int(),
  resultCode: z.optional(z.int()),
  code: z.optional(z.string()),
  message: z.optional(z.string()),
  reportTo: z.optional(z.string()),
  difference: z.optional(InventoryDifference),
});

/** One outgoing connection. */
export const LedgerRow = z.object({
  host: z.string(),
  port: z.int(),
  purpose: z.string(),
  bytesOut: z.int(),
  bytesIn: z.int(),
  initiator: z.string(),
  at: z.string(),
});

/** The disk that holds the packages. */
export const StorageView = z.object({
  folder: z.string(),
  packages: z.int(),
  used: z.int(),
  free: z.int(),
  total: z.int(),
});

/** Whether a handset could be given packages with no network. */
export const ReadinessRow = z.object({
  device: z.string(),
  /** Packages that could be installed now. */
  ready: z.int(),
  /** For one package: why not; absent: it could. */
  code: z.optional(z.string()),
});

export type JobRow = z.infer<typeof JobRow>;
export type LedgerRow = z.infer<typeof LedgerRow>;
export type StorageView = z.infer<typeof StorageView>;
export type ReadinessRow = z.infer<typeof ReadinessRow>;
