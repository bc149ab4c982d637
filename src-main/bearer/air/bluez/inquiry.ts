import { airError, busErrorName } from './errors.ts';
import type { BluezLink } from './link.ts';
import { ADAPTER, type AdapterObject } from './objects.ts';

const NO_REPLY = 'org.freedesktop.DBus.Error.NoReply';

/**
 * Keeps the inquiry going on every adapter that can, as long as anybody searches: on one that comes meanwhile too. The
 * service counts one search of each program, so all of ours are one.
 */
export class Inquiry {
  readonly #link: BluezLink;
  readonly #adapters: () => readonly AdapterObject[];
  /** Adapters of this run of the service on which it was begun. */
  readonly #begun = new Map<string, number>();
  #searchers = 0;
  #problem: unknown;
  #work: Promise<void> = Promise.resolve();

  constructor(link: BluezLink, adapters: () => readonly AdapterObject[]) {
    this.#link = link;
    this.#adapters = adapters;
  }

  get searching(): boolean {
    return this.#searchers > 0;
  }

  /** Why no adapter searches though one should; absent while one does. */
  get problem(): unknown {
    return this.#begun.size > 0 ? undefined : this.#problem;
  }

  /** `begun` resolves when it was begun, or could not be; `end` when it is ended. */
  begin(): { readonly begun: Promise<void>; readonly end: () => Promise<void> } {
    this.#searchers += 1;
    const end = (): Promise<void> => {
      this.#searchers -= 1;
      return this.settle();
    };
    return { begun: this.settle(), end };
  }

  /** Brings about what is wanted now; one step after the other. */
  settle(): Promise<void> {
    this.#work = this.#work.then(() => this.#settle());
    return this.#work;
  }

  async #settle(): Promise<void> {
    const { run } = this.#link;
    const usable = this.#adapters().filter(({ powered }) => powered);
    for (const [path, began] of this.#begun) {
      if (began !== run || !usable.some((adapter) => adapter.path === path)) this.#begun.delete(path);
    }
    const { searching } = this;
    for (const { path } of usable) {
      if (searching === this.#begun.has(path)) continue;
      await (searching ? this.#start(path, run) : this.#stop(path));
    }
  }

  async #start(path: string, run: number): Promise<void> {
    try {
      // RFCOMM is of BR/EDR only; without this the time is shared with Low Energy.
      const filter = { Transport: this.#link.variant('s', 'bredr') };
      await this.#link.call(path, ADAPTER, 'SetDiscoveryFilter', { signature: 'a{sv}', body: [filter] });
      await this.#link.call(path, ADAPTER, 'StartDiscovery');
      this.#begun.set(path, run);
      this.#problem = undefined;
    } catch (error) {
      // One that was not confirmed in time has perhaps begun all the same, and would go on for ever.
      if (busErrorName(error) === NO_REPLY) void this.#stop(path);
      this.#problem = airError(error, 'the search for phones could not be started');
    }
  }

  async #stop(path: string): Promise<void> {
    this.#begun.delete(path);
    // Who has gone does not search any more.
    await this.#link.call(path, ADAPTER, 'StopDiscovery').catch(() => undefined);
  }
}
