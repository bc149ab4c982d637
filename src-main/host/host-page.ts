import { randomUUID } from 'node:crypto';
import { PcAgentError } from '../base/errors.ts';
import type { UntimedEvent } from '../contract/events.ts';
import { maskedDetail } from '../dm/watcher/masked-detail.ts';
import type { WorkContext } from '../operations/engine.ts';
import { LiveFeed } from './live-feed.ts';
import { openPageServer, type PageServer, type PageServerOptions } from './page-server.ts';

/** The page of the host and the live feed of what happens in it. */
export class HostPage {
  readonly feed = new LiveFeed({ id: randomUUID() });
  readonly #now: () => Date;
  #server: PageServer | undefined;
  /** Number of the event that came last. */
  #last = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws PcAgentError `cli/page-missing`, `cli/port-busy` */
  async open(options: Omit<PageServerOptions, 'feed'>): Promise<PageServer> {
    this.#server = await openPageServer({ ...options, feed: this.feed });
    return this.#server;
  }

  /** @throws PcAgentError `host/no-page` */
  newAddress(): string {
    if (this.#server !== undefined) return this.#server.newAddress();
    throw new PcAgentError(
      'host/no-page',
      'the running host serves no page: a command of the command line is the host',
      {
        retry: 'later',
      },
    );
  }

  readonly onEvent = (event: UntimedEvent): void => {
    this.#last = this.feed.emit({ ...event, time: this.#now().toISOString() });
  };

  /** Comes right after the message's event. */
  readonly onMessage: WorkContext['onMessage'] = (envelope, _direction, summary) => {
    const sequence = this.#last;
    // The body may be a view of a larger buffer.
    const kept = { ...envelope, body: envelope.body.slice() };
    this.feed.summary(sequence, summary);
    this.feed.detail(sequence, { bytes: kept.body.length, read: () => maskedDetail(kept, sequence, summary) });
  };

  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }
}
