import type { Task } from '../../../src-main/contract/tasks.ts';

/** Requests that work on one handset. */
const WORK_NAMES = [
  'inventory',
  'install',
  'update',
  'remove',
  'activate',
  'deactivate',
  'firmware',
  'archive',
  'restore',
  'snapshots.take',
  'snapshots.compare',
  'snapshots.restore',
  'sync',
] as const;

export type WorkName = (typeof WORK_NAMES)[number];

/** Work that changes nothing: when it went well, or somebody broke it off, it is shown where it was asked for. */
const READING: readonly string[] = ['inventory', 'snapshots.take', 'snapshots.compare'];

/** @returns `undefined` for a task that is not about one handset */
export function workName({ name }: Pick<Task, 'name'>): WorkName | undefined {
  return WORK_NAMES.find((each) => each === name);
}

export function isReading({ name }: Pick<Task, 'name'>): boolean {
  return READING.includes(name);
}
