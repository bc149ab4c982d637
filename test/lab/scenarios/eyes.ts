import { type HostState, stateAfter } from '../../../src-main/contract/host-state.ts';
import type { LocalConnection } from '../../../src-main/host/local-client.ts';
import { connectHost } from '../../support/host-face.ts';
import { until } from './guest.ts';

/** Somebody who sees what the host shows, as a window does. */
export class Eyes {
  readonly #connection: LocalConnection;
  readonly #closing = new AbortController();
  #state: HostState | undefined;

  private constructor(connection: LocalConnection) {
    this.#connection = connection;
  }

  static async open(home: string): Promise<Eyes> {
    const eyes = new Eyes(await connectHost(home));
    eyes.#follow();
    return eyes;
  }

  /** What is seen, as soon as there is such a thing. */
  async see<T>(what: string, look: (state: HostState) => T | undefined, limit = 60_000): Promise<T> {
    let seen: T | undefined;
    await until(what, limit, () => {
      seen = this.#state === undefined ? undefined : look(this.#state);
      return seen !== undefined;
    });
    return seen as T;
  }

  close(): void {
    this.#closing.abort();
    this.#connection.close();
  }

  #follow(): void {
    const followed = this.#connection.follow((update) => {
      if (update.kind === 'snapshot') this.#state = update.state;
      else if (update.kind === 'change' && this.#state !== undefined)
        this.#state = stateAfter(this.#state, update.change);
    }, this.#closing.signal);
    followed.catch(() => undefined);
  }
}
