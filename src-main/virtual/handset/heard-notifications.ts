import { hexOf } from '../../base/bytes.ts';
import type { Notification } from '../../dm/notification/notification.ts';
import type { HandsetStateFile } from './handset-state.ts';

/** Kept of each kind; the oldest gives way. */
const MOST = 64;

/**
 * The notifications that have done their work: a session began with them in which the server proved itself. Whoever
 * sends one of them once more has only listened in; the default nonce, which never changes, would let him
 * (DM Notification 1.2, 6.2), and the proof of the session that followed would be right again too. So they are kept.
 */
export class HeardNotifications {
  /** Digest of the notification that called for a session, by its id. */
  readonly #calling = new Map<string, string>();
  readonly #state: HandsetStateFile;
  readonly #done: Set<string>;

  constructor(state: HandsetStateFile) {
    this.#state = state;
    this.#done = new Set(state.state.heard);
  }

  /** A session was called for. */
  called(sessionId: string, { digest }: Notification): void {
    this.#calling.set(sessionId, hexOf(digest));
    dropOldest(this.#calling);
  }

  /** A session has ended; `proved`: its server has shown who it is. */
  ended(sessionId: string, proved: boolean): void {
    const digest = this.#calling.get(sessionId);
    this.#calling.delete(sessionId);
    if (digest === undefined || !proved) return;
    this.#done.add(digest);
    dropOldest(this.#done);
    this.#state.change({ heard: [...this.#done] });
  }

  isOld({ digest }: Notification): boolean {
    return this.#done.has(hexOf(digest));
  }
}

function dropOldest(kept: Map<string, string> | Set<string>): void {
  if (kept.size <= MOST) return;
  const oldest = kept.keys().next().value;
  if (oldest !== undefined) kept.delete(oldest);
}
