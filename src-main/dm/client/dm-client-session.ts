import { Alert } from '../../syncml/alert.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { AlertCommand, Command, Message, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { LargeObjectAssembler } from '../large-object/assembler.ts';
import { type Outgoing, OutgoingQueue } from '../outgoing.ts';
import { readStatuses, type StatusReading } from '../read-statuses.ts';
import { type OnStatus, SentCommands } from '../sent-commands.ts';
import { ENDED_WELL, failed, type SessionOutcome } from '../session-outcome.ts';
import {
  commandIds,
  commandStatus,
  headerStatus,
  SessionWire,
  type SessionWireOptions,
  versionCode,
} from '../session-wire.ts';
import type { DmProgress, DmStep } from '../step.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import type { UserAnswer, UserQuestion } from '../user-question.ts';
import { AlertOutbox, type AlertSource } from './alert-outbox.ts';
import { type ExecutionContext, executeCommand } from './execute.ts';
import { type Asking, executeAsking, notExecuted } from './execute-asking.ts';

/** What the machine needs of the handset that it speaks for. */
export interface DmDevice extends AlertSource {
  readonly tree: ManagementTree;
  /** Leaf nodes of `./DevInfo` for package 1, as URI and value. */
  devInfo(): readonly { readonly uri: string; readonly value: string }[];
  /** Runs what Exec accepted (202); completion alerts then wait. */
  settle(): void;
}

export interface DmClientOptions extends SessionWireOptions {
  readonly device: DmDevice;
  /** ServerID of the account that the session is for: the subject of the tree's ACLs. */
  readonly authority: string;
  readonly alert: typeof Alert.ServerInitiatedMgmt | typeof Alert.ClientInitiatedMgmt;
  /** There is a user who can be asked (Alert 1101); default no: such alerts are answered with 406. */
  readonly asksUser?: boolean;
}

export type DmClientPhase = 'setup' | 'management' | 'ended';

/**
 * The DM client of one session, without I/O: `start` gives package 1, `receive` takes a server message and gives the
 * next one (DM Protocol 1.2, 2.3). Whoever owns it carries the messages.
 */
export class DmClientSession {
  readonly wire: SessionWire;
  readonly #device: DmDevice;
  readonly #alert: number;
  readonly #asksUser: boolean;
  readonly #authority: string;
  readonly #assembler: LargeObjectAssembler;
  readonly #queue: OutgoingQueue;
  readonly #sent = new SentCommands();
  readonly #alerts: AlertOutbox;
  #progress: DmProgress[] = [];
  #phase: DmClientPhase = 'setup';
  /** The question that is open, and what goes on with its answer. */
  #asked: { readonly question: UserQuestion; readonly course: Asking<DmStep> } | undefined;
  /** The server has closed its package: ours may be closed too. */
  #serverClosed = false;
  /** Our last message asked for the rest of the server's package, and said nothing else that wants an answer. */
  #askedForMore = false;

  constructor(options: DmClientOptions) {
    this.wire = new SessionWire(options);
    this.#device = options.device;
    this.#alerts = new AlertOutbox(options.device);
    this.#alert = options.alert;
    this.#asksUser = options.asksUser ?? false;
    this.#authority = options.authority;
    this.#assembler = new LargeObjectAssembler({ maxObjSize: options.maxObjSize });
    this.#queue = new OutgoingQueue(options.encoding);
  }

  get phase(): DmClientPhase {
    return this.#phase;
  }

  /** Package 1: who we are and why we call. */
  start(): Envelope {
    this.#serverClosed = true;
    this.#queueSetup();
    return this.#answer([]);
  }

  /** @throws PcAgentError when the message cannot be read or does not belong here; the session is then over. */
  receive(envelope: Envelope): DmStep {
    if (this.#phase === 'ended') return this.#late(envelope);
    try {
      return this.#receive(envelope);
    } catch (error) {
      this.#phase = 'ended';
      throw error;
    }
  }

  #receive(envelope: Envelope): DmStep {
    this.#progress = [];
    if (this.#asked !== undefined) {
      if (this.wire.isRepeat(envelope)) return { ask: this.#asked.question, progress: [] };
      return this.#end(failed('dm/out-of-turn', 'a message came while the user was asked'));
    }
    const opened = this.wire.open(envelope);
    if (opened.kind === 'repeat') return { send: opened.answer, progress: [] };
    const { message, verdict } = opened;
    const version = versionCode(message.header);
    if (version !== Status.Ok)
      return this.#refuse(message, version, failed('dm/version', 'the server speaks another version'));

    this.#alerts.trusted = verdict.ok;
    const proof = readStatuses(message, {
      wire: this.wire,
      answer: (status) => this.#sent.answer(status),
      peer: 'server',
      refusedCode: 'dm/auth-refused',
    });
    if (proof.outcome !== undefined) {
      return this.#end(proof.outcome, proof.abort === true ? this.#abortMessage(message) : undefined);
    }
    const commands = message.commands.filter((command) => command.kind !== 'Status');
    if (!verdict.ok) {
      if (commands.length === 0 && proof.kind !== 'retry') {
        return this.#end(failed('dm/server-not-authenticated', 'the server did not prove itself'));
      }
      return this.#challenge(message, verdict.code, verdict.chal, verdict.final, proof.kind === 'retry');
    }
    const first = [headerStatus('', message.header, verdict.code, verdict.chal)];
    if (proof.kind === 'retry') {
      this.#serverClosed = true;
      this.#requeue();
      return this.#step(this.#answer(first));
    }
    return this.#follow(this.#act(message, commands, first, proof));
  }

  /** Goes on with the user's answer to the `ask` of the last step. */
  answer(answer: UserAnswer): DmStep {
    if (this.#asked === undefined) throw new TypeError('no question is open');
    this.#progress = [];
    return this.#follow(this.#asked.course, answer);
  }

  /** The message that breaks the session off from this side (Alert 1223). */
  abort(): Envelope {
    this.#phase = 'ended';
    this.#asked = undefined;
    this.#queue.clear();
    const header = this.wire.header();
    const ids = commandIds();
    const last = this.wire.lastHeader;
    const answer = last === undefined ? [] : [headerStatus(ids(), last, Status.Ok, undefined)];
    return this.wire.seal(
      header,
      [...answer, { kind: 'Alert', cmdId: ids(), code: Alert.SessionAbort, items: [] }],
      true,
    );
  }

  #follow(course: Asking<DmStep>, ...answer: [] | [UserAnswer]): DmStep {
    this.#asked = undefined;
    const next = course.next(...answer);
    if (next.done === true) return next.value;
    this.#asked = { question: next.value, course };
    return { ask: next.value, progress: this.#progress };
  }

  /** After the end only the last message of the server is answered, as it was before. */
  #late(envelope: Envelope): DmStep {
    const send = this.wire.storedAnswer(envelope);
    if (send !== undefined) return { send, progress: [] };
    return { outcome: failed('dm/out-of-turn', 'a message came after the end'), progress: [] };
  }

  *#act(
    message: Message,
    commands: readonly Command[],
    first: readonly StatusCommand[],
    statuses: StatusReading,
  ): Asking<DmStep> {
    if (commands.some((command) => command.kind === 'Alert' && command.code === Alert.SessionAbort)) {
      return this.#end(failed('dm/aborted', 'the server broke the session off'));
    }
    if (this.#phase === 'setup' && commands.length > 0) this.#phase = 'management';
    const says = statuses.says || commands.some((command) => !asksForMore(command));
    if (this.#askedForMore && !message.final && !says) {
      return this.#end(
        failed('dm/final-missing', 'the server left its package open and sent nothing more'),
        this.#abortMessage(message),
      );
    }
    const broken: string[] = [];
    const { msgId } = message.header;
    // The Status of Alert 1222 opens the answer: whatever else waits, the server has to see that it was heard.
    const opening = [
      ...first,
      ...commands.filter(asksForMore).map((command) => commandStatus(msgId, command, Status.Ok)),
    ];
    const others = commands.filter((command) => !asksForMore(command));
    yield* this.#executeAll(others, msgId, (uri) => broken.push(uri));
    for (const uri of broken) this.#queueNoEndOfData(uri);
    if (message.final) {
      const early = this.#assembler.abandon();
      if (early !== undefined) this.#queueNoEndOfData(early);
      this.#serverClosed = true;
      const missing = this.#sent.unanswered('Alert');
      if (missing.length > 0) {
        return this.#end(
          failed('dm/status-missing', `no Status came for ${missing.join(', ')}`),
          this.#abortMessage(message),
        );
      }
      this.#device.settle();
      this.#queueAlerts();
    }
    // A message of nothing but the Status of a header that was taken is not sent (DM Protocol 1.2, 2.3).
    if (message.final && this.#queue.empty && commands.length === 0) return this.#end(ENDED_WELL);
    return this.#step(this.#answer(opening));
  }

  *#executeAll(commands: readonly Command[], msgRef: number, onBroken: (uri: string) => void): Asking<void> {
    let cancelled = false;
    for (const command of commands) {
      const answers = cancelled
        ? notExecuted(command, msgRef)
        : yield* this.#execute(command, msgRef, onBroken, () => {
            cancelled = true;
          });
      for (const answer of answers) this.#queue.push({ command: answer });
    }
  }

  *#execute(
    command: Command,
    msgRef: number,
    onBroken: (uri: string) => void,
    onCancel: () => void,
  ): Asking<readonly Command[]> {
    const context: ExecutionContext = {
      tree: this.#device.tree,
      authority: this.#authority,
      assembler: this.#assembler,
      encoding: this.wire.encoding,
      msgRef,
      maxResult: this.wire.peerObjectLimit,
      onProgress: (progress) => this.#progress.push(progress),
      onBroken,
    };
    if (!this.#asksUser) return executeCommand(command, context);
    const { answers, stop } = yield* executeAsking(command, context);
    if (stop === 'message') onCancel();
    return answers;
  }

  #queueNoEndOfData(uri: string): void {
    const alert: AlertCommand = { kind: 'Alert', cmdId: '', code: Alert.NoEndOfData, items: [{ target: { uri } }] };
    this.#queue.push(this.#tracked(alert));
  }

  /** Answers with Statuses only, each with the code of the header's, and asks the server to prove itself. */
  #challenge(message: Message, code: number, chal: StatusCommand['chal'], final: boolean, retry: boolean): DmStep {
    const outcome = failed('dm/server-not-authenticated', 'the server did not prove itself', code);
    const rejected = message.commands
      .filter((command) => command.kind !== 'Status')
      .map((command) => commandStatus(message.header.msgId, command, code));
    const first = [headerStatus('', message.header, code, chal)];
    this.#serverClosed = true;
    if (retry && !final) this.#requeue();
    for (const command of rejected) this.#queue.push({ command });
    const envelope = this.#answer(first);
    return final ? this.#end(outcome, envelope) : this.#step(envelope);
  }

  #queueSetup(): void {
    this.#queue.push(this.#tracked({ kind: 'Alert', cmdId: '', code: this.#alert, items: [] }));
    const items = this.#device.devInfo().map((leaf) => ({ source: { uri: leaf.uri }, data: leaf.value }));
    this.#queue.push(this.#tracked({ kind: 'Replace', cmdId: '', items }));
    this.#queueAlerts();
  }

  #queueAlerts(): void {
    for (const { command, onStatus } of this.#alerts.due()) this.#queue.push(this.#tracked(command, onStatus));
  }

  #tracked(command: Command, onStatus?: OnStatus): Outgoing {
    return { command, onSent: (msgId, sent) => this.#sent.add(msgId, sent, onStatus) };
  }

  /** After 401 or 407: what was refused goes out again, with the new proof. */
  #requeue(): void {
    if (this.#phase === 'setup') {
      this.#queue.clear();
      this.#sent.clear();
      this.#alerts.startOver();
      this.#queueSetup();
      return;
    }
    for (const { command, onStatus } of this.#sent.takeRefused()) this.#queue.push(this.#tracked(command, onStatus));
  }

  #answer(first: readonly StatusCommand[]): Envelope {
    const ids = commandIds();
    const header = this.wire.header();
    const opening: Command[] = first.map((status) => ({ ...status, cmdId: ids() }));
    if (!this.#serverClosed) opening.push({ kind: 'Alert', cmdId: ids(), code: Alert.NextMessage, items: [] });
    const filled = this.#queue.fill(header, opening, this.wire.limit, ids);
    this.#askedForMore = !this.#serverClosed && filled.commands.every((command) => command.kind === 'Status');
    const final = this.#serverClosed && this.#queue.empty && !filled.chunk;
    for (const command of opening) if (command.kind === 'Alert') this.#sent.add(header.msgId, command);
    if (final) this.#serverClosed = false;
    return this.wire.seal(header, [...opening, ...filled.commands], final);
  }

  #abortMessage(message: Message): Envelope {
    const ids = commandIds();
    const header = this.wire.header();
    return this.wire.seal(
      header,
      [
        headerStatus(ids(), message.header, Status.Ok, undefined),
        { kind: 'Alert', cmdId: ids(), code: Alert.SessionAbort, items: [] },
      ],
      true,
    );
  }

  #refuse(message: Message, code: number, outcome: SessionOutcome): DmStep {
    const ids = commandIds();
    const status: StatusCommand = {
      ...headerStatus(ids(), message.header, code, undefined),
      items: [{ data: code === Status.DtdVersionNotSupported ? '1.2' : 'DM/1.2' }],
    };
    return this.#end(outcome, this.wire.seal(this.wire.header(), [status], true));
  }

  #step(send: Envelope): DmStep {
    return { send, progress: this.#progress };
  }

  #end(outcome: SessionOutcome, send?: Envelope): DmStep {
    this.#phase = 'ended';
    this.#asked = undefined;
    return { ...(send === undefined ? {} : { send }), outcome, progress: this.#progress };
  }
}

function asksForMore(command: Command): boolean {
  return command.kind === 'Alert' && command.code === Alert.NextMessage;
}
