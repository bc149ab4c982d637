import type { AttachedThing } from '../../discovery.ts';

/** Something that is attached, as it stands now. */
export interface Found {
  readonly thing: AttachedThing;
  /** Milliseconds since it was attached, or since it was first seen. */
  readonly age: number;
}

/** Tells that something may have changed, until it is closed. */
export interface ChangeEvents {
  /** Called before each look: what can be watched comes and goes itself. */
  refresh(): void;
  close(): void;
}

/** How one kind of operating system shows what is attached. */
export interface Survey {
  /**
   * Never fails but when `signal` is aborted.
   * @param maxAge milliseconds that what is known of other programs may be old.
   */
  look(maxAge: number, signal: AbortSignal): Promise<readonly Found[]>;
  events(tell: () => void): ChangeEvents;
}

/** Ages of attachments by when they were first seen; what the first look finds was there before. */
export class FirstSeen {
  #seen: Map<string, number> | undefined;

  /** @returns milliseconds, in the order of `attachments`. */
  ages(attachments: readonly string[], now: number): readonly number[] {
    const before = this.#seen;
    this.#seen = new Map(attachments.map((one) => [one, before?.get(one) ?? (before === undefined ? -Infinity : now)]));
    return attachments.map((one) => now - (this.#seen?.get(one) ?? now));
  }
}
