import { concatBytes, EMPTY_BYTES } from '../base/bytes.ts';

/** Pieces behind the first are copied together into parts of this length. */
const PART = 1024 * 1024;

/** The pieces of a body, one behind the other, in memory of its own that is used again after `clear`. */
export class GatheredBody {
  /** Full ones. */
  readonly #parts: Uint8Array[] = [];
  #part = EMPTY_BYTES;
  #filled = 0;
  #length = 0;
  #expected = 0;

  get length(): number {
    return this.#length;
  }

  /** Before the first piece: how much will come, as the peer says. The caller has capped it. */
  expect(length: number): void {
    this.#expected = length;
  }

  /** Copies the piece, which stays the caller's. */
  add(piece: Uint8Array): void {
    let rest = piece;
    while (rest.length > 0) {
      if (this.#filled === this.#part.length) this.#begin(rest.length);
      const fits = rest.subarray(0, this.#part.length - this.#filled);
      this.#part.set(fits, this.#filled);
      this.#filled += fits.length;
      this.#length += fits.length;
      rest = rest.subarray(fits.length);
    }
  }

  /** What was gathered, good until `clear`. */
  get octets(): Uint8Array {
    return concatBytes([...this.#parts, this.#part.subarray(0, this.#filled)]);
  }

  /** The part that is being filled stays, for what comes next. */
  clear(): void {
    this.#parts.length = 0;
    this.#filled = 0;
    this.#length = 0;
  }

  /** What was gathered, for good: this is empty then. */
  take(): Uint8Array {
    // Whoever keeps a small object is not to keep the room for a large one.
    const octets = this.#filled * 2 < this.#part.length && this.#parts.length === 0 ? this.octets.slice() : this.octets;
    this.clear();
    this.#part = EMPTY_BYTES;
    return octets;
  }

  /** A body of one piece, as most are, takes no more than that, and one of a known length is never moved. */
  #begin(wanted: number): void {
    if (this.#filled > 0) this.#parts.push(this.#part);
    const room = this.#length === 0 ? Math.max(wanted, this.#expected) : PART;
    // Every octet that is given away was written before.
    this.#part = new Uint8Array(Buffer.allocUnsafeSlow(room).buffer);
    this.#filled = 0;
  }
}
