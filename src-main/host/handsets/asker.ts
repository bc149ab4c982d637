import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import type { AttachedReason, AttachedThing } from '../../bearer/discovery.ts';
import type { KeyedLock } from '../../cache/keyed-lock.ts';
import type { Identity } from '../../handset/identify/identity.ts';

export interface AskerOptions {
  readonly turns: Pick<KeyedLock, 'held' | 'take'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly identify: (thing: AttachedThing, signal: AbortSignal) => Promise<Identity>;
  /** Keys of `turns` under which a session with this thing may be. */
  readonly keysOf: (thing: AttachedThing) => readonly string[];
  /** Further ones under which only who named it so has his turn: they are looked at, not taken. */
  readonly otherKeysOf: (thing: AttachedThing) => readonly string[];
  /** We wait there ourselves for somebody who calls: nobody is asked. Default: nowhere. */
  readonly occupied?: ((key: string) => boolean) | undefined;
  /** It has answered. @returns why it is still nobody; `undefined` when it is known now. */
  readonly answered: (thing: AttachedThing, identity: Identity) => Promise<AttachedReason | undefined>;
  /** It is being asked now, or no more. */
  readonly changed: () => void;
  readonly onProblem: (error: unknown) => void;
}

/** Things that are asked at the same time. */
const MAX_ASKED = 8;
/** More than the time that the questions take by their own limit. */
const LIMIT = seconds(15);
/** Until the turn of a session may be over. */
const BUSY_PAUSE = seconds(1);
/** After the first, second … time that it did not say who it is; the last one from then on. */
const PAUSES: readonly Duration[] = [seconds(5), seconds(15), seconds(60), seconds(300)];

/**
 * Who was silent while more than these were asked may have wanted for a slow computer's time alone: for so many times it is
 * asked again after the first pause.
 */
const CROWD = { open: 2, times: 6 } as const;

interface Asked {
  readonly thing: AttachedThing;
  readonly stop: AbortController;
  running: boolean;
  /** How many were asked at most while it was; 0 while it is not. */
  crowd: number;
  /** It was asked, or could not be. */
  tried: boolean;
  /** Nobody looks any more: it is not asked again. */
  last: boolean;
  reason: AttachedReason | undefined;
}

/** Asks attached things who they are: one question at a time to each, and none while a session is with it. */
export class Asker {
  readonly #options: AskerOptions;
  readonly #asked = new Map<string, Asked>();
  readonly #idle = new Set<() => void>();
  /** In the order of asking; each wakes one that waits for a place. */
  readonly #waiting = new Set<() => void>();
  #open = 0;
  #closed = false;

  constructor(options: AskerOptions) {
    this.#options = options;
  }

  isAsking({ id }: AttachedThing): boolean {
    return this.#asked.get(id)?.running === true;
  }

  /** The questions at this key are ours, not a session's. */
  holds(key: string): boolean {
    return [...this.#asked.values()].some(({ thing, running }) => running && this.#options.keysOf(thing).includes(key));
  }

  /** Why it did not say who it is when it was asked last. */
  reasonOf({ id }: AttachedThing): AttachedReason | undefined {
    return this.#asked.get(id)?.reason;
  }

  /** Asks it, again and again until it is known or gone. Nothing happens when that is under way. */
  ask(thing: AttachedThing): void {
    const before = this.#asked.get(thing.id);
    if (before !== undefined) before.last = false;
    if (this.#closed || before !== undefined) return;
    const asked: Asked = {
      thing,
      stop: new AbortController(),
      running: false,
      crowd: 0,
      tried: false,
      last: false,
      reason: undefined,
    };
    this.#asked.set(thing.id, asked);
    void this.#work(asked).finally(() => {
      if (this.#asked.get(thing.id) === asked) this.#asked.delete(thing.id);
      this.#wake();
    });
  }

  /** It has gone, or nobody looks any more. */
  leave(id: string): void {
    const asked = this.#asked.get(id);
    if (asked === undefined) return;
    this.#asked.delete(id);
    asked.stop.abort();
    this.#wake();
  }

  /** Ends with everything that waits to be asked again; what is being asked now may end. */
  rest(): void {
    for (const asked of [...this.#asked.values()]) {
      if (asked.running) asked.last = true;
      else this.leave(asked.thing.id);
    }
  }

  /** Until each has been asked once, or the signal is aborted. */
  settled(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        const busy = [...this.#asked.values()].some(({ running, tried }) => running || !tried);
        if (busy && !signal.aborted) return;
        this.#idle.delete(look);
        signal.removeEventListener('abort', look);
        resolve();
      };
      this.#idle.add(look);
      signal.addEventListener('abort', look, { once: true });
      look();
    });
  }

  close(): void {
    this.#closed = true;
    for (const id of [...this.#asked.keys()]) this.leave(id);
  }

  async #work(asked: Asked): Promise<void> {
    const { clock, onProblem } = this.#options;
    const { stop } = asked;
    try {
      for (let [failures, crowded] = [0, 0]; !stop.signal.aborted; ) {
        const outcome = await this.#once(asked);
        if (outcome === 'known' || asked.last || stop.signal.aborted) return;
        const spared = outcome === 'crowded' && crowded < CROWD.times;
        if (spared) crowded += 1;
        else if (outcome !== 'busy') failures += 1;
        const pause = PAUSES[spared ? 0 : Math.min(failures, PAUSES.length) - 1];
        await clock.sleep(outcome === 'busy' ? BUSY_PAUSE : (pause ?? BUSY_PAUSE), stop.signal);
      }
    } catch (error) {
      if (!stop.signal.aborted) onProblem(error);
    }
  }

  async #once(asked: Asked): Promise<'known' | 'busy' | 'silent' | 'crowded'> {
    const { turns, keysOf, otherKeysOf, identify, answered, changed, occupied } = this.#options;
    const { thing, stop } = asked;
    await this.#place(stop.signal);
    this.#crowd(asked);
    const ends: (() => void)[] = [];
    try {
      const keys = keysOf(thing);
      // It is in a session, which tells who it is.
      const isBusy = (key: string) => turns.held(key) || occupied?.(key) === true;
      if ([...keys, ...otherKeysOf(thing)].some(isBusy)) return 'busy';
      // Nobody has any of them: all are taken before anybody else can ask.
      ends.push(...(await Promise.all(keys.map((key) => turns.take(key)))));
      asked.running = true;
      changed();
      const over = AbortSignal.timeout(LIMIT);
      const reason = await answered(thing, await identify(thing, AbortSignal.any([stop.signal, over])));
      asked.reason = reason;
      return reason === undefined ? 'known' : silenceOf(asked);
    } catch (error) {
      if (stop.signal.aborted) throw error;
      asked.reason = 'bearer/unusable';
      return silenceOf(asked);
    } finally {
      asked.running = false;
      asked.crowd = 0;
      asked.tried = true;
      for (const end of ends) end();
      this.#open -= 1;
      this.#wakeNext();
      this.#wake();
      if (!stop.signal.aborted) changed();
    }
  }

  /** One more is asked: whoever is asked meanwhile shares the computer with it. */
  #crowd(asked: Asked): void {
    asked.crowd = this.#open;
    for (const other of this.#asked.values()) if (other.crowd > 0) other.crowd = Math.max(other.crowd, this.#open);
  }

  /** One of the few places. @throws the signal's reason */
  async #place(signal: AbortSignal): Promise<void> {
    while (this.#open >= MAX_ASKED) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          this.#waiting.delete(end);
          signal.removeEventListener('abort', end);
          resolve();
        };
        this.#waiting.add(end);
        signal.addEventListener('abort', end, { once: true });
        if (signal.aborted) end();
      });
      if (!signal.aborted) continue;
      // It may have been this one's turn.
      if (this.#open < MAX_ASKED) this.#wakeNext();
      throw signal.reason;
    }
    this.#open += 1;
  }

  #wakeNext(): void {
    const [next] = this.#waiting;
    next?.();
  }

  #wake(): void {
    for (const look of [...this.#idle]) look();
  }
}

function silenceOf({ crowd }: Asked): 'silent' | 'crowded' {
  return crowd > CROWD.open ? 'crowded' : 'silent';
}
