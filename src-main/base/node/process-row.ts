import { readFileSync } from 'node:fs';

/** What Linux tells of a process. */
export interface ProcessRow {
  /** Dead, only not yet collected by its parent. */
  readonly dead: boolean;
  readonly parent: number;
  /** When it started, in clock ticks since boot. */
  readonly start: string;
}

/**
 * `/proc/PID/stat`, fields 3, 4 and 22; the name in brackets before them may hold blanks and brackets. `undefined`
 * when there is no such process, and on other systems.
 */
export function processRow(pid: number): ProcessRow | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { dead: fields[0] === 'Z' || fields[0] === 'X', parent: Number(fields[1]), start: fields[19] ?? '' };
  } catch {
    return undefined;
  }
}

/** Whether some process has the number. */
export function answersToSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
