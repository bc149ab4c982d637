import { z } from 'zod';
import { PcAgentError } from '../base/errors.ts';
import type { Store } from '../store/store.ts';

const JournalBodies = z.union([
  z.literal('off'),
  z.object({ days: z.number().min(0).max(3650), bytes: z.int().min(0).max(1e12) }),
]);

const ListenerKind = z.enum(['tcp', 'serial', 'bluetooth', 'network']);

/** A way in that is on: where, and to which DM server; what is absent is as usual. */
const KeptListener = z.object({
  kind: ListenerKind,
  address: z.string().exactOptional(),
  dms: z.string().exactOptional(),
});

/** A handset that called, and what a person said to that. */
const KeptCaller = z.object({
  id: z.string(),
  kind: ListenerKind,
  device: z.string().exactOptional(),
  from: z.string().exactOptional(),
  manufacturer: z.string().exactOptional(),
  model: z.string().exactOptional(),
  answer: z.enum(['accepted', 'refused']),
  calledAt: z.string(),
  answeredAt: z.string(),
});

const SHAPES = {
  /** No outgoing connection but a bearer's. Default false. */
  offline: z.boolean(),
  /** How long raw message bodies are kept, which hold credentials. Default 7 days and 200 MB. */
  journalBodies: JournalBodies,
  /** Ways in for handsets that call, those that are on. Default: none. */
  listeners: z.array(KeptListener).readonly(),
  /** Who was let in there, and who was sent away, the last answer last. Default: nobody. */
  callers: z.array(KeptCaller).readonly(),
};

const DEFAULTS: SettingValues = {
  offline: false,
  journalBodies: { days: 7, bytes: 200_000_000 },
  listeners: [],
  callers: [],
};

export interface SettingValues {
  readonly offline: boolean;
  readonly journalBodies: 'off' | { readonly days: number; readonly bytes: number };
  readonly listeners: readonly KeptListener[];
  readonly callers: readonly KeptCaller[];
}

export type KeptListener = z.infer<typeof KeptListener>;
export type KeptCaller = z.infer<typeof KeptCaller>;

type SettingName = keyof SettingValues;

/** What a person may set, each under its name in the database. */
export interface Settings {
  /** @throws PcAgentError `settings/invalid`: what is kept there does not have the form. */
  get<Name extends SettingName>(name: Name): SettingValues[Name];
  /**
   * Resolves when it is on the disk.
   * @throws PcAgentError `settings/invalid`; the old value then stays.
   */
  set<Name extends SettingName>(name: Name, value: SettingValues[Name]): Promise<void>;
}

export function openSettings(store: Store): Settings {
  return {
    get: (name) => {
      const row = store.read((db) => db.get<{ value: string }>('SELECT value FROM settings WHERE key = ?', name));
      return row === undefined ? DEFAULTS[name] : checked(name, JSON.parse(row.value));
    },
    set: async (name, value) => {
      const text = JSON.stringify(checked(name, value));
      await store.write((db) => db.run('INSERT OR REPLACE INTO settings VALUES (?, ?)', name, text));
    },
  };
}

function checked<Name extends SettingName>(name: Name, value: unknown): SettingValues[Name] {
  const shape: z.ZodType = SHAPES[name];
  const result = shape.safeParse(value);
  if (result.success) return result.data as SettingValues[Name];
  throw new PcAgentError('settings/invalid', `the setting ${name} does not have the right form`, {
    cause: result.error,
    retry: 'after-operator',
    details: { field: name, found: JSON.stringify(value)?.slice(0, 200), expected: JSON.stringify(DEFAULTS[name]) },
  });
}
