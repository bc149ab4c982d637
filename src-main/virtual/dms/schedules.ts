import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { ApiError } from './api-error.ts';
import type { DeviceBook, KnownDevice } from './device-book.ts';
import { DeviceId, Model } from './device-id.ts';
import { hasEnded } from './job.ts';
import type { JobStore } from './job-store.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';
import { Urgency } from './urgency.ts';
import { MAX_WANTED, Wanted, WantedComponent, WantedPackage } from './wanted.ts';

/** A year: what is checked less often is no check. */
const MAX_EVERY = 366 * 24 * 60 * 60;

export const ScheduleRequest = z
  .strictObject({
    device: DeviceId.optional(),
    model: Model.optional(),
    every: z.int().min(1).max(MAX_EVERY).meta({ description: 'seconds from one check to the next' }),
    wanted: z.array(Wanted).max(MAX_WANTED).default([]).meta({ description: 'what the handsets are to have' }),
    urgency: Urgency.optional().meta({ description: 'of what names none itself' }),
  })
  .refine(({ device, model }) => (device === undefined) !== (model === undefined), {
    path: ['device'],
    message: 'a device or a model, and not both',
  });
export type ScheduleRequest = z.infer<typeof ScheduleRequest>;

export const Schedule = z.object({
  id: z.string(),
  device: z.string().optional(),
  model: z.string().optional(),
  every: z.int(),
  wanted: z.array(z.union([WantedPackage, WantedComponent])),
  nextAt: z.iso.datetime(),
  lastAt: z.iso.datetime().optional(),
});
export type Schedule = Readonly<z.infer<typeof Schedule>>;

export interface ScheduleStore {
  /** The first check is due at once. @throws ApiError 503 `schedule/too-many` */
  add(request: ScheduleRequest): Schedule;
  /** @throws ApiError 404 `schedule/unknown` */
  get(id: string): Schedule;
  list(): readonly Schedule[];
  /** @throws ApiError 404 */
  delete(id: string): void;
  /** Those that watch over a handset. */
  of(known: KnownDevice): readonly Schedule[];
  /** Makes the inventory jobs that are due, none where one is open. @returns milliseconds until the next, if any */
  tick(): number | undefined;
}

const MAX_SCHEDULES = 1000;
/** Ended checks kept of a handset. */
const MAX_CHECKS = 10;

const ScheduleFile = z.object({ version: z.literal(1), schedules: z.array(Schedule) });

export interface SchedulesOptions {
  readonly state?: string;
  readonly now: () => Date;
  readonly jobs: JobStore;
  readonly book: DeviceBook;
}

/** Keeps schedules in memory, and in `schedules.json` of the state folder when there is one. */
export async function openSchedules(options: SchedulesOptions): Promise<ScheduleStore> {
  const { state } = options;
  const file =
    state === undefined
      ? noFile<z.infer<typeof ScheduleFile>>()
      : await openJsonFile(state, 'schedules.json', ScheduleFile);
  return createSchedules(options, file);
}

function createSchedules(
  { jobs, book, now }: SchedulesOptions,
  file: JsonFile<z.infer<typeof ScheduleFile>>,
): ScheduleStore {
  let schedules = new Map<string, Schedule>((file.initial?.schedules ?? []).map((each) => [each.id, each]));

  function keepAll(next: Map<string, Schedule>): void {
    file.write({ version: 1, schedules: [...next.values()] });
    schedules = next;
  }

  function get(id: string): Schedule {
    const found = schedules.get(id);
    if (found === undefined) throw new ApiError(404, 'schedule/unknown', 'there is no such schedule');
    return found;
  }

  const devicesOf = ({ device, model }: Schedule): readonly string[] =>
    device === undefined ? book.ofModel(model ?? '').map((known) => known.device) : [device];

  const isWatched = (device: string): boolean =>
    jobs.list(device).some((job) => job.operation === 'inventory' && !hasEnded(job));

  /** Of the checks of a handset the last ones are kept: each holds an inventory. */
  const dropOld = (device: string): void => {
    const checks = jobs.list(device).filter((job) => job.schedule !== undefined && hasEnded(job));
    jobs.drop(checks.slice(0, -MAX_CHECKS).map(({ id }) => id));
  };

  const dueIn = ({ nextAt }: Schedule, at: number): number => Date.parse(nextAt) - at;

  /** A clock that was set back does not put a check off for longer than it may take. */
  function setBack(at: number): void {
    const late = [...schedules.values()].filter((each) => dueIn(each, at) > each.every * 1000);
    if (late.length === 0) return;
    const next = new Map(schedules);
    for (const each of late) next.set(each.id, { ...each, nextAt: new Date(at + each.every * 1000).toISOString() });
    keepAll(next);
  }

  return {
    get,
    list: () => [...schedules.values()],
    of({ device, model }) {
      const key = deviceKey(device);
      return [...schedules.values()].filter((each) =>
        each.device === undefined ? each.model === model : deviceKey(each.device) === key,
      );
    },
    add({ urgency, wanted, device, model, every }) {
      if (schedules.size >= MAX_SCHEDULES) {
        throw new ApiError(503, 'schedule/too-many', `there are ${MAX_SCHEDULES} schedules`);
      }
      const schedule: Schedule = {
        id: randomUUID(),
        ...(device === undefined ? {} : { device }),
        ...(model === undefined ? {} : { model }),
        every,
        wanted: wanted.map((wish) => (urgency === undefined ? wish : { urgency, ...wish })),
        nextAt: now().toISOString(),
      };
      keepAll(new Map(schedules).set(schedule.id, schedule));
      return schedule;
    },
    delete(id) {
      get(id);
      const next = new Map(schedules);
      next.delete(id);
      keepAll(next);
    },
    tick() {
      const at = now();
      setBack(at.getTime());
      const due = [...schedules.values()].filter((each) => dueIn(each, at.getTime()) <= 0);
      if (due.length > 0) {
        const next = new Map(schedules);
        for (const each of due) {
          const nextAt = new Date(at.getTime() + each.every * 1000).toISOString();
          next.set(each.id, { ...each, nextAt, lastAt: at.toISOString() });
        }
        // What was missed while the server was away is one check.
        keepAll(next);
        const wanted = new Map(
          due.flatMap((each) => devicesOf(each).map((device) => [deviceKey(device), { each, device }])),
        );
        const unwatched = [...wanted.values()].filter(({ device }) => !isWatched(device));
        for (const { device } of unwatched) dropOld(device);
        jobs.addAll(unwatched.map(({ each, device }) => ({ device, operation: 'inventory', schedule: each.id })));
      }
      const waits = [...schedules.values()].map((each) => Math.max(0, dueIn(each, at.getTime())));
      return waits.length === 0 ? undefined : Math.min(...waits);
    },
  };
}
