import { ChangeSignal } from '../../../base/change-signal.ts';
import type { Clock } from '../../../base/clock.ts';
import { type Duration, milliseconds } from '../../../base/durations.ts';
import { isAbort } from '../../../base/errors.ts';
import { nodeClock } from '../../../base/node/clock.ts';
import type { AttachedFunction, AttachedThing, Discovery } from '../../discovery.ts';
import { linuxSurvey } from './linux-survey.ts';
import { type ListedSources, listedSurvey } from './listed-survey.ts';
import type { Found, Survey } from './survey.ts';
import type { NodeAccess } from './system-files.ts';

export interface NativeDiscoveryOptions {
  /** What native modules list, where the system is not Linux. */
  readonly listed: ListedSources;
  /** Vendors of phones besides the well-known ones, by their USB-IF numbers. */
  readonly phoneVendors?: readonly number[];
  readonly clock?: Clock;
  readonly platform?: NodeJS.Platform;
  /** Folder in which `sys`, `dev`, `proc` and `run` are. Default `/`. */
  readonly root?: string;
  /** Instead of access(2). */
  readonly access?: (node: string) => NodeAccess;
  /** Processes whose use of a port does not make it busy. Default: this one. */
  readonly ownProcesses?: readonly number[];
}

/** The driver takes its interfaces and udevd sets rights some moments after the device is there. */
const YOUNG_MS = 1_000;
/** Events come in swarms: a handset is a device, interfaces and ports. */
const COLLECT = milliseconds(40);
/** Looks after an event: its drivers may take the device late. */
const SETTLING = [100, 300, 700];
/** Some changes are told by nobody: another program closes a port, the modem service is done. */
const SLOW_MS = 2_000;
/** How old what is known of other programs may be while plugs go in and out, and while nothing happens. */
const OTHERS_MAX_AGE_MS = { busy: 500, quiet: 5_000 };

/** What is attached to this computer by cable. A computer without USB or serial ports has nothing. */
export function nativeDiscovery(options: NativeDiscoveryOptions): Discovery {
  const { clock = nodeClock, platform = process.platform, ownProcesses = [process.pid] } = options;
  const phoneVendors = new Set(options.phoneVendors);
  const survey =
    platform === 'linux'
      ? linuxSurvey({ ...options, clock, ownProcesses: new Set(ownProcesses), phoneVendors })
      : listedSurvey(options.listed, phoneVendors);
  return {
    look: (signal) => look(survey, clock, signal),
    watch: (onChange, signal) => new Watch(survey, clock, onChange).run(signal),
  };
}

/** Waits for what has just been attached until it can be used, or is known not to be. */
async function look(survey: Survey, clock: Clock, signal: AbortSignal): Promise<readonly AttachedThing[]> {
  const pause = milliseconds(100);
  for (let waited = 0; ; waited += pause) {
    const { things, youngFor } = presented(await survey.look(0, signal));
    if (youngFor === undefined || waited > YOUNG_MS) return things;
    await clock.sleep(pause, signal);
  }
}

class Watch {
  readonly #survey: Survey;
  readonly #clock: Clock;
  readonly #onChange: (things: readonly AttachedThing[]) => void;
  readonly #change = new ChangeSignal();
  #rung = false;
  #told: string | undefined;

  constructor(survey: Survey, clock: Clock, onChange: (things: readonly AttachedThing[]) => void) {
    this.#survey = survey;
    this.#clock = clock;
    this.#onChange = onChange;
  }

  async run(signal: AbortSignal): Promise<void> {
    const events = this.#survey.events(() => {
      this.#rung = true;
      this.#change.notify();
    });
    try {
      let maxAge = 0;
      for (let step = SETTLING.length; ; step += 1) {
        events.refresh();
        const youngFor = this.#tell(await this.#survey.look(maxAge, signal), signal);
        const pause = Math.min(SETTLING[step] ?? SLOW_MS, youngFor ?? SLOW_MS);
        const rung = await this.#wait(milliseconds(pause), signal);
        if (rung) step = -1;
        maxAge = step < SETTLING.length ? OTHERS_MAX_AGE_MS.busy : OTHERS_MAX_AGE_MS.quiet;
      }
    } catch (error) {
      if (!(isAbort(error) || signal.aborted)) throw error;
    } finally {
      events.close();
    }
  }

  #tell(found: readonly Found[], signal: AbortSignal): number | undefined {
    const { things, youngFor } = presented(found);
    const text = JSON.stringify(things);
    if (text !== this.#told && !signal.aborted) {
      this.#told = text;
      this.#onChange(things);
    }
    return youngFor;
  }

  /** @returns whether something has happened within that time, and the swarm of events is over. */
  async #wait(pause: Duration, signal: AbortSignal): Promise<boolean> {
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const rung = this.#change.next(stop.signal);
      if (!this.#rung) await Promise.race([rung, this.#clock.sleep(pause, stop.signal)]);
      else rung.catch(() => undefined);
    } finally {
      signal.removeEventListener('abort', onAbort);
      stop.abort();
    }
    if (!this.#rung) return false;
    await this.#clock.sleep(COLLECT, signal);
    this.#rung = false;
    return true;
  }
}

/**
 * What people are told: of a thing that has just been attached nothing that may be mended a moment later.
 * @returns in `youngFor` the milliseconds until something that is held back is told as it is.
 */
function presented(found: readonly Found[]): { things: readonly AttachedThing[]; youngFor: number | undefined } {
  let youngFor: number | undefined;
  const things = found.flatMap(({ thing, age }) => {
    if (age >= YOUNG_MS) return [thing];
    const ready = thing.functions.filter((way) => !mayBeMended(way));
    if (ready.length === thing.functions.length && thing.reason === undefined) return [thing];
    youngFor = Math.min(youngFor ?? YOUNG_MS, YOUNG_MS - age);
    return ready.length === 0 ? [] : [{ ...thing, functions: ready }];
  });
  return { things, youngFor };
}

function mayBeMended({ reason }: AttachedFunction): boolean {
  return reason === 'bearer/permission-denied' || reason === 'bearer/unusable';
}
