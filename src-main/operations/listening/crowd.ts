import { isIP } from 'node:net';
import type { Clock } from '../../base/clock.ts';
import { seconds } from '../../base/durations.ts';
import type { CallerView } from '../../contract/listening.ts';

/** Callers that are asked about at a time, and calls of theirs that are held. A flood of made-up numbers is not shown. */
const MAX_ASKING = 20;
const MAX_HELD = 64;
/** Questions that are begun within `PACE`: who calls and leaves at once would fill the list of those who were missed. */
const MAX_NEWS = 60;
const PACE = seconds(60);
/** Of all of these from one IP address, which then leaves room for others; a whole bench may be behind one. */
const SHARE = 0.5;

/** Somebody who is asked about, or was missed. */
interface Asked {
  readonly view: Pick<CallerView, 'state' | 'from'>;
  readonly held: ReadonlySet<unknown>;
}

interface Place {
  readonly from?: string | undefined;
}

/** Keeps whoever floods from taking the places of others. */
export class Crowd {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** Questions that were begun of late. */
  #news: readonly (Place & { readonly at: number })[] = [];

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** A question begins. */
  asked(from: string | undefined): void {
    this.#news = [...this.#news, { at: this.#clock.monotonic(), from }];
  }

  /** Whether there is no place for another call. @param call `news`: nobody is asked about that caller yet */
  isFull(open: readonly Asked[], { from, news }: Place & { readonly news: boolean }): boolean {
    const now = this.#clock.monotonic();
    this.#news = this.#news.filter(({ at }) => now - at < PACE);
    const isTaken = (isMeant: (place: Place) => boolean, share: number): boolean => {
      const meant = open.filter(({ view }) => isMeant(view));
      if (meant.reduce((sum, { held }) => sum + held.size, 0) >= MAX_HELD * share) return true;
      if (!news) return false;
      const asking = meant.filter(({ view }) => view.state === 'asking').length;
      return asking >= MAX_ASKING * share || this.#news.filter(isMeant).length >= MAX_NEWS * share;
    };
    return isTaken(() => true, 1) || (isIP(from ?? '') !== 0 && isTaken((place) => place.from === from, SHARE));
  }
}
