import { isPcAgentError } from '../../base/errors.ts';
import type { Command, Encoding, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { LargeObjectAssembler } from '../large-object/assembler.ts';
import type { OutgoingCommand } from '../outgoing.ts';
import { commandStatus } from '../session-wire.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import type { UserAnswer, UserQuestion } from '../user-question.ts';

/** A course of execution that stops where a person has to be asked, and goes on with the answer. */
export type Asking<T> = Generator<UserQuestion, T, UserAnswer>;

/** What a person's answer ends: nothing, the Sequence that the question stands in, or all of the message. */
export type Stop = 'nothing' | 'sequence' | 'message';

export interface Execution {
  /** Statuses in the order of the commands; Results behind the Statuses of their Get. */
  readonly answers: readonly OutgoingCommand[];
  readonly stop: Stop;
}

/** What the commands of one message are executed with. */
export interface ExecutionContext {
  readonly tree: ManagementTree;
  /** ServerID of the server, whose rights count (DM Tree and Description 1.2, 8.3.7.1). */
  readonly authority: string;
  readonly assembler: LargeObjectAssembler;
  readonly encoding: Encoding;
  /** There is a person who can be asked. */
  readonly asksUser: boolean;
  /** MsgID of the message that holds the commands. */
  readonly msgRef: number;
  /** Largest object that the server takes; a larger value gets 413 and no Results. */
  readonly maxResult: number | undefined;
  /** CmdIDs that were seen in this message. */
  readonly cmdIds: Set<string>;
  /** Octets that the Results of this message may come to, and how many of them are left; the first goes in any case. */
  readonly resultRoom: { readonly most: number; left: number };
  /** Whether one message of the server's size can hold these Statuses. */
  readonly fitsMessage: (answers: readonly Command[]) => boolean;
  /** Inside an Atomic: items go all or none, and a part of a large object is refused. */
  readonly atomic?: boolean;
  /** Told how far a large object has come. */
  readonly onProgress: (progress: { uri: string; done: number; total: number }) => void;
  /** Told the URI of a large object that another command has cut short (Alert 1225 is due). */
  readonly onBroken: (uri: string) => void;
}

/** 213 to 216 are numbers of success that say the contrary of it. */
export function wasExecuted(code: number): boolean {
  return code >= 200 && code < 300 && !(code >= Status.ChunkAccepted && code <= Status.AtomicRollBackOk);
}

/** One Status and nothing more. */
export function only(command: Command, code: number, context: ExecutionContext): Execution {
  return { answers: [commandStatus(context.msgRef, command, code)], stop: 'nothing' };
}

/** One Status of this code for a command and for everything in it. */
export function refusedWith(command: Command, msgRef: number, code: number): readonly StatusCommand[] {
  if (command.kind === 'Status') return [];
  const children = command.kind === 'Atomic' || command.kind === 'Sequence' ? command.commands : [];
  return [commandStatus(msgRef, command, code), ...children.flatMap((child) => refusedWith(child, msgRef, code))];
}

/** Status 215 for a command and everything in it. */
export function notExecuted(command: Command, msgRef: number): readonly StatusCommand[] {
  return refusedWith(command, msgRef, Status.NotExecuted);
}

/** A group that is refused leaves its children out, each with a Status of its own. */
export function childrenNotExecuted(command: Command, msgRef: number): readonly StatusCommand[] {
  if (command.kind !== 'Atomic' && command.kind !== 'Sequence') return [];
  return command.commands.flatMap((child) => notExecuted(child, msgRef));
}

/** Ends the large object that is coming in: something else came instead. */
export function breakObject(context: ExecutionContext): void {
  const uri = context.assembler.abandon();
  if (uri !== undefined) context.onBroken(uri);
}

/** A value that cannot be read (base64 that is none) is a malformed command, not the end of the session. */
export function readable(run: () => number): number {
  try {
    return run();
  } catch (error) {
    // `xml/*`: elements in Data whose octets no text could hold.
    if (isPcAgentError(error, 'syncml') || isPcAgentError(error, 'xml')) return Status.BadRequest;
    throw error;
  }
}
