import { ExitCode } from '../../../src-main/contract/exit-codes.ts';
import { operationVerdict } from '../../../src-main/contract/operation-verdict.ts';
import type { JobResult, PackageView } from '../../../src-main/contract/results.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';

/** Software by the name and version that people know; the version is empty when it is not known. */
export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** What the last work on a handset came to. */
export type Outcome =
  | { readonly kind: 'done'; readonly things: readonly Thing[] }
  | { readonly kind: 'nothing'; readonly things: readonly Thing[] }
  | { readonly kind: 'cancelled'; readonly things: readonly Thing[]; readonly code: string }
  | {
      readonly kind: 'failed';
      readonly code: string;
      readonly message: string | undefined;
      /** What is to be tried again, and only that. */
      readonly left: readonly Thing[];
      readonly done: readonly Thing[];
    };

export type WorkName = 'inventory' | 'install' | 'remove';

export function workName({ name }: Pick<Task, 'name'>): WorkName {
  return name === 'install' || name === 'remove' ? name : 'inventory';
}

/** @returns `undefined` while the task goes on */
export function outcomeOf(task: Task, packages: readonly PackageView[]): Outcome | undefined {
  const { end } = task;
  if (end === undefined) return undefined;
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
  const settled = jobs.filter(({ state }) => state === 'done' || state === 'skipped').map(subjectOf);
  const left = things.filter(({ id }) => !settled.includes(id));
  return failed(worst?.code ?? `job/${worst?.state ?? 'failed'}`, worst?.message, left, named(jobs, things, 'done'));
}

function failed(
  code: string,
  message: string | undefined,
  left: readonly Thing[],
  done: readonly Thing[],
): Outcome & { readonly kind: 'failed' } {
  return { kind: 'failed', code, message, left, done };
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

function thingsOf({ packages: ids, component, end }: Task, packages: readonly PackageView[]): readonly Thing[] {
  const wanted = ids ?? (component === undefined ? [] : [component]);
  return wanted.map((id) => {
    const known = packages.find((each) => each.id === id);
    const there = end?.result?.components?.find((each) => each.id === id);
    return { id, name: known?.name ?? id, version: there?.version ?? known?.version ?? '' };
  });
}
