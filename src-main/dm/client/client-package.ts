import { Alert } from '../../syncml/alert.ts';
import type { Command, Encoding, Header, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { type Filled, type Outgoing, type OutgoingCommand, OutgoingQueue } from '../outgoing.ts';
import type { Answered } from '../read-statuses.ts';
import { type OnStatus, SentCommands } from '../sent-commands.ts';
import { AlertOutbox, type AlertSource } from './alert-outbox.ts';

export interface SetupFacts extends AlertSource {
  /** Leaf nodes of `./DevInfo` for package 1, as URI and value. */
  devInfo(): readonly { readonly uri: string; readonly value: string }[];
}

export interface FillOptions {
  readonly header: Header;
  /** What must go now: the Status of SyncHdr and the like. */
  readonly opening: readonly Command[];
  readonly limit: number | undefined;
  readonly ids: () => string;
}

/** What the client has to say: what waits, what went out, and what the server still has to answer. */
export class ClientPackage {
  readonly #device: SetupFacts;
  readonly #queue: OutgoingQueue;
  readonly #sent = new SentCommands();
  readonly #alerts: AlertOutbox;
  /** Statuses of the server's commands in our last message, and Results that went whole. */
  #answers: readonly Command[] = [];

  /** @param server ServerID of the server that hears it. */
  constructor(device: SetupFacts, encoding: Encoding, server: string) {
    this.#device = device;
    this.#queue = new OutgoingQueue(encoding);
    this.#alerts = new AlertOutbox(device, server);
  }

  /** Nothing waits. */
  get empty(): boolean {
    return this.#queue.empty;
  }

  /** A large object of ours is under way. */
  get chunking(): boolean {
    return this.#queue.chunking;
  }

  /** The message that is being read comes from a server that has proved itself. */
  set trusted(trusted: boolean) {
    this.#alerts.trusted = trusted;
  }

  /** Package 1, from its beginning: what went out before counts for nothing. */
  queueSetup(alert: number): void {
    this.#queue.clear();
    this.#sent.clear();
    this.#alerts.startOver();
    this.#queue.push(this.#tracked({ kind: 'Alert', cmdId: '', code: alert, items: [] }));
    const items = this.#device.devInfo().map((leaf) => ({ source: { uri: leaf.uri }, data: leaf.value }));
    this.#queue.push(this.#tracked({ kind: 'Replace', cmdId: '', items }));
    this.queueAlerts();
  }

  /** Generic alerts that are due. */
  queueAlerts(): void {
    for (const { command, onStatus } of this.#alerts.due()) this.#queue.push(this.#tracked(command, onStatus));
  }

  /** Statuses and Results. */
  queueAnswers(answers: readonly OutgoingCommand[]): void {
    for (const command of answers) this.#queue.push({ command });
  }

  /** Alert 1225: a large object of the server did not come to its end (DM Protocol 1.2, 2.2). */
  queueNoEndOfData(uri: string): void {
    const items = [{ target: { uri } }];
    this.#queue.push(this.#tracked({ kind: 'Alert', cmdId: '', code: Alert.NoEndOfData, items }));
  }

  /** After 401 or 407 in the management phase: what was refused goes out again, before what waits. */
  requeueRefused(): void {
    // Statuses have none of their own that would say so, but a message that is refused was not read.
    const answers = this.#answers.map((command) => ({ command }));
    const refused = this.#sent.takeRefused().filter(({ command }) => command.kind !== 'Results');
    this.#queue.putBack(...answers, ...refused.map(({ command, onStatus }) => this.#tracked(command, onStatus)));
  }

  /** A server that does not want more of our large object gets no more of it (DM Protocol 1.2, 2.2). */
  takeStatus(status: StatusCommand, lastSent: number): Answered {
    const refused = status.cmd === 'Results' && status.code >= Status.MultipleChoices;
    if (refused && status.msgRef === lastSent) this.dropObject();
    return this.#sent.answer(status);
  }

  /** Gives up our large object that is under way, if one is. */
  dropObject(): void {
    this.#queue.dropChunk();
  }

  /** Our alerts that no Status came for, as text for people. */
  unansweredAlerts(): readonly string[] {
    return this.#sent.unanswered('Alert');
  }

  clear(): void {
    this.#queue.clear();
  }

  /** What goes into the next message beside its opening. */
  fill({ header, opening, limit, ids }: FillOptions): Filled {
    const goesOn = this.#queue.chunking;
    const filled = this.#queue.fill(header, opening, limit, ids);
    const last = filled.commands.length - 1;
    const isChunk = (index: number) => (goesOn && index === 0) || (filled.chunk && index === last);
    this.#answers = filled.commands.filter(
      ({ kind }, index) => kind === 'Status' || (kind === 'Results' && !isChunk(index)),
    );
    for (const command of opening) if (command.kind === 'Alert') this.#sent.add(header.msgId, command);
    return filled;
  }

  #tracked(command: Command, onStatus?: OnStatus): Outgoing {
    return { command, onSent: (msgId, sent) => this.#sent.add(msgId, sent, onStatus) };
  }
}
