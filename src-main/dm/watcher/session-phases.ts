/**
 * Where a session is, and whether the cable may be pulled: concluded from its messages alone, so that every face says
 * the same. It is unsafe from when an operation goes to the handset until the handset has said how it ended.
 */
import type { CommandSummary, MessageSummary } from '../../contract/message-summary.ts';
import type { SessionPhase, Unplug } from '../../contract/session-phase.ts';
import { Alert } from '../../syncml/alert.ts';
import { Status } from '../../syncml/status.ts';
import type { Direction } from './watcher.ts';

/** Something that the handset does to itself, from when it is told until it has said how it ended. */
interface OpenOperation {
  /** The command that is answered; `undefined`: one in a message that could not be read, which is never answered. */
  readonly command: string | undefined;
  readonly uri: string;
  readonly phase: SessionPhase;
}

export interface PhaseState {
  readonly phase: SessionPhase;
  readonly unplug: Unplug;
  /** Oldest first. */
  readonly open: readonly OpenOperation[];
}

export const FIRST_PHASE: PhaseState = Object.freeze({ phase: 'connecting', unplug: 'safe', open: [] });
/** However it ended: what is not at the handset by now does not come there. */
export const OVER: PhaseState = Object.freeze({ phase: 'over', unplug: 'safe', open: [] });

/** A message that the peer announces does not change more than so many nodes that are kept in mind. */
const MAX_OPEN = 200;

/** The state when a message has come from the handset, or is about to go to it. */
export function phaseAfterMessage(state: PhaseState, direction: Direction, summary: MessageSummary): PhaseState {
  if (state.phase === 'over') return state;
  return direction === 'to-handset' ? afterServer(state, summary) : afterHandset(state, summary);
}

/** Operations are the last segment of the node that is executed (SCOMO 1.0, node table; FUMO 1.0, section 5). */
const OPERATIONS: Readonly<Record<string, SessionPhase>> = {
  Install: 'installing',
  InstallInactive: 'installing',
  Update: 'installing',
  DownloadInstall: 'installing',
  DownloadInstallInactive: 'installing',
  DownloadUpdate: 'installing',
  DownloadAndUpdate: 'installing',
  Remove: 'removing',
  Activate: 'changing',
  Deactivate: 'changing',
};

/**
 * Of what one message asks the first of these counts. A person who is asked in the same message comes before the
 * operation: it waits for the answer. When that is given cannot be seen, so the cable stays where it is meanwhile.
 */
const BY_WEIGHT: readonly SessionPhase[] = ['asking', 'installing', 'removing', 'changing', 'delivering', 'reading'];

function afterServer(state: PhaseState, summary: MessageSummary): PhaseState {
  // What is in it cannot be told, and might be an operation.
  if (!summary.readable) return withOpen(state, [...state.open, UNREAD], 'changing');
  if (summary.package === 0) return withOpen(state, state.open, 'calling');
  const begun: OpenOperation[] = [];
  const wanted = new Set<SessionPhase>();
  for (const command of summary.commands) {
    const phase = phaseOf(command);
    if (phase === undefined) continue;
    wanted.add(phase);
    if (changesHandset(phase)) begun.push({ command: command.kind, uri: command.uri ?? '', phase });
  }
  // Another piece of the same object takes the place of the one before it.
  const kept = state.open.filter((old) => !begun.some((now) => now.uri === old.uri && now.command === old.command));
  const phase = BY_WEIGHT.find((each) => wanted.has(each)) ?? withoutWish(state, summary);
  const next = withOpen(state, [...kept, ...begun].slice(-MAX_OPEN), phase);
  return phase === 'asking' ? { ...next, phase } : next;
}

const UNREAD: OpenOperation = { command: undefined, uri: '', phase: 'changing' };

function changesHandset(phase: SessionPhase): boolean {
  return phase === 'installing' || phase === 'removing' || phase === 'changing';
}

function phaseOf({ kind, code, uri = '' }: CommandSummary): SessionPhase | undefined {
  switch (kind) {
    case 'Get':
      return 'reading';
    case 'Add':
    case 'Replace':
      return isDelivery(uri) ? 'delivering' : 'changing';
    case 'Delete':
    case 'Copy':
      return 'changing';
    case 'Exec':
      return phaseOfExec(uri);
    case 'Alert':
      return code !== undefined && code >= Alert.Display && code <= Alert.MultipleChoice ? 'asking' : undefined;
    default:
      return undefined;
  }
}

/** What is only laid down at the handset: a package, the address of one, and what is said of it (FUMO 1.0, section 5). */
function isDelivery(uri: string): boolean {
  return (
    uri.includes('/Inventory/Delivered/') || uri.includes('/Download/') || /\/Pkg(Data|URL|Name|Version)$/.test(uri)
  );
}

function phaseOfExec(uri: string): SessionPhase {
  const operation = uri.slice(uri.lastIndexOf('/') + 1);
  if (operation === 'Download') return 'delivering';
  return (Object.hasOwn(OPERATIONS, operation) ? OPERATIONS[operation] : undefined) ?? 'changing';
}

/** A message of the server that asks for nothing. */
function withoutWish(state: PhaseState, summary: MessageSummary): SessionPhase {
  if (summary.commands.some(isAbort)) return 'ending';
  if (summary.commands.some(isChallenge)) return 'signing-in';
  const goesOn = summary.commands.some(({ kind, code }) => kind === 'Alert' && code === Alert.NextMessage);
  return goesOn || !summary.final ? state.phase : 'ending';
}

function afterHandset(state: PhaseState, summary: MessageSummary): PhaseState {
  if (!summary.readable) return state;
  let { open } = state;
  let said = false;
  for (const command of summary.commands) {
    const left = command.kind === 'Alert' ? afterAlert(open, command) : afterStatus(open, command);
    said ||= left !== open || isReport(command);
    open = left;
  }
  if (summary.commands.some(isAbort)) return withOpen(state, open, 'ending');
  if (summary.package === 1) return withOpen(state, open, 'signing-in');
  // What else it says with a piece is not the end: the package goes on.
  if (summary.commands.some(isPieceTaken)) return withOpen(state, open, 'delivering');
  return withOpen(state, open, said ? 'reporting' : state.phase);
}

/** 202: it goes on after the Status; 213: one of several pieces was taken. Every other code is its end. */
function afterStatus(open: readonly OpenOperation[], command: CommandSummary): readonly OpenOperation[] {
  const { kind, answers, code, uri } = command;
  if (kind !== 'Status' || code === Status.Accepted || code === Status.ChunkAccepted) return open;
  const same = open.filter((each) => each.command !== undefined && each.command === answers);
  const ended = same.find((each) => each.uri === uri) ?? (same.length === 1 || uri === undefined ? same[0] : undefined);
  return ended === undefined ? open : open.filter((each) => each !== ended);
}

/** The handset names the node that was executed or the component that it works on. */
function afterAlert(open: readonly OpenOperation[], command: CommandSummary): readonly OpenOperation[] {
  if (!isReport(command)) return open;
  const { uri } = command;
  const running = open.filter((each) => each.command === 'Exec');
  const named =
    uri === undefined ? undefined : running.find((each) => each.uri === uri || each.uri.startsWith(`${uri}/`));
  const ended = named ?? running[0];
  return ended === undefined ? open : open.filter((each) => each !== ended);
}

function isReport({ kind, code }: CommandSummary): boolean {
  return kind === 'Alert' && code === Alert.Generic;
}

function isPieceTaken({ kind, code }: CommandSummary): boolean {
  return kind === 'Status' && code === Status.ChunkAccepted;
}

function isAbort({ kind, code }: CommandSummary): boolean {
  return kind === 'Alert' && code === Alert.SessionAbort;
}

function isChallenge({ kind, code, challenge }: CommandSummary): boolean {
  const refused = code === Status.InvalidCredentials || code === Status.MissingCredentials;
  return kind === 'Status' && challenge === true && refused;
}

/** While something is open, that is the phase, unless a person is asked first. */
function withOpen(state: PhaseState, open: readonly OpenOperation[], phase: SessionPhase): PhaseState {
  const last = open.at(-1);
  const next = last === undefined ? phase : last.phase;
  const unplug = last === undefined ? 'safe' : 'unsafe';
  return next === state.phase && unplug === state.unplug && open === state.open ? state : { phase: next, unplug, open };
}
