import { hash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import type { MessageSummary } from '../contract/message-summary.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { Store } from '../store/store.ts';
import type { Envelope } from '../syncml/envelope.ts';
import type { BodyWriter } from './body-files.ts';

/** How a session ended, in the words of the contract's `session` event. */
export interface SessionEnding {
  readonly state: 'done' | 'failed' | 'aborted' | 'ended-unread';
  readonly code?: string | undefined;
  /** The handset's DevId, when it became known. */
  readonly device?: string | undefined;
  /** It turned out to be a virtual one. */
  readonly virtual?: boolean | undefined;
}

/** Writes one session down as it goes. Nothing here fails or waits: a session is never worse for being recorded. */
export interface SessionRecorder {
  /** The session's number in the journal. */
  readonly number: number;
  message(envelope: Envelope, direction: Direction, summary: MessageSummary): void;
  sessionEnded(ending: SessionEnding): void;
}

export interface RecorderOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly number: number;
  /** Where bodies go; `undefined`: none are kept. */
  readonly bodies: BodyWriter | undefined;
  /** Whether so many octets more may be kept. */
  readonly hasRoom: (bytes: number) => boolean;
  /** A body could not be kept; told once. */
  readonly onProblem: (error: unknown) => void;
  /** The session has ended and its file is closed. */
  readonly onEnded: () => void;
}

export class StoredRecorder implements SessionRecorder {
  readonly number: number;
  readonly #options: RecorderOptions;
  readonly #begun: number;
  #bodies: BodyWriter | undefined;
  #sessionId = '';
  #messages = 0;
  #ended = false;
  #troubled = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.number = options.number;
    this.#bodies = options.bodies;
    this.#begun = options.clock.monotonic();
  }

  get bodyBytes(): number {
    return this.#bodies?.size ?? 0;
  }

  message(envelope: Envelope, direction: Direction, summary: MessageSummary): void {
    if (this.#ended) return;
    const { body, contentType } = envelope;
    this.#messages += 1;
    const values = [
      this.number,
      this.#messages,
      this.#options.clock.now().toISOString(),
      direction,
      summary.package,
      summary.msgId,
      body.length,
      hash('sha256', body, 'hex'),
      contentType,
      envelope.hmac === undefined ? 0 : 1,
    ] as const;
    const bodyAt = this.#keep(body);
    this.#options.store.trace((db) => {
      db.run(
        'INSERT INTO journal_messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        ...values,
        JSON.stringify(summary),
        bodyAt,
      );
    });
    this.#name(summary.sessionId);
  }

  sessionEnded({ state, code, device, virtual }: SessionEnding): void {
    if (this.#ended) return;
    this.#ended = true;
    const { store, clock } = this.#options;
    const endedAt = clock.now().toISOString();
    const duration = Math.round(clock.monotonic() - this.#begun);
    const bodyBytes = this.bodyBytes;
    store.trace((db) => {
      db.run(
        `UPDATE journal_sessions SET state = ?, code = ?, device = coalesce(?, device),
         virtual = max(virtual, ?), ended_at = ?, duration = ?,
         body_bytes = iif(bodies = 'kept', ?, 0) WHERE number = ?`,
        state,
        code ?? null,
        device ?? null,
        virtual === true ? 1 : 0,
        endedAt,
        duration,
        bodyBytes,
        this.number,
      );
    });
    this.dropBodies();
    this.#options.onEnded();
  }

  /** Keeps no more bodies; what is in the file stays. */
  dropBodies(): void {
    this.#bodies?.close();
    this.#bodies = undefined;
  }

  /** The handset's SessionID, which may be written otherwise than the notification's; so the last one counts. */
  #name(sessionId: string): void {
    if (sessionId === '' || sessionId === this.#sessionId) return;
    this.#sessionId = sessionId;
    this.#options.store.trace((db) => {
      db.run("UPDATE journal_sessions SET session_id = ?, state = 'running' WHERE number = ?", sessionId, this.number);
    });
  }

  #keep(body: Uint8Array): number | null {
    if (this.#bodies === undefined) return null;
    try {
      return this.#options.hasRoom(body.length) ? this.#bodies.append(body) : null;
    } catch (error) {
      if (!this.#troubled) this.#options.onProblem(error);
      this.#troubled = true;
      return null;
    }
  }
}
