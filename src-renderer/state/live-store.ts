import type { FeedMessage } from '../../src-main/contract/live-feed-messages.ts';
import { type LiveState, liveStateAfter, NOTHING_YET } from './live-state.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly code: string };

export interface View {
  readonly connection: Connection;
  readonly live: LiveState;
}

/** One drawing for all changes that come within this time, in milliseconds. */
const DRAW_INTERVAL = 40;

/** Holds what the page shows and tells React when to draw. */
export class LiveStore {
  #view: View = { connection: { kind: 'connecting' }, live: NOTHING_YET };
  #drawn: View = this.#view;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  get connection(): Connection {
    return this.#view.connection;
  }

  get live(): LiveState {
    return this.#view.live;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly view = (): View => this.#drawn;

  setConnection(connection: Connection): void {
    this.#set({ ...this.#view, connection });
  }

  /** @returns false when something is missing; the next connection then begins with a snapshot. */
  take(message: FeedMessage): boolean {
    const live = liveStateAfter(this.#view.live, message);
    if (live === undefined) {
      this.#view = { ...this.#view, live: NOTHING_YET };
      return false;
    }
    this.#set({ connection: { kind: 'live' }, live });
    return true;
  }

  #set(view: View): void {
    this.#view = view;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#drawn = this.#view;
      for (const listener of this.#listeners) listener();
    }, DRAW_INTERVAL);
  }
}
