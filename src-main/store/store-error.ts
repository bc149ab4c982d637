import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html, section 3). */
const SQLITE = { Busy: 5, Locked: 6, ReadOnly: 8, Io: 10, Corrupt: 11, Full: 13, CannotOpen: 14, NotADatabase: 26 };

interface Reason {
  readonly code: string;
  readonly message: string;
  readonly retry: 'never' | 'later' | 'after-operator';
}

const BUSY: Reason = { code: 'store/busy', message: 'another program keeps the database locked', retry: 'later' };
const READ_ONLY: Reason = {
  code: 'store/read-only',
  message: 'the database or its folder cannot be written',
  retry: 'after-operator',
};
const CORRUPT: Reason = {
  code: 'store/corrupt',
  message: 'the database is damaged or is no database of PC Agent',
  retry: 'never',
};
const FULL: Reason = { code: 'store/full', message: 'the disk of the database is full', retry: 'after-operator' };
const UNREADABLE: Reason = {
  code: 'store/unreadable',
  message: 'the disk of the database failed to read or write',
  retry: 'after-operator',
};
const CANNOT_OPEN: Reason = {
  code: 'store/unreadable',
  message: 'the database cannot be opened',
  retry: 'after-operator',
};

/** SQLite's and the file system's failures as errors of ours; anything else (a mistake in SQL, say) stays as it is. */
export function storeError(error: unknown, file: string): unknown {
  if (isPcAgentError(error) || !(error instanceof Error)) return error;
  const reason = reasonOf(error, file);
  if (reason === undefined) return error;
  return new PcAgentError(reason.code, reason.message, { cause: error, retry: reason.retry, details: { file } });
}

export function corrupt(file: string, why: string): PcAgentError {
  return new PcAgentError(CORRUPT.code, `${CORRUPT.message}: ${why}`, { details: { file } });
}

function reasonOf(error: Error, file: string): Reason | undefined {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  if (typeof errcode === 'number') return sqliteReason(errcode, file);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return FULL;
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return READ_ONLY;
    case 'EIO':
      return UNREADABLE;
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EEXIST':
      return CANNOT_OPEN;
    default:
      return undefined;
  }
}

function sqliteReason(errcode: number, file: string): Reason | undefined {
  // The low octet is the primary code, the rest says more (sqlite.org/rescode.html, section 2).
  switch (errcode & 0xff) {
    case SQLITE.Busy:
    case SQLITE.Locked:
      return BUSY;
    case SQLITE.ReadOnly:
      return READ_ONLY;
    case SQLITE.Corrupt:
    case SQLITE.NotADatabase:
      return CORRUPT;
    case SQLITE.Full:
      return FULL;
    case SQLITE.Io:
      // The shared-memory file cannot grow on a full disk, which SQLite calls an I/O error.
      return isFull(file) ? FULL : UNREADABLE;
    case SQLITE.CannotOpen:
      if (isFull(file)) return FULL;
      return isWritable(dirname(file)) ? CANNOT_OPEN : READ_ONLY;
    default:
      return undefined;
  }
}

function isFull(file: string): boolean {
  try {
    const { bavail, ffree, files } = statfsSync(dirname(file));
    // Some file systems have no table of files and say 0 of 0.
    return bavail === 0 || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    return (error as { code?: unknown }).code === 'ENOENT';
  }
}
