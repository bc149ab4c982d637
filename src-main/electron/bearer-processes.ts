import type { UtilityProcess } from 'electron';
import type { ToHostProcess } from '../contract/shell-messages.ts';

export type BearerProcess = Pick<UtilityProcess, 'on' | 'kill'>;

/** The processes with the native modules, started for the host: it speaks to them itself, over a local socket. */
export class BearerProcesses {
  readonly #fork: (env: Readonly<Record<string, string>>) => BearerProcess;
  readonly #running = new Map<number, BearerProcess>();

  constructor(fork: (env: Readonly<Record<string, string>>) => BearerProcess) {
    this.#fork = fork;
  }

  start(run: number, env: Readonly<Record<string, string>>, tell: (message: ToHostProcess) => void): void {
    // A run has one process: what a second one would do could not be ended any more.
    if (this.#running.has(run)) return;
    const child = this.#fork(env);
    this.#running.set(run, child);
    child.on('exit', (code: number) => {
      if (this.#running.get(run) === child) this.#running.delete(run);
      tell({ kind: 'bearers-gone', run, how: `exit code ${code}` });
    });
  }

  kill(run: number): void {
    this.#running.get(run)?.kill();
  }

  /** The host that asked for them has gone. They end with their connection to it; one that hangs does not. */
  killAll(): void {
    for (const child of this.#running.values()) child.kill();
    this.#running.clear();
  }
}
