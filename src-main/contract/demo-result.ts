import { z } from 'zod';

const Tally = z.object({ toDms: z.int(), toHandset: z.int() });

const InventoryComponent = z.object({
  id: z.string(),
  version: z.string().optional(),
  /** SCOMO 1.0: 10 inactive, 20 active; some handsets write a word. */
  state: z.union([z.number(), z.string()]).optional(),
});

const CompletionReport = z.object({
  resultCode: z.int(),
  uri: z.string().optional(),
  correlator: z.string().optional(),
});

/** One handset in the result of `demo` (contract, section 4). */
const DemoHandset = z.object({
  device: z.string(),
  bearer: z.enum(['tcp', 'serial']),
  /** DM SessionIDs. */
  sessions: z.array(z.string()).readonly(),
  /** Messages that were relayed; package 0 is not counted. */
  messages: Tally,
  bytes: Tally,
  /** `null`: no message to compare. */
  transparent: z.boolean().nullable(),
  before: z.array(InventoryComponent).readonly(),
  after: z.array(InventoryComponent).readonly(),
  alerts: z.array(CompletionReport).readonly(),
  /** Packages that were installed with the DM server gone. */
  fromCache: z.array(z.string()).readonly(),
  /** Reports of that work which the DM server has, and how often they were sent. */
  report: z.object({ delivered: z.int(), sent: z.int() }),
  ok: z.boolean(),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
});

/** What `demo` comes to. */
export const DemoResult = z.object({
  ok: z.boolean(),
  code: z.string().exactOptional(),
  message: z.string().exactOptional(),
  handsets: z.array(DemoHandset).readonly(),
  /** For all handsets; `null` when no act relayed. */
  transparent: z.boolean().nullable(),
});

export type InventoryComponent = Readonly<z.infer<typeof InventoryComponent>>;
export type DemoHandset = Readonly<z.infer<typeof DemoHandset>>;
export type DemoResult = Readonly<z.infer<typeof DemoResult>>;
export type Tally = Readonly<z.infer<typeof Tally>>;
