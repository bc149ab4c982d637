import type { PcAgentError } from '../base/errors.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { ResponseCode, requestOf } from './packet.ts';
import { asPcAgentError, disconnected } from './server-errors.ts';
import type { ObexAnswer } from './service.ts';

/** The stream on which the peer is heard while its service thinks. */
export interface HeardPeer {
  /** The packet that comes next, and stays the next one; `undefined` at the end of the stream. */
  readonly peek: () => Promise<Uint8Array | undefined>;
  /** Deals with the packet, or the end, that was seen. */
  readonly handle: () => Promise<void>;
  /** What runs. Who asked for another one that ran wants no answer any more. */
  readonly operation: () => unknown;
  readonly dropped: AbortSignal;
}

/** Asks a service, one question at a time, and hears the peer meanwhile. */
export class ServiceQuestion {
  readonly #peer: HeardPeer;
  /** Set while the service has not answered. */
  #asked: { failure?: PcAgentError } | undefined;
  /** Breaks off what was asked; used again for the next question unless it did. */
  #broken = new AbortController();

  constructor(peer: HeardPeer) {
    this.#peer = peer;
  }

  /**
   * Lets the service answer in its own time and notices meanwhile when the peer breaks off, leaves or vanishes.
   * `undefined` when the operation is over without an answer of the service.
   * @param ahead what waits when it comes before the answer; nothing else is noticed then but a drop
   */
  async ask(work: (signal: AbortSignal) => Promise<ObexAnswer>, ahead?: number): Promise<ObexAnswer | undefined> {
    const asked: { failure?: PcAgentError } = {};
    this.#asked = asked;
    // A service that fails answers as such; the details are its own to report.
    const answer = work(this.#broken.signal).catch((): ObexAnswer => ({ code: ResponseCode.InternalServerError }));
    let first: ObexAnswer | undefined;
    try {
      first = await this.#firstOf(answer, ahead);
      return first;
    } catch (error) {
      this.breakOff(asPcAgentError(error));
      throw error;
    } finally {
      this.#asked = undefined;
      if (first === undefined) {
        answer.then((late) => late.settled?.(asked.failure ?? disconnected())).catch(() => undefined);
      }
    }
  }

  /** Nobody wants the answer any more; nothing happens where none is due. */
  breakOff(failure: PcAgentError): void {
    if (this.#asked === undefined) return;
    this.#asked.failure = failure;
    this.#asked = undefined;
    this.#broken.abort();
    this.#broken = new AbortController();
  }

  async #firstOf(answer: Promise<ObexAnswer>, ahead?: number): Promise<ObexAnswer | undefined> {
    const operation = this.#peer.operation();
    while (this.#peer.operation() === operation) {
      const first = await this.#answerOrPacket(answer);
      if (first !== undefined) return first;
      if (ahead !== undefined && requestOf(await this.#peer.peek()) === ahead)
        return unlessAborted(answer, this.#peer.dropped);
      await this.#peer.handle();
    }
    return undefined;
  }

  /** `undefined` when a packet, or the end of the stream, came first. */
  #answerOrPacket(answer: Promise<ObexAnswer>): Promise<ObexAnswer | undefined> {
    return new Promise((resolve, reject) => {
      const came = (): void => resolve(undefined);
      answer.then(resolve, reject);
      this.#peer.peek().then(came, came);
    });
  }
}
