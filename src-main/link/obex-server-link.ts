import { type Duration, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { type Header, typeOf } from '../obex/header.ts';
import { ResponseCode } from '../obex/packet.ts';
import type { ConnectionEnd, ObexAnswer } from '../obex/service.ts';
import { abortError } from '../obex/time-limit.ts';
import { bareContentType } from '../syncml/content-type.ts';
import type { Envelope, MessageLink } from './message-link.ts';
import { envelopeHeaders } from './obex-envelope.ts';
import { Waiter } from './obex-waiter.ts';

export interface ObexServerLinkOptions {
  /** Longest packet that the peer takes from us. */
  readonly packetLimit: number;
  /** Drops the whole stream. */
  readonly drop: () => void;
  /** The only type that is sent: a GET that asks for another one is answered by 0xCF. Default: any. */
  readonly getType?: string;
  /** How long `close('done')` waits for the peer's DISCONNECT before it drops the stream; default 30 s. */
  readonly closeLimit?: Duration;
}

const DEFAULT_CLOSE_LIMIT = seconds(30);
/** How long the answer may take that is going out when a link is broken off. */
const LAST_ANSWER = seconds(1);

/**
 * The OBEX server's end of a message link: what the peer has to say it PUTs, what we have to say it GETs. A PUT is
 * answered only when the message before it was received, so a peer cannot pile messages up here.
 */
export class ObexServerLink implements MessageLink {
  readonly packetLimit: number;
  readonly #options: ObexServerLinkOptions;
  readonly #connectionEnded = Promise.withResolvers<void>();
  readonly #peerGone = Promise.withResolvers<void>();
  /** Why nothing more can be received or sent. */
  #end: ConnectionEnd | undefined;
  /** The OBEX connection is over, or no longer ours; the stream may carry another one by now. */
  #gone = false;
  /** Set by `close`: what every further request is answered by. */
  #goodbye: number | undefined;
  #message: Envelope | undefined;
  readonly #receiver = new Waiter<Envelope | undefined>();
  readonly #room = new Waiter<ObexAnswer | undefined>();
  #outgoing: Envelope | undefined;
  readonly #taken = new Waiter<void>();
  readonly #getter = new Waiter<ObexAnswer>();
  #sending = false;
  /** GETs are answered by 0xC4 until the next PUT. */
  #nothingToSay = false;

  constructor(options: ObexServerLinkOptions) {
    this.packetLimit = options.packetLimit;
    this.#options = options;
  }

  get peerGone(): Promise<void> {
    return this.#peerGone.promise;
  }

  /** The next message that was PUT whole; `undefined` after DISCONNECT or a clean end between two operations. */
  async receive(signal: AbortSignal): Promise<Envelope | undefined> {
    if (signal.aborted) throw abortError(signal);
    const message = this.#message;
    if (message !== undefined) {
      this.#message = undefined;
      this.#room.resolve(undefined);
      return message;
    }
    this.#checkOpen();
    if (this.#end === 'disconnect') return undefined;
    if (this.#end !== undefined) throw this.#end;
    return this.#receiver.wait(signal);
  }

  /** Answers the peer's GET, the one that waits or the next; resolves when the answer went out whole. */
  async send(envelope: Envelope, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    if (this.#outgoing !== undefined || this.#sending) throw new TypeError('send while another message is sent');
    this.#checkOpen();
    if (this.#end !== undefined) throw endError(this.#end);
    this.#outgoing = envelope;
    const taken = this.#taken.wait(signal);
    if (this.#getter.waiting) this.#getter.resolve(this.#takeOutgoing() ?? unavailable());
    try {
      await taken;
    } finally {
      if (this.#outgoing === envelope) this.#outgoing = undefined;
    }
  }

  /** There is no message: GETs are answered by 0xC4, until the peer PUTs something. */
  sayNothing(): void {
    this.#nothingToSay = true;
    this.#getter.resolve({ code: ResponseCode.NotFound });
  }

  /**
   * `done`: GETs are answered by 0xC4 until the peer disconnects or the limit passes. `aborted`: what waits is
   * answered by 0xD3 and the stream is dropped.
   */
  async close(reason: 'done' | 'aborted'): Promise<void> {
    this.#goodbye ??= reason === 'done' ? ResponseCode.NotFound : ResponseCode.ServiceUnavailable;
    const closed = new PcAgentError('obex/disconnected', 'the link was closed on this side');
    this.#receiver.reject(closed);
    this.#refuseOutgoing(closed);
    if (this.#gone) return;
    const limit = reason === 'done' ? (this.#options.closeLimit ?? DEFAULT_CLOSE_LIMIT) : 0;
    const settled = limit === 0 ? this.#options.drop : undefined;
    const answeredGet = this.#getter.resolve({ code: this.#goodbye, ...(settled && { settled }) });
    const answeredPut = this.#room.resolve({ code: ResponseCode.ServiceUnavailable, ...(settled && { settled }) });
    if (limit === 0 && !answeredGet && !answeredPut) this.#options.drop();
    const timer = setTimeout(this.#options.drop, limit === 0 ? LAST_ANSWER : limit);
    await this.#connectionEnded.promise;
    clearTimeout(timer);
  }

  /** For the service: a whole message came. */
  async onPut(envelope: Envelope, signal: AbortSignal): Promise<ObexAnswer> {
    if (this.#goodbye !== undefined || this.#end !== undefined) return unavailable();
    this.#nothingToSay = false;
    if (this.#message !== undefined) {
      const refusal = await this.#room.wait(signal);
      if (refusal !== undefined) return refusal;
    }
    return {
      code: ResponseCode.Success,
      settled: (failure) => {
        if (failure === undefined) this.#deliver(envelope);
      },
    };
  }

  /** For the service: the peer asks for our next message. */
  async onGet(headers: readonly Header[], signal: AbortSignal): Promise<ObexAnswer> {
    if (this.#goodbye !== undefined) return { code: this.#goodbye };
    if (this.#end !== undefined) return unavailable();
    if (this.#nothingToSay) return { code: ResponseCode.NotFound };
    const { getType } = this.#options;
    const wanted = getType === undefined ? undefined : typeOf(headers);
    if (wanted !== undefined && bareContentType(wanted) !== bareContentType(getType ?? '')) {
      return { code: ResponseCode.UnsupportedMediaType };
    }
    return this.#takeOutgoing() ?? this.#getter.wait(signal);
  }

  /** For the service: ABORT ends the exchange of messages, not the connection (dm-protocol, section 9.2). */
  onAborted(): void {
    this.#message = undefined;
    this.onEnded(new PcAgentError('obex/aborted', 'the other side aborted the OBEX exchange'));
  }

  /** For the service: the connection is gone, or no longer this link's. */
  onEnded(end: ConnectionEnd): void {
    this.#gone = true;
    this.#stop(end);
    for (const waiter of [this.#receiver, this.#room, this.#taken, this.#getter]) waiter.close();
    this.#connectionEnded.resolve();
  }

  #stop(end: ConnectionEnd): void {
    this.#end ??= end;
    this.#peerGone.resolve();
    if (this.#end === 'disconnect') this.#receiver.resolve(undefined);
    else this.#receiver.reject(this.#end);
    this.#refuseOutgoing(endError(this.#end));
  }

  /** A message that the peer has begun to take is not stopped by this. */
  #refuseOutgoing(why: PcAgentError): void {
    if (this.#outgoing === undefined) return;
    this.#outgoing = undefined;
    this.#taken.reject(why);
  }

  #checkOpen(): void {
    if (this.#goodbye !== undefined) {
      throw new PcAgentError('obex/disconnected', 'the link was closed on this side');
    }
  }

  #deliver(envelope: Envelope): void {
    if (!this.#receiver.resolve(envelope)) this.#message = envelope;
  }

  #takeOutgoing(): ObexAnswer | undefined {
    const outgoing = this.#outgoing;
    if (outgoing === undefined) return undefined;
    this.#outgoing = undefined;
    this.#sending = true;
    return {
      code: ResponseCode.Success,
      headers: envelopeHeaders(outgoing),
      body: outgoing.body,
      settled: (failure) => {
        this.#sending = false;
        if (failure === undefined) this.#taken.resolve();
        else this.#taken.reject(failure);
      },
    };
  }
}

function unavailable(): ObexAnswer {
  return { code: ResponseCode.ServiceUnavailable };
}

function endError(end: ConnectionEnd): PcAgentError {
  if (end !== 'disconnect') return end;
  return new PcAgentError('obex/disconnected', 'the other side left before it took the message');
}
