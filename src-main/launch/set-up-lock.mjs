// A lock file that names its owner, so that one set-up at a time runs and a dead one's lock is taken over.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { processRow } from './node-line.mjs';

/** How long a take-over may take before another process takes that over, in milliseconds. */
const TAKE_OVER_LIMIT = 10_000;
const POLL = 100;

/** Start time of a living process, where the system tells; a zombie (state Z) runs no set-up any more. */
function startOf(pid) {
  const row = processRow(pid);
  return row === undefined || row.state === 'Z' ? undefined : row.start;
}

function isAlive(pid, start) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (process.platform === 'linux') return startOf(pid) !== undefined && startOf(pid) === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function readOwner(path) {
  try {
    const text = readFileSync(path, 'utf8');
    const [pid, start] = text.split(' ');
    return { text, pid: Number(pid), start: start || undefined };
  } catch {
    return undefined;
  }
}

/** Creates `path` with its content at once; false when it exists. */
function createWhole(path, text) {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Puts our name into a dead owner's lock; only one process at a time may try, else two could succeed. */
function takeOver(path, dead, own) {
  const guard = `${path}.take-over`;
  if (!createWhole(guard, own)) {
    const age = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > TAKE_OVER_LIMIT) rmSync(guard, { force: true });
    return false;
  }
  try {
    if (readOwner(path)?.text !== dead.text) return false;
    writeFileSync(`${path}.new`, own);
    renameSync(`${path}.new`, path);
    return true;
  } finally {
    rmSync(guard, { force: true });
  }
}

/**
 * Waits until the lock is ours. `onWait(pid)` is called once when another set-up holds it.
 * @returns a function that gives the lock back
 */
export async function acquireLock(path, onWait) {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${process.pid} ${startOf(process.pid) ?? ''} ${Math.random().toString(36).slice(2)}`;
  let waiting = false;
  while (!createWhole(path, own)) {
    const owner = readOwner(path);
    if (owner === undefined) continue;
    if (!isAlive(owner.pid, owner.start)) {
      if (takeOver(path, owner, own)) break;
    } else if (!waiting) {
      waiting = true;
      onWait(owner.pid);
    }
    await new Promise((done) => setTimeout(done, POLL));
  }
  return () => {
    if (readOwner(path)?.text === own) rmSync(path, { force: true });
  };
}
