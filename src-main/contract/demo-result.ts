import * as z from 'zod/mini';

const Tally = z.object({ toDms: z.int(), toHandset: z.int() });

const InventoryComponent = z.object({
  id: z.string(),
  version: z.optional(z.string()),
  /** SCOMO 1.0: 10 inactive, 20 active; some handsets write a word. */
  state: z.optional(z.union([z.number(), z.string()])),
});

const CompletionReport = z.object({
  resultCode: z.int(),
  uri: z.optional(z.string()),
  correlator: z.optional(z.string()),
});

/** One handset in the result of `demo` (contract, section 4). */
const DemoHandset = z.object({
  device: z.string(),
  bearer: z.enum(['tcp', 'serial']),
  /** DM SessionIDs. */
  sessions: z.readonly(z.array(z.string())),
  /** Messages that were relayed; package 0 is not counted. */
  messages: Tally,
  bytes: Tally,
  /** `null`: no message to compare. */
  transparent: z.nullable(z.boolean()),
  before: z.readonly(z.array(InventoryComponent)),
  after: z.readonly(z.array(InventoryComponent)),
  alerts: z.readonly(z.array(CompletionReport)),
  /** Packages that were installed with the DM server gone. */
  fromCache: z.readonly(z.array(z.string())),
  /** Reports of that work which the DM server has, and how often they were sent. */
  report: z.object({ delivered: z.int(), sent: z.int() }),
  ok: z.boolean(),
  code: z.exactOptional(z.string()),
  message: z.exactOptional(z.string()),
});

/** What `demo` comes to. */
export const DemoResult = z.object({
  ok: z.boolean(),
  code: z.exactOptional(z.string()),
  message: z.exactOptional(z.string()),
  handsets: z.readonly(z.array(DemoHandset)),
  /** For all handsets; `null` when no act relayed. */
  transparent: z.nullable(z.boolean()),
});

export type InventoryComponent = Readonly<z.infer<typeof InventoryComponent>>;
export type DemoHandset = Readonly<z.infer<typeof DemoHandset>>;
export type DemoResult = Readonly<z.infer<typeof DemoResult>>;
export type Tally = Readonly<z.infer<typeof Tally>>;
