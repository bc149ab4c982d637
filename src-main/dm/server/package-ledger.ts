import type { AlertCommand, Command, ResultsCommand, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { Outgoing, OutgoingQueue } from '../outgoing.ts';
import type { Answered } from '../read-statuses.ts';
import { refKey } from '../reference.ts';
import type { DmProgress } from '../step.ts';
import { AskedCommand } from './asked-command.ts';
import type { CommandReport, ResultItem, WantedCommand } from './work.ts';

/** Where a command, or a chunk of one, went. Its values are not kept: they may be large. */
interface Place {
  readonly asked: AskedCommand;
  readonly name: string;
  /** A chunk with MoreData: 213 is due and is no result. */
  readonly chunk: boolean;
  received: number;
}

/** Where Results belong. */
export interface ResultPlace {
  readonly key: string;
  readonly asked: AskedCommand;
}

/** Alerts of ours that are remembered when their Status is late. */
const ALERTS_KEPT = 64;

/** What one package asked of the client, and what was answered: Statuses and Results by message and command. */
export class PackageLedger {
  readonly #onProgress: (progress: DmProgress) => void;
  #asked: AskedCommand[] = [];
  readonly #places = new Map<string, Place>();
  readonly #alerts = new Set<string>();
  #answers = 0;
  #flooded: string | undefined;
  /** The large object that went out in parts last, in this package. */
  #object: { readonly asked: AskedCommand; readonly uri: string; key: string; whole: boolean } | undefined;

  constructor(onProgress: (progress: DmProgress) => void) {
    this.#onProgress = onProgress;
  }

  /** Statuses that were due and have come, in the whole session. */
  get answers(): number {
    return this.#answers;
  }

  /** A command that was answered more often than it has items, as text for people. */
  get flooded(): string | undefined {
    return this.#flooded;
  }

  /** Notes a wanted command; gives what goes into the queue. */
  expect(wanted: WantedCommand): Outgoing {
    const asked = new AskedCommand(wanted);
    this.#asked.push(asked);
    return this.#outgoing(asked);
  }

  /** Notes a wanted command that is not sent, and why. */
  refuse(wanted: WantedCommand, code: number): void {
    const asked = new AskedCommand(wanted);
    asked.fail(code);
    this.#asked.push(asked);
  }

  sentAlert(msgId: number, alert: AlertCommand): void {
    this.#alerts.add(refKey(msgId, alert.cmdId));
    const [oldest] = this.#alerts;
    if (this.#alerts.size > ALERTS_KEPT && oldest !== undefined) this.#alerts.delete(oldest);
  }

  /**
   * The Get that Results answer. Without MsgRef they read as those of message 1: then the CmdRef alone says whose they
   * are, of the latest message (DM Representation 1.2 leaves MsgRef out in an example).
   */
  placeOf({ msgRef, cmdRef }: ResultsCommand): ResultPlace | undefined {
    const key = refKey(msgRef, cmdRef);
    const exact = this.#places.get(key);
    if (exact !== undefined) return exact.name === 'Get' ? { key, asked: exact.asked } : undefined;
    if (msgRef !== 1) return undefined;
    const end = key.slice(key.indexOf('/'));
    const found = [...this.#places].findLast(([other, place]) => other.endsWith(end) && place.name === 'Get');
    return found === undefined ? undefined : { key: found[0], asked: found[1].asked };
  }

  addResult(place: ResultPlace, item: ResultItem): void {
    place.asked.addResult(item);
  }

  /** Results did not come whole. */
  failResult(key: string, code: number): void {
    this.#places.get(key)?.asked.fail(code);
  }

  /** True for the URI of the large object of this package that went out last, whole or not. */
  isObject(uri: string): boolean {
    return this.#object?.uri === uri;
  }

  /** Alert 1225: the client does not have the object that is under way. */
  objectLost(): void {
    const object = this.#object;
    if (object !== undefined && !object.whole && !object.asked.answered) object.asked.fail(Status.SizeMismatch);
  }

  /** Takes a Status, and says what it answers. */
  answer(status: StatusCommand, queue: OutgoingQueue): Answered {
    const key = refKey(status.msgRef, status.cmdRef);
    if (this.#alerts.has(key)) return 'asking';
    const place = this.#places.get(key);
    // Statuses of our Statuses do no harm.
    if (place === undefined) return status.cmd === 'Status' ? 'asking' : 'nothing';
    place.received += 1;
    if (place.received > place.asked.mostStatuses) {
      this.#flooded = `${place.name} of message ${status.msgRef}`;
      return 'asking';
    }
    this.#answers += 1;
    if (place.chunk) {
      if (takesChunk(status.code)) return 'command';
      // The object is refused, perhaps late: the rest of it is not sent.
      if (this.#object?.asked === place.asked && !this.#object.whole) queue.dropChunk();
    }
    place.asked.addStatus(status);
    return 'command';
  }

  /** Commands whose Status did not come, as text for people. */
  unanswered(): readonly string[] {
    return [...this.#places]
      .filter(([, place]) => place.received === 0 && !place.asked.excused)
      .map(([key, place]) => `${place.name} ${key.slice(key.indexOf('/') + 1)}`);
  }

  /** Ends the package: what came of each command, in the order that they were asked for. */
  close(): readonly CommandReport[] {
    const reports = this.#asked.map((asked) => asked.report());
    this.#asked = [];
    this.#places.clear();
    this.#object = undefined;
    return reports;
  }

  /** The client refused our proof: what it refused with it, or did not answer, goes into the queue again. */
  requeueRefused(queue: OutgoingQueue): void {
    const silent = new Set([...this.#places.values()].filter(({ received }) => received === 0).map(rootOf));
    for (const asked of this.#asked) {
      if (!asked.unproved && !silent.has(asked)) continue;
      asked.startOver();
      for (const [key, place] of this.#places) if (rootOf(place) === asked) this.#places.delete(key);
      if (this.#object?.asked === asked) {
        queue.dropChunk();
        this.#object = undefined;
      }
      queue.push(this.#outgoing(asked));
    }
  }

  #outgoing(asked: AskedCommand): Outgoing {
    let objectSize: number | undefined;
    return {
      command: { ...asked.wanted, cmdId: '' } as Outgoing['command'],
      onSent: (msgId, command) => {
        this.#forgetChunk(asked);
        this.#place(asked, msgId, command, false);
        if (objectSize === undefined) return;
        if (this.#object?.asked === asked) this.#object.whole = true;
        this.#onProgress({ uri: uriOf(command), done: objectSize, total: objectSize });
      },
      onChunk: (msgId, command, done, total) => {
        this.#forgetChunk(asked);
        this.#place(asked, msgId, command, true);
        objectSize = total;
        this.#object = { asked, uri: uriOf(command), key: refKey(msgId, command.cmdId), whole: false };
        this.#onProgress({ uri: uriOf(command), done, total });
      },
    };
  }

  /** A chunk that was answered need not be remembered when the next one goes: there may be thousands. */
  #forgetChunk(asked: AskedCommand): void {
    const last = this.#object;
    if (last === undefined || last.asked !== asked) return;
    if ((this.#places.get(last.key)?.received ?? 0) > 0) this.#places.delete(last.key);
  }

  #place(asked: AskedCommand, msgId: number, command: Command, chunk: boolean): void {
    this.#places.set(refKey(msgId, command.cmdId), { asked, name: command.kind, chunk, received: 0 });
    if (command.kind !== 'Atomic' && command.kind !== 'Sequence') return;
    for (const [index, child] of command.commands.entries()) {
      const own = asked.children[index];
      if (own !== undefined) this.#place(own, msgId, child, false);
    }
  }
}

/** 213 is due for a chunk; clients that say 200 to each mean the same. 214 to 216 say that nothing is kept. */
function takesChunk(code: number): boolean {
  return code === Status.ChunkAccepted || (code >= 100 && code < Status.ChunkAccepted);
}

function rootOf(place: Place): AskedCommand {
  return place.asked.root;
}

function uriOf(command: Command): string {
  return 'items' in command ? (command.items[0]?.target?.uri ?? '') : '';
}
