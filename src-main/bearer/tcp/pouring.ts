import type { Taker } from '../../base/byte-stream.ts';

/** Gives what is there to a taker, one piece after the other, as long as it has room. */
export class Pouring {
  readonly #take: Taker;
  readonly #next: () => Uint8Array | undefined;
  readonly #wake: () => void;
  #held = false;
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param next what there is; it is good until `next` is called again
   * @param wake called when the taker has room again, or has failed: then it is time to `give`
   */
  constructor(take: Taker, next: () => Uint8Array | undefined, wake: () => void) {
    this.#take = take;
    this.#next = next;
    this.#wake = wake;
  }

  /** The taker has something and no room yet. */
  get held(): boolean {
    return this.#held;
  }

  /** @throws whatever the taker failed with */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Never fails: it is called where something comes in. */
  readonly give = (): void => {
    while (!this.#held && this.#failure === undefined) {
      const bytes = this.#next();
      if (bytes === undefined) return;
      this.#giveOne(bytes);
    }
  };

  #giveOne(bytes: Uint8Array): void {
    try {
      const room = this.#take(bytes);
      if (room !== undefined) this.#hold(room);
    } catch (error) {
      this.#fail(error);
    }
  }

  #hold(room: Promise<void>): void {
    this.#held = true;
    room.then(
      () => {
        this.#held = false;
        this.#wake();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #fail(error: unknown): void {
    this.#failure = { error };
    this.#wake();
  }
}
