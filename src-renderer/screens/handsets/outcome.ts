import { ExitCode } from '../../../src-main/contract/exit-codes.ts';
import { operationVerdict } from '../../../src-main/contract/operation-verdict.ts';
import type { JobResult, PackageView } from '../../../src-main/contract/results.ts';
import type { InventoryDifference } from '../../../src-main/contract/software-views.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';

/** Software by the name and version that people know; the version is empty when it is not known. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** What the last work on a handset came to. */
export type Outcome = Ending & {
  /** What of the inventory is another now; absent where it was not read before and after. */
  readonly difference?: InventoryDifference;
};

type Ending =
  | { readonly kind: 'done'; readonly things: readonly Thing[] }
  | { readonly kind: 'nothing'; readonly things: readonly Thing[] }
  /** The handset has begun, and says later how it ended: it restarts, or works on by itself. */
  | { readonly kind: 'waiting'; readonly things: readonly Thing[] }
  | { readonly kind: 'cancelled'; readonly things: readonly Thing[]; readonly code: string }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string | undefined;
      /** What is to be tried again, and only that. */
      readonly left: readonly Thing[];
      readonly done: readonly Thing[];
    };

/** @returns `undefined` while the task goes on */
export function outcomeOf(task: Task, packages: readonly PackageView[]): Outcome | undefined {
  const { end } = task;
  if (end === undefined) return undefined;
  const difference = differenceOf(end.result?.jobs ?? []);
  return { ...endingOf(task, end, packages), ...(difference === undefined ? {} : { difference }) };
}

function endingOf(task: Task, end: NonNullable<Task['end']>, packages: readonly PackageView[]): Ending {
  const things = thingsOf(task, packages);
  if (end.cancelled === true) return { kind: 'cancelled', things, code: end.error?.code ?? 'job/cancelled' };
  if (end.error !== undefined) {
    return { kind: 'failed', code: end.error.code, message: end.error.message, left: things, done: [] };
  }
  if (end.result === undefined) {
    return end.ok ? { kind: 'done', things } : failed('host/unexpected', undefined, things, []);
  }
  const { jobs } = end.result;
  const { exitCode, worst } = operationVerdict(end.result);
  if (exitCode === ExitCode.Done) return { kind: 'done', things: named(jobs, things, 'done') };
  if (exitCode === ExitCode.NothingToDo) {
    const done = named(jobs, things, 'done');
    return done.length > 0 ? { kind: 'done', things: done } : { kind: 'nothing', things };
  }
  if (jobs.every(({ state }) => state === 'waiting' || state === 'done' || state === 'skipped')) {
    return { kind: 'waiting', things: named(jobs, things, 'waiting') };
  }
  const settled = jobs.filter(({ state }) => state === 'done' || state === 'skipped').map(subjectOf);
  const left = things.filter(({ id }) => !settled.includes(id));
  return failed(worst?.code ?? `job/${worst?.state ?? 'failed'}`, worst?.message, left, named(jobs, things, 'done'));
}

function failed(
  code: string,
  message: string | undefined,
  left: readonly Thing[],
  done: readonly Thing[],
): Ending & { readonly kind: 'failed' } {
  return { kind: 'failed', code, message, left, done };
}

/** Of several jobs together; each change once. */
function differenceOf(jobs: readonly JobResult[]): InventoryDifference | undefined {
  const all = jobs.flatMap(({ difference }) => (difference === undefined ? [] : [difference]));
  if (all.length === 0) return undefined;
  const more = all.reduce((sum, each) => sum + (each.more ?? 0), 0);
  return {
    ...(more > 0 ? { more } : {}),
    added: once(all.flatMap(({ added }) => added)),
    removed: once(all.flatMap(({ removed }) => removed)),
    changed: once(all.flatMap(({ changed }) => changed)),
  };
}

function once<T>(entries: readonly T[]): T[] {
  return [...new Map(entries.map((entry) => [JSON.stringify(entry), entry])).values()];
}

export function isUnchanged({ added, removed, changed, more = 0 }: InventoryDifference): boolean {
  return added.length + removed.length + changed.length + more === 0;
}

/** Those of the things whose job came to this end; all of them where no job names what it is about. */
function named(jobs: readonly JobResult[], things: readonly Thing[], state: JobResult['state']): readonly Thing[] {
  const ids = jobs.filter((job) => job.state === state).map(subjectOf);
  if (jobs.length > 0 && ids.length === 0) return [];
  return ids.includes(undefined) || jobs.length === 0 ? things : things.filter(({ id }) => ids.includes(id));
}

function subjectOf({ package: id, component }: JobResult): string | undefined {
  return id ?? component;
}

/** What was asked for by name, else what the jobs were about. */
function thingsOf({ packages: ids, component, end }: Task, packages: readonly PackageView[]): readonly Thing[] {
  const { jobs = [], components } = end?.result ?? {};
  const subjects = jobs.map(subjectOf).filter((id) => id !== undefined);
  // What was taken off is among what was there before.
  const passing = jobs.flatMap(({ difference }) => [...(difference?.added ?? []), ...(difference?.removed ?? [])]);
  const wanted = ids ?? (component === undefined ? [...new Set(subjects)] : [component]);
  return wanted.map((id) => {
    const known = packages.find((each) => each.id === id);
    const there = components?.find((each) => each.id === id) ?? passing.find((each) => each.id === id);
    const name = known?.name ?? (typeof there?.name === 'string' ? there.name : id);
    return { id, name, version: there?.version ?? known?.contents?.to ?? known?.version ?? '' };
  });
}
