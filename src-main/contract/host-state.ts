import * as z from 'zod/mini';
import { assertNever } from '../base/errors.ts';
import { AirView } from './air.ts';
import { DemoView } from './demo-view.ts';
import { Attachment, KnownHandset } from './handsets.ts';
import { LedgerRow } from './journal-views.ts';
import { CallerView, ListenerView } from './listening.ts';
import { Prompt } from './prompts.ts';
import { PackageView, ProfileView } from './results.ts';
import { LiveSession } from './sessions.ts';
import { SettingsView } from './settings-view.ts';
import { Task } from './tasks.ts';

/** Rows of the ledger that a face gets; the oldest go first. */
export const LEDGER_ROWS = 500;

/** What the host knows, as every face sees it. */
export const HostState = z.object({
  offline: z.boolean(),
  handsets: z.array(KnownHandset),
  attachments: z._default(z.array(Attachment), []),
  profiles: z.array(ProfileView),
  packages: z.array(PackageView),
  tasks: z.array(Task),
  /** Of this run of the host, oldest first; only so many that are over. */
  sessions: z._default(z.array(LiveSession), []),
  prompts: z._default(z.array(Prompt), []),
  demo: z.optional(DemoView),
  ledger: z._default(z.array(LedgerRow), []),
  /** Ways in for handsets that call. */
  listeners: z._default(z.array(ListenerView), []),
  /** Who has called there. */
  callers: z._default(z.array(CallerView), []),
  /** Bluetooth; absent: nobody has looked yet. */
  air: z.optional(AirView),
  settings: z.optional(SettingsView),
  /** Reports in the outbox that their DM server has not acknowledged. */
  reportsWaiting: z.int(),
  /** Rises when a session or job was added to the journal or ended. */
  journal: z._default(z.int(), 0),
});

/** One row that is new or differs, or that has gone. */
export const HostChange = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('offline'), offline: z.boolean() }),
  z.object({ kind: z.literal('handset'), handset: KnownHandset }),
  z.object({ kind: z.literal('handset-gone'), device: z.string() }),
  z.object({ kind: z.literal('attachment'), attachment: Attachment }),
  z.object({ kind: z.literal('attachment-gone'), address: z.string() }),
  z.object({ kind: z.literal('profile'), profile: ProfileView }),
  z.object({ kind: z.literal('profile-gone'), id: z.string() }),
  z.object({ kind: z.literal('package'), package: PackageView }),
  z.object({ kind: z.literal('package-gone'), id: z.string() }),
  z.object({ kind: z.literal('task'), task: Task }),
  z.object({ kind: z.literal('task-gone'), id: z.string() }),
  z.object({ kind: z.literal('session'), session: LiveSession }),
  z.object({ kind: z.literal('session-gone'), key: z.string() }),
  z.object({ kind: z.literal('prompt'), prompt: Prompt }),
  z.object({ kind: z.literal('prompt-gone'), id: z.string() }),
  z.object({ kind: z.literal('demo'), demo: DemoView }),
  z.object({ kind: z.literal('ledger'), row: LedgerRow }),
  z.object({ kind: z.literal('listener'), listener: ListenerView }),
  z.object({ kind: z.literal('caller'), caller: CallerView }),
  z.object({ kind: z.literal('caller-gone'), id: z.string() }),
  z.object({ kind: z.literal('air'), air: AirView }),
  z.object({ kind: z.literal('settings'), settings: SettingsView }),
  z.object({ kind: z.literal('reports'), waiting: z.int() }),
  z.object({ kind: z.literal('journal'), journal: z.int() }),
]);

export type HostState = z.infer<typeof HostState>;
export type HostChange = z.infer<typeof HostChange>;

/** The state after one more change; a change that is in it already leaves it as it is, the ledger's aside. */
export function stateAfter(state: HostState, change: HostChange): HostState {
  switch (change.kind) {
    case 'offline':
      return { ...state, offline: change.offline };
    case 'handset':
      return { ...state, handsets: put(state.handsets, change.handset, (row) => row.device) };
    case 'handset-gone':
      return { ...state, handsets: state.handsets.filter(({ device }) => device !== change.device) };
    case 'attachment':
      return { ...state, attachments: put(state.attachments, change.attachment, (row) => row.address) };
    case 'attachment-gone':
      return { ...state, attachments: state.attachments.filter(({ address }) => address !== change.address) };
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
    case 'task-gone':
      return { ...state, tasks: state.tasks.filter(({ id }) => id !== change.id) };
    case 'session':
      return { ...state, sessions: put(state.sessions, change.session, (row) => row.key) };
    case 'session-gone':
      return { ...state, sessions: state.sessions.filter(({ key }) => key !== change.key) };
    case 'prompt':
      return { ...state, prompts: put(state.prompts, change.prompt, (row) => row.id) };
    case 'prompt-gone':
      return { ...state, prompts: state.prompts.filter(({ id }) => id !== change.id) };
    case 'demo':
      return { ...state, demo: change.demo };
    case 'ledger':
      return { ...state, ledger: [...state.ledger, change.row].slice(-LEDGER_ROWS) };
    case 'listener':
      return { ...state, listeners: put(state.listeners, change.listener, (row) => row.kind) };
    case 'caller':
      return { ...state, callers: put(state.callers, change.caller, (row) => row.id) };
    case 'caller-gone':
      return { ...state, callers: state.callers.filter(({ id }) => id !== change.id) };
    case 'air':
      return { ...state, air: change.air };
    case 'settings':
      return { ...state, settings: change.settings };
    case 'reports':
      return { ...state, reportsWaiting: change.waiting };
    case 'journal':
      return { ...state, journal: change.journal };
    default:
      return assertNever(change);
  }
}

function put<T>(rows: readonly T[], row: T, keyOf: (row: T) => string): T[] {
  const key = keyOf(row);
  const at = rows.findIndex((other) => keyOf(other) === key);
  return at < 0 ? [...rows, row] : rows.with(at, row);
}
