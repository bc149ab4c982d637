import type { ByteSource } from '../../base/byte-source.ts';
import { EMPTY_BYTES } from '../../base/bytes.ts';
import { PcAgentError } from '../../base/errors.ts';
import { LARGEST_PIECE } from './carrier.ts';

/** Held of a value besides its beginning. */
const WINDOW = 4 * LARGEST_PIECE;

interface Held {
  readonly from: number;
  readonly octets: Uint8Array;
}

const NOTHING: Held = { from: 0, octets: EMPTY_BYTES };

/**
 * A value on a disk that is delivered in order: what the next message may need is read before that message is made. Of
 * a value of any size little more than a mebibyte is held: its beginning, should it be sent anew, and what comes now.
 */
export class ReadAhead implements ByteSource {
  readonly length: number;
  readonly #read: (from: number, to: number) => Promise<Uint8Array>;
  #head = NOTHING;
  #window = NOTHING;
  /** What was asked for last. */
  #from = 0;
  #to = 0;

  /** @param read octets `from` to `to` (exclusive). */
  constructor(length: number, read: (from: number, to: number) => Promise<Uint8Array>) {
    this.length = length;
    this.#read = read;
  }

  subarray(from: number, to: number): Uint8Array {
    const end = Math.min(to, this.length);
    this.#from = Math.min(from, end);
    this.#to = end;
    const held = [this.#head, this.#window].find((each) => covers(each, this.#from, end));
    if (held === undefined) throw new TypeError(`octets ${from} to ${end} of a value were not read ahead`);
    return held.octets.subarray(this.#from - held.from, end - held.from);
  }

  /** Before each message that may hold a piece of it. @throws PcAgentError `dm/value-changed`, and what reading throws */
  async refill(): Promise<void> {
    const head = Math.min(this.length, LARGEST_PIECE);
    if (!covers(this.#head, 0, head)) this.#head = await this.#load(0, head);
    const wanted = Math.min(this.length, this.#to + LARGEST_PIECE);
    if (covers(this.#head, this.#from, wanted) || covers(this.#window, this.#from, wanted)) return;
    this.#window = await this.#load(this.#from, Math.min(this.length, this.#from + WINDOW));
  }

  /** Holds nothing until the next `refill`. */
  release(): void {
    this.#head = NOTHING;
    this.#window = NOTHING;
  }

  async #load(from: number, to: number): Promise<Held> {
    const octets = await this.#read(from, to);
    if (octets.length === to - from) return { from, octets };
    throw new PcAgentError('dm/value-changed', `a value of ${this.length} bytes became shorter while it was sent`);
  }
}

function covers({ from, octets }: Held, first: number, end: number): boolean {
  return first >= from && end <= from + octets.length;
}
