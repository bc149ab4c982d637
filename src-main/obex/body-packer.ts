import { PcAgentError } from '../base/errors.ts';
import { HEADER_PREFIX, type Header, HeaderId, headerLength, headersLength, writeHeader, writeU16 } from './header.ts';
import { PACKET_PREFIX } from './packet.ts';

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
  #nextHeader = 0;
  #sent = 0;

  /** @throws PcAgentError `obex/header-too-long` when one header alone does not fit into a packet of `limit` octets. */
  constructor(headers: readonly Header[], body: Uint8Array | undefined, limit: number) {
    for (const header of headers) {
      const length = headerLength(header);
      if (PACKET_PREFIX + length > limit) {
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
  }

  /** The next packet, with `more` as its code, or `last` when everything that is left fits. */
  next(more: number, last: number): PackedPacket {
    const headers = this.#takeHeaders();
    let room = this.#limit - PACKET_PREFIX - headersLength(headers);
    let chunk: Uint8Array | undefined;
    let done = this.#nextHeader === this.#headers.length;
    if (this.#body !== undefined && done) {
      room -= HEADER_PREFIX;
      const rest = this.#body.length - this.#sent;
      done = rest <= room;
      if (room > 0 || done) {
        chunk = this.#body.subarray(this.#sent, this.#sent + Math.min(rest, room));
        this.#sent += chunk.length;
      }
    }
    return { bytes: encode(done ? last : more, headers, chunk, done), last: done };
  }

  #takeHeaders(): readonly Header[] {
    const first = this.#nextHeader;
    let room = this.#limit - PACKET_PREFIX;
    while (this.#nextHeader < this.#headers.length) {
      const header = this.#headers[this.#nextHeader];
      if (header === undefined || headerLength(header) > room) break;
      room -= headerLength(header);
      this.#nextHeader += 1;
    }
    return this.#headers.slice(first, this.#nextHeader);
  }
}

function encode(code: number, headers: readonly Header[], chunk: Uint8Array | undefined, last: boolean): Uint8Array {
  const bodyLength = chunk === undefined ? 0 : HEADER_PREFIX + chunk.length;
  const packet = new Uint8Array(PACKET_PREFIX + headersLength(headers) + bodyLength);
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
