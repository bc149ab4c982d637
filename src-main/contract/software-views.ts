/** What is known of a handset's software beyond what is on it now: differences, archives, snapshots, work of DM servers. */
import * as z from 'zod/mini';

/** Work that a person can order and that is a job of its own in the journal. */
export const JobOperation = z.enum(['inventory', 'install', 'update', 'remove', 'activate', 'deactivate', 'firmware']);

/** A component as it was when somebody looked. */
const Component = z.looseObject({ id: z.string(), version: z.string(), state: z.string() });

/** What of the inventory is another afterwards, field by field; empty lists: nothing. */
export const InventoryDifference = z.object({
  added: z.array(Component),
  removed: z.array(Component),
  changed: z.array(
    z.object({
      id: z.string(),
      field: z.string(),
      before: z.optional(z.union([z.string(), z.int()])),
      after: z.optional(z.union([z.string(), z.int()])),
    }),
  ),
  /** Differences that were too many to be kept. */
  more: z.optional(z.int()),
});

/** A component that was taken off a handset and can be put back. */
export const ArchiveView = z.object({
  id: z.string(),
  device: z.string(),
  virtual: z._default(z.boolean(), false),
  model: z.optional(z.string()),
  component: z.string(),
  name: z.optional(z.string()),
  version: z.string(),
  /** `active` or `inactive`: how it is put back. */
  state: z.string(),
  /** The package of the cache that it comes from. */
  package: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
  /** What the person wants to remember of it, e.g. its settings. */
  note: z.optional(z.string()),
  archivedAt: z.string(),
  /** Absent until it was put back. */
  restoredAt: z.optional(z.string()),
  /** Why it could not be put back now: its package is gone or damaged. */
  code: z.optional(z.string()),
});

/** The set of components of a handset under a name. */
export const SnapshotView = z.object({
  id: z.string(),
  name: z.string(),
  /** DevId; empty: it came from a file. */
  device: z.string(),
  virtual: z._default(z.boolean(), false),
  model: z.optional(z.string()),
  takenAt: z.string(),
  components: z.array(
    z.object({
      id: z.string(),
      name: z.optional(z.string()),
      version: z.string(),
      state: z.string(),
      /** Package of the cache that it can be put back from; absent: none is kept. */
      package: z.optional(z.string()),
      /** Why it could not be put back now: its package is gone, damaged, or nobody vouches for it. */
      code: z.optional(z.string()),
    }),
  ),
});

/** Control characters would reach terminals and screens. */
const shown = (least: number, most: number) =>
  z.string().check(z.minLength(least), z.maxLength(most), z.regex(/^\P{Cc}*$/u));

/** Of a snapshot; one of blanks alone could neither be seen nor typed. */
export const SnapshotName = shown(1, 60).check(z.regex(/\S/u));

/** A snapshot as a file, for another PC. It does not say which handset it is of. */
export const SnapshotDocument = z.object({
  format: z.literal('pc-agent-snapshot'),
  formatVersion: z.literal(1),
  name: SnapshotName,
  model: z.optional(shown(1, 256)),
  takenAt: z.iso.datetime(),
  components: z
    .array(
      z.object({
        id: shown(1, 256),
        name: z.optional(shown(0, 256)),
        version: shown(0, 256),
        state: shown(0, 20),
        /** The very package that it came from. */
        package: z.optional(
          z.object({ id: shown(1, 256), version: shown(0, 64), sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
        ),
      }),
    )
    .check(z.maxLength(1000)),
});

/** A handset's inventory beside a list that it is to have. */
export const Comparison = z.object({
  device: z.optional(z.string()),
  missing: z.array(z.object({ id: z.string(), version: z.string(), package: z.optional(z.string()) })),
  /** There in another version, or active where it is to be inactive and the other way round. */
  outdated: z.array(
    z.object({
      id: z.string(),
      has: z.string(),
      wanted: z.string(),
      /** `version` or `state`. */
      field: z.string(),
      package: z.optional(z.string()),
    }),
  ),
  extra: z.array(z.object({ id: z.string(), version: z.string() })),
});

/** A job as a DM server tells of it. */
export const DmsJobView = z.object({
  id: z.string(),
  operation: z.string(),
  device: z.optional(z.string()),
  model: z.optional(z.string()),
  package: z.optional(z.string()),
  component: z.optional(z.string()),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  /** It waits for the word of another authority. */
  approval: z.optional(z.enum(['awaited', 'granted', 'refused'])),
  resultCode: z.optional(z.int()),
  message: z.optional(z.string()),
  progress: z.optional(z.object({ done: z.int(), total: z.int() })),
});

/** Something that a virtual handset can be told to do wrong. */
export const FaultView = z.object({
  name: z.string(),
  help: z.string(),
  /** What its value is, where it takes one; e.g. a number of bytes. */
  value: z.optional(z.string()),
});

export type JobOperation = z.infer<typeof JobOperation>;
export type InventoryDifference = z.infer<typeof InventoryDifference>;
export type ArchiveView = z.infer<typeof ArchiveView>;
export type SnapshotView = z.infer<typeof SnapshotView>;
export type SnapshotDocument = z.infer<typeof SnapshotDocument>;
export type Comparison = z.infer<typeof Comparison>;
export type DmsJobView = z.infer<typeof DmsJobView>;
export type FaultView = z.infer<typeof FaultView>;
