import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { answersToSignal, processRow } from './process-row.ts';

/** A process, told from a later one with the same number by when it started. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Names the moment; `undefined` where the system does not tell. */
  readonly start: string | undefined;
}

export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, start: startOf(process.pid) };
}

/** Whether that very process lives. Without a start only the number counts. */
export function isAlive({ pid, start }: ProcessIdentity): boolean {
  if (start !== undefined) return startOf(pid) === start;
  return answersToSignal(pid);
}

/** `undefined` when there is no such process, or the system does not tell. */
function startOf(pid: number): string | undefined {
  switch (process.platform) {
    case 'linux':
      return linuxStart(pid);
    case 'win32':
      return undefined;
    default:
      return listedStart(pid);
  }
}

/** The boot's id is in it, since ticks begin anew with each boot. */
function linuxStart(pid: number): string | undefined {
  const row = processRow(pid);
  if (row === undefined || row.dead) return undefined;
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${row.start}`;
  } catch {
    return undefined;
  }
}

function listedStart(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', timeout: 2000 }).trim();
    return text === '' ? undefined : text;
  } catch {
    return undefined;
  }
}
