import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { answersToSignal, processRow } from '../base/node/process-row.ts';

/**
 * A process that is watched. `start` (clock ticks since boot) tells it from a later process with the same number;
 * absent where the system does not tell.
 */
export interface WatchedProcess {
  readonly pid: number;
  readonly start: string | undefined;
}

/** Whose going ends this process: any one of `each`, or the whole of `all` (when that is not empty). */
export interface Ancestry {
  readonly each: readonly WatchedProcess[];
  readonly all: readonly WatchedProcess[];
}

/** What `launch/node-line.mjs` says of itself when it started this process in its own place. */
interface Launcher {
  readonly launcher: number;
  readonly ancestors: readonly WatchedProcess[];
}

/** The scripts of package.json that are this program; `npx` for the `bin` of an installed package. */
const OWN_SCRIPTS = ['pc-agent', 'start', 'npx'];
const SHELLS = /^(sh|dash|bash|ash|busybox|zsh|ksh|mksh|yash)$/;

function isShell(pid: number): boolean {
  try {
    return SHELLS.test(readFileSync(`/proc/${pid}/comm`, 'latin1').trim());
  } catch {
    return false;
  }
}

function parentOf(pid: number): number {
  if (process.platform === 'linux') return processRow(pid)?.parent ?? 0;
  if (process.platform === 'win32') return 0;
  try {
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 })) || 0;
  } catch {
    return 0;
  }
}

function watched(pid: number): WatchedProcess {
  return { pid, start: processRow(pid)?.start };
}

function isWatchedProcess(value: unknown): value is WatchedProcess {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !Number.isInteger(value.pid)) return false;
  return !('start' in value) || typeof value.start === 'string';
}

function readLauncher(text: string | undefined): Launcher | undefined {
  if (text === undefined) return undefined;
  try {
    const { launcher, ancestors } = JSON.parse(text) as { launcher?: unknown; ancestors?: unknown };
    if (typeof launcher !== 'number' || !Array.isArray(ancestors) || !ancestors.every(isWatchedProcess))
      return undefined;
    return { launcher, ancestors: ancestors.map(({ pid, start }) => ({ pid, start })) };
  } catch {
    return undefined;
  }
}

function parentAndGrandparent(): readonly WatchedProcess[] {
  const parent = watched(process.ppid);
  const grandparent = parentOf(process.ppid);
  return grandparent === 0 ? [parent] : [parent, watched(grandparent)];
}

/**
 * Who started this process, read once at its start. With npm: npm and the shell that npm may put between (`sh -c`,
 * which many shells replace by the program), each of which takes the program with it. Otherwise parent and
 * grandparent together, so that a script may start a server in the background and end.
 */
export function readAncestry(environment: NodeJS.ProcessEnv = process.env): Ancestry {
  const told = readLauncher(environment.PC_AGENT_ANCESTORS);
  // The variable is inherited by every process below; it speaks of the launcher's own child only.
  const launcher = told?.launcher === process.ppid ? told : undefined;
  const chain = launcher?.ancestors ?? parentAndGrandparent();
  const own = launcher === undefined ? [] : [watched(launcher.launcher)];
  if (!OWN_SCRIPTS.includes(environment.npm_lifecycle_event ?? '')) return { each: own, all: chain };
  const parent = chain[0];
  const viaShell = parent !== undefined && isShell(parent.pid);
  return { each: [...own, ...(viaShell ? chain : chain.slice(0, 1))], all: [] };
}

function isGone(one: WatchedProcess): boolean {
  if (one.start === undefined) return !answersToSignal(one.pid);
  const row = processRow(one.pid);
  return row === undefined || row.start !== one.start || row.dead;
}

/** True when those whose going ends this process have gone. */
export function isOrphaned(ancestry: Ancestry): boolean {
  return ancestry.each.some(isGone) || (ancestry.all.length > 0 && ancestry.all.every(isGone));
}
