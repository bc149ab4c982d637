import { Alert } from '../../syncml/alert.ts';
import { commandSize, frameSize } from '../../syncml/codec.ts';
import type { AlertCommand, Command, Header } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { OutgoingCommand } from '../outgoing.ts';
import { headerStatus, type SessionWire } from '../session-wire.ts';
import { executeCommand } from './execute.ts';
import { type Asking, type ExecutionContext, notExecuted } from './execution.ts';

/** Octets that all Results of one message may come to, beyond one that is larger. */
export const RESULT_ROOM = 64 * 1024 * 1024;
/** As long as any CmdID that a message has room for. */
const LONGEST_ID = '0000';

/** Executes the commands of a message in their order, until a person breaks it off: what is left then gets 215. */
export function* executeMessage(
  commands: readonly Command[],
  context: ExecutionContext,
  take: (answers: readonly OutgoingCommand[]) => void,
): Asking<void> {
  let cancelled = false;
  for (const command of commands) {
    if (cancelled) {
      take(notExecuted(command, context.msgRef));
      continue;
    }
    const { answers, stop } = yield* executeCommand(command, context);
    cancelled = stop === 'message';
    take(answers);
  }
}

/** Whether these Statuses could go in one message, beside what opens it. */
export function fitsMessage(answers: readonly Command[], header: Header, wire: SessionWire): boolean {
  const { limit, encoding } = wire;
  if (limit === undefined) return true;
  const opening = [headerStatus(LONGEST_ID, header, Status.Ok, undefined), nextMessage(LONGEST_ID)];
  let room = limit - frameSize(wire.header(), encoding);
  for (const command of [...opening, ...answers]) {
    room -= commandSize({ ...command, cmdId: LONGEST_ID }, encoding);
    if (room < 0) return false;
  }
  return true;
}

/** Alert 1222: asks for the rest of the server's package. */
export function nextMessage(cmdId: string): AlertCommand {
  return { kind: 'Alert', cmdId, code: Alert.NextMessage, items: [] };
}
