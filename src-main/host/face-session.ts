import { PcAgentError } from '../base/errors.ts';
import { jsonOf } from '../base/json.ts';
import { VERSION } from '../base/version.ts';
import { FaceFrame, type Greeting, Hello, type HostFrame } from '../contract/frames.ts';
import { type RequestName, TASKS } from '../contract/requests.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import type { RequestOptions } from './connection.ts';
import { frameErrorOf } from './frame-error.ts';
import type { RequestDesk } from './request-desk.ts';
import type { StateFeed } from './state-feed.ts';

/** How frames leave; the transport brings them in. */
export interface FaceChannel {
  send(frame: HostFrame | Greeting): void;
  /** Resolves when there is room for more of a long answer, or when the face has gone. Default: at once. */
  readonly room?: () => Promise<void>;
  /** Ends the connection after what was sent. */
  close(): void;
}

export interface FaceSessionOptions {
  readonly desk: RequestDesk;
  readonly feed: StateFeed;
  readonly channel: FaceChannel;
  /** It may name files of this machine. */
  readonly local: boolean;
  readonly now: () => Date;
}

/** Requests of one face at a time. */
const MAX_OPEN = 64;
/** What may go on when its face goes away. */
const KEEPABLE: readonly string[] = [...TASKS, 'demo.run' satisfies RequestName];

interface OpenRequest {
  readonly stop: AbortController;
  /** The face need not stay for it. */
  readonly keep: boolean;
}

/** One face's side of the contract. What is no frame ends the connection; other faces see nothing of it. */
export class FaceSession {
  readonly #options: FaceSessionOptions;
  readonly #open = new Map<number, OpenRequest>();
  #greeted = false;
  #over = false;
  #unfollow: (() => void) | undefined;

  constructor(options: FaceSessionOptions) {
    this.#options = options;
  }

  /** The face has said who it is. */
  get greeted(): boolean {
    return this.#greeted;
  }

  /** Nothing comes from it or goes to it any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Takes the text of one frame. */
  receive(text: string): void {
    if (this.#over) return;
    const value = jsonOf(text);
    if (!this.#greeted) return void this.#greet(value);
    const frame = FaceFrame.safeParse(value);
    if (!frame.success) return void this.#drop();
    switch (frame.data.kind) {
      case 'request':
        void this.#request(frame.data);
        return;
      case 'cancel':
        this.#open.get(frame.data.id)?.stop.abort();
        return;
      case 'follow': {
        const events = frame.data.events !== false;
        this.#unfollow ??= this.#options.feed.follow((update) => this.#send(update), { events });
      }
    }
  }

  /** The face has gone: what it asked for is broken off, unless it was to be kept. */
  closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#unfollow?.();
    for (const { stop, keep } of this.#open.values()) if (!keep) stop.abort();
  }

  /** The host ends; everything that was begun has been answered. */
  end(): void {
    if (this.#greeted) this.#send({ kind: 'bye' });
    this.closed();
  }

  #greet(value: unknown): void {
    const hello = Hello.safeParse(value);
    if (!hello.success) return void this.#drop();
    const same = hello.data.contract === CONTRACT_VERSION;
    this.#send({
      kind: same ? 'welcome' : 'refused',
      contract: CONTRACT_VERSION,
      version: VERSION,
      pid: process.pid,
    });
    if (same) this.#greeted = true;
    else this.#drop();
  }

  async #request(frame: Extract<FaceFrame, { readonly kind: 'request' }>): Promise<void> {
    const { id, name, params } = frame;
    // A number in use again is a face that has lost count.
    if (this.#open.has(id)) return void this.#drop();
    const { desk, local, channel, now } = this.#options;
    const stop = new AbortController();
    const open: OpenRequest = { stop, keep: frame.keep === true && KEEPABLE.includes(name) };
    try {
      if (this.#open.size >= MAX_OPEN) {
        throw new PcAgentError('host/too-many-requests', `at most ${MAX_OPEN} requests at a time`, { retry: 'later' });
      }
      this.#open.set(id, open);
      const options: RequestOptions = {
        signal: stop.signal,
        emit: (event) => this.#send({ kind: 'event', id, event: { ...event, time: now().toISOString() } }),
        part: async (part) => {
          this.#send({ kind: 'part', id, part });
          await channel.room?.();
        },
      };
      const result = await desk.run(name, params, options, local);
      this.#send({ kind: 'response', id, result });
    } catch (error) {
      this.#send({ kind: 'error', id, error: frameErrorOf(error) });
    } finally {
      if (this.#open.get(id) === open) this.#open.delete(id);
    }
  }

  #send(frame: HostFrame | Greeting): void {
    if (!this.#over) this.#options.channel.send(frame);
  }

  #drop(): void {
    this.closed();
    this.#options.channel.close();
  }
}
