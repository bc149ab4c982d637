import type { ByteStream } from '../base/byte-stream.ts';
import { EMPTY_BYTES } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import { announcedLength, PACKET_PREFIX } from './packet.ts';

/**
 * Whole packets over a stream that splits and joins them anywhere. Nothing is reserved for a packet before its length
 * was compared with what we announced.
 */
export class PacketStream {
  readonly #stream: ByteStream;
  readonly #maxReceive: number;
  readonly #begins: ((code: number) => boolean) | undefined;
  #rest: Uint8Array = EMPTY_BYTES;
  /** A packet that began in one piece and goes on in others. */
  #partial: Uint8Array | undefined;
  #filled = 0;
  /** Where packets that came in pieces are put together. */
  #memory = EMPTY_BYTES;

  /**
   * @param begins what the first octet of a packet from this peer may be. On a noisy stream everything before such an
   * octet with a length that fits is skipped (spec sheet obex, section 9); on others it is not asked.
   */
  constructor(stream: ByteStream, maxReceive: number, begins?: (code: number) => boolean) {
    this.#stream = stream;
    this.#maxReceive = maxReceive;
    this.#begins = stream.noisy === true ? begins : undefined;
  }

  /**
   * The next packet, good until the next read; `undefined` when the peer ended cleanly between two packets. An aborted read loses nothing.
   * @throws PcAgentError `obex/packet-length`, `obex/packet-too-long`: drop the stream; `bearer/lost` when it broke or
   * ended inside a packet; AbortError.
   */
  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      const packet = this.#take();
      if (packet !== undefined) return packet;
      this.#keepRest();
      const more = await (this.#stream.lend?.(signal) ?? this.#stream.read(signal));
      if (more === undefined) {
        if (this.#partial === undefined && this.#rest.length === 0) return undefined;
        throw new PcAgentError('bearer/lost', 'the other side ended inside an OBEX packet', { retry: 'same-bearer' });
      }
      this.#add(more);
    }
  }

  write(packet: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#stream.write(packet, signal);
  }

  /** As `write`; `undefined` where the bearer has taken it at once. */
  push(packet: Uint8Array, signal: AbortSignal): Promise<void> | undefined {
    const stream = this.#stream;
    return stream.push === undefined ? stream.write(packet, signal) : stream.push(packet, signal);
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  /** What was read is the stream's again with the next read. Only octets of an unfinished prefix are ever left. */
  #keepRest(): void {
    if (this.#rest.length > 0) this.#rest = new Uint8Array(this.#rest);
  }

  #add(more: Uint8Array): void {
    if (this.#rest.length === 0) {
      this.#rest = more;
      return;
    }
    const joined = new Uint8Array(this.#rest.length + more.length);
    joined.set(this.#rest);
    joined.set(more, this.#rest.length);
    this.#rest = joined;
  }

  #skipNoise(): void {
    const begins = this.#begins;
    if (begins === undefined) return;
    let at = 0;
    while (at < this.#rest.length) {
      const whole = this.#rest.length - at >= PACKET_PREFIX;
      if (begins(this.#rest[at] ?? 0) && (!whole || this.#lengthFits(at))) break;
      at += 1;
    }
    this.#rest = this.#rest.subarray(at);
  }

  #lengthFits(at: number): boolean {
    const length = ((this.#rest[at + 1] ?? 0) << 8) | (this.#rest[at + 2] ?? 0);
    return length >= PACKET_PREFIX && length <= this.#maxReceive;
  }

  #take(): Uint8Array | undefined {
    if (this.#partial === undefined) {
      this.#skipNoise();
      if (this.#rest.length < PACKET_PREFIX) return undefined;
      const length = announcedLength(this.#rest, this.#maxReceive);
      if (this.#rest.length === length) {
        const packet = this.#rest;
        this.#rest = EMPTY_BYTES;
        return packet;
      }
      if (this.#rest.length > length) {
        const packet = this.#rest.subarray(0, length);
        this.#rest = this.#rest.subarray(length);
        return packet;
      }
      if (this.#memory.length < length) this.#memory = new Uint8Array(length);
      this.#partial = this.#memory.subarray(0, length);
      this.#filled = 0;
    }
    const part = this.#rest.subarray(0, this.#partial.length - this.#filled);
    this.#partial.set(part, this.#filled);
    this.#filled += part.length;
    this.#rest = this.#rest.subarray(part.length);
    if (this.#filled < this.#partial.length) return undefined;
    const packet = this.#partial;
    this.#partial = undefined;
    return packet;
  }
}
