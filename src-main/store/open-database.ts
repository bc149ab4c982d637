import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Database } from './database.ts';
import { type Migration, migrate } from './migrate.ts';
import { corrupt, storeError } from './store-error.ts';

/** Marks a database as ours (`PRAGMA application_id`): "PCAg". */
const APPLICATION_ID = 0x50434167;
/** Milliseconds that opening and reading wait for a lock of another process. The whole program waits with them. */
const LOCK_WAIT = 2000;
/** A writer comes back later instead. */
const WRITE_LOCK_WAIT = 5;
const PAGE_SIZE = 4096;
/** A log that grew larger in a rush is cut back to this. */
const MAX_LOG = 16 * 1024 * 1024;
/** A larger database is not read through at every start; its damage shows when it is met. */
const MAX_CHECKED = 64 * 1024 * 1024;

/** The connections of one database, in the same process. */
export interface Connections {
  /** Commits are on the disk when they return. */
  readonly full: Database;
  /** Commits survive the end of the process, the last of them perhaps not a power cut. */
  readonly normal: Database;
  readonly reader: Database;
}

/** @throws PcAgentError `store/newer`, `/corrupt`, `/read-only`, `/full`, `/busy` or `/unreadable`. */
export function openConnections(file: string, migrations: readonly Migration[]): Connections {
  const opened: Database[] = [];
  const connect = (readOnly: boolean): Database => {
    const database = new Database(new DatabaseSync(file, { timeout: LOCK_WAIT, readOnly }));
    opened.push(database);
    return database;
  };
  try {
    ensureFile(file);
    const full = connect(false);
    prepare(full, file);
    // F_FULLFSYNC: on macOS an fsync alone does not reach the disk (sqlite.org/pragma.html#pragma_fullfsync).
    full.script('PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1');
    migrate(full, migrations, file);
    const normal = connect(false);
    normal.script('PRAGMA synchronous = NORMAL; PRAGMA checkpoint_fullfsync = 1');
    for (const writer of [full, normal]) {
      writer.script(`PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA journal_size_limit = ${MAX_LOG}; PRAGMA busy_timeout = ${WRITE_LOCK_WAIT}`);
    }
    return { full, normal, reader: connect(true) };
  } catch (error) {
    for (const database of opened.reverse()) closeQuietly(database);
    throw storeError(error, file);
  }
}

/**
 * A new database comes into being under another name, so that one without a byte is always a damaged one: SQLite
 * would take it for new and throw away the write-ahead log beside it, and with it what was acknowledged.
 */
function ensureFile(file: string): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === 0) throw corrupt(file, 'it is empty');
  const log = statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  // With a log beside it the last page may be half: a process was killed while it brought the log in.
  if (size !== undefined && size % PAGE_SIZE !== 0 && log === 0) throw corrupt(file, 'its last page is cut');
  if (size !== undefined) return;
  if (log > 0) throw corrupt(file, 'it is gone and its write-ahead log is there');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.new`;
  rmSync(temporary, { force: true });
  closeSync(openSync(temporary, 'wx', 0o600));
  const connection = new DatabaseSync(temporary);
  try {
    connection.exec(`PRAGMA page_size = ${PAGE_SIZE}; PRAGMA application_id = ${APPLICATION_ID}`);
  } finally {
    connection.close();
  }
  syncFile(temporary);
  renameSync(temporary, file);
  if (process.platform !== 'win32') syncFile(dirname(file));
}

function prepare(db: Database, file: string): void {
  const id = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id;
  if (id !== APPLICATION_ID) throw corrupt(file, 'another program made it');
  db.script('PRAGMA journal_mode = WAL');
  if (process.platform !== 'win32') chmodSync(file, 0o600);
  if (statSync(file).size > MAX_CHECKED) return;
  const check = db.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  if (check !== 'ok') throw corrupt(file, check ?? 'the check says nothing');
}

function syncFile(path: string): void {
  // Windows flushes only what may be written; a folder cannot be opened so elsewhere.
  const descriptor = openSync(path, process.platform === 'win32' ? 'r+' : 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** What is thrown away needs no second complaint. */
function closeQuietly(database: Database): void {
  try {
    database.close();
  } catch {
    // The first failure is the one that is told.
  }
}
