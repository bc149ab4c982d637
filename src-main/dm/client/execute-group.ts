import type { Command, GroupCommand, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { commandStatus } from '../session-wire.ts';
import type { UndoLog } from '../tree/management-tree.ts';
import {
  type Asking,
  childrenNotExecuted,
  type Execution,
  type ExecutionContext,
  notExecuted,
  only,
  type Stop,
  wasExecuted,
} from './execution.ts';

/** Executes a child as it would be executed outside of its group. */
type Execute = (child: Command, context: ExecutionContext) => Asking<Execution>;

/**
 * Children in their order. One that fails does not stop the rest, a No of the person does; its own Status is 200 once
 * it was begun (DM Representation 1.2, 4.1.6.14).
 */
export function* executeSequence(
  command: GroupCommand,
  context: ExecutionContext,
  execute: Execute,
): Asking<Execution> {
  if (command.commands.length === 0) return only(command, Status.IncompleteCommand, context);
  const answers: Execution['answers'][number][] = [commandStatus(context.msgRef, command, Status.Ok)];
  let stop: Stop = 'nothing';
  for (const child of command.commands) {
    if (stop === 'nothing') {
      const executed: Execution = yield* execute(child, context);
      for (const answer of executed.answers) answers.push(answer);
      stop = executed.stop;
    } else {
      answers.push(...notExecuted(child, context.msgRef));
    }
  }
  return { answers, stop };
}

/** A child of an Atomic that was executed, with what it has to be taken back by. */
interface Done {
  readonly statuses: readonly StatusCommand[];
  readonly mark: number;
}

/**
 * Children in their order, all or none (DM Representation 1.2, 4.1.6.3): when one fails it keeps its code, those before
 * it get 216 (516 where they could not be undone), those behind it 215, and the Atomic 507; 215 when it was a person's
 * No or cancel. 517 when one message cannot hold the Statuses: nothing is then done. Left in the middle (the session
 * ends while a person is asked), it is rolled back too.
 */
export function* executeAtomic(command: GroupCommand, context: ExecutionContext, execute: Execute): Asking<Execution> {
  const { msgRef } = context;
  if (command.commands.length === 0) return only(command, Status.IncompleteCommand, context);
  const refused = (code: number): Execution => ({
    answers: [commandStatus(msgRef, command, code), ...childrenNotExecuted(command, msgRef)],
    stop: 'nothing',
  });
  const tooLarge = refused(Status.AtomicResponseTooLarge);
  if (!context.fitsMessage(tooLarge.answers)) return tooLarge;
  const log = context.tree.startUndo();
  const start = log.mark();
  let settled = false;
  try {
    const done: Done[] = [];
    const running = runAll(command.commands, { context: { ...context, atomic: true }, execute, log, done });
    const run = yield* pausing(running, log);
    const statuses = [...done.flatMap((child) => child.statuses), ...run.rest];
    const whole = [commandStatus(msgRef, command, Status.Ok), ...statuses];
    settled = !run.failed && context.fitsMessage(whole);
    if (settled) return { answers: whole, stop: run.stop };
    const code = run.failed ? failureOf(statuses, run.stop) : Status.AtomicResponseTooLarge;
    const undone = rolledBack(done, log);
    settled = true;
    return { answers: [commandStatus(msgRef, command, code), ...undone, ...run.rest], stop: run.stop };
  } finally {
    if (!settled) log.undoTo(start);
    log.end();
  }
}

/** While a person is asked others may change the tree: a bootstrap, the session of another server. */
function* pausing<T>(course: Asking<T>, log: UndoLog): Asking<T> {
  let next = course.next();
  while (next.done !== true) {
    log.pause();
    const answer = yield next.value;
    log.resume();
    next = course.next(answer);
  }
  return next.value;
}

interface Run {
  readonly failed: boolean;
  readonly stop: Stop;
  /** Statuses of what was not executed. */
  readonly rest: readonly StatusCommand[];
}

interface Runner {
  readonly context: ExecutionContext;
  readonly execute: Execute;
  readonly log: UndoLog;
  readonly done: Done[];
}

function* runAll(commands: readonly Command[], runner: Runner): Asking<Run> {
  const { context, log, done } = runner;
  let failed = false;
  let stop: Stop = 'nothing';
  const rest: StatusCommand[] = [];
  for (const child of commands) {
    if (failed) {
      rest.push(...notExecuted(child, context.msgRef));
      continue;
    }
    const mark = log.mark();
    const executed: Execution = yield* executeInAtomic(child, runner);
    const statuses = executed.answers.filter((answer) => answer.kind === 'Status');
    done.push({ statuses, mark });
    failed = statuses.some(({ code }) => !wasExecuted(code));
    stop = executed.stop;
  }
  return { failed, stop, rest };
}

/**
 * The standard lists Add, Alert, Copy, Delete and Replace for an Atomic. Get and a nested Atomic are answered by 500
 * (spec sheet syncml-representation, section 6), and so is Exec, which could not be undone; as an extension it takes part
 * where the node can take back what it has accepted. A Sequence, which the standard does not list either, takes part
 * with its children.
 */
function* executeInAtomic(child: Command, runner: Runner): Asking<Execution> {
  const { context, execute } = runner;
  if (child.kind === 'Exec' && canBeTakenBack(child, context)) return yield* execute(child, context);
  switch (child.kind) {
    case 'Get':
    case 'Exec':
    case 'Atomic': {
      const own = commandStatus(context.msgRef, child, Status.CommandFailed);
      return { answers: [own, ...childrenNotExecuted(child, context.msgRef)], stop: 'nothing' };
    }
    case 'Sequence': {
      const done: Done[] = [];
      const { failed, stop, rest } = yield* runAll(child.commands, { ...runner, done });
      const own = commandStatus(context.msgRef, child, failed ? Status.CommandFailed : Status.Ok);
      return { answers: [own, ...done.flatMap(({ statuses }) => statuses), ...rest], stop };
    }
    default:
      return yield* execute(child, context);
  }
}

function canBeTakenBack({ items }: Extract<Command, { kind: 'Exec' }>, { tree }: ExecutionContext): boolean {
  return items.every(({ target }) => {
    const node = tree.find(target?.uri ?? '');
    return typeof node !== 'number' && node.spec.takeBack !== undefined;
  });
}

function failureOf(statuses: readonly StatusCommand[], stop: Stop): number {
  const declined = statuses.some(({ code }) => code === Status.NotModified || code === Status.OperationCancelled);
  return declined && stop !== 'nothing' ? Status.NotExecuted : Status.AtomicFailed;
}

/** Takes back what was done, last first, and says of each child whether that succeeded. */
function rolledBack(done: readonly Done[], log: UndoLog): readonly StatusCommand[] {
  const codes = done.map(() => 0);
  for (let index = done.length - 1; index >= 0; index -= 1) {
    codes[index] = log.undoTo(done[index]?.mark ?? 0) ? Status.AtomicRollBackOk : Status.AtomicRollBackFailed;
  }
  return done.flatMap(({ statuses }, index) =>
    statuses.map((status) =>
      wasExecuted(status.code) ? { ...status, code: codes[index] ?? Status.AtomicRollBackFailed, items: [] } : status,
    ),
  );
}
