import type { AlertCommand, Command, Item, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { Outgoing, OutgoingQueue } from '../outgoing.ts';
import type { Answered } from '../read-statuses.ts';
import type { DmProgress } from '../step.ts';
import type { CommandReport, WantedCommand } from './work.ts';

interface Asked {
  readonly wanted: WantedCommand;
  readonly statuses: StatusCommand[];
  readonly results: Item[];
}

interface Place {
  readonly asked: Asked;
  readonly command: Command;
  /** A chunk with MoreData: 213 is due and is no result. */
  readonly chunk: boolean;
  answered: boolean;
}

/** What one package asked of the client, and what was answered: Statuses and Results by message and command. */
export class PackageLedger {
  #asked: Asked[] = [];
  readonly #places = new Map<string, Place>();
  readonly #alerts = new Set<string>();

  /** Notes a wanted command; gives what goes into the queue. */
  expect(wanted: WantedCommand, onProgress: (progress: DmProgress) => void): Outgoing {
    const asked: Asked = { wanted, statuses: [], results: [] };
    this.#asked.push(asked);
    return this.#outgoing(asked, onProgress);
  }

  sentAlert(msgId: number, alert: AlertCommand): void {
    this.#alerts.add(`${msgId}/${alert.cmdId}`);
  }

  isKnown(msgRef: number, cmdRef: string): boolean {
    return this.#places.has(`${msgRef}/${cmdRef}`);
  }

  addResult(msgRef: number, cmdRef: string, item: Item): void {
    this.#places.get(`${msgRef}/${cmdRef}`)?.asked.results.push(item);
  }

  /** Takes a Status, and says what it answers. */
  answer(status: StatusCommand, queue: OutgoingQueue): Answered {
    const key = `${status.msgRef}/${status.cmdRef}`;
    if (this.#alerts.has(key)) return 'asking';
    const place = this.#places.get(key);
    // Statuses of our Statuses do no harm.
    if (place === undefined) return status.cmd === 'Status' ? 'asking' : 'nothing';
    place.answered = true;
    if (place.chunk) {
      if (status.code === Status.ChunkAccepted) return 'command';
      // The object is refused: the rest of it is not sent.
      queue.dropChunk();
    }
    place.asked.statuses.push(status);
    return 'command';
  }

  /** Commands whose Status did not come, as text for people. */
  unanswered(): readonly string[] {
    return [...this.#places.values()]
      .filter((place) => !place.answered)
      .map((place) => `${place.command.kind} ${place.command.cmdId}`);
  }

  /** Ends the package: what came of each command, in the order that they were asked for. */
  close(): readonly CommandReport[] {
    const reports = this.#asked.map((asked) => ({
      code: Math.max(0, ...asked.statuses.map((status) => status.code)),
      statuses: asked.statuses,
      results: asked.results,
    }));
    this.#asked = [];
    this.#places.clear();
    return reports;
  }

  /** Puts what the client refused for lack of our proof into the queue again. */
  requeueRefused(queue: OutgoingQueue): void {
    for (const asked of this.#asked) {
      const refused = asked.statuses.some(
        (status) => status.code === Status.InvalidCredentials || status.code === Status.MissingCredentials,
      );
      if (!refused) continue;
      asked.statuses.length = 0;
      for (const [key, place] of this.#places) if (place.asked === asked) this.#places.delete(key);
      queue.push(this.#outgoing(asked, () => {}));
    }
  }

  #outgoing(asked: Asked, onProgress: (progress: DmProgress) => void): Outgoing {
    let objectSize: number | undefined;
    return {
      command: { ...asked.wanted, cmdId: '' } as Command,
      onSent: (msgId, command) => {
        this.#place(asked, msgId, command, false);
        if (objectSize !== undefined) onProgress({ uri: uriOf(command), done: objectSize, total: objectSize });
      },
      onChunk: (msgId, command, done, total) => {
        this.#place(asked, msgId, command, true);
        objectSize = total;
        onProgress({ uri: uriOf(command), done, total });
      },
    };
  }

  #place(asked: Asked, msgId: number, command: Command, chunk: boolean): void {
    this.#places.set(`${msgId}/${command.cmdId}`, { asked, command, chunk, answered: false });
    if (command.kind === 'Atomic' || command.kind === 'Sequence') {
      for (const child of command.commands) this.#place(asked, msgId, child, false);
    }
  }
}

function uriOf(command: Command): string {
  return 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
}
