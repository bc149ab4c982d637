import { readFile } from 'node:fs/promises';
import type { Program } from '../../support/processes.ts';

/** Looks at the resident memory of programs while they run, where there is `/proc`. */
export class MemoryWatch {
  readonly #programs: readonly Program[];
  readonly #peaks = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(programs: readonly Program[]) {
    this.#programs = programs;
    this.#timer = setInterval(() => void this.#look(), 100);
  }

  /** The highest that was seen, in MiB, by program; ends the watch. */
  stop(): ReadonlyMap<string, number> {
    clearInterval(this.#timer);
    return this.#peaks;
  }

  async #look(): Promise<void> {
    for (const { pid, name } of this.#programs) {
      const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
      const [, kib] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? [];
      if (kib !== undefined)
        this.#peaks.set(name, Math.max(this.#peaks.get(name) ?? 0, Math.round(Number(kib) / 1024)));
    }
  }
}
