/** Octets that one read takes; an OBEX packet has at most 65,535. */
const BUFFER = 65_536;
/** One is with the reader while the other is filled. */
const BUFFERS = 2;

/**
 * The memory of a socket that is read from (its `onread`): the same two buffers all the time. A buffer of its own for
 * each read, as sockets have them otherwise, costs as much as everything else that is done with a packet.
 */
export class ReadRing {
  readonly #buffers: Buffer[] = [];
  /** What was seen last of each: packets of one length need no new view. */
  readonly #views: Uint8Array[] = [];
  /** Which buffer the next read fills. */
  #filling = 0;
  /** What was read and is not lent, the older one first. */
  #first: Uint8Array | undefined;
  #second: Uint8Array | undefined;
  /** The reader has a buffer in hand. */
  #lent = false;
  #paused = false;
  #dropping = false;

  /** @param came what was read before, by other means */
  constructor(came?: Uint8Array) {
    this.#first = came === undefined ? undefined : new Uint8Array(came);
  }

  /** For `onread.buffer`. */
  readonly next = (): Buffer => {
    // A stream on which nothing ever comes needs no second one.
    const buffer = this.#buffers[this.#filling] ?? Buffer.allocUnsafeSlow(BUFFER);
    this.#buffers[this.#filling] = buffer;
    this.#filling = (this.#filling + 1) % BUFFERS;
    return buffer;
  };

  /** For `onread.callback`. */
  take(octets: number, buffer: Uint8Array): void {
    if (this.#dropping) return;
    const view = this.#viewOf(octets, buffer);
    if (this.#first === undefined) this.#first = view;
    else this.#second = view;
    this.#paused = this.#inUse >= BUFFERS;
  }

  /** There is no buffer for more: the socket rests until `mayGoOn`. */
  get full(): boolean {
    return this.#paused;
  }

  /** What was lent before is given back, and what came next is lent. */
  lend(): Uint8Array | undefined {
    const octets = this.#first;
    this.#first = this.#second;
    this.#second = undefined;
    this.#lent = octets !== undefined;
    return octets;
  }

  /** Whether the socket rests and may go on now: then it has to. */
  mayGoOn(): boolean {
    if (!this.#paused || this.#inUse >= BUFFERS) return false;
    this.#paused = false;
    return true;
  }

  /** Nobody reads any more: what was not lent yet is forgotten, and so is what still comes. */
  drop(): void {
    this.#first = undefined;
    this.#second = undefined;
    this.#dropping = true;
    this.#paused = false;
  }

  get #inUse(): number {
    return Number(this.#lent) + Number(this.#first !== undefined) + Number(this.#second !== undefined);
  }

  #viewOf(octets: number, buffer: Uint8Array): Uint8Array {
    const at = this.#buffers[0] === buffer ? 0 : 1;
    let view = this.#views[at];
    if (view?.length !== octets) {
      // No Buffer: whoever keeps a part of it with `slice` is to have a copy.
      view = new Uint8Array(buffer.buffer, buffer.byteOffset, octets);
      this.#views[at] = view;
    }
    return view;
  }
}
