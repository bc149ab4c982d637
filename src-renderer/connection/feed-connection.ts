import { AnyContract, CONTRACT_VERSION, FeedMessage } from '../../src-main/contract/live-feed-messages.ts';
import type { LiveStore } from '../state/live-store.ts';
import { exchangeToken, isSignedIn } from './sign-in.ts';

const FIRST_RETRY = 400;
const LAST_RETRY = 5000;

export interface FeedConnectionOptions {
  readonly store: LiveStore;
  /** One-time token of the address, when it had one. */
  readonly token: string | undefined;
}

/** Keeps the store fed: signs in, listens, and comes back where it left off when the connection is lost. */
export class FeedConnection {
  readonly #store: LiveStore;
  #token: string | undefined;
  #retry = FIRST_RETRY;

  constructor(options: FeedConnectionOptions) {
    this.#store = options.store;
    this.#token = options.token;
  }

  start(): void {
    void this.#connect();
  }

  async #connect(): Promise<void> {
    try {
      const token = this.#token;
      this.#token = undefined;
      const accepted = token !== undefined && (await exchangeToken(token));
      if (!accepted && !(await isSignedIn())) {
        this.#store.setConnection({
          kind: 'refused',
          code: token === undefined ? 'page/no-session' : 'page/token-spent',
        });
        return;
      }
    } catch {
      this.#again();
      return;
    }
    this.#listen();
  }

  #listen(): void {
    const { feed, overview } = this.#store.live;
    const from = feed === '' ? '' : `?feed=${encodeURIComponent(feed)}&after=${overview.sequence}`;
    const socket = new WebSocket(`ws://${location.host}/events${from}`);
    socket.onmessage = ({ data }) => {
      this.#retry = FIRST_RETRY;
      if (!this.#take(data)) socket.close();
    };
    socket.onclose = () => this.#again();
  }

  /** @returns false when the connection must begin anew. */
  #take(data: unknown): boolean {
    const json = jsonOf(data);
    const version = AnyContract.safeParse(json);
    const message = FeedMessage.safeParse(json);
    if (!message.success || (version.success && version.data.contract !== CONTRACT_VERSION)) {
      this.#store.setConnection({ kind: 'refused', code: 'page/contract' });
      return false;
    }
    return this.#store.take(message.data);
  }

  #again(): void {
    if (this.#store.connection.kind === 'refused') return;
    this.#store.setConnection({ kind: 'lost' });
    setTimeout(() => void this.#connect(), this.#retry);
    this.#retry = Math.min(this.#retry * 2, LAST_RETRY);
  }
}

function jsonOf(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}
