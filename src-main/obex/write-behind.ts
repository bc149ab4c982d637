import { PcAgentError } from '../base/errors.ts';

/**
 * Octets that are written at once. Pieces begin at whole multiples of it: a file system takes 64 KB that fill its own
 * blocks in two thirds of the time of an OBEX packet's 65,526, which never do.
 */
const PIECE = 64 * 1024;
/** Octets that may be taken and not be written yet. */
const MOST_BEHIND = 1024 * 1024;

/**
 * Writes behind whoever brings the octets: what comes is gathered into pieces, and while one is written the next is filled.
 */
export class WriteBehind {
  readonly #write: (piece: Uint8Array) => Promise<void>;
  readonly #writeNow: (piece: Uint8Array) => boolean;
  /** Pieces that are not in use. */
  readonly #empty: Uint8Array[] = [];
  readonly #full: Uint8Array[] = [];
  #filling: Uint8Array | undefined;
  #filled = 0;
  /** Taken, and not written yet. */
  #behind = 0;
  #busy = false;
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hasRoom: (() => void) | undefined;

  /**
   * @param write gets one piece after the other, each its own until it has resolved
   * @param writeNow is asked first where nothing is behind: whether it has written the piece, at once
   */
  constructor(write: (piece: Uint8Array) => Promise<void>, writeNow: (piece: Uint8Array) => boolean = () => false) {
    this.#write = write;
    this.#writeNow = writeNow;
  }

  /** What was taken is on its way by the other writer: what comes now waits behind it. */
  get busy(): boolean {
    return this.#busy;
  }

  /**
   * Copies the octets. One call at a time. @returns what to wait for before the next call where there is no room
   * @throws whatever an earlier write failed with, at once or by what it returned
   */
  take(octets: Uint8Array): Promise<void> | undefined {
    this.#check();
    for (let rest = octets; rest.length > 0; ) {
      this.#filling ??= this.#empty.pop() ?? Buffer.allocUnsafeSlow(PIECE);
      const fits = rest.length > PIECE - this.#filled ? rest.subarray(0, PIECE - this.#filled) : rest;
      this.#filling.set(fits, this.#filled);
      this.#filled += fits.length;
      this.#behind += fits.length;
      if (this.#filled === PIECE) this.#endPiece(this.#filling);
      if (fits === rest) break;
      rest = rest.subarray(fits.length);
    }
    this.#check();
    return this.#behind < MOST_BEHIND ? undefined : this.#room();
  }

  /** Resolves when all that was taken is written. @throws whatever a write failed with */
  async end(): Promise<void> {
    this.#check();
    if (this.#filling !== undefined && this.#filled > 0) this.#endPiece(this.#filling.subarray(0, this.#filled));
    await this.#writing;
    this.#check();
  }

  /** Nothing more is taken or written, and an `end` that waits fails; resolves when the write that is under way has ended. Never fails. */
  async forget(): Promise<void> {
    this.#failure ??= { error: new PcAgentError('obex/aborted', 'what was to be written is forgotten') };
    this.#full.length = 0;
    this.#filled = 0;
    await this.#writing;
  }

  #endPiece(piece: Uint8Array): void {
    this.#filled = 0;
    if (!this.#busy && this.#wroteNow(piece)) return;
    this.#full.push(piece);
    this.#filling = undefined;
    if (!this.#busy) this.#writing = this.#writeAll();
  }

  /** The piece is filled again then. */
  #wroteNow(piece: Uint8Array): boolean {
    try {
      if (!this.#writeNow(piece)) return false;
      this.#behind -= piece.length;
    } catch (error) {
      this.#failure ??= { error };
    }
    return true;
  }

  async #writeAll(): Promise<void> {
    this.#busy = true;
    try {
      for (let piece = this.#full.shift(); piece !== undefined; piece = this.#full.shift()) {
        await this.#write(piece);
        this.#behind -= piece.length;
        if (piece.length === PIECE) this.#empty.push(piece);
        if (this.#behind < MOST_BEHIND) this.#hasRoom?.();
      }
    } catch (error) {
      this.#failure ??= { error };
    } finally {
      // In the same turn in which nothing was left: what comes after it begins anew.
      this.#busy = false;
      this.#hasRoom?.();
    }
  }

  async #room(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#hasRoom = resolve;
    });
    this.#hasRoom = undefined;
    this.#check();
  }

  #check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
