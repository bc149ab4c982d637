import { type Reading, readMessage } from '../dm/watcher/read-message.ts';
import type { Envelope } from '../link/message-link.ts';

/**
 * Tells the DM sessions apart that come in on one HTTP endpoint, and keeps what it read for the watcher, so that a
 * message is decoded once.
 */
export class SessionKeys {
  readonly #readings = new WeakMap<Envelope, Reading>();

  /** SessionID and device; `undefined` for a message that cannot be read. */
  readonly keyOf = (envelope: Envelope): string | undefined => {
    const reading = readMessage(envelope);
    this.#readings.set(envelope, reading);
    if (reading.kind !== 'message') return undefined;
    const { sessionId, source } = reading.message.header;
    return `${sessionId}\n${source.uri}`;
  };

  readonly readingOf = (envelope: Envelope): Reading | undefined => this.#readings.get(envelope);
}
