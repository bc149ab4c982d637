import { EMPTY_BYTES } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import { HEADER_PREFIX, type Header, HeaderId, headerLength, headersLength, writeHeader, writeU16 } from './header.ts';
import { PACKET_PREFIX } from './packet.ts';

export interface PackerOptions {
  /** Headers that every packet carries again, behind the first: some peers want the ConnectionID in each. */
  readonly repeated?: readonly Header[];
  /** The last octets go as Body, and an empty End-of-Body in a packet of its own follows, as some handsets do it. */
  readonly emptyEnd?: boolean;
}

export interface PackedPacket {
  readonly bytes: Uint8Array;
  /** Nothing is left behind this packet. */
  readonly last: boolean;
}

/**
 * Cuts headers and a body into packets that are filled exactly: headers first, as many as fit, then as much of the
 * body as there is room for; what is left goes on in the next packet. A body that fits goes whole into the first one,
 * as End-of-Body.
 */
export class BodyPacker {
  readonly #headers: readonly Header[];
  readonly #body: Uint8Array | undefined;
  readonly #limit: number;
  readonly #repeated: readonly Header[];
  readonly #emptyEnd: boolean;
  #nextHeader = 0;
  #sent = 0;
  #first = true;
  /** Every packet of the object is built in it: a new array for each costs as much as to send it. */
  #memory = EMPTY_BYTES;

  /** @throws PcAgentError `obex/header-too-long` when one header alone does not fit into a packet of `limit` octets. */
  constructor(headers: readonly Header[], body: Uint8Array | undefined, limit: number, options: PackerOptions = {}) {
    const { repeated = [], emptyEnd = false } = options;
    const reserved = headersLength(repeated);
    for (const header of headers) {
      const length = headerLength(header);
      // One that found room in no packet but the first would be waited for without end.
      if (PACKET_PREFIX + reserved + length > limit) {
        throw new PcAgentError(
          'obex/header-too-long',
          `header 0x${header.id.toString(16)} does not fit into a packet`,
          {
            details: { header: header.id, length, limit },
          },
        );
      }
    }
    this.#headers = headers;
    this.#body = body;
    this.#limit = limit;
    this.#repeated = repeated;
    this.#emptyEnd = emptyEnd;
  }

  /** The next packet, good until the one after it is asked for, with `more` as its code, or `last` when everything that is left fits. */
  next(more: number, last: number): PackedPacket {
    const headers = this.#first
      ? this.#takeHeaders(0)
      : [...this.#repeated, ...this.#takeHeaders(this.#repeatedLength())];
    this.#first = false;
    let room = this.#limit - PACKET_PREFIX - headersLength(headers);
    let chunk: Uint8Array | undefined;
    let done = this.#nextHeader === this.#headers.length;
    if (this.#body !== undefined && done) {
      room -= HEADER_PREFIX;
      const rest = this.#body.length - this.#sent;
      done = rest <= room && !(this.#emptyEnd && rest > 0);
      if (room > 0 || done) {
        chunk = this.#body.subarray(this.#sent, this.#sent + Math.min(rest, room));
        this.#sent += chunk.length;
      }
    }
    return { bytes: this.#encode(done ? last : more, headers, chunk, done), last: done };
  }

  #encode(code: number, headers: readonly Header[], chunk: Uint8Array | undefined, last: boolean): Uint8Array {
    const bodyLength = chunk === undefined ? 0 : HEADER_PREFIX + chunk.length;
    const packet = this.#room(PACKET_PREFIX + headersLength(headers) + bodyLength);
    packet[0] = code;
    writeU16(packet, 1, packet.length);
    let offset = PACKET_PREFIX;
    for (const header of headers) offset = writeHeader(header, packet, offset);
    if (chunk !== undefined) {
      const id = last ? HeaderId.EndOfBody : HeaderId.Body;
      writeHeader({ kind: 'bytes', id, value: chunk }, packet, offset);
    }
    return packet;
  }

  /** Every octet of it is written over. */
  #room(length: number): Uint8Array {
    if (this.#memory.length < length) this.#memory = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
    return this.#memory.subarray(0, length);
  }

  #repeatedLength(): number {
    return headersLength(this.#repeated);
  }

  #takeHeaders(reserved: number): readonly Header[] {
    const first = this.#nextHeader;
    let room = this.#limit - PACKET_PREFIX - reserved;
    while (this.#nextHeader < this.#headers.length) {
      const header = this.#headers[this.#nextHeader];
      if (header === undefined || headerLength(header) > room) break;
      room -= headerLength(header);
      this.#nextHeader += 1;
    }
    return this.#headers.slice(first, this.#nextHeader);
  }
}
