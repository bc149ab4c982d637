import type { Command, StatusCommand } from '../syncml/model.ts';
import { Status } from '../syncml/status.ts';

interface Sent {
  readonly msgId: number;
  readonly command: Command;
  readonly onStatus: ((code: number, status: StatusCommand) => void) | undefined;
  answered: boolean;
  /** Code of the Status, when the peer refused it for lack of proof. */
  refused: boolean;
}

/** The commands that one side has sent in a session, and the Statuses that are still due. */
export class SentCommands {
  readonly #sent = new Map<string, Sent>();
  readonly #announced = new Set<string>();

  add(msgId: number, command: Command, onStatus?: (code: number, status: StatusCommand) => void): void {
    // A Status is never answered, and Results only when something is wrong with them.
    if (command.kind === 'Status') return;
    this.#sent.set(`${msgId}/${command.cmdId}`, {
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

  /** Takes a Status; false when it answers nothing that was sent. */
  answer(status: StatusCommand): boolean {
    const sent = this.#sent.get(`${status.msgRef}/${status.cmdRef}`);
    if (sent === undefined) return status.cmd === 'Status' || status.cmd === 'Results';
    sent.answered = true;
    sent.refused = status.code === Status.InvalidCredentials || status.code === Status.MissingCredentials;
    sent.onStatus?.(status.code, status);
    return true;
  }

  /** Commands without a Status, as text for people; of one kind when it is named. */
  unanswered(kind?: Command['kind']): readonly string[] {
    return [...this.#sent.values()]
      .filter((sent) => !sent.answered && (kind === undefined || sent.command.kind === kind))
      .map((sent) => `${sent.command.kind} ${sent.command.cmdId} of message ${sent.msgId}`);
  }

  /** Takes out what the peer refused for lack of proof, to be sent again. */
  takeRefused(): readonly Command[] {
    const refused: Command[] = [];
    for (const [key, sent] of this.#sent) {
      if (!sent.refused) continue;
      refused.push(sent.command);
      this.#sent.delete(key);
    }
    return refused;
  }

  announce(id: string): void {
    this.#announced.add(id);
  }

  settle(id: string): void {
    this.#announced.delete(id);
  }

  waits(id: string): boolean {
    return this.#announced.has(id);
  }

  clear(): void {
    this.#sent.clear();
    this.#announced.clear();
  }
}
