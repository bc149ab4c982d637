import type { ByteStream } from '../base/byte-stream.ts';
import { isPcAgentError } from '../base/errors.ts';
import { connectObex, DEFAULT_MAX_OBJECT, DEFAULT_OBEX_TIMEOUTS, type ObexClient } from '../obex/client.ts';
import { typeHeader } from '../obex/header.ts';
import { ResponseCode } from '../obex/packet.ts';
import type { ObexTimeouts } from '../obex/time-limit.ts';
import type { Envelope, MessageLink } from './message-link.ts';
import { envelopeHeaders, envelopeOf } from './obex-envelope.ts';

export interface ObexClientLinkOptions {
  readonly target: Uint8Array;
  /** Breaks off the CONNECT. */
  readonly signal: AbortSignal;
  /**
   * Types to ask for. After 0xCF (Unsupported media type) the next one is tried; the one that worked is kept.
   * A relay names wbxml, then xml; a handset only its own.
   */
  readonly getTypes: readonly [string, ...string[]];
  readonly timeouts?: Partial<ObexTimeouts>;
  /** Longest packet that we take; default 65535. */
  readonly maxPacket?: number;
  /** Objects end with an empty End-of-Body of their own, as some handsets do it; default no. */
  readonly emptyEnd?: boolean;
  /** Longest message that we take; default 16 MiB. */
  readonly maxMessage?: number;
}

/** Answers to GET by which a peer says that nothing more comes (contract, section 5). */
const END_OF_SESSION: readonly number[] = [ResponseCode.NotFound, ResponseCode.ServiceUnavailable];

/**
 * Connects to the peer's service and takes the stream over, also when it fails (it is closed then).
 * @throws PcAgentError `obex/response`, `obex/who-mismatch`, `obex/connection-id-missing`, `obex/timeout`,
 * `bearer/lost`; AbortError.
 */
export async function openObexClientLink(stream: ByteStream, options: ObexClientLinkOptions): Promise<ObexClientLink> {
  const { target, signal, maxPacket, timeouts, emptyEnd = false } = options;
  try {
    const client = await connectObex(stream, {
      target,
      signal,
      emptyEnd,
      ...(maxPacket === undefined ? {} : { maxPacket }),
      ...(timeouts === undefined ? {} : { timeouts }),
    });
    return new ObexClientLink(client, options);
  } catch (error) {
    await stream.close();
    throw error;
  }
}

/** The OBEX client's end of a message link: what it has to say it PUTs, what the peer has to say it GETs. */
export class ObexClientLink implements MessageLink {
  /** Longest packet that the peer takes from us. */
  readonly packetLimit: number;
  readonly #client: ObexClient;
  readonly #options: ObexClientLinkOptions;
  #getTypes: readonly string[];
  #endedBy: number | undefined;

  constructor(client: ObexClient, options: ObexClientLinkOptions) {
    this.#client = client;
    this.#options = options;
    this.packetLimit = client.packetLimit;
    this.#getTypes = options.getTypes;
  }

  /**
   * The OBEX response by which the peer said that nothing more comes: 0xC4, 0xA4, 0xD3, or 0xA0 (with an empty body).
   * `undefined` while `receive` has not given `undefined`.
   */
  get endedBy(): number | undefined {
    return this.#endedBy;
  }

  async receive(signal: AbortSignal): Promise<Envelope | undefined> {
    for (;;) {
      try {
        return await this.#get(this.#getTypes[0] ?? '', signal);
      } catch (error) {
        const code = isPcAgentError(error, 'obex/response') ? error.details.response : undefined;
        if (code === ResponseCode.UnsupportedMediaType && this.#getTypes.length > 1) {
          this.#getTypes = this.#getTypes.slice(1);
        } else if (typeof code === 'number' && END_OF_SESSION.includes(code)) {
          this.#endedBy = code;
          return undefined;
        } else {
          throw error;
        }
      }
    }
  }

  async send(envelope: Envelope, signal: AbortSignal): Promise<void> {
    await this.#client.put({ headers: envelopeHeaders(envelope), body: envelope.body }, signal);
  }

  /** ABORT when an operation runs, DISCONNECT within a short limit, then the stream is closed. */
  close(_reason: 'done' | 'aborted'): Promise<void> {
    return this.#client.close();
  }

  async #get(type: string, signal: AbortSignal): Promise<Envelope | undefined> {
    const object = await this.#client.get([typeHeader(type)], {
      signal,
      limit: this.#options.timeouts?.message ?? DEFAULT_OBEX_TIMEOUTS.message,
      maxObject: this.#options.maxMessage ?? DEFAULT_MAX_OBJECT,
    });
    if (object.body.length === 0 || object.code === ResponseCode.NoContent) {
      this.#endedBy = object.code;
      return undefined;
    }
    this.#getTypes = [type];
    return envelopeOf(object.headers, object.body);
  }
}
