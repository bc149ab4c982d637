import { readdirSync, readFileSync } from 'node:fs';
import { processRow } from '../../src-main/base/node/process-row.ts';

/** Processes that this one (or `parent`) has started with this word on their command line; Linux only. */
export function childProcesses(word: string, parent = process.pid): readonly number[] {
  const pids = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return pids.filter((pid) => {
    const row = processRow(pid);
    return row?.parent === parent && !row.dead && commandLine(pid).includes(word);
  });
}

function commandLine(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
