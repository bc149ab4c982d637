/** What a message of the server was, as far as its end is concerned. */
export interface MessageTraits {
  readonly final: boolean;
  /** It carried a part of a large object, or took one, or only asked for more of what we still have to say. */
  readonly movesOn: boolean;
  /** It says nothing but that there should be more, and there is no more. */
  readonly idle: boolean;
}

/** Messages of one package, without those that only move something on; a good server needs a few. */
const MOST_OPEN = 1000;
/** Times that a server may ask for what is not there. */
const MOST_IDLE = 16;

/** Sees that a server which never comes to an end is left: a package without Final, or Alert 1222 for ever. */
export class EndlessGuard {
  #open = 0;
  #idle = 0;

  /** Takes the next message, and says why it was one too many. */
  take({ final, movesOn, idle }: MessageTraits): string | undefined {
    this.#open = final ? 0 : this.#open + (movesOn ? 0 : 1);
    this.#idle = idle ? this.#idle + 1 : 0;
    if (this.#open > MOST_OPEN) return `the server's package has more than ${MOST_OPEN} messages`;
    if (this.#idle > MOST_IDLE) return 'the server asks for more and more though there is nothing left';
    return undefined;
  }
}
