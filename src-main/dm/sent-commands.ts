import { Alert } from '../syncml/alert.ts';
import type { Command, StatusCommand } from '../syncml/model.ts';
import { Status } from '../syncml/status.ts';
import type { Answered } from './read-statuses.ts';
import { refKey } from './reference.ts';

/** Told the code of a command's Status. */
export type OnStatus = (code: number) => void;

interface Sent {
  readonly msgId: number;
  readonly command: Command;
  readonly onStatus: OnStatus | undefined;
  answered: boolean;
  /** Code of the Status, when the peer refused it for lack of proof. */
  refused: boolean;
}

/** What was answered so many messages ago is forgotten: a large object takes thousands of them. */
const REMEMBERED = 16;

/** The commands that one side has sent in a session, and the Statuses that are still due. */
export class SentCommands {
  readonly #sent = new Map<string, Sent>();

  add(msgId: number, command: Command, onStatus?: OnStatus): void {
    // A Status is never answered, and Results only when something is wrong with them.
    if (command.kind === 'Status') return;
    this.#forget(msgId);
    this.#sent.set(refKey(msgId, command.cmdId), {
      msgId,
      command,
      onStatus,
      answered: command.kind === 'Results',
      refused: false,
    });
    if (command.kind === 'Atomic' || command.kind === 'Sequence') {
      for (const child of command.commands) this.add(msgId, child, onStatus);
    }
  }

  /** Takes a Status, and says what it answers. */
  answer(status: StatusCommand): Answered {
    const sent = this.#sent.get(refKey(status.msgRef, status.cmdRef));
    // Statuses of our Statuses do no harm.
    if (sent === undefined) return status.cmd === 'Status' || status.cmd === 'Results' ? 'asking' : 'nothing';
    sent.answered = true;
    sent.refused = status.code === Status.InvalidCredentials || status.code === Status.MissingCredentials;
    sent.onStatus?.(status.code);
    return sent.command.kind === 'Alert' && sent.command.code === Alert.NextMessage ? 'asking' : 'command';
  }

  /** Commands without a Status, as text for people; of one kind when it is named. */
  unanswered(kind?: Command['kind']): readonly string[] {
    return [...this.#sent.values()]
      .filter((sent) => !sent.answered && (kind === undefined || sent.command.kind === kind))
      .map((sent) => `${sent.command.kind} ${sent.command.cmdId} of message ${sent.msgId}`);
  }

  /** Takes out what the peer refused for lack of proof, to be sent again. */
  takeRefused(): readonly { readonly command: Command; readonly onStatus: OnStatus | undefined }[] {
    const refused: Sent[] = [];
    for (const [key, sent] of this.#sent) {
      if (!sent.refused) continue;
      refused.push(sent);
      this.#sent.delete(key);
    }
    return refused;
  }

  /** Results are held no longer than until the peer's next message, which would have refused them. */
  #forget(msgId: number): void {
    for (const [key, sent] of this.#sent) {
      if (sent.msgId >= msgId) return;
      const past = sent.command.kind === 'Results' || sent.msgId < msgId - REMEMBERED;
      if (past && sent.answered && !sent.refused) this.#sent.delete(key);
    }
  }

  clear(): void {
    this.#sent.clear();
  }
}
