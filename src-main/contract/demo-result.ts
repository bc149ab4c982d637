import { z } from 'zod';

const Counts = z.looseObject({ toDms: z.int(), toHandset: z.int() });

const InventoryComponent = z.looseObject({
  id: z.string(),
  version: z.string().optional(),
  /** SCOMO 1.0: 10 inactive, 20 active; some handsets write a word. */
  state: z.union([z.number(), z.string()]).optional(),
});

const CompletionReport = z.looseObject({
  resultCode: z.int(),
  uri: z.string().optional(),
  correlator: z.string().optional(),
});

/** One handset in the result of `demo` (contract, section 4). */
export const DemoHandset = z.looseObject({
  device: z.string(),
  messages: Counts.optional(),
  bytes: Counts.optional(),
  /** `null`: no message to compare. */
  transparent: z.boolean().nullable().optional(),
  before: z.array(InventoryComponent).optional(),
  after: z.array(InventoryComponent).optional(),
  alerts: z.array(CompletionReport).optional(),
  /** Packages that were installed with the DM server gone. */
  fromCache: z.array(z.string()).optional(),
  /** Reports of that work which the DM server has, and how often they were sent. */
  report: z.looseObject({ delivered: z.int(), sent: z.int() }).optional(),
});

export const DemoResult = z.looseObject({
  handsets: z.array(DemoHandset),
  transparent: z.boolean().nullable().optional(),
});

export type InventoryComponent = z.infer<typeof InventoryComponent>;
export type DemoHandset = z.infer<typeof DemoHandset>;
export type DemoResult = z.infer<typeof DemoResult>;
