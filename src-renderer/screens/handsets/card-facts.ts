/** What of the host's state concerns one handset. Each function gives back what is in the state, never a copy. */
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { Prompt } from '../../../src-main/contract/prompts.ts';
import type { LiveSession } from '../../../src-main/contract/sessions.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { isReading, workName } from './work-name.ts';

type Owner = Pick<KnownHandset, 'device' | 'address' | 'alias'>;
type Work = Pick<HostState, 'sessions' | 'tasks' | 'prompts'>;

/** What goes on with one handset, and what came of the last work. */
export interface CardFacts {
  /** The session that is open. */
  readonly session: LiveSession | undefined;
  /** The work that is under way. */
  readonly running: Task | undefined;
  /** The last work that ended and has something to say. */
  readonly ended: Task | undefined;
  readonly prompt: Prompt | undefined;
}

export function cardFacts(state: Work, owner: Owner): CardFacts {
  return {
    session: openSessionOf(state.sessions, owner),
    running: runningTaskOf(state.tasks, owner),
    ended: endedTaskOf(state.tasks, owner),
    prompt: promptOf(state.prompts, owner),
  };
}

export function openSessionOf(sessions: readonly LiveSession[], owner: Owner): LiveSession | undefined {
  return sessions.findLast((session) => session.endedAt === undefined && isSessionOf(session, owner));
}

export function lastSessionOf(sessions: readonly LiveSession[], owner: Owner): LiveSession | undefined {
  return sessions.findLast((session) => isSessionOf(session, owner));
}

/** The oldest that is under way: what comes after it waits for its turn. */
export function runningTaskOf(tasks: readonly Task[], owner: Owner): Task | undefined {
  return tasks.find((task) => task.end === undefined && isTaskOf(task, owner));
}

export function endedTaskOf(tasks: readonly Task[], owner: Owner): Task | undefined {
  return tasks.findLast((task) => hasSomethingToSay(task) && isTaskOf(task, owner));
}

export function promptOf(prompts: readonly Prompt[], { device }: Pick<KnownHandset, 'device'>): Prompt | undefined {
  return prompts.find((prompt) => prompt.device === device);
}

/** A handset's own number decides; a place only where no number is known, since another handset may be there. */
export function isTaskOf(task: Task, { device, address, alias }: Owner): boolean {
  if (workName(task) === undefined) return false;
  const known = task.end?.result?.device ?? task.device;
  if (known !== undefined) return known === device;
  const { handset } = task;
  return handset !== undefined && (handset === device || handset === address || handset === alias);
}

function isSessionOf({ device, handset }: LiveSession, owner: Owner): boolean {
  return device === undefined ? handset === owner.address : device === owner.device;
}

/** Reading that went well, or that somebody broke off, is shown where it was asked for. */
function hasSomethingToSay(task: Task): boolean {
  const { end } = task;
  if (end === undefined) return false;
  return !isReading(task) || (!end.ok && end.cancelled !== true);
}
