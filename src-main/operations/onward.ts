import type { Clock } from '../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError } from '../base/errors.ts';
import { withinLimit } from '../base/node/within-limit.ts';
import type { Bearers } from '../bearer/bearers.ts';
import type { KeyedLock } from '../cache/keyed-lock.ts';
import type { Continuation } from '../contract/continuation.ts';
import type { Emit } from '../contract/events.ts';
import { type HandsetWay, turnKeyOf } from '../handset/ways.ts';
import { placeAt } from './handset-place.ts';
import type { HandsetPlace } from './ports.ts';

/** Where a handset is reached, best first. Whether something is there is absent where nobody has looked. */
export interface KnownWays {
  find(device: string):
    | {
        readonly device: string;
        readonly ways?: readonly (Pick<HandsetWay, 'address' | 'kind' | 'reason' | 'confidence'> & {
          readonly attached?: boolean;
        })[];
      }
    | undefined;
}

export interface OnwardOptions {
  readonly clock: Clock;
  readonly bearers: Pick<Bearers, 'for'>;
  readonly handsets: KnownWays;
  /** Sessions with one address are one after the other. */
  readonly turns: Pick<KeyedLock, 'take'>;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How long a handset is waited for that is nowhere. Default: not at all. */
  readonly reconnect?: Duration | undefined;
  /** Told of an address while the work has its turn, and nobody else looks there. Default: nobody. */
  readonly seen?: Seen;
}

/** What was seen of an address. */
export type Seen = (address: string, presence: 'attached' | 'away') => void;

/** A link that was lost. */
export interface Loss {
  readonly place: HandsetPlace;
  /** Who was there. */
  readonly device: string | undefined;
  readonly code: string;
  /** How far the work had come: messages of its session. */
  readonly reached: number;
}

/** Opens what is needed at a place. @throws PcAgentError `bearer/*`, `obex/*` when the handset is not there; AbortError */
type Open<T> = (place: HandsetPlace, signal: AbortSignal) => Promise<T>;

/** How a session ends that met another handset where it was to be. */
export const OTHER_HANDSET = 'dm/other-handset';

/** How a session ends where nobody is, or nobody that can be spoken with. */
export function isNobody(code: string | undefined): boolean {
  return code?.startsWith('bearer/') === true || code?.startsWith('obex/') === true;
}

/** The first pause before a handset is looked for again, and the longest while it is simply not there. */
const FIRST_PAUSE = milliseconds(500);
const LONGEST_LOOK = seconds(2);
/** The longest pause for a handset that comes back each time and is lost each time at the same point. */
const LONGEST_PAUSE = seconds(60);
/** Messages by which a session has to come further than any before it, or it was lost at the same point. */
const FURTHER = 8;
/** A connection over a network is there at once; a line is perhaps to be switched to OBEX first. */
const NETWORK_LIMIT = seconds(2);
const LINE_LIMIT = seconds(17);
/**
 * Who is not in the air is called for some five seconds each time, in which a cable that comes back is not seen: so long
 * at least from one call to the next.
 */
const CALL_EVERY = seconds(20);
/** Where somebody else has the turn the handset cannot be reached now. */
const TURN_LIMIT = seconds(1);

/**
 * Where work goes on when the link to its handset is lost: at once over another way to the same handset, else over
 * whichever comes back first. Each way is tried once for each stretch of work that got further than the one before, and
 * then at growing intervals, so that a handset which drops its link again and again at the same point is left in peace.
 */
export class Onward {
  readonly #options: OnwardOptions;
  readonly #tried = new Set<string>();
  /** Where another handset answered. */
  readonly #strangers = new Set<string>();
  /** When somebody was called through the air in vain; by the monotonic clock. */
  readonly #called = new Map<string, number>();
  readonly #ends = new Map<string, () => void>();
  #furthest = -FURTHER;
  /** Losses in turn at the same point. */
  #again = 0;
  /** By the monotonic clock; begins with a loss, and anew with one before which the work had got further. */
  #deadline: number | undefined;
  /** A loss after which nothing has been heard yet. */
  #open: Loss | undefined;
  #waiting = false;
  /** Where a session was to go on and did not: the next one begins there. */
  #spare: HandsetPlace | undefined;

  constructor(options: OnwardOptions) {
    this.#options = options;
  }

  /** A link was lost, and the handset has not been heard since. */
  get lost(): boolean {
    return this.#open !== undefined;
  }

  /** Looks for another way; `undefined`: there is none, or none in time. @throws AbortError */
  async next(loss: Loss): Promise<HandsetPlace | undefined> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && (await this.#firstOf([spare], probe)) !== undefined) return spare;
    return (await this.open(loss, probe))?.place;
  }

  /**
   * The same with what was opened there.
   * @param certain only where the handset itself has said who it is, or where it was a moment ago
   */
  async open<T>(
    loss: Loss,
    open: Open<T>,
    certain = false,
  ): Promise<{ readonly place: HandsetPlace; readonly opened: T } | undefined> {
    this.#note(loss);
    this.#tried.add(loss.place.address.text);
    const fresh = (): readonly HandsetPlace[] =>
      this.#others(loss, certain).filter(({ address }) => !this.#tried.has(address.text));
    const found = await this.#firstOf(fresh(), open);
    const there =
      found === undefined && this.#options.reconnect !== undefined ? await this.#await(loss, open, certain) : found;
    this.#spare = certain ? there?.place : undefined;
    return there;
  }

  /** The handset was heard in a session: how the work goes on after the last loss, if there was one. */
  wentOn(how: Continuation['how'], place: HandsetPlace, emit: Emit, session: string): void {
    const loss = this.#open;
    if (loss === undefined) return;
    this.#open = undefined;
    this.#spare = undefined;
    this.#waiting = false;
    const from = loss.place.address.text;
    const over = place.address.text;
    emit({ type: 'continuation', session, code: loss.code, from, over, how });
  }

  /** A session went through: what comes after it is another matter. */
  wentThrough(): void {
    this.#open = undefined;
    this.#deadline = undefined;
    this.#furthest = -FURTHER;
    this.#again = 0;
    this.#tried.clear();
  }

  /** Somebody else was there. */
  isStranger({ address }: HandsetPlace): void {
    this.#strangers.add(address.text);
  }

  /** Waits for the turn at a place, which is kept until `leave`. @throws the signal's reason */
  async enter({ address }: HandsetPlace): Promise<void> {
    const { turns, signal } = this.#options;
    const key = turnKeyOf(address.text);
    if (this.#ends.has(key)) return;
    this.#ends.set(key, await turns.take(key, signal));
  }

  /** Others may use the addresses again. */
  leave(): void {
    for (const end of this.#ends.values()) end();
    this.#ends.clear();
  }

  #note(loss: Loss): void {
    this.#open ??= loss;
    if (loss.reached >= this.#furthest + FURTHER) {
      this.#furthest = loss.reached;
      this.#again = 0;
      this.#deadline = undefined;
      this.#tried.clear();
    } else this.#again += 1;
  }

  /** Whichever way comes first, the old one too, until the time is over. */
  async #await<T>(loss: Loss, open: Open<T>, certain: boolean) {
    const { clock, reconnect = milliseconds(0), signal } = this.#options;
    this.#deadline ??= clock.monotonic() + reconnect;
    if (!this.#waiting) this.#tell(loss, 'lost');
    let pause = Math.min(FIRST_PAUSE * 2 ** this.#again, LONGEST_PAUSE);
    const longest = Math.max(pause, LONGEST_LOOK);
    for (;;) {
      const left = this.#deadline - clock.monotonic();
      if (left <= 0) break;
      await clock.sleep(milliseconds(Math.min(pause, left)), signal);
      const old = this.#strangers.has(loss.place.address.text) ? [] : [loss.place];
      const found = await this.#firstOf([...old, ...this.#others(loss, certain)], open, this.#deadline);
      if (found?.place.address.text === loss.place.address.text) this.#tell(loss, 'back');
      if (found !== undefined) return found;
      pause = Math.min(pause * 1.5, longest);
    }
    this.#tell(loss, 'given-up');
    return undefined;
  }

  #tell({ place, code }: Loss, state: 'lost' | 'back' | 'given-up'): void {
    const { clock, emit } = this.#options;
    const left = Math.max(0, (this.#deadline ?? 0) - clock.monotonic());
    const until = new Date(clock.now().getTime() + left).toISOString();
    this.#waiting = state === 'lost';
    this.#options.seen?.(place.address.text, state === 'back' ? 'attached' : 'away');
    emit({ type: 'interruption', handset: place.address.text, state, code, until });
  }

  /** The other ways to the handset that can be tried, best first. */
  #others({ place, device }: Loss, certain: boolean): readonly HandsetPlace[] {
    if (device === undefined) return [];
    const { ways = [] } = this.#options.handsets.find(device) ?? {};
    const usable = ways
      .filter(({ kind, reason }) => kind !== 'http' && reason === undefined)
      // Whether a way through the air or over a network is there is seen by trying it.
      .filter(({ kind, attached, address }) =>
        kind === 'bluetooth' ? attached === true || this.#mayCall(address) : attached !== false || kind === 'tcp',
      )
      .filter(({ confidence }) => !certain || confidence === 'strong')
      .map(({ address }) => address)
      .filter((address) => address !== place.address.text && !this.#strangers.has(address));
    return usable.flatMap((address) => this.#placeAt(address, device));
  }

  #mayCall(address: string): boolean {
    const called = this.#called.get(address);
    return called === undefined || this.#options.clock.monotonic() - called >= CALL_EVERY;
  }

  #placeAt(address: string, device: string): readonly HandsetPlace[] {
    try {
      const { bearers } = this.#options;
      return [placeAt(address, device, bearers)];
    } catch (error) {
      // A bearer that this version does not have, or an address of another one.
      if (isPcAgentError(error)) return [];
      throw error;
    }
  }

  /** @param until by the monotonic clock: no further one is tried then */
  async #firstOf<T>(places: readonly HandsetPlace[], open: Open<T>, until = Number.POSITIVE_INFINITY) {
    for (const [index, place] of places.entries()) {
      if (index > 0 && this.#options.clock.monotonic() >= until) return undefined;
      this.#tried.add(place.address.text);
      const opened = await this.#tryOpen(place, open);
      if (opened !== undefined) return { place, opened: opened.value };
      if (place.address.bearer === 'bluetooth') this.#called.set(place.address.text, this.#options.clock.monotonic());
    }
    return undefined;
  }

  async #tryOpen<T>(place: HandsetPlace, open: Open<T>): Promise<{ readonly value: T } | undefined> {
    const { signal, turns } = this.#options;
    const key = turnKeyOf(place.address.text);
    const limit = place.address.bearer === 'tcp' ? NETWORK_LIMIT : LINE_LIMIT;
    let end: (() => void) | undefined;
    try {
      if (!this.#ends.has(key))
        end = await withinLimit(TURN_LIMIT, this.#options, (limited) => turns.take(key, limited));
      const value = await withinLimit(limit, this.#options, (limited) => open(place, limited));
      // Who has broken off has left already.
      if (signal.aborted) end?.();
      else if (end !== undefined) this.#ends.set(key, end);
      return { value };
    } catch (error) {
      end?.();
      signal.throwIfAborted();
      if (isPcAgentError(error, 'bearer') || isPcAgentError(error, 'obex') || isAbort(error)) return undefined;
      throw error;
    }
  }
}

/** Whether somebody is there. */
async function probe({ bearer, address }: HandsetPlace, signal: AbortSignal): Promise<void> {
  const stream = await bearer.dial(address, { signal });
  await stream.close();
}
