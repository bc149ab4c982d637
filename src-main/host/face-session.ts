import { PcAgentError } from '../base/errors.ts';
import { VERSION } from '../base/version.ts';
import { FaceFrame, type Greeting, Hello, type HostFrame } from '../contract/frames.ts';
import { CONTRACT_VERSION } from '../contract/live-feed-messages.ts';
import { frameErrorOf } from './frame-error.ts';
import type { RequestDesk } from './request-desk.ts';
import type { StateFeed } from './state-feed.ts';

/** How frames leave; the transport brings them in. */
export interface FaceChannel {
  send(frame: HostFrame | Greeting): void;
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

/** One face's side of the contract. What is no frame ends the connection; other faces see nothing of it. */
export class FaceSession {
  readonly #options: FaceSessionOptions;
  readonly #open = new Map<number, AbortController>();
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

  /** Takes the text of one frame. */
  receive(text: string): void {
    if (this.#over) return;
    const value = jsonOf(text);
    if (!this.#greeted) return void this.#greet(value);
    const frame = FaceFrame.safeParse(value);
    if (!frame.success) return void this.#drop();
    switch (frame.data.kind) {
      case 'request':
        void this.#request(frame.data.id, frame.data.name, frame.data.params);
        return;
      case 'cancel':
        this.#open.get(frame.data.id)?.abort();
        return;
      case 'follow':
        this.#unfollow ??= this.#options.feed.follow((update) => this.#send(update));
    }
  }

  /** The face has gone: what it asked for is broken off. */
  closed(): void {
    if (this.#over) return;
    this.#over = true;
    this.#unfollow?.();
    for (const open of this.#open.values()) open.abort();
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

  async #request(id: number, name: string, params: unknown): Promise<void> {
    // A number in use again is a face that has lost count.
    if (this.#open.has(id)) return void this.#drop();
    const { desk, local, now } = this.#options;
    const open = new AbortController();
    try {
      if (this.#open.size >= MAX_OPEN) {
        throw new PcAgentError('host/too-many-requests', `at most ${MAX_OPEN} requests at a time`, { retry: 'later' });
      }
      this.#open.set(id, open);
      const result = await desk.run(
        name,
        params,
        {
          signal: open.signal,
          emit: (event) => this.#send({ kind: 'event', id, event: { ...event, time: now().toISOString() } }),
        },
        local,
      );
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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
