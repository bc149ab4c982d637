import { z } from 'zod';
import { ConsentWish } from './job-consent.ts';

export const InventoryEntry = z.object({
  id: z.string(),
  version: z.string(),
  state: z.string(),
  name: z.string().optional(),
  pkgId: z.string().optional(),
  description: z.string().optional(),
  status: z.int().optional(),
});
export type InventoryEntry = z.infer<typeof InventoryEntry>;

/** How a job wants software installed or updated. */
export const SoftwareWish = z.strictObject({
  delivery: z
    .enum(['object', 'download', 'present'])
    .default('object')
    .meta({ description: 'object: through the DM session; download: the handset fetches it; present: it is there' }),
  install: z.boolean().default(true).meta({ description: 'false: the package is delivered and waits' }),
  activate: z.boolean().default(true).meta({ description: 'false: what is installed is left inactive' }),
  url: z.url().max(2048).exactOptional().meta({ description: 'where the handset gets it; absent: from this server' }),
  descriptor: z.boolean().default(false).meta({ description: 'it gets a download descriptor of it' }),
  consent: ConsentWish.exactOptional().meta({ description: 'what the person at the handset has to agree to' }),
  requested: z.literal(true).exactOptional().meta({ description: 'the handset asked for it: set by the server' }),
});

/** What is known of an operation on software. */
export const SoftwareFacts = z.object({
  before: z
    .array(InventoryEntry)
    .exactOptional()
    .meta({ description: 'what was installed when it began; until it ends' }),
  difference: z
    .object({
      added: z.array(InventoryEntry),
      removed: z.array(InventoryEntry),
      changed: z.array(
        z.object({
          id: z.string(),
          field: z.string(),
          before: z.union([z.string(), z.int()]).exactOptional(),
          after: z.union([z.string(), z.int()]).exactOptional(),
        }),
      ),
    })
    .exactOptional()
    .meta({ description: 'what of the inventory is another afterwards, field by field; empty lists: nothing' }),
  problem: z.string().exactOptional().meta({ description: 'what was in the way, where the handset says so' }),
});
