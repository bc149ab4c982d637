import type { Clock } from '../base/clock.ts';
import type { Emit, UntimedEvent } from '../contract/events.ts';

/** Bytes of large objects that were taken, and the time that it took. */
interface Delivery {
  readonly bytes: number;
  readonly milliseconds: number;
}

/** Addresses that are remembered; the one that was measured longest ago goes first. */
const MAX_ADDRESSES = 200;
/** A figure from less than this says more of the clock than of the link. */
const SHORTEST = 20;

/** How fast links to handsets were, from sessions of this run that were done. */
export class LinkRates {
  readonly #clock: Pick<Clock, 'monotonic'>;
  readonly #known = new Map<string, Delivery>();

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock;
  }

  /** Bytes a second at this address, else over this kind of bearer; `undefined` when neither was measured. */
  rate(address: string): number | undefined {
    const found = this.#known.get(address) ?? this.#known.get(kindOf(address));
    return found === undefined ? undefined : (found.bytes * 1000) / found.milliseconds;
  }

  /** Passes events on, and learns from those of work that begins at this address. */
  measured(address: string, emit: Emit): Emit {
    const meter = new SessionMeter(this.#clock, address);
    return (event) => {
      for (const [over, delivery] of meter.after(event)) this.#learn(over, delivery);
      emit(event);
    };
  }

  #learn(address: string, delivery: Delivery): void {
    this.#put(address, delivery);
    this.#put(kindOf(address), delivery);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_ADDRESSES) return;
      this.#known.delete(oldest);
    }
  }

  /** What was before counts half, so that a link that has changed is soon known as it is. */
  #put(name: string, { bytes, milliseconds }: Delivery): void {
    const before = this.#known.get(name) ?? { bytes: 0, milliseconds: 0 };
    this.#known.delete(name);
    this.#known.set(name, {
      bytes: before.bytes / 2 + bytes,
      milliseconds: before.milliseconds / 2 + milliseconds,
    });
  }
}

/** Watches one session after the other, and over which link it goes. */
class SessionMeter {
  readonly #clock: Pick<Clock, 'monotonic'>;
  /** What was delivered in this session, by address. */
  readonly #delivered = new Map<string, Delivery>();
  #address: string;
  #last: { readonly done: number; readonly total: number; readonly at: number } | undefined;

  constructor(clock: Pick<Clock, 'monotonic'>, address: string) {
    this.#clock = clock;
    this.#address = address;
  }

  /** @returns what was delivered at which address, when the session is over and was done. */
  after(event: UntimedEvent): readonly (readonly [string, Delivery])[] {
    if (event.type === 'progress') this.#progress(event.done, event.total);
    if (event.type === 'continuation') {
      this.#address = event.over;
      // The time until another link was there is no link's.
      this.#last = undefined;
    }
    if (event.type !== 'session' || event.state === 'running') return [];
    const delivered = [...this.#delivered];
    this.#delivered.clear();
    this.#last = undefined;
    if (event.state !== 'done') return [];
    return delivered.filter(([, { bytes, milliseconds }]) => bytes > 0 && milliseconds >= SHORTEST);
  }

  /** The first piece of an object has no beginning that could be measured. */
  #progress(done: number, total: number): void {
    const at = this.#clock.monotonic();
    const last = this.#last;
    if (last !== undefined && last.total === total && done > last.done) {
      const { bytes, milliseconds } = this.#delivered.get(this.#address) ?? { bytes: 0, milliseconds: 0 };
      this.#delivered.set(this.#address, {
        bytes: bytes + done - last.done,
        milliseconds: milliseconds + at - last.at,
      });
    }
    this.#last = { done, total, at };
  }
}

/** `tcp` of `tcp:127.0.0.1:650`: what stands before the colon is the kind of bearer. */
function kindOf(address: string): string {
  return address.slice(0, address.indexOf(':'));
}
