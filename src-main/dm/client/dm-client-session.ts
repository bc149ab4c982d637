import { Alert } from '../../syncml/alert.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { AlertCommand, Command, Item, Message, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { type GenericAlert, genericAlertCommand } from '../generic-alert.ts';
import { LargeObjectAssembler } from '../large-object/assembler.ts';
import { type Outgoing, OutgoingQueue } from '../outgoing.ts';
import { SentCommands } from '../sent-commands.ts';
import { ENDED_WELL, failed, type SessionOutcome } from '../session-outcome.ts';
import { commandIds, headerStatus, SessionWire, type SessionWireOptions, versionCode } from '../session-wire.ts';
import type { DmProgress, DmStep } from '../step.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import type { UserAnswer, UserQuestion } from '../user-question.ts';
import { type ExecutionContext, executeCommand } from './execute.ts';
import { type Asking, executeAsking, notExecuted } from './execute-asking.ts';

/** What the machine needs of the handset that it speaks for. */
export interface DmDevice {
  readonly tree: ManagementTree;
  /** Leaf nodes of `./DevInfo` for package 1, as URI and value. */
  devInfo(): readonly { readonly uri: string; readonly value: string }[];
  /** Generic alerts that no server has acknowledged yet. */
  waitingAlerts(): readonly GenericAlert[];
  acknowledged(alert: GenericAlert): void;
  /** Runs what Exec accepted (202); completion alerts then wait. */
  settle(): void;
}

export interface DmClientOptions extends SessionWireOptions {
  readonly device: DmDevice;
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
  readonly #assembler: LargeObjectAssembler;
  readonly #queue: OutgoingQueue;
  readonly #sent = new SentCommands();
  #acknowledged: GenericAlert[] = [];
  #progress: DmProgress[] = [];
  #phase: DmClientPhase = 'setup';
  /** The question that is open, and what goes on with its answer. */
  #asked: { readonly question: UserQuestion; readonly course: Asking<DmStep> } | undefined;
  /** The server has closed its package: ours may be closed too. */
  #serverClosed = false;
  #askedForMore = false;

  constructor(options: DmClientOptions) {
    this.wire = new SessionWire(options);
    this.#device = options.device;
    this.#alert = options.alert;
    this.#asksUser = options.asksUser ?? false;
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
    if (this.#phase === 'ended')
      return { outcome: failed('dm/out-of-turn', 'a message came after the end'), progress: [] };
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

    const proof = this.#takeStatuses(message);
    if (proof.outcome !== undefined)
      return this.#end(proof.outcome, proof.abort ? this.#abortMessage(message, Status.Ok) : undefined);
    const commands = message.commands.filter((command) => command.kind !== 'Status');
    if (!verdict.ok) {
      if (commands.length === 0 && !proof.retry) {
        return this.#end(failed('dm/server-not-authenticated', 'the server did not prove itself'));
      }
      return this.#challenge(message, verdict.code, verdict.chal, verdict.final, proof.retry);
    }
    const first = [headerStatus('', message.header, verdict.code, verdict.chal)];
    if (proof.retry) {
      this.#serverClosed = true;
      this.#requeue();
      return this.#step(this.#answer(first));
    }
    return this.#follow(this.#act(message, commands, first));
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

  *#act(message: Message, commands: readonly Command[], first: readonly StatusCommand[]): Asking<DmStep> {
    if (commands.some((command) => command.kind === 'Alert' && command.code === Alert.SessionAbort)) {
      return this.#end(failed('dm/aborted', 'the server broke the session off'));
    }
    if (this.#phase === 'setup' && commands.length > 0) this.#phase = 'management';
    const asks = commands.some((command) => command.kind === 'Alert' && command.code === Alert.NextMessage);
    if (this.#askedForMore && !message.final && commands.length === 0) {
      return this.#end(
        failed('dm/final-missing', 'the server left its package open and sent nothing more'),
        this.#abortMessage(message, Status.Ok),
      );
    }
    const broken = this.#brokenObject(commands);
    yield* this.#executeAll(commands, message.header.msgId);
    if (broken !== undefined) this.#queueNoEndOfData(broken);
    if (message.final) {
      const early = this.#assembler.abandon();
      if (early !== undefined) this.#queueNoEndOfData(early);
      this.#serverClosed = true;
      const missing = this.#sent.unanswered('Alert');
      if (missing.length > 0) {
        return this.#end(
          failed('dm/status-missing', `no Status came for ${missing.join(', ')}`),
          this.#abortMessage(message, Status.Ok),
        );
      }
      this.#device.settle();
      this.#queueAlerts();
    }
    const silent = this.#queue.empty && commands.length === 0;
    if (message.final && silent && first[0]?.code !== undefined && first[0].code < 300) return this.#end(ENDED_WELL);
    this.#askedForMore = !this.#serverClosed;
    if (asks && this.#queue.empty && !message.final && this.#serverClosed) {
      return this.#end(
        failed('dm/out-of-turn', 'the server asked for more and nothing is left'),
        this.#abortMessage(message, Status.Ok),
      );
    }
    return this.#step(this.#answer(first));
  }

  *#executeAll(commands: readonly Command[], msgRef: number): Asking<void> {
    let cancelled = false;
    for (const command of commands) {
      const answers = cancelled
        ? notExecuted(command, msgRef)
        : yield* this.#execute(command, msgRef, () => {
            cancelled = true;
          });
      for (const answer of answers) this.#queue.push({ command: answer });
    }
  }

  *#execute(command: Command, msgRef: number, onCancel: () => void): Asking<readonly Command[]> {
    const context: ExecutionContext = {
      tree: this.#device.tree,
      assembler: this.#assembler,
      encoding: this.wire.encoding,
      msgRef,
      maxResult: this.wire.peerObjectLimit,
      onProgress: (progress) => this.#progress.push(progress),
    };
    if (!this.#asksUser) return executeCommand(command, context);
    const { answers, stop } = yield* executeAsking(command, context);
    if (stop === 'message') onCancel();
    return answers;
  }

  /** A large object that was under way when another command came. */
  #brokenObject(commands: readonly Command[]): string | undefined {
    const next = commands.find((command) => command.kind !== 'Alert');
    if (next === undefined || !('items' in next)) return undefined;
    const item: Item = next.items[0] ?? {};
    return this.#assembler.breaksOff(next.kind, item) ? this.#assembler.abandon() : undefined;
  }

  #queueNoEndOfData(uri: string): void {
    const alert: AlertCommand = { kind: 'Alert', cmdId: '', code: Alert.NoEndOfData, items: [{ target: { uri } }] };
    this.#queue.push(this.#tracked(alert));
  }

  /** Answers with Statuses only, each with the code of the header's, and asks the server to prove itself. */
  #challenge(message: Message, code: number, chal: StatusCommand['chal'], final: boolean, retry: boolean): DmStep {
    const outcome = failed('dm/server-not-authenticated', 'the server did not prove itself', code);
    const rejected: Command[] = message.commands
      .filter((command) => command.kind !== 'Status')
      .map((command) => ({
        kind: 'Status',
        cmdId: '',
        msgRef: message.header.msgId,
        cmdRef: command.cmdId,
        cmd: command.kind === 'Unknown' ? command.name : command.kind,
        targetRefs: [],
        sourceRefs: [],
        code,
        items: [],
      }));
    const first = [headerStatus('', message.header, code, chal)];
    this.#serverClosed = true;
    if (retry && !final) this.#requeue();
    for (const command of rejected) this.#queue.push({ command });
    const envelope = this.#answer(first);
    return final ? this.#end(outcome, envelope) : this.#step(envelope);
  }

  #takeStatuses(message: Message): { outcome?: SessionOutcome; abort: boolean; retry: boolean } {
    let header: StatusCommand | undefined;
    for (const command of message.commands) {
      if (command.kind !== 'Status') continue;
      if (command.msgRef > this.wire.lastSent || command.msgRef < 1) {
        return {
          outcome: failed('dm/msgref-wrong', `a Status answers message ${command.msgRef}, which was never sent`),
          abort: true,
          retry: false,
        };
      }
      if (command.cmdRef === '0') {
        if (command.msgRef === this.wire.lastSent) header = command;
      } else if (!this.#sent.answer(command)) {
        return {
          outcome: failed(
            'dm/status-unexpected',
            `a Status answers command ${command.cmdRef} of message ${command.msgRef}, which was never sent`,
          ),
          abort: true,
          retry: false,
        };
      }
    }
    if (header === undefined) {
      return {
        outcome: failed('dm/status-missing', 'no Status came for the header of our message'),
        abort: true,
        retry: false,
      };
    }
    const proof = this.wire.prover.learn(header.code, header.chal);
    if (proof === 'accepted') return { abort: false, retry: false };
    if (proof === 'retry') return { abort: false, retry: true };
    const refusedUs = header.code === Status.InvalidCredentials || header.code === Status.MissingCredentials;
    const outcome = refusedUs
      ? failed('dm/auth-refused', 'the server does not take our credentials', header.code)
      : failed('dm/status', `the server answered our message with ${header.code}`, header.code);
    return { outcome, abort: false, retry: false };
  }

  #queueSetup(): void {
    this.#queue.push(this.#tracked({ kind: 'Alert', cmdId: '', code: this.#alert, items: [] }));
    const items = this.#device.devInfo().map((leaf) => ({ source: { uri: leaf.uri }, data: leaf.value }));
    this.#queue.push(this.#tracked({ kind: 'Replace', cmdId: '', items }));
    this.#queueAlerts();
  }

  #queueAlerts(): void {
    for (const alert of this.#device.waitingAlerts()) {
      if (this.#sent.waits(alert.id) || this.#acknowledged.some((known) => known.id === alert.id)) continue;
      this.#sent.announce(alert.id);
      this.#queue.push({
        command: genericAlertCommand(alert),
        onSent: (msgId, command) =>
          this.#sent.add(msgId, command, (code) => {
            this.#sent.settle(alert.id);
            if (code >= 200 && code < 300) this.#acknowledged.push(alert);
          }),
      });
    }
  }

  #tracked(command: Command): Outgoing {
    return { command, onSent: (msgId, sent) => this.#sent.add(msgId, sent) };
  }

  /** After 401 or 407: what was refused goes out again, with the new proof. */
  #requeue(): void {
    if (this.#phase === 'setup') {
      this.#queue.clear();
      this.#sent.clear();
      this.#queueSetup();
      return;
    }
    for (const command of this.#sent.takeRefused()) this.#queue.push(this.#tracked(command));
  }

  #answer(first: readonly StatusCommand[]): Envelope {
    const ids = commandIds();
    const header = this.wire.header();
    const opening: Command[] = first.map((status) => ({ ...status, cmdId: ids() }));
    if (!this.#serverClosed) opening.push({ kind: 'Alert', cmdId: ids(), code: Alert.NextMessage, items: [] });
    const filled = this.#queue.fill(header, opening, this.wire.limit, ids);
    const final = this.#serverClosed && this.#queue.empty && !filled.chunk;
    for (const command of opening) if (command.kind === 'Alert') this.#sent.add(header.msgId, command);
    if (final) this.#serverClosed = false;
    return this.wire.seal(header, [...opening, ...filled.commands], final);
  }

  #abortMessage(message: Message, code: number): Envelope {
    const ids = commandIds();
    const header = this.wire.header();
    return this.wire.seal(
      header,
      [
        headerStatus(ids(), message.header, code, undefined),
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
    // Only a server that has proved itself may have taken our alerts.
    if (this.wire.verifier.accepted) for (const alert of this.#acknowledged) this.#device.acknowledged(alert);
    return { ...(send === undefined ? {} : { send }), outcome, progress: this.#progress };
  }
}
