import { type Duration, seconds } from '../base/durations.ts';
import type { Transfer } from '../contract/sessions.ts';

/** How far back the average looks. */
const WINDOW: Duration = seconds(5);
/** Less than this says nothing yet. */
const LEAST_TIME: Duration = seconds(1);
const LEAST_SAMPLES = 3;

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** How fast the large object of a session travels, over the last seconds. */
export class TransferRate {
  #samples: Sample[] = [];
  #done = 0;
  #total = 0;
  #known = false;

  /** @param at monotonic milliseconds */
  moved(done: number, total: number, at: number): void {
    if (total !== this.#total || done < this.#done) this.#samples = [];
    this.#known = true;
    this.#done = done;
    this.#total = total;
    this.#samples.push({ at, done });
  }

  /** `undefined` while there was no large object. */
  transferAt(now: number): Transfer | undefined {
    if (!this.#known) return undefined;
    this.#samples = this.#samples.filter(({ at }) => now - at <= WINDOW);
    const transfer: Transfer = { done: this.#done, total: this.#total };
    const rate = this.#rate();
    if (rate === undefined) return transfer;
    const left = this.#total - this.#done;
    return { ...transfer, rate, remaining: left / rate };
  }

  #rate(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || this.#samples.length < LEAST_SAMPLES) return undefined;
    const time = last.at - first.at;
    const bytes = last.done - first.done;
    return time < LEAST_TIME || bytes <= 0 ? undefined : (bytes * 1000) / time;
  }
}
