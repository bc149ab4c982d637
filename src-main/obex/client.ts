import type { ByteStream } from '../base/byte-stream.ts';
import { equalBytes } from '../base/bytes.ts';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import { AnswerCollector } from './answer-collector.ts';
import { BodyPacker, type PackedPacket } from './body-packer.ts';
import { outOfStep, refused } from './client-errors.ts';
import { bytesHeader, bytesOf, type Header, HeaderId, isBody, numberOf, wordHeader } from './header.ts';
import {
  CONNECT_FIELDS,
  connectFields,
  encodeConnect,
  encodePacket,
  FINAL_BIT,
  isResponse,
  isSuccess,
  MAX_PACKET,
  MIN_PACKET,
  OBEX_VERSION,
  Opcode,
  packetHeaders,
  packetLimit,
  ResponseCode,
} from './packet.ts';
import { PacketStream } from './packet-stream.ts';
import { abortError, type ObexTimeouts, WaitLimit, withTimeLimit } from './time-limit.ts';

export const DEFAULT_OBEX_TIMEOUTS: ObexTimeouts = {
  response: seconds(10),
  firstPacket: seconds(60),
  message: seconds(300),
  abort: seconds(5),
  disconnect: seconds(2),
};

export const DEFAULT_MAX_OBJECT = 16 * 1024 * 1024;

/** How long CONNECT may wait on a line whose handset is brought to OBEX first: a dialogue with each of its answers late. */
const PREPARE_LIMIT = seconds(45);

/** How long to look for the late answer to a request that ABORT overtook. */
const LATE_ANSWER = milliseconds(100);

export interface ObexConnectOptions {
  readonly signal: AbortSignal;
  /** Service to connect to; its Who and ConnectionID are then demanded. Without one the connection is undirected. */
  readonly target?: Uint8Array;
  /** Longest packet that we take, 255 to 65535; default 65535. */
  readonly maxPacket?: number;
  readonly timeouts?: Partial<ObexTimeouts>;
  /** Ends each object with an empty End-of-Body in a packet of its own, as some handsets do; default no. */
  readonly emptyEnd?: boolean;
}

export interface ObexPut {
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

export interface ObexGetOptions {
  readonly signal: AbortSignal;
  /** Most octets that the object may have; default 16 MiB. */
  readonly maxObject?: number;
  /** Limit for the first packet of the answer; default `timeouts.firstPacket`. */
  readonly limit?: Duration;
}

export interface ObexObject {
  /** The final success code, e.g. 0xa0. */
  readonly code: number;
  /** Headers of all packets of the answer but the bodies. */
  readonly headers: readonly Header[];
  readonly body: Uint8Array;
}

/**
 * Opens an OBEX connection over a stream. The stream stays the caller's when this fails.
 * @throws PcAgentError `obex/response` (refused; `details.response`), `obex/who-mismatch`,
 * `obex/connection-id-missing`, `obex/timeout`, `bearer/lost`; AbortError.
 */
export async function connectObex(stream: ByteStream, options: ObexConnectOptions): Promise<ObexClient> {
  const own = Math.min(MAX_PACKET, Math.max(MIN_PACKET, options.maxPacket ?? MAX_PACKET));
  const timeouts = { ...DEFAULT_OBEX_TIMEOUTS, ...options.timeouts };
  const packets = new PacketStream(stream, own, isResponse);
  const { target, signal } = options;
  const headers = target === undefined ? [] : [bytesHeader(HeaderId.Target, target)];
  const request = encodeConnect(Opcode.Connect, { version: OBEX_VERSION, flags: 0, maxPacket: own }, headers);
  const room = stream.prepares === true ? PREPARE_LIMIT : timeouts.response;
  await withTimeLimit(room, signal, 'room to send CONNECT', (limited) => packets.write(request, limited));
  const answer = await withTimeLimit(timeouts.response, signal, 'the answer to CONNECT', (limited) =>
    packets.read(limited),
  );
  if (answer === undefined) throw lost();
  const code = answer[0] ?? 0;
  if (code !== ResponseCode.Success) throw refused('CONNECT', code);
  const fields = connectFields(answer);
  const answered = packetHeaders(answer, CONNECT_FIELDS);
  const connectionId = numberOf(answered, HeaderId.ConnectionId);
  if (target !== undefined) checkDirected(target, answered, connectionId);
  return new ObexClient(packets, packetLimit(own, fields.maxPacket), connectionId, timeouts, options.emptyEnd ?? false);
}

function checkDirected(target: Uint8Array, headers: readonly Header[], connectionId: number | undefined): void {
  const who = bytesOf(headers, HeaderId.Who);
  if (who === undefined || !equalBytes(who, target)) {
    throw new PcAgentError('obex/who-mismatch', 'another service than the one asked for answered CONNECT', {
      details: { whoLength: who?.length ?? -1 },
    });
  }
  if (connectionId === undefined) {
    throw new PcAgentError('obex/connection-id-missing', 'the answer to CONNECT has no ConnectionID');
  }
}

function lost(): PcAgentError {
  return new PcAgentError('bearer/lost', 'the other side ended where an OBEX answer was due', { retry: 'same-bearer' });
}

function isFinal(code: number): boolean {
  return code !== ResponseCode.Continue;
}

interface Reply {
  readonly code: number;
  readonly packet: Uint8Array;
}

/** The client side of one OBEX connection: one operation at a time, each refusal as `obex/response`. */
export class ObexClient {
  /** Longest packet that may be sent to the peer: what both can receive. */
  readonly packetLimit: number;
  readonly connectionId: number | undefined;
  readonly #packets: PacketStream;
  readonly #timeouts: ObexTimeouts;
  /** Aborts the running operation when the connection is closed under it. */
  #running: AbortController | undefined;
  #settled: Promise<void> = Promise.resolve();
  /** Requests and answers may be out of step: nothing more can be asked. */
  #broken = false;
  /** A request went out and its answer has not come. */
  #answerDue = false;
  /** One answer more than there are requests may come. */
  #lateAnswer = false;
  #closed: Promise<void> | undefined;
  /** Of the running operation. */
  readonly #reading = new WaitLimit();
  readonly #writing = new WaitLimit();
  readonly #emptyEnd: boolean;
  /** The peer wants the ConnectionID in every packet, not only in the first of a request. */
  #idInEveryPacket = false;
  /** What was sent last is the second packet of its request. */
  #second = false;

  constructor(
    packets: PacketStream,
    packetLimit: number,
    connectionId: number | undefined,
    timeouts: ObexTimeouts,
    emptyEnd: boolean,
  ) {
    this.#packets = packets;
    this.packetLimit = packetLimit;
    this.connectionId = connectionId;
    this.#timeouts = timeouts;
    this.#emptyEnd = emptyEnd;
  }

  /**
   * Sends one object. When `signal` is aborted in the middle, ABORT goes out before the AbortError comes.
   * @returns the final success code.
   * @throws PcAgentError `obex/response`, `obex/timeout`, `obex/out-of-step`, `bearer/lost`; AbortError.
   */
  put(object: ObexPut, signal: AbortSignal): Promise<number> {
    return this.#operation('PUT', signal, (limited) => this.#withId(() => this.#put(object, limited)));
  }

  /**
   * Asks for one object.
   * @throws PcAgentError as `put`, and `obex/object-too-long`; AbortError.
   */
  get(headers: readonly Header[], options: ObexGetOptions): Promise<ObexObject> {
    return this.#operation('GET', options.signal, (limited) =>
      this.#withId(() => this.#get(headers, options, limited)),
    );
  }

  /** DISCONNECT (ABORT first when an operation runs) within short limits, then closes the stream. Never fails. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#running?.abort();
    await this.#settled;
    if (!this.#broken) {
      try {
        await withTimeLimit(this.#timeouts.disconnect, undefined, 'the answer to DISCONNECT', async (limited) => {
          await this.#packets.write(encodePacket(Opcode.Disconnect, this.#connectionHeaders()), limited);
          await this.#packets.read(limited);
        });
      } catch {
        // Leaving anyway: a peer that does not answer a goodbye loses nothing.
      }
    }
    await this.#packets.close();
  }

  async #operation<T>(name: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#running !== undefined) throw new TypeError(`${name} while another operation runs`);
    if (signal.aborted) throw abortError(signal);
    if (this.#closed !== undefined || this.#broken) {
      throw new PcAgentError('obex/disconnected', `${name} on an OBEX connection that has ended`);
    }
    const running = new AbortController();
    const onAbort = (): void => running.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    let hurry: NodeJS.Timeout | undefined;
    running.signal.addEventListener(
      'abort',
      () => {
        this.#reading.abort();
        // Half a packet cannot be taken back: a broken-off write is finished first, within the limit for ABORT.
        hurry = setTimeout(() => this.#writing.abort(), this.#timeouts.abort);
      },
      { once: true },
    );
    this.#running = running;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#settled = promise;
    try {
      if (this.#lateAnswer) await this.#skipLateAnswer();
      return await work(running.signal);
    } catch (error) {
      await this.#recover(error);
      throw isAbort(error) ? abortError(signal) : error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      clearTimeout(hurry);
      this.#reading.close();
      this.#writing.close();
      this.#running = undefined;
      resolve();
    }
  }

  /** After a failure: a refusal leaves the connection in step; what was broken off is told to the peer. */
  async #recover(error: unknown): Promise<void> {
    if (this.#broken || isPcAgentError(error, 'obex/response') || isPcAgentError(error, 'obex/header-too-long')) return;
    const framingLost = error instanceof PcAgentError && /^(bearer\/|obex\/packet-)/.test(error.code);
    if (!framingLost) {
      try {
        await this.#abort();
        return;
      } catch {
        // Without an answer to ABORT nobody knows which request the next answer would be for.
      }
    }
    this.#broken = true;
  }

  /**
   * The peer may answer the broken-off request first; then a Success without body is the answer to ABORT. Where no
   * answer is due any more, whatever comes is that.
   */
  async #abort(): Promise<void> {
    await withTimeLimit(this.#timeouts.abort, undefined, 'the answer to ABORT', async (limited) => {
      await this.#packets.write(encodePacket(Opcode.Abort, this.#connectionHeaders()), limited);
      // A PUT that was complete just then is answered by a bare Success as well, so one more may be under way.
      this.#lateAnswer = this.#answerDue;
      for (;;) {
        const packet = await this.#packets.read(limited);
        if (packet === undefined) throw lost();
        if (!this.#answerDue || (isSuccess(packet[0] ?? 0) && !packetHeaders(packet).some(isBody))) break;
        this.#lateAnswer = false;
      }
    });
    this.#answerDue = false;
  }

  async #skipLateAnswer(): Promise<void> {
    this.#lateAnswer = false;
    try {
      await withTimeLimit(LATE_ANSWER, undefined, 'a late answer', (limited) => this.#packets.read(limited));
    } catch (error) {
      if (!(error instanceof PcAgentError && error.code === 'obex/timeout')) throw error;
    }
  }

  /**
   * The ConnectionID goes with the first packet of a request, as most stacks do it. A peer that answers the second one
   * with 0xD3 misses it there (spec sheet obex, section 4): then the whole request is made again so, and all that follow.
   * One that has gone on with the second without it misses nothing: its later 0xD3 is about the object, which a peer that
   * has it whole must not be given twice.
   */
  async #withId<T>(request: () => Promise<T>): Promise<T> {
    this.#second = false;
    try {
      return await request();
    } catch (error) {
      const wanted = this.#second && this.connectionId !== undefined && !this.#idInEveryPacket;
      if (
        !wanted ||
        !isPcAgentError(error, 'obex/response') ||
        error.details?.response !== ResponseCode.ServiceUnavailable
      ) {
        throw error;
      }
      this.#idInEveryPacket = true;
      return request();
    }
  }

  #repeatedHeaders(): readonly Header[] {
    return this.#idInEveryPacket ? this.#connectionHeaders() : [];
  }

  async #put(object: ObexPut, signal: AbortSignal): Promise<number> {
    const packer = new BodyPacker(this.#directed(object.headers), object.body, this.packetLimit, {
      repeated: this.#repeatedHeaders(),
      emptyEnd: this.#emptyEnd,
    });
    let limit = this.#timeouts.firstPacket;
    const take = (): PackedPacket => packer.next(Opcode.Put, Opcode.Put | FINAL_BIT);
    let following = take();
    for (let count = 1; ; count += 1) {
      this.#second = count === 2;
      const packet = following;
      const reply = await this.#exchange(packet.bytes, limit, signal, () => {
        if (!packet.last) following = take();
      });
      limit = this.#timeouts.response;
      if (packet.last) return isFinal(reply.code) ? success('PUT', reply.code) : this.#putOnceMore(signal);
      if (isFinal(reply.code)) throw isSuccess(reply.code) ? outOfStep('PUT', reply.code) : refused('PUT', reply.code);
    }
  }

  /** Some peers say Continue to the last packet: one more, with an empty End-of-Body, is what they wait for. */
  async #putOnceMore(signal: AbortSignal): Promise<number> {
    this.#second = false;
    const packet = encodePacket(Opcode.Put | FINAL_BIT, [
      ...this.#repeatedHeaders(),
      bytesHeader(HeaderId.EndOfBody, new Uint8Array(0)),
    ]);
    const reply = await this.#exchange(packet, this.#timeouts.response, signal);
    if (!isFinal(reply.code)) throw outOfStep('PUT', reply.code);
    return success('PUT', reply.code);
  }

  async #get(wanted: readonly Header[], options: ObexGetOptions, signal: AbortSignal): Promise<ObexObject> {
    const collector = new AnswerCollector(options.maxObject ?? DEFAULT_MAX_OBJECT);
    const packer = new BodyPacker(this.#directed(wanted), undefined, this.packetLimit, {
      repeated: this.#repeatedHeaders(),
    });
    const deadline = options.limit ?? this.#timeouts.firstPacket;
    for (;;) {
      const packet = packer.next(Opcode.Get, Opcode.Get | FINAL_BIT);
      const reply = await this.#exchange(packet.bytes, packet.last ? deadline : this.#timeouts.response, signal);
      if (packet.last) return this.#collect(reply, collector, signal);
      if (isFinal(reply.code)) throw isSuccess(reply.code) ? outOfStep('GET', reply.code) : refused('GET', reply.code);
    }
  }

  async #collect(first: Reply, collector: AnswerCollector, signal: AbortSignal): Promise<ObexObject> {
    let reply = first;
    let count = 1;
    const more = encodePacket(Opcode.Get | FINAL_BIT, this.#repeatedHeaders());
    const take = (): void => collector.take();
    while (!isFinal(reply.code)) {
      count += 1;
      this.#second = count === 2;
      if (collector.ended) throw outOfStep('GET', reply.code);
      collector.look(reply.packet);
      reply = await this.#exchange(more, this.#timeouts.response, signal, take);
    }
    // The body of a refusal explains it at best; it is never part of the object.
    if (!isSuccess(reply.code)) throw refused('GET', reply.code);
    collector.look(reply.packet);
    collector.take();
    return { code: reply.code, headers: collector.headers, body: collector.body() };
  }

  /** @param meanwhile done while the answer is under way; the packet that was read last is still good then */
  async #exchange(packet: Uint8Array, limit: Duration, signal: AbortSignal, meanwhile?: () => void): Promise<Reply> {
    if (signal.aborted) throw abortError(signal);
    this.#answerDue = true;
    try {
      await this.#packets.write(packet, this.#writing.start(this.#timeouts.response));
    } catch (error) {
      this.#broken = true;
      throw this.#writing.reason(error, 'room to send');
    } finally {
      this.#writing.end();
    }
    if (signal.aborted) throw abortError(signal);
    meanwhile?.();
    try {
      const answer = await this.#packets.read(this.#reading.start(limit));
      if (answer === undefined) throw lost();
      this.#answerDue = false;
      return { code: answer[0] ?? 0, packet: answer };
    } catch (error) {
      throw this.#reading.reason(error, 'the answer');
    } finally {
      this.#reading.end();
    }
  }

  #directed(headers: readonly Header[]): readonly Header[] {
    return [...this.#connectionHeaders(), ...headers];
  }

  #connectionHeaders(): readonly Header[] {
    return this.connectionId === undefined ? [] : [wordHeader(HeaderId.ConnectionId, this.connectionId)];
  }
}

function success(operation: string, code: number): number {
  if (!isSuccess(code)) throw refused(operation, code);
  return code;
}
