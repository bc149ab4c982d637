import { z } from 'zod';
import { assertNever } from '../base/errors.ts';
import { KnownHandset, PackageView, ProfileView } from './results.ts';

/** Work that a face asked for and that is not over. */
export const Task = z.object({
  id: z.string(),
  /** Name of the request. */
  name: z.string(),
  handset: z.string().optional(),
  startedAt: z.string(),
});

/** What the host knows, as every face sees it. */
export const HostState = z.object({
  offline: z.boolean(),
  handsets: z.array(KnownHandset),
  profiles: z.array(ProfileView),
  packages: z.array(PackageView),
  tasks: z.array(Task),
  /** Reports in the outbox that their DM server has not acknowledged. */
  reportsWaiting: z.int(),
});

/** One row that is new or differs, or that has gone. */
export const HostChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('offline'), offline: z.boolean() }),
  z.object({ kind: z.literal('handset'), handset: KnownHandset }),
  z.object({ kind: z.literal('profile'), profile: ProfileView }),
  z.object({ kind: z.literal('profile-gone'), id: z.string() }),
  z.object({ kind: z.literal('package'), package: PackageView }),
  z.object({ kind: z.literal('package-gone'), id: z.string() }),
  z.object({ kind: z.literal('task'), task: Task }),
  z.object({ kind: z.literal('task-over'), id: z.string() }),
  z.object({ kind: z.literal('reports'), waiting: z.int() }),
]);

export type Task = z.infer<typeof Task>;
export type HostState = z.infer<typeof HostState>;
export type HostChange = z.infer<typeof HostChange>;

/** The state after one more change; a change that is in it already leaves it as it is. */
export function stateAfter(state: HostState, change: HostChange): HostState {
  switch (change.kind) {
    case 'offline':
      return { ...state, offline: change.offline };
    case 'handset':
      return { ...state, handsets: put(state.handsets, change.handset, (row) => row.device) };
    case 'profile':
      return { ...state, profiles: put(state.profiles, change.profile, (row) => row.id) };
    case 'profile-gone':
      return { ...state, profiles: state.profiles.filter(({ id }) => id !== change.id) };
    case 'package':
      return { ...state, packages: put(state.packages, change.package, (row) => row.id) };
    case 'package-gone':
      return { ...state, packages: state.packages.filter(({ id }) => id !== change.id) };
    case 'task':
      return { ...state, tasks: put(state.tasks, change.task, (row) => row.id) };
    case 'task-over':
      return { ...state, tasks: state.tasks.filter(({ id }) => id !== change.id) };
    case 'reports':
      return { ...state, reportsWaiting: change.waiting };
    default:
      return assertNever(change);
  }
}

function put<T>(rows: readonly T[], row: T, keyOf: (row: T) => string): T[] {
  const at = rows.findIndex((other) => keyOf(other) === keyOf(row));
  return at < 0 ? [...rows, row] : rows.with(at, row);
}
