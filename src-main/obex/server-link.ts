import type { ByteStream } from '../base/byte-stream.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { isRequest } from './packet.ts';
import { PacketStream } from './packet-stream.ts';
import { timeoutError } from './time-limit.ts';
import { WaitTimer } from './wait-timer.ts';

/** `undefined` where it is done already, as with nearly every packet: a promise for each costs as much as its octets. */
export type Done = Promise<void> | undefined;

/** How long an answer that is going out may still take once the stream is being dropped. */
const LAST_ANSWER = seconds(1);

/** A server's end of its stream: packets come and go one at a time, each within the limit of a pause. */
export class ServerLink {
  readonly #packets: PacketStream;
  readonly #pause: Duration;
  /** Ends reading. */
  readonly #dropped = new AbortController();
  /** Ends writing too, a moment later. */
  readonly #stopped = new AbortController();
  #stopping: NodeJS.Timeout | undefined;
  /** For the next packet of a transfer. */
  readonly #resting = new WaitTimer(() => this.#overrun('the rest of a transfer'));
  /** For a sink that has no room. */
  readonly #holding = new WaitTimer(() => this.#overrun('room for what came'));
  readonly #writing = new WaitTimer(() => {
    this.#overdue = timeoutError('room to answer', this.#pause);
    this.#stopped.abort();
  });
  /** Set when a packet was not written, or did not come, in time. */
  #overdue: PcAgentError | undefined;
  /** The read that is under way; kept when something else was faster. */
  #next: Promise<Uint8Array | undefined> | undefined;

  /**
   * @param maxPacket longest packet that we take
   * @param pause how long the peer, or a sink, may pause in a transfer
   */
  constructor(stream: ByteStream, maxPacket: number, pause: Duration) {
    this.#packets = new PacketStream(stream, maxPacket, isRequest);
    this.#pause = pause;
  }

  /** Aborted once the stream is being dropped. */
  get dropped(): AbortSignal {
    return this.#dropped.signal;
  }

  /** Nothing more is read; what is being answered may still go out. */
  drop(): void {
    if (this.#dropped.signal.aborted) return;
    this.#dropped.abort();
    this.#stopping = setTimeout(() => this.#stopped.abort(), LAST_ANSWER);
  }

  /**
   * The next packet, good until the next read; `undefined` at the end of the stream.
   * @param inTransfer the peer may not rest for ever
   * @throws PcAgentError `obex/timeout`, as of `PacketStream`; AbortError when the stream is dropped
   */
  async read(inTransfer: boolean): Promise<Uint8Array | undefined> {
    if (inTransfer) this.#resting.start(this.#pause);
    try {
      return await (this.#next ?? this.#packets.read(this.#dropped.signal));
    } catch (error) {
      throw this.#reason(error);
    } finally {
      this.#resting.end();
      this.#next = undefined;
    }
  }

  /** The packet that comes next, and stays the next one until it is read or `taken`. */
  peek(): Promise<Uint8Array | undefined> {
    if (this.#next === undefined) {
      this.#next = this.#packets.read(this.#dropped.signal);
      // Whoever reads next gets the error; until then it is nobody's.
      this.#next.catch(() => undefined);
    }
    return this.#next;
  }

  /** What was peeked at is dealt with. */
  taken(): void {
    this.#next = undefined;
  }

  /** A drop waits for the answer that is going out. @throws PcAgentError `obex/timeout`, `bearer/lost` */
  write(packet: Uint8Array): Done {
    const room = this.#packets.push(packet, this.#stopped.signal);
    return room === undefined ? undefined : this.#written(room);
  }

  /** Waits for a sink. @throws PcAgentError `obex/timeout`; whatever `work` fails with */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.#holding.start(this.#pause);
    try {
      return await work;
    } catch (error) {
      throw this.#reason(error);
    } finally {
      this.#holding.end();
    }
  }

  close(): Promise<void> {
    clearTimeout(this.#stopping);
    for (const timer of [this.#resting, this.#holding, this.#writing]) timer.close();
    return this.#packets.close();
  }

  async #written(room: Promise<void>): Promise<void> {
    this.#writing.start(this.#pause);
    try {
      await room;
    } catch (error) {
      throw this.#reason(error);
    } finally {
      this.#writing.end();
    }
  }

  #overrun(what: string): void {
    this.#overdue = timeoutError(what, this.#pause);
    this.drop();
  }

  /** A drop ends the wait itself: what was overdue is its reason. */
  #reason(error: unknown): unknown {
    return error instanceof PcAgentError ? error : (this.#overdue ?? error);
  }
}
