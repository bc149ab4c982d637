import type { Clock } from '../../base/clock.ts';
import type { Random } from '../../base/digest.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { assertNever, isAbort, isPcAgentError } from '../../base/errors.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';
import { LONGEST_PAUSE, type Outbox, type OutboxReport } from './outbox.ts';
import type { Delivery } from './post-report.ts';

export interface OutboxSenderOptions {
  readonly outbox: Outbox;
  /** One try; the offline switch, time limits and the ledger are its business. */
  readonly post: (report: OutboxReport, signal: AbortSignal) => Promise<Delivery>;
  readonly clock: Clock;
  readonly random: Random;
  /** Told after each try that came to something. */
  readonly onTry?: (report: OutboxReport, delivery: Delivery) => void;
  /** The store could not keep what a try came to; it is tried again later. */
  readonly onError?: (error: unknown) => void;
}

export interface OutboxSender {
  /** Sends what waits, and what comes, until the signal is aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** A report has come, or the offline switch was turned: looks again. */
  wake(): void;
  /** Sends what waits now, whatever pause it was given, each report once. Returns how many are still unsent. */
  flush(signal: AbortSignal): Promise<number>;
}

const FIRST_PAUSE = 1000;
/** A server that is away for long is asked this often. */
const MAX_PAUSE = 3600 * 1000;
/** While the offline switch is on, in case nobody says when it is turned. */
const OFFLINE_PAUSE = seconds(30);

/** Pause before the next try: twice as long each time, up to an hour, of which a random half is left out. */
export function backOff(tries: number, random: Random): Duration {
  const whole = Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 20));
  const [high = 0, low = 0] = random.bytes(2);
  return milliseconds(Math.round(whole * (0.5 + (high * 256 + low) / 131_072)));
}

/**
 * Brings reports to their DM servers: each at least once, with the same key every time, so that each has one effect.
 * A report leaves the outbox only when the acknowledgement is on the disk.
 */
export function createOutboxSender(options: OutboxSenderOptions): OutboxSender {
  return new Sender(options);
}

class Sender implements OutboxSender {
  readonly #options: OutboxSenderOptions;
  #wake = Promise.withResolvers<void>();
  /** One try at a time: two of one report would not harm, but help nobody. */
  readonly #inTurn = oneAtATime();
  /** Failures in a row, by origin. */
  readonly #failures = new Map<string, number>();

  constructor(options: OutboxSenderOptions) {
    this.#options = options;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = Promise.withResolvers<void>();
      try {
        const pause = await this.#inTurn(() => this.#sendDue(signal));
        await this.#sleep(pause, signal);
      } catch (error) {
        if (signal.aborted && (isAbort(error) || error === signal.reason)) return;
        if (!isPcAgentError(error)) throw error;
        this.#options.onError?.(error);
        await this.#sleep(OFFLINE_PAUSE, signal).catch(() => undefined);
      }
    }
  }

  wake(): void {
    this.#wake.resolve();
  }

  flush(signal: AbortSignal): Promise<number> {
    return this.#inTurn(async () => {
      const { outbox } = this.#options;
      await outbox.retry();
      await this.#sendDue(signal);
      return outbox.unsent();
    });
  }

  /** Tries what is due; gives the time until there is more to do. */
  async #sendDue(signal: AbortSignal): Promise<Duration> {
    const { outbox, post, onTry } = this.#options;
    for (;;) {
      signal.throwIfAborted();
      const report = outbox.due();
      if (report === undefined) return milliseconds(Math.min(outbox.untilDue() ?? LONGEST_PAUSE, LONGEST_PAUSE));
      const delivery = await post(report, signal);
      if (delivery.kind === 'offline') return OFFLINE_PAUSE;
      await this.#keep(report, delivery);
      onTry?.(report, delivery);
    }
  }

  async #keep(report: OutboxReport, delivery: Exclude<Delivery, { kind: 'offline' }>): Promise<void> {
    const { outbox, random } = this.#options;
    const none = milliseconds(0);
    const hour = milliseconds(MAX_PAUSE);
    const origin = report.origin ?? '';
    if (delivery.kind !== 'later') this.#failures.delete(origin);
    switch (delivery.kind) {
      case 'acknowledged':
        return outbox.acknowledge(report.id);
      case 'unsupported':
        return outbox.setBack(report, { ...delivery, state: 'unsupported', pause: hour, originPause: hour });
      case 'rejected':
        return outbox.setBack(report, { ...delivery, state: 'rejected', pause: none, originPause: none });
      case 'later': {
        const failures = this.#failures.get(origin) ?? 0;
        this.#failures.set(origin, failures + 1);
        // What the server asks for is the least; the outbox does not heed it beyond a day.
        const least = (tries: number): Duration => milliseconds(Math.max(delivery.after ?? 0, backOff(tries, random)));
        const originPause = least(failures);
        const pause = milliseconds(Math.max(originPause, least(report.tries)));
        return outbox.setBack(report, { ...delivery, state: 'waiting', pause, originPause });
      }
      default:
        return assertNever(delivery);
    }
  }

  async #sleep(pause: Duration, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const limit = AbortSignal.any([signal, woken.signal]);
    const slept = this.#options.clock.sleep(pause, limit).catch((error: unknown) => {
      if (signal.aborted) throw error;
    });
    try {
      await Promise.race([slept, this.#wake.promise]);
    } finally {
      woken.abort();
      await slept.catch(() => undefined);
    }
    signal.throwIfAborted();
  }
}
