import type { Clock } from '../base/clock.ts';

/** What is kept of the journal's clock from one run of the program to the next; milliseconds. */
export interface SavedTime {
  readonly elapsed: number;
  /** The wall clock at that moment. */
  readonly wall: number;
}

/** The wall clock may run ahead of the monotonic one by this much, since a sleeping machine stops the latter. */
const LONGEST_SLEEP = 30 * 24 * 60 * 60 * 1000;
/** A correction of less is no news. */
const SET_BACK = 60_000;

/**
 * The journal's own clock: the age of what is kept counts on it. It never goes back, so a wall clock that is set back
 * a year makes nothing younger and nothing old at once; while the program does not run it can only believe a wall
 * clock that went forward.
 */
export class ElapsedTime {
  readonly #clock: Clock;
  #elapsed: number;
  #wall: number;
  #monotonic: number;
  #setBack: boolean;

  constructor(clock: Clock, saved: SavedTime | undefined) {
    this.#clock = clock;
    this.#wall = clock.now().getTime();
    this.#monotonic = clock.monotonic();
    const away = saved === undefined ? 0 : this.#wall - saved.wall;
    this.#elapsed = (saved?.elapsed ?? 0) + Math.max(0, away);
    this.#setBack = away < -SET_BACK;
  }

  now(): number {
    const wall = this.#clock.now().getTime();
    const monotonic = this.#clock.monotonic();
    const byWall = wall - this.#wall;
    const byMonotonic = Math.max(0, Math.round(monotonic - this.#monotonic));
    if (byWall < byMonotonic - SET_BACK) this.#setBack = true;
    const slept = byWall - byMonotonic;
    this.#elapsed += slept > 0 && slept < LONGEST_SLEEP ? byWall : byMonotonic;
    this.#wall = wall;
    // The rounding must not add up to an error.
    this.#monotonic += byMonotonic;
    return this.#elapsed;
  }

  /** Whether the wall clock was set back since this was asked last. */
  takeSetBack(): boolean {
    this.now();
    const setBack = this.#setBack;
    this.#setBack = false;
    return setBack;
  }

  get saved(): SavedTime {
    return { elapsed: this.now(), wall: this.#wall };
  }
}
