import type { AgentEvent } from '../contract/events.ts';
import type { HostChange, HostState } from '../contract/host-state.ts';
import type { HostUpdate } from './connection.ts';

export interface StateFeedOptions {
  /** Names this run of the host. */
  readonly host: string;
  /** The state as it is now, every change so far included. */
  readonly read: () => HostState;
}

/**
 * State for faces that follow: a snapshot when they come, then changes without gaps in their numbers. A change may
 * already be in the snapshot; it replaces a whole row, so that does no harm.
 */
export class StateFeed {
  readonly #options: StateFeedOptions;
  readonly #listeners = new Set<(update: HostUpdate) => void>();
  #sequence = 0;

  constructor(options: StateFeedOptions) {
    this.#options = options;
  }

  change(change: HostChange): void {
    this.#sequence += 1;
    this.#tell({ kind: 'change', sequence: this.#sequence, change });
  }

  event(event: AgentEvent): void {
    this.#tell({ kind: 'event', event });
  }

  /** @returns a function that ends it. */
  follow(listener: (update: HostUpdate) => void): () => void {
    const { host, read } = this.#options;
    listener({ kind: 'snapshot', host, sequence: this.#sequence, state: read() });
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #tell(update: HostUpdate): void {
    for (const listener of this.#listeners) listener(update);
  }
}
