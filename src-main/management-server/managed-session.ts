import type { DeviceFacts } from '../dm/server/work.ts';
import type { Encoding } from '../syncml/model.ts';
import type { Completion } from './completion.ts';

/** What was asked for while the handset answers something else. */
export type Loaded<T> =
  | { readonly kind: 'loaded'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown }
  /** No message has gone out since it was asked for. */
  | { readonly kind: 'pending' };

/** A session as the work in it sees it. The work itself never waits: it yields commands. */
export interface ManagedSession {
  readonly facts: DeviceFacts;
  readonly encoding: Encoding;
  /** Done before the next message goes out; when it fails the session is broken off and nothing more is sent. */
  before(work: () => Promise<void>): void;
  /** Fetched before the next message goes out, so it is there with the answer to that. Failing is for the work to judge. */
  load<T>(work: () => Promise<T>): () => Loaded<T>;
  /** Done before each answer to the handset is made, the next one included; gives what stops it. As with `before`. */
  each(work: () => Promise<void>): () => void;
  /** Largest object that the handset takes, in octets as carried, where it said so. */
  readonly maxObject: number | undefined;
  /** The completion alert that came in this session for an operation, by its correlator. */
  completionOf(correlator: string): Completion | undefined;
}

/** What has to be done between two messages. */
export class Errands {
  #waiting: (() => Promise<void>)[] = [];
  readonly #recurring = new Set<() => Promise<void>>();

  before(work: () => Promise<void>): void {
    this.#waiting.push(work);
  }

  load<T>(work: () => Promise<T>): () => Loaded<T> {
    let loaded: Loaded<T> = { kind: 'pending' };
    this.#waiting.push(async () => {
      try {
        loaded = { kind: 'loaded', value: await work() };
      } catch (error) {
        loaded = { kind: 'failed', error };
      }
    });
    return () => loaded;
  }

  each(work: () => Promise<void>): () => void {
    const entry = (): Promise<void> => work();
    this.#recurring.add(entry);
    return () => this.#recurring.delete(entry);
  }

  /** Does what has to be done before a message can be answered. */
  async prepare(): Promise<void> {
    for (const work of this.#recurring) await work();
  }

  /** Does what waits, in order. */
  async run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const work of waiting) await work();
    }
  }
}
