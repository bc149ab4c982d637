import type { AgentEvent } from '../contract/events.ts';
import type { HostChange, HostState } from '../contract/host-state.ts';
import type { HostUpdate } from './connection.ts';

export interface StateFeedOptions {
  /** Names this run of the host. */
  readonly host: string;
  /** The state as it is now, every change so far included. */
  readonly read: () => HostState;
  /** Told how many faces follow, whenever that differs. */
  readonly onFollowers?: (count: number) => void;
}

/**
 * State for faces that follow: a snapshot when they come, then changes without gaps in their numbers. A change may
 * already be in the snapshot; it replaces a whole row, so that does no harm.
 */
export class StateFeed {
  readonly #options: StateFeedOptions;
  readonly #listeners = new Map<(update: HostUpdate) => void, { readonly events: boolean }>();
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

  /**
   * @param wants without events: the snapshot and changes only.
   * @returns a function that ends it.
   */
  follow(listener: (update: HostUpdate) => void, wants = { events: true }): () => void {
    const { host, read } = this.#options;
    listener({ kind: 'snapshot', host, sequence: this.#sequence, state: read() });
    this.#listeners.set(listener, wants);
    this.#tellFollowers();
    return () => {
      this.#listeners.delete(listener);
      this.#tellFollowers();
    };
  }

  #tellFollowers(): void {
    this.#options.onFollowers?.(this.#listeners.size);
  }

  #tell(update: HostUpdate): void {
    for (const [listener, { events }] of this.#listeners) {
      if (events || update.kind !== 'event') listener(update);
    }
  }
}
