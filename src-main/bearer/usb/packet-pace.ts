/** Head of an OBEX packet: code and length, big-endian (IrOBEX 1.3, 3.1). */
const HEAD = 3;
/** Longest OBEX packet. */
const LONGEST = 65_535;

/**
 * How many octets to ask a device for. A transfer ends by a short packet or when all that was asked for is there, and
 * not every handset sends a packet of length zero after a transfer that fills its packets: who asks for more than comes
 * then waits for ever. So one packet is asked for at the beginning of an OBEX packet, and then the rest that its head
 * announces. Octets that are no OBEX packets are read packet by packet.
 */
export class PacketPace {
  readonly #packetSize: number;
  readonly #head = new Uint8Array(HEAD);
  #headLength = 0;
  #rest = 0;
  #strange = false;

  constructor(packetSize: number) {
    this.#packetSize = packetSize;
  }

  /** Octets to ask for, a multiple of the packet size. */
  next(): number {
    if (this.#strange) return this.#packetSize;
    return Math.max(1, Math.ceil(this.#rest / this.#packetSize)) * this.#packetSize;
  }

  /** Between two OBEX packets, or among octets that are none. */
  get isBetween(): boolean {
    return this.#strange || (this.#rest === 0 && this.#headLength === 0);
  }

  /** These have come. */
  took(octets: Uint8Array): void {
    let at = 0;
    while (at < octets.length && !this.#strange) {
      const skipped = Math.min(this.#rest, octets.length - at);
      this.#rest -= skipped;
      at += skipped;
      if (this.#rest === 0 && at < octets.length) at = this.#takeHead(octets, at);
    }
  }

  #takeHead(octets: Uint8Array, from: number): number {
    let at = from;
    while (this.#headLength < HEAD && at < octets.length) {
      this.#head[this.#headLength] = octets[at] ?? 0;
      this.#headLength += 1;
      at += 1;
    }
    if (this.#headLength < HEAD) return at;
    this.#headLength = 0;
    const length = ((this.#head[1] ?? 0) << 8) | (this.#head[2] ?? 0);
    this.#strange = length < HEAD || length > LONGEST;
    this.#rest = Math.max(0, length - HEAD);
    return at;
  }
}
