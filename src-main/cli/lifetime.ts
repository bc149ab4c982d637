import { type Ancestry, isOrphaned, readAncestry } from './ancestors.ts';

/** How often the starter is looked for, in milliseconds. */
const WATCH_INTERVAL = 500;
/** How long a command may take to end after it was told to, in milliseconds. */
const END_LIMIT = 10_000;
/**
 * Signals that come within this time (milliseconds) are one: Ctrl-C reaches the whole process group, and npm and the
 * launcher pass it on again.
 */
const SAME_SIGNAL = 1_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Why a command is told to end: the `reason` of its abort signal. It is an AbortError, so that what waits can throw
 * it as it is. `signal`: SIGINT, SIGTERM or SIGHUP; `starter-gone`: npm, the shell or both ancestors have gone;
 * `output-closed`: nobody reads the events any more.
 */
export class Interruption extends Error {
  readonly kind: 'signal' | 'starter-gone' | 'output-closed';

  constructor(kind: Interruption['kind'], message: string) {
    super(message);
    this.name = 'AbortError';
    this.kind = kind;
  }
}

export interface LifetimeOptions {
  /** Called when the command did not end in time, or at a second signal; must end the process. */
  readonly onOverdue: (message: string) => void;
  readonly ancestry?: Ancestry;
  readonly endLimit?: number;
}

/** Tells a command when to end, and ends it when it does not. */
export class Lifetime {
  readonly #controller = new AbortController();
  readonly #options: LifetimeOptions;
  readonly #ancestry: Ancestry;
  #watch: NodeJS.Timeout | undefined;
  #limit: NodeJS.Timeout | undefined;
  #interruptedAt = 0;

  constructor(options: LifetimeOptions) {
    this.#options = options;
    this.#ancestry = options.ancestry ?? readAncestry();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts to listen to signals and to look for the starter. */
  open(): void {
    for (const name of SIGNALS) process.on(name, this.#onSignal);
    this.#watch = setInterval(() => {
      if (isOrphaned(this.#ancestry)) this.interrupt(new Interruption('starter-gone', 'the starting process has gone'));
    }, WATCH_INTERVAL);
    this.#watch.unref();
  }

  close(): void {
    for (const name of SIGNALS) process.off(name, this.#onSignal);
    clearInterval(this.#watch);
    clearTimeout(this.#limit);
  }

  /** Tells the command to end; only the first reason counts. */
  interrupt(reason: Interruption): void {
    if (this.signal.aborted) return;
    clearInterval(this.#watch);
    this.#interruptedAt = performance.now();
    const limit = this.#options.endLimit ?? END_LIMIT;
    this.#limit = setTimeout(() => this.#options.onOverdue(`did not end within ${limit / 1000} s`), limit);
    this.#controller.abort(reason);
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    if (!this.signal.aborted) this.interrupt(new Interruption('signal', `ended by ${name}`));
    else if (performance.now() - this.#interruptedAt > SAME_SIGNAL)
      this.#options.onOverdue(`ended by a second ${name}`);
  };
}
