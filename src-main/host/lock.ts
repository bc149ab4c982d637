/**
 * One host a data folder. `host.json` says who it is: process number and start. That nobody else is, is held by the
 * operating system: an exclusive lock on `host.lock` (a database without content, for SQLite knows how to lock on every
 * system), which ends with the process however it ends. So a dead owner's lock is taken over at once, and two that
 * come at the same time cannot both take it.
 */
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { PcAgentError } from '../base/errors.ts';
import { writeFileAtomically } from '../base/node/atomic-file.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from '../base/node/process-identity.ts';

const Owner = z.object({
  pid: z.int().min(1),
  start: z.string().optional(),
  since: z.string(),
  /** It stays until it is told to end; a command of the command line is gone in a moment. */
  stays: z.boolean().default(false),
});

export interface HostOwner extends ProcessIdentity {
  readonly stays: boolean;
}

export interface HostLock {
  /** Lets the next host in. May be called again. */
  release(): void;
}

/** SQLite's primary result codes for a lock of somebody else (sqlite.org/rescode.html, section 3). */
const BUSY = [5, 6];

/**
 * @param stays the owner is no mere command.
 * @throws PcAgentError `host/running` with the owner's pid and whether it stays, `store/read-only` when the folder cannot be written.
 */
export function takeHostLock(folder: string, now: Date, stays = false): HostLock {
  const held = holdFile(folder);
  const file = ownerFile(folder);
  try {
    const owner = readOwner(folder);
    // Where the file system does not lock (some network ones), the owner's word stands alone.
    if (owner !== undefined && owner.start !== undefined && owner.pid !== process.pid && isAlive(owner)) {
      throw running(owner);
    }
    const { pid, start } = ownIdentity();
    writeFileAtomically(file, `${JSON.stringify({ pid, start, since: now.toISOString(), stays })}\n`);
  } catch (error) {
    held.close();
    throw error;
  }
  let released = false;
  return {
    release() {
      if (released) return;
      released = true;
      rmSync(file, { force: true });
      held.close();
    },
  };
}

/** Who holds the folder, as far as it says so; a file that cannot be read says nothing. */
export function readOwner(folder: string): HostOwner | undefined {
  try {
    const { pid, start, stays } = Owner.parse(JSON.parse(readFileSync(ownerFile(folder), 'utf8')));
    return { pid, start, stays };
  } catch {
    return undefined;
  }
}

function ownerFile(folder: string): string {
  return join(folder, 'host.json');
}

function holdFile(folder: string): DatabaseSync {
  const file = join(folder, 'host.lock');
  let database: DatabaseSync | undefined;
  try {
    // SQLite would make it for everybody to read.
    closeSync(openSync(file, 'a', 0o600));
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (cause) {
    database?.close();
    const { errcode } = cause as { errcode?: unknown };
    if (typeof errcode === 'number' && BUSY.includes(errcode & 0xff)) throw running(readOwner(folder));
    throw new PcAgentError('store/read-only', 'the folder of the database cannot be written', {
      cause,
      retry: 'after-operator',
      details: { file },
    });
  }
}

function running(owner: HostOwner | undefined): PcAgentError {
  const who = owner === undefined ? '' : ` (pid ${owner.pid})`;
  return new PcAgentError('host/running', `another PC Agent${who} holds the data folder`, {
    retry: 'later',
    details: owner === undefined ? {} : { pid: owner.pid, stays: owner.stays },
  });
}
