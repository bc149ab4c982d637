import type { Clock } from '../../base/clock.ts';
import { milliseconds } from '../../base/durations.ts';
import { type Comparison, comparisonOf } from './comparison.ts';
import { type DeviceBook, type KnownDevice, openDeviceBook } from './device-book.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { hasEnded, type Job } from './job.ts';
import { ifRoom, type JobStore } from './job-store.ts';
import { type OrderStore, openOrders } from './orders.ts';
import type { DmsPackage, PackageSource } from './packages.ts';
import { openRules, type RuleStore } from './rules.ts';
import { openSchedules, type ScheduleStore } from './schedules.ts';
import type { SessionSide } from './session-side.ts';
import { type WantedHere, wantedHere } from './wanted.ts';

/** What outside systems have of the server besides its jobs (SCOMO architecture, 5.3.2.1: SCOMO-1). */
export interface Outside {
  readonly book: DeviceBook;
  readonly orders: OrderStore;
  readonly rules: RuleStore;
  readonly schedules: ScheduleStore;
  readonly hub: EventHub;
  readonly side: SessionSide;
  readonly now: () => Date;
  /** What a handset is to have by rules and schedules. */
  wantedOf(known: KnownDevice, offered: readonly DmsPackage[]): readonly WantedHere[];
  comparisonOf(known: KnownDevice, offered: readonly DmsPackage[]): Comparison | undefined;
  /** Applies the rules to the handsets that are known; one of whom nothing is known is asked first. */
  review(model?: string): Promise<void>;
  /** Does what is due by the clock until the signal comes; what fails is told and tried again later. */
  run(signal: AbortSignal, onError: (error: unknown) => void): Promise<void>;
  /** A check may be due earlier than `run` thinks. */
  stir(): void;
}

export interface OutsideOptions {
  readonly jobs: JobStore;
  readonly packages: PackageSource;
  readonly state?: string;
  readonly clock: Clock;
}

/** Milliseconds after which known handsets are looked at again: another version may be offered meanwhile. */
const REVIEW_EVERY = 60_000;
/** How often a rule asks a handset that does not say what is installed, as long as those jobs are kept. */
const MAX_ASKED = 3;

export async function openOutside(options: OutsideOptions): Promise<Outside> {
  const { jobs, packages, clock } = options;
  const now = (): Date => clock.now();
  const kept = { now, ...(options.state === undefined ? {} : { state: options.state }) };
  const book = await openDeviceBook(kept);
  const orders = await openOrders(jobs, kept);
  const rules = await openRules(jobs, kept);
  const schedules = await openSchedules({ ...kept, jobs, book });
  let waking = new AbortController();

  const wantedOf = (known: KnownDevice, offered: readonly DmsPackage[]): readonly WantedHere[] => {
    const byRule = rules.get(known.model ?? '')?.packages ?? [];
    const wishes = [...byRule, ...schedules.of(known).flatMap((schedule) => schedule.wanted)];
    return wantedHere(wishes, offered, known.model);
  };

  async function review(model?: string): Promise<void> {
    const models = model === undefined ? rules.list().map((rule) => rule.model) : [model];
    const offered = models.length === 0 ? [] : await packages.list();
    for (const known of models.flatMap((each) => book.ofModel(each))) {
      if (known.components !== undefined) rules.apply(known, offered);
      else if (rules.get(known.model ?? '') !== undefined) askFirst(known, jobs);
    }
  }

  return {
    ...{ book, orders, rules, schedules, now, wantedOf, review },
    hub: createEventHub(jobs),
    side: sideOf({ book, orders, rules }),
    comparisonOf: (known, offered) => comparisonOf(known, wantedOf(known, offered)),
    stir: () => waking.abort(),
    async run(signal, onError) {
      let reviewAt = clock.monotonic();
      while (!signal.aborted) {
        // Who stirs meanwhile is heard.
        waking = new AbortController();
        const any = AbortSignal.any([signal, waking.signal]);
        let next = REVIEW_EVERY;
        try {
          next = Math.min(next, schedules.tick() ?? next);
          if (clock.monotonic() >= reviewAt) {
            reviewAt = clock.monotonic() + REVIEW_EVERY;
            await review();
          }
        } catch (error) {
          onError(error);
          next = REVIEW_EVERY;
        }
        await clock.sleep(milliseconds(next), any).catch(() => undefined);
      }
    },
  };
}

function askFirst({ device, model }: KnownDevice, jobs: JobStore): void {
  const asked = jobs.list(device).filter((job: Job) => job.operation === 'inventory');
  const isEnough =
    asked.some((job) => !hasEnded(job)) || asked.filter(({ rule }) => rule === model).length >= MAX_ASKED;
  if (!isEnough) jobs.add({ device, operation: 'inventory', ...(model === undefined ? {} : { rule: model }) });
}

function sideOf({ book, orders, rules }: Pick<Outside, 'book' | 'orders' | 'rules'>): SessionSide {
  const ruleFor = (device: string) => rules.get(book.get(device)?.model ?? '');
  return {
    packagesFor(device, said) {
      const model = said ?? book.get(device)?.model;
      if (model === undefined) return [];
      return [...orders.packagesFor(model), ...(rules.get(model)?.packages ?? []).map((each) => each.package)];
    },
    met({ device, devInfo }) {
      const textOf = (name: string): string | undefined =>
        devInfo.get(`./DevInfo/${name}`) ?? devInfo.get(`DevInfo/${name}`);
      const [model, manufacturer] = [textOf('Mod'), textOf('Man')];
      book.met(device, {
        ...(model === undefined ? {} : { model }),
        ...(manufacturer === undefined ? {} : { manufacturer }),
      });
      const known = book.get(device)?.model;
      // What finds no room now is made up for when the handset comes again.
      if (known !== undefined) ifRoom(() => orders.met(device, known));
    },
    sawInventory: book.sawInventory,
    asksFirmware: book.asksFirmware,
    sawFirmware: book.sawFirmware,
    isRuled: (device) => ruleFor(device) !== undefined,
    due(device, offered) {
      const known = book.get(device);
      return known === undefined ? [] : (ifRoom(() => rules.apply(known, offered, { quiet: true })) ?? []);
    },
    ended: book.sessionEnded,
  };
}
