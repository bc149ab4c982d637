import { readFile } from 'node:fs/promises';
import type { Program } from '../../support/processes.ts';

/** Resident memory of one process over its work, in MiB. */
export interface MemoryUse {
  readonly name: string;
  /** Highest in the first and in the second half of the time. */
  readonly halves: readonly [number, number];
}

const PAUSE = 100;
const SHARES = 2;

/** Looks at the resident memory of programs while they run, where there is `/proc`. */
export class MemoryWatch {
  readonly #seen = new Map<Program, number[]>();
  readonly #timer: NodeJS.Timeout;

  constructor(programs: readonly Program[]) {
    for (const program of programs) this.#seen.set(program, []);
    this.#timer = setInterval(() => void this.#look(), PAUSE);
  }

  /** What was seen until now; ends the watch. */
  stop(): readonly MemoryUse[] {
    clearInterval(this.#timer);
    return [...this.#seen].map(([{ name }, sizes]) => {
      const middle = Math.ceil(sizes.length / SHARES);
      const highest = (part: readonly number[]) => Math.max(0, ...part);
      return { name, halves: [highest(sizes.slice(0, middle)), highest(sizes.slice(middle))] };
    });
  }

  async #look(): Promise<void> {
    for (const [{ pid }, sizes] of this.#seen) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? [];
      if (kib !== undefined) sizes.push(Math.round(Number(kib) / 1024));
    }
  }
}
