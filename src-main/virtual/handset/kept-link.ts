import { equalBytes } from '../../base/bytes.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { isAbort, type PcAgentError } from '../../base/errors.ts';
import { glanceAt } from '../../dm/watcher/read-message.ts';
import type { Envelope, MessageLink } from '../../link/message-link.ts';
import { isLinkGone } from '../../link/reopened-link.ts';

/** How long a session is kept that has no link. */
const KEPT_FOR = seconds(60);

/** The sessions of a handset that wait for another link, by SessionID. */
export class KeptLinks {
  readonly #links = new Map<string, KeptLink>();
  readonly #sessions = new Set<Promise<void>>();

  /** A link that outlives the one that it goes over. */
  keep(link: MessageLink, sessionId: string, time: Duration = KEPT_FOR): KeptLink {
    const kept = new KeptLink(link, time, () => this.#links.delete(sessionId));
    this.#links.set(sessionId, kept);
    return kept;
  }

  /** Hands a link over whose first message is one of a session that is kept; false: it is of none. */
  take(link: MessageLink, first: Envelope): boolean {
    const glance = glanceAt(first);
    return glance.kind === 'message' && this.#links.get(glance.header.sessionId.trim())?.take(link, first) === true;
  }

  /** A session that outlives the stream on which it began. */
  outlives(session: Promise<void>): void {
    this.#sessions.add(session);
    void session.finally(() => this.#sessions.delete(session)).catch(() => undefined);
  }

  /** Resolves when no session is left. */
  async settled(): Promise<void> {
    await Promise.all(this.#sessions);
  }

  /** Who comes with something new has given up what was there before. Resolves when those sessions are over. */
  async drop(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.drop()));
  }
}

/**
 * The handset's end of a session that goes on over another link when its own is lost. The server says its last message
 * again over that: it is answered as it was, or heard for the first time.
 */
export class KeptLink implements MessageLink {
  readonly #time: Duration;
  readonly #onClosed: () => void;
  readonly #closed = Promise.withResolvers<void>();
  #link: MessageLink;
  #heard: Envelope | undefined;
  #next: PromiseWithResolvers<Envelope> | undefined;
  /** What came with the new link. */
  #first: Envelope | undefined;
  #gone: unknown;

  constructor(link: MessageLink, time: Duration, onClosed: () => void) {
    this.#link = link;
    this.#time = time;
    this.#onClosed = onClosed;
  }

  async receive(signal: AbortSignal): Promise<Envelope | undefined> {
    for (;;) {
      const first = this.#first;
      this.#first = undefined;
      if (first !== undefined) return this.#hear(first);
      let loss: PcAgentError | undefined;
      try {
        const envelope = await this.#link.receive(signal);
        if (envelope !== undefined) return this.#hear(envelope);
      } catch (error) {
        if (!isLinkGone(error)) throw error;
        loss = error;
      }
      if (!(await this.#replaced(signal))) {
        if (loss !== undefined) throw loss;
        return undefined;
      }
    }
  }

  async send(envelope: Envelope, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        return await this.#link.send(envelope, signal);
      } catch (error) {
        if (!isLinkGone(error) || !(await this.#replaced(signal))) throw error;
        // What is about to be said answers it.
        const isRepeat = this.#first !== undefined && this.#isHeard(this.#first);
        if (!isRepeat) throw error;
        this.#first = undefined;
      }
    }
  }

  sayNothing(): void {
    this.#link.sayNothing?.();
  }

  async close(reason: 'done' | 'aborted'): Promise<void> {
    this.#gone ??= reason;
    this.#onClosed();
    await this.#link.close(reason);
    this.#closed.resolve();
  }

  /** @returns false when the session does not wait for a link. */
  take(link: MessageLink, first: Envelope): boolean {
    const next = this.#next;
    if (next === undefined) return false;
    this.#next = undefined;
    void this.#link.close('aborted');
    this.#link = link;
    next.resolve(first);
    return true;
  }

  async drop(): Promise<void> {
    if (this.#next === undefined) return;
    this.#next.reject(new DOMException('the session is given up', 'AbortError'));
    await this.#closed.promise;
  }

  /** Waits for another link; false: none came in time. @throws AbortError of the signal */
  async #replaced(signal: AbortSignal): Promise<boolean> {
    if (this.#gone !== undefined) return false;
    const next = Promise.withResolvers<Envelope>();
    this.#next = next;
    const give = (): void => next.reject(signal.reason);
    const timer = setTimeout(() => next.reject(new DOMException('no link came', 'AbortError')), this.#time);
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) give();
    try {
      this.#first = await next.promise;
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!isAbort(error)) throw error;
      return false;
    } finally {
      this.#next = undefined;
      clearTimeout(timer);
      signal.removeEventListener('abort', give);
    }
  }

  #hear(envelope: Envelope): Envelope {
    this.#heard = envelope;
    return envelope;
  }

  #isHeard({ body }: Envelope): boolean {
    return this.#heard !== undefined && equalBytes(this.#heard.body, body);
  }
}
