import type { Clock } from '../../../base/clock.ts';
import type { Holder } from '../../discovery.ts';
import { printableSerial } from '../../usb/usb-address.ts';
import type { SystemFiles } from './system-files.ts';
import { TakeTurns } from './take-turns.ts';

/** A computer with more, or with slower ones, is not looked through to its end. */
const MAX_PROCESSES = 8_192;
const MAX_DESCRIPTORS = 4_096;
const MAX_TIME_MS = 300;

export type HoldersOf = ReadonlyMap<string, readonly Holder[]>;

/**
 * Which programs have a device node open, by the links in /proc (proc(5)). Processes of other users keep theirs to
 * themselves; nothing is opened to find out, since to open a modem port raises its DTR line.
 */
export class PortHolders {
  readonly #files: SystemFiles;
  readonly #clock: Clock;
  readonly #ownProcesses: ReadonlySet<number>;
  /** Processes that do not let us look, and the kernel's threads, which open nothing; until their ids are free again. */
  #closed = new Set<string>();
  #last: { readonly at: number; readonly nodes: ReadonlySet<string>; readonly holders: HoldersOf } | undefined;

  /** @param ownProcesses looked at first and always: who never came to them would take our own use for another's. */
  constructor(files: SystemFiles, clock: Clock, ownProcesses: ReadonlySet<number>) {
    this.#files = files;
    this.#clock = clock;
    this.#ownProcesses = ownProcesses;
  }

  /** @param maxAge milliseconds that an earlier answer may be old. */
  async of(nodes: ReadonlySet<string>, maxAge: number, signal: AbortSignal): Promise<HoldersOf> {
    if (nodes.size === 0) return new Map();
    const last = this.#last;
    const fresh = last !== undefined && this.#clock.monotonic() - last.at < maxAge;
    if (fresh && [...nodes].every((node) => last.nodes.has(node))) return last.holders;
    const holders = await this.#look(nodes, signal);
    this.#last = { at: this.#clock.monotonic(), nodes, holders };
    return holders;
  }

  async #look(nodes: ReadonlySet<string>, signal: AbortSignal): Promise<HoldersOf> {
    const turns = new TakeTurns(this.#clock, signal);
    const end = this.#clock.monotonic() + MAX_TIME_MS;
    const holders = new Map<string, Holder[]>();
    const look = (pid: string): void => {
      for (const node of this.#opened(pid, nodes)) {
        // A process calls itself what it likes, also what would write elsewhere on a terminal.
        const name = printableSerial(this.#files.text(`/proc/${pid}/comm`) ?? '') ?? '';
        holders.set(node, [...(holders.get(node) ?? []), { name, pid: Number(pid) }]);
      }
    };
    for (const pid of this.#ownProcesses) look(String(pid));
    const others = processIds(this.#files).filter((pid) => !this.#ownProcesses.has(Number(pid)));
    this.#closed = new Set(others.filter((pid) => this.#closed.has(pid)));
    for (const pid of others) {
      await turns.next();
      if (this.#clock.monotonic() > end) break;
      if (!this.#closed.has(pid)) look(pid);
    }
    return holders;
  }

  #opened(pid: string, nodes: ReadonlySet<string>): ReadonlySet<string> {
    const descriptors = this.#files.namesIfOurs(`/proc/${pid}/fd`);
    if (descriptors === undefined || descriptors.length === 0) this.#closed.add(pid);
    const found = new Set<string>();
    for (const name of (descriptors ?? []).slice(0, MAX_DESCRIPTORS)) {
      const link = this.#files.link(`/proc/${pid}/fd/${name}`);
      if (link !== undefined && nodes.has(link)) found.add(link);
    }
    return found;
  }
}

/** Whether a program of that name runs, whoever's it is. @throws AbortError */
export async function isRunning(files: SystemFiles, name: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const turns = new TakeTurns(clock, signal);
  for (const pid of processIds(files)) {
    await turns.next();
    if (files.text(`/proc/${pid}/comm`) === name) return true;
  }
  return false;
}

/** The newest first: what holds a port was started by somebody, and not with the computer. */
function processIds(files: SystemFiles): readonly string[] {
  const names = files.names('/proc').filter((name) => /^\d{1,10}$/.test(name));
  return names.sort((a, b) => Number(b) - Number(a)).slice(0, MAX_PROCESSES);
}
