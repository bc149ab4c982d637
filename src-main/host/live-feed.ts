import type { AgentEvent } from '../contract/events.ts';
import {
  CONTRACT_VERSION,
  FEED_HISTORY,
  type FeedChange,
  type FeedEntry,
  type FeedMessage,
  type FeedSnapshot,
} from '../contract/live-feed-messages.ts';
import { EMPTY_OVERVIEW, type LiveOverview, overviewAfter } from '../contract/live-overview.ts';
import type { MessageDetail, MessageSummary } from '../contract/message-summary.ts';

const DETAIL_BYTES_LIMIT = 64 * 1024 * 1024;

export interface LiveFeedOptions {
  /** Names this run; not the same for two runs. */
  readonly id: string;
  /** Events kept for pages that come late; default 10,000. */
  readonly historyLimit?: number;
  /** Bodies kept for details, in octets; default 64 MiB. */
  readonly detailBytesLimit?: number;
}

/** A message's detail, made when someone asks for it. */
export interface DetailSource {
  /** What the source holds in memory, mostly the body's length. */
  readonly bytes: number;
  readonly read: () => Omit<MessageDetail, 'sequence'>;
}

export interface FeedPosition {
  readonly feed: string;
  readonly sequence: number;
}

export type FeedListener = (message: FeedMessage) => void;

/**
 * Numbers what happens and keeps a bounded history of it, for pages that come late or lost their connection. State
 * goes out as a snapshot, then as changes without gaps. No I/O: the page server carries it.
 */
export class LiveFeed {
  readonly id: string;
  readonly #historyLimit: number;
  readonly #detailBytesLimit: number;
  readonly #entries = new Map<number, FeedEntry>();
  readonly #changes = new Map<number, FeedChange>();
  readonly #details = new Map<number, DetailSource>();
  readonly #listeners = new Set<FeedListener>();
  #overview: LiveOverview = EMPTY_OVERVIEW;
  #sequence = 0;
  #events = 0;
  #detailBytes = 0;

  constructor(options: LiveFeedOptions) {
    this.id = options.id;
    this.#historyLimit = options.historyLimit ?? FEED_HISTORY;
    this.#detailBytesLimit = options.detailBytesLimit ?? DETAIL_BYTES_LIMIT;
  }

  /**
   * Takes one event.
   * @returns its number, by which `summary` and `detail` add to a message event.
   */
  emit(event: AgentEvent): number {
    const sequence = this.#next();
    this.#events += 1;
    this.#entries.set(sequence, { sequence, event });
    if (this.#entries.size > this.#historyLimit) {
      const oldest = firstKey(this.#entries);
      this.#entries.delete(oldest);
      this.#forgetDetail(oldest);
    }
    this.#publish({ kind: 'event', sequence, event });
    return sequence;
  }

  /** Adds what the watcher understood of a message; ignored when the event is no message or is no longer kept. */
  summary(of: number, summary: MessageSummary): void {
    const entry = this.#entries.get(of);
    if (entry?.event.type !== 'message') return;
    this.#entries.set(of, { ...entry, summary });
    const { session, direction } = entry.event;
    this.#publish({ kind: 'summary', sequence: this.#next(), of, session, direction, summary });
  }

  /** Adds the way to a message's detail; the oldest are forgotten when together they hold too much. */
  detail(of: number, source: DetailSource): void {
    if (!this.#entries.has(of)) return;
    this.#forgetDetail(of);
    this.#details.set(of, source);
    this.#detailBytes += source.bytes;
    while (this.#detailBytes > this.#detailBytesLimit) this.#forgetDetail(firstKey(this.#details));
  }

  /** `undefined` when there is none, or none any more. */
  detailOf(sequence: number): MessageDetail | undefined {
    const source = this.#details.get(sequence);
    return source === undefined ? undefined : { ...source.read(), sequence };
  }

  snapshot(): FeedSnapshot {
    return {
      kind: 'snapshot',
      contract: CONTRACT_VERSION,
      feed: this.id,
      overview: this.#overview,
      entries: [...this.#entries.values()],
      dropped: this.#events - this.#entries.size,
    };
  }

  /**
   * Calls `listener` at once with the snapshot, or with the changes since `from` when they are still kept, and then
   * with every change. A listener that throws is left out from then on.
   * @returns a function that ends it.
   */
  subscribe(from: FeedPosition | undefined, listener: FeedListener): () => void {
    listener(this.#since(from) ?? this.snapshot());
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #since(from: FeedPosition | undefined): FeedMessage | undefined {
    if (from?.feed !== this.id || from.sequence > this.#sequence) return undefined;
    if (from.sequence < this.#sequence - this.#changes.size) return undefined;
    const changes: FeedChange[] = [];
    for (let number = from.sequence + 1; number <= this.#sequence; number += 1) {
      const change = this.#changes.get(number);
      if (change === undefined) return undefined;
      changes.push(change);
    }
    return { kind: 'changes', changes };
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  #publish(change: FeedChange): void {
    this.#overview = overviewAfter(this.#overview, change);
    this.#changes.set(change.sequence, change);
    if (this.#changes.size > this.#historyLimit) this.#changes.delete(firstKey(this.#changes));
    const message: FeedMessage = { kind: 'changes', changes: [change] };
    for (const listener of this.#listeners) {
      try {
        listener(message);
      } catch {
        this.#listeners.delete(listener);
      }
    }
  }

  #forgetDetail(of: number): void {
    const source = this.#details.get(of);
    if (source === undefined) return;
    this.#details.delete(of);
    this.#detailBytes -= source.bytes;
  }
}

function firstKey(map: ReadonlyMap<number, unknown>): number {
  return map.keys().next().value ?? -1;
}
