import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { writeFileAtomically } from '../../base/node/atomic-file.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { NodeState, TreeChange } from '../../dm/tree/tree-core.ts';
import { KeptNodes } from './kept-nodes.ts';
import { damaged, readJournal, TreeJournal } from './tree-journal.ts';
import { syncFolder, ValueFiles } from './value-files.ts';

/** Longer values have a file of their own. */
const INLINE_VALUE = 64 * 1024;
/** A journal of this length, and twice as long as the snapshot, is made into a snapshot. */
const SNAPSHOT_FROM = 1024 * 1024;

const StoredState = z.object({
  origin: z.enum(['spec', 'server']),
  content: z
    .object({
      format: z.enum(['b64', 'bin', 'bool', 'chr', 'int', 'node', 'null', 'xml', 'date', 'time', 'float']),
      type: z.string().optional(),
      value: z.union([z.base64(), z.object({ file: z.uuid(), length: z.int().min(0) })]).optional(),
    })
    .exactOptional(),
  acl: z.string(),
  title: z.string(),
  changed: z.number(),
  version: z.int().min(0).max(0xffff),
});
type StoredState = z.infer<typeof StoredState>;

const StoredChanges = z.array(
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('fresh'), uri: z.string() }),
    z.object({ kind: z.literal('gone'), uri: z.string(), remade: z.boolean() }),
    z.object({ kind: z.literal('state'), uri: z.string(), state: StoredState }),
    z.object({ kind: z.literal('note'), note: z.unknown() }),
  ]),
);
type StoredChanges = z.infer<typeof StoredChanges>;

const Snapshot = z.object({ generation: z.int().min(0), changes: StoredChanges });

/**
 * A virtual handset's management tree on disk: a snapshot, and a journal of what has changed since. What the device makes
 * of itself at its start is not kept; what servers have added, deleted and set, and what the device has set since, is
 * laid over it. `flush` is one record of the journal: all of it counts after a kill, or nothing; so does a note that goes
 * with it.
 */
export class TreeStore {
  readonly #folder: string;
  readonly #values: ValueFiles;
  #kept: KeptNodes;
  #journal: TreeJournal;
  #generation: number;
  #snapshotLength: number;
  #tree: ManagementTree | undefined;
  #note: unknown;

  /**
   * @throws PcAgentError `handset/tree-damaged` when the files are not what was written; `handset/tree-unwritable` when
   *   they cannot be used.
   */
  constructor(folder: string) {
    this.#folder = folder;
    const opened = usable(() => {
      mkdirSync(folder, { recursive: true });
      const values = new ValueFiles(join(folder, 'values'));
      const snapshot = readSnapshot(this.#snapshotPath);
      const path = this.#journalPath(snapshot.generation);
      const content = readJournal(path);
      const kept = new KeptNodes();
      let note: unknown;
      const take = (change: StoredChanges[number]): void => {
        if (change.kind === 'note') note = change.note;
        else kept.apply(changeFrom(change, values));
      };
      for (const change of snapshot.changes) take(change);
      for (const record of content.records) {
        for (const change of parsed(path, StoredChanges, record.toString())) take(change);
      }
      kept.takeChanges();
      // Only what is still there must have its file: one that a later record took away may have been removed.
      for (const change of kept.all()) {
        if (change.kind === 'state' && change.state.content?.value !== undefined)
          values.check(change.state.content.value);
      }
      const journal = new TreeJournal(path, content.end);
      syncFolder(folder);
      return { values, kept, journal, snapshot, note };
    });
    this.#values = opened.values;
    this.#kept = opened.kept;
    this.#journal = opened.journal;
    this.#generation = opened.snapshot.generation;
    this.#snapshotLength = opened.snapshot.length;
    this.#note = opened.note;
    usable(() => this.sweep());
  }

  /** Lays what is kept over a tree that the device has just made, and keeps its changes from now on. */
  load(tree: ManagementTree): void {
    const all = [...this.#kept.all()];
    for (const change of all) {
      if (change.kind === 'gone') tree.drop(change.uri);
      else tree.restore(change.uri, change.state);
    }
    // What was added and taken away has changed the TStamp and VerNo of parents, which are kept as well.
    for (const change of all) if (change.kind === 'state') tree.restore(change.uri, change.state);
    this.#tree = tree;
    tree.onChange((change) => this.#kept.apply(change));
  }

  /** What was flushed with the last changes that had a note; not checked. */
  get note(): unknown {
    return this.#note;
  }

  /**
   * On disk when it returns, with a note about what belongs to the changes and is kept elsewhere: due before an answer that acknowledges the changes goes out.
   * @throws PcAgentError `handset/tree-unwritable`; the changes then wait for the next call.
   */
  flush(note?: unknown): void {
    // Another session may end while a person is asked inside an Atomic of this one: half of it must not be kept.
    if (!this.#kept.isChanged || this.#tree?.undoing === true) return;
    const changes = this.#kept.takeChanges();
    try {
      const record = [...this.#stored(changes), ...noted(note)];
      usable(() => this.#journal.append(Buffer.from(JSON.stringify(record))));
    } catch (error) {
      for (const change of changes) this.#kept.apply(change);
      throw error;
    }
    if (note !== undefined) this.#note = note;
    this.#freeMemory(changes);
    if (this.#journal.length > Math.max(SNAPSHOT_FROM, 2 * this.#snapshotLength)) usable(() => this.#snapshot());
  }

  /** Removes values on disk that no node has any longer; not while one of them may still be read. */
  sweep(): void {
    const names = new Set<string>();
    for (const change of this.#kept.all()) {
      const value = change.kind === 'state' ? change.state.content?.value : undefined;
      if (value !== undefined && value.length > INLINE_VALUE) names.add(this.#values.nameOf(value));
    }
    this.#values.sweep(names);
    for (const name of readdirSync(this.#folder)) {
      if (name.endsWith('.journal') && join(this.#folder, name) !== this.#journalPath(this.#generation)) {
        rmSync(join(this.#folder, name), { force: true });
      }
    }
  }

  close(): void {
    this.#journal.close();
  }

  get #snapshotPath(): string {
    return join(this.#folder, 'tree.snapshot');
  }

  #journalPath(generation: number): string {
    return join(this.#folder, `tree-${generation}.journal`);
  }

  #stored(changes: Iterable<TreeChange>): StoredChanges {
    return Array.from(changes, (change) =>
      change.kind === 'state' ? { ...change, state: this.#storedState(change.state) } : change,
    );
  }

  #storedState({ content, ...state }: NodeState): StoredState {
    if (content === undefined) return state;
    const { format, type, value } = content;
    return {
      ...state,
      content: {
        format,
        ...(type === undefined ? {} : { type }),
        ...(value === undefined ? {} : { value: this.#storedValue(value) }),
      },
    };
  }

  #storedValue(value: ByteSource): string | { readonly file: string; readonly length: number } {
    if (value.length > INLINE_VALUE) return { file: this.#values.nameOf(value), length: value.length };
    return Buffer.from(octetsOf(value)).toString('base64');
  }

  /** A large value is on disk now: the tree reads it from there. */
  #freeMemory(changes: readonly TreeChange[]): void {
    for (const change of changes) {
      if (change.kind !== 'state') continue;
      const { content } = change.state;
      const value = content?.value;
      if (content === undefined || value === undefined || value.length <= INLINE_VALUE) continue;
      const kept = this.#values.open(this.#values.nameOf(value), value.length);
      const node = this.#tree?.find(change.uri);
      if (typeof node === 'object' && node.value === value) node.value = kept;
      this.#kept.apply({ ...change, state: { ...change.state, content: { ...content, value: kept } } });
    }
    this.#kept.takeChanges();
  }

  /** The snapshot's rename is the moment from which the old journal no longer counts. */
  #snapshot(): void {
    const generation = this.#generation + 1;
    const path = this.#journalPath(generation);
    const changes = [...this.#stored(this.#kept.all()), ...noted(this.#note)];
    const text = JSON.stringify({ generation, changes });
    const journal = new TreeJournal(path, 0);
    writeFileAtomically(this.#snapshotPath, `${crc32(text).toString(16)}\n${text}`);
    this.#journal.close();
    rmSync(this.#journalPath(this.#generation), { force: true });
    this.#journal = journal;
    this.#generation = generation;
    this.#snapshotLength = text.length;
  }
}

function readSnapshot(path: string): z.infer<typeof Snapshot> & { readonly length: number } {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { generation: 0, changes: [], length: 0 };
    throw error;
  }
  const line = text.indexOf('\n');
  const body = text.slice(line + 1);
  if (text.slice(0, Math.max(line, 0)) !== crc32(body).toString(16)) throw damaged(path, 0);
  return { ...parsed(path, Snapshot, body), length: body.length };
}

function parsed<T>(path: string, schema: z.ZodType<T>, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(path, 0, error);
  }
}

function noted(note: unknown): StoredChanges {
  return note === undefined ? [] : [{ kind: 'note', note }];
}

function changeFrom(change: Exclude<StoredChanges[number], { kind: 'note' }>, values: ValueFiles): TreeChange {
  if (change.kind !== 'state') return change;
  const { content, ...state } = change.state;
  if (content === undefined) return { ...change, state };
  const { format, type, value } = content;
  const octets =
    value === undefined
      ? undefined
      : typeof value === 'string'
        ? new Uint8Array(Buffer.from(value, 'base64'))
        : values.open(value.file, value.length);
  return { ...change, state: { ...state, content: { format, type, value: octets } } };
}

/** What the disk refuses, as an error of ours. */
function usable<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (isPcAgentError(error)) throw error;
    throw new PcAgentError('handset/tree-unwritable', 'the management tree cannot be kept on disk', { cause: error });
  }
}
