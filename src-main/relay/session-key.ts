import { type Glance, glanceAt } from '../dm/watcher/read-message.ts';
import type { Envelope } from '../link/message-link.ts';

/** Glances that wait for their session; a message that finds none is looked at again. */
const MOST_KEPT = 256;

/**
 * Tells the DM sessions apart that come in on one HTTP endpoint, and keeps what it saw for the watcher, so that a
 * message is looked at once.
 */
export class SessionKeys {
  /** Oldest first. */
  readonly #glances = new Map<Envelope, Glance>();

  /** SessionID and device; `undefined` for a message that cannot be read. */
  readonly keyOf = (envelope: Envelope): string | undefined => {
    const glance = glanceAt(envelope);
    this.#keep(envelope, glance);
    if (glance.kind !== 'message') return undefined;
    const { sessionId, source } = glance.header;
    return `${sessionId}\n${source.uri}`;
  };

  /** What was seen of a message; only once. */
  readonly takeGlance = (envelope: Envelope): Glance | undefined => {
    const glance = this.#glances.get(envelope);
    this.#glances.delete(envelope);
    return glance;
  };

  #keep(envelope: Envelope, glance: Glance): void {
    if (this.#glances.size >= MOST_KEPT) {
      for (const oldest of this.#glances.keys()) {
        this.#glances.delete(oldest);
        break;
      }
    }
    this.#glances.set(envelope, glance);
  }
}
