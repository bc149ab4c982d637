import type { Message, StatusCommand } from '../syncml/model.ts';
import { Status } from '../syncml/status.ts';
import { refNumber } from './reference.ts';
import { failed, type SessionOutcome } from './session-outcome.ts';
import type { SessionWire } from './session-wire.ts';

/** What a Status answers: our Alert 1222, another command of ours, or nothing that was ever sent. */
export type Answered = 'asking' | 'command' | 'nothing';

export interface StatusReading {
  /** - `accepted`: our message was taken
   *  - `retry`: the peer wants another proof; what it refused goes out again
   *  - `broken`: the session cannot go on */
  readonly kind: 'accepted' | 'retry' | 'broken';
  /** There is more than the Status of the header and of our Alert 1222. */
  readonly says: boolean;
  /** Why, when it is broken. */
  readonly outcome?: SessionOutcome;
  /** The peer broke a rule, and is told so with Alert 1223; otherwise it has itself put an end to the session. */
  readonly abort?: boolean;
}

export interface StatusReader {
  readonly wire: SessionWire;
  /** Takes the Status of a command. */
  readonly answer: (status: StatusCommand) => Answered;
  /** Names for the outcome: who the peer is, and the code when it does not take our proof. */
  readonly peer: 'client' | 'server';
  readonly refusedCode: string;
}

/** Goes through the Statuses of a message, that of the header among them, which may stand anywhere. */
export function readStatuses(message: Message, reader: StatusReader): StatusReading {
  const { wire, peer } = reader;
  const broken = (says: boolean, code: string, text: string): StatusReading => ({
    kind: 'broken',
    says,
    outcome: failed(code, text),
    abort: true,
  });
  let header: StatusCommand | undefined;
  let says = false;
  for (const status of message.commands) {
    if (status.kind !== 'Status') continue;
    const { msgRef, cmdRef } = status;
    if (!(msgRef >= 1 && msgRef <= wire.lastSent)) {
      return broken(says, 'dm/msgref-wrong', `a Status answers message ${msgRef}, which was never sent`);
    }
    if (answersHeader(status)) {
      if (msgRef === wire.lastSent) header = status;
      continue;
    }
    const answered = reader.answer(status);
    if (answered === 'nothing') {
      const text = `a Status answers command ${cmdRef} of message ${msgRef}, which was never sent`;
      return broken(says, 'dm/status-unexpected', text);
    }
    if (answered === 'command') says = true;
  }
  if (wire.lastSent === 0) return { kind: 'accepted', says };
  if (header === undefined) return broken(says, 'dm/status-missing', 'no Status came for the header of our message');
  const proof = wire.prover.learn(header.code, header.chal);
  if (proof !== 'refused') return { kind: proof, says };
  const refused = header.code === Status.InvalidCredentials || header.code === Status.MissingCredentials;
  const outcome = refused
    ? failed(reader.refusedCode, `the ${peer} does not take our credentials`, header.code)
    : failed('dm/status', `the ${peer} answered our message with ${header.code}`, header.code);
  return { kind: 'broken', says, outcome, abort: false };
}

/**
 * CmdRef 0, or none at all for SyncHdr (which reads as 0). A Status of another command without CmdRef, and one with an
 * empty CmdRef, answer a command that had no CmdID: none of ours.
 */
export function answersHeader({ cmdRef, cmd }: StatusCommand): boolean {
  return refNumber(cmdRef) === 0 && (cmd === '' || cmd === 'SyncHdr');
}
