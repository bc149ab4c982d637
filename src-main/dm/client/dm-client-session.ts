import { assertNever, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Command, Header, Location, Message, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { headerRefusal, salvagedHeader } from '../header-refusal.ts';
import { LargeObjectAssembler } from '../large-object/assembler.ts';
import type { ObjectStore } from '../large-object/object-store.ts';
import { readStatuses, type StatusReading } from '../read-statuses.ts';
import { ENDED_WELL, failed, type SessionOutcome } from '../session-outcome.ts';
import { commandIds, commandStatus, headerStatus, SessionWire, type SessionWireOptions } from '../session-wire.ts';
import type { DmProgress, DmStep } from '../step.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import { answerFits, type UserAnswer } from '../user-question.ts';
import { ClientPackage, type SetupFacts } from './client-package.ts';
import type { DmClientPhase, DmClientState } from './client-state.ts';
import { EndlessGuard } from './endless-guard.ts';
import { executeMessage, fitsMessage, nextMessage, RESULT_ROOM } from './execute-message.ts';
import { type Asking, type ExecutionContext, refusedWith } from './execution.ts';

/** What the machine needs of the handset that it speaks for. */
export interface DmDevice extends SetupFacts {
  readonly tree: ManagementTree;
  /** Runs what Exec accepted (202); completion alerts then wait. */
  settle(): void;
}

export interface DmClientOptions extends SessionWireOptions {
  readonly device: DmDevice;
  /** Where values go that are too large for the memory. */
  readonly objects?: ObjectStore | undefined;
  /** ServerID of the account that the session is for: the subject of the tree's ACLs. */
  readonly authority: string;
  readonly alert: typeof Alert.ServerInitiatedMgmt | typeof Alert.ClientInitiatedMgmt;
  /** There is a user who can be asked (alerts 1100 to 1104); default no: such alerts are answered with 406. */
  readonly asksUser?: boolean;
  /** Package 1 goes out again after 401 or 407 (DM Protocol 1.2, 2.4); default yes. Some clients prove themselves and no more. */
  readonly repeatsSetup?: boolean;
}

/**
 * The DM client of one session, without I/O: `start` gives package 1, `receive` takes a server message and gives the
 * next one (DM Protocol 1.2, 2.3). Whoever owns it carries the messages.
 */
export class DmClientSession {
  readonly wire: SessionWire;
  readonly #device: DmDevice;
  readonly #alert: number;
  readonly #asksUser: boolean;
  readonly #repeatsSetup: boolean;
  readonly #authority: string;
  readonly #self: Location;
  readonly #assembler: LargeObjectAssembler;
  readonly #package: ClientPackage;
  #progress: DmProgress[] = [];
  readonly #guard = new EndlessGuard();
  #state: DmClientState = { kind: 'new' };
  #managing = false;
  /** The server has closed its package: ours may be closed too. */
  #serverClosed = false;
  /** Our last message asked for the rest of the server's package, and said nothing else that wants an answer. */
  #askedForMore = false;

  constructor(options: DmClientOptions) {
    this.wire = new SessionWire({ ...options, checksTarget: true });
    this.#device = options.device;
    this.#alert = options.alert;
    this.#asksUser = options.asksUser ?? false;
    this.#repeatsSetup = options.repeatsSetup ?? true;
    this.#authority = options.authority;
    this.#self = options.self;
    this.#assembler = new LargeObjectAssembler({ maxObjSize: options.maxObjSize, store: options.objects });
    this.#package = new ClientPackage(options.device, options.encoding, options.authority);
  }

  get phase(): DmClientPhase {
    return this.#state.kind === 'ended' ? 'ended' : this.#managing ? 'management' : 'setup';
  }

  get state(): DmClientState {
    return this.#state;
  }

  /** Package 1: who we are and why we call. @throws PcAgentError `dm/out-of-turn` the second time. */
  start(): Envelope {
    if (this.#state.kind !== 'new') throw outOfTurn('the session was started before');
    this.#serverClosed = true;
    this.#package.queueSetup(this.#alert);
    return this.#answer([]);
  }

  /** @throws PcAgentError when the message cannot be read or does not belong here; the session is then over. */
  receive(envelope: Envelope): DmStep {
    const state = this.#state;
    switch (state.kind) {
      case 'new':
        throw outOfTurn('a message came before the session was started');
      case 'working':
        throw outOfTurn('a message came while another one was being worked on');
      case 'ended':
        return this.#late(envelope);
      case 'asked':
        if (this.wire.isRepeat(envelope)) return { ask: state.question, progress: [] };
        return this.#end(failed('dm/out-of-turn', 'a message came while the user was asked'));
      case 'waiting':
        return this.#unlessItFails(() => this.#receive(envelope), envelope);
      default:
        return assertNever(state);
    }
  }

  #unlessItFails(run: () => DmStep, envelope?: Envelope): DmStep {
    try {
      return run();
    } catch (error) {
      this.close();
      const refused = envelope === undefined ? undefined : this.#unusable(envelope, error);
      if (refused === undefined) throw error;
      return refused;
    }
  }

  /** A message that is none, but whose header can be read, is refused by the Status of that (spec sheet dm-protocol, 11). */
  #unusable(envelope: Envelope, error: unknown): DmStep | undefined {
    const salvaged = isPcAgentError(error, 'syncml') ? this.wire.salvage(envelope) : undefined;
    if (salvaged === undefined || !isPcAgentError(error)) return undefined;
    const code = salvaged.incomplete ? Status.IncompleteCommand : Status.BadRequest;
    const status = headerStatus('1', salvagedHeader(salvaged, this.wire.lastReceived, this.#self), code, undefined);
    const send = this.wire.seal(this.wire.header(), [status], true);
    return this.#end(failed(error.code, error.message, code), send);
  }

  #receive(envelope: Envelope): DmStep {
    this.#progress = [];
    const opened = this.wire.open(envelope);
    if (opened.kind === 'repeat') return { send: opened.answer, progress: [] };
    const { message, verdict, headerCode } = opened;
    if (headerCode !== Status.Ok) return this.#refuse(message, headerCode);

    this.#package.trusted = verdict.ok;
    const proof = readStatuses(message, {
      wire: this.wire,
      answer: (status) => this.#package.takeStatus(status, this.wire.lastSent),
      peer: 'server',
      refusedCode: 'dm/auth-refused',
    });
    if (proof.outcome !== undefined) {
      return this.#end(proof.outcome, proof.abort === true ? this.#abortMessage(message) : undefined);
    }
    const commands = message.commands.filter((command) => command.kind !== 'Status');
    if (commands.some((command) => isAlert(command, Alert.SessionAbort))) {
      return this.#end(failed('dm/aborted', 'the server broke the session off'));
    }
    if (!verdict.ok) {
      if (commands.length === 0 && proof.kind !== 'retry') {
        // A server that we could tell of no new nonce shows what it has; when it wants nothing, nothing is lost.
        if (verdict.spent === true) return this.#end(ENDED_WELL);
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

  /**
   * Goes on with the user's answer to the `ask` of the last step.
   * @throws PcAgentError `dm/out-of-turn` when no question is open, `dm/answer-wrong` when that cannot be said to the
   * question, which then stays open.
   */
  answer(answer: UserAnswer): DmStep {
    const state = this.#state;
    if (state.kind !== 'asked') throw outOfTurn('no question is open');
    if (!answerFits(state.question, answer)) {
      throw new PcAgentError('dm/answer-wrong', `this is no answer to a question of kind ${state.question.kind}`);
    }
    this.#progress = [];
    return this.#unlessItFails(() => this.#follow(state.course, answer));
  }

  /** Ends the session without a word, e.g. when the link is gone; an Atomic that waits for an answer is rolled back. */
  close(): void {
    const state = this.#state;
    this.#state = { kind: 'ended' };
    this.#assembler.abandon();
    this.#package.clear();
    if (state.kind === 'asked') state.course.return(NOTHING);
  }

  /** The message that breaks the session off from this side (Alert 1223). */
  abort(): Envelope {
    this.close();
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
    this.#state = WORKING;
    const next = course.next(...answer);
    if (next.done === true) return next.value;
    this.#state = { kind: 'asked', question: next.value, course };
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
    if (commands.length > 0) this.#managing = true;
    const more = !this.#package.empty;
    const movedOurs = this.#package.chunking;
    if (commands.some((command) => isAlert(command, Alert.NoEndOfData))) this.#package.dropObject();
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
    const asking = commands.find(asksForMore);
    const opening = asking === undefined ? first : [...first, commandStatus(msgId, asking, Status.Ok)];
    const others = commands.filter((command) => command !== asking);
    yield* this.#executeAll(others, message.header, (uri) => broken.push(uri));
    for (const uri of broken) this.#package.queueNoEndOfData(uri);
    // Before the 202 goes out: a device that ends then has done what it said, or has it still to do.
    this.#device.settle();
    const onlyAsks = commands.every(asksForMore);
    const endless = this.#guard.take({
      final: message.final,
      movesOn: movedOurs || (more && onlyAsks) || this.#assembler.pendingUri !== undefined,
      idle: commands.length > 0 && onlyAsks && !more && !statuses.says,
    });
    if (endless !== undefined) return this.#end(failed('dm/endless', endless), this.#abortMessage(message));
    if (message.final) {
      const early = this.#assembler.abandon();
      if (early !== undefined) this.#package.queueNoEndOfData(early);
      this.#serverClosed = true;
      const missing = this.#package.unansweredAlerts();
      if (missing.length > 0) {
        return this.#end(
          failed('dm/status-missing', `no Status came for ${missing.join(', ')}`),
          this.#abortMessage(message),
        );
      }
      this.#package.queueAlerts();
    }
    // A message of nothing but the Status of a header that was taken is not sent (DM Protocol 1.2, 2.3).
    if (message.final && this.#package.empty && commands.length === 0) return this.#end(ENDED_WELL);
    return this.#step(this.#answer(opening));
  }

  *#executeAll(commands: readonly Command[], header: Header, onBroken: (uri: string) => void): Asking<void> {
    const context: ExecutionContext = {
      tree: this.#device.tree,
      authority: this.#authority,
      assembler: this.#assembler,
      encoding: this.wire.encoding,
      asksUser: this.#asksUser,
      msgRef: header.msgId,
      maxResult: this.wire.peerObjectLimit,
      cmdIds: new Set(),
      resultRoom: { most: RESULT_ROOM, left: RESULT_ROOM },
      fitsMessage: (answers) => fitsMessage(answers, header, this.wire),
      onProgress: (progress) => this.#progress.push(progress),
      onBroken,
    };
    yield* executeMessage(commands, context, (answers) => this.#package.queueAnswers(answers));
  }

  /** Answers with Statuses only, each with the code of the header's, and asks the server to prove itself. */
  #challenge(message: Message, code: number, chal: StatusCommand['chal'], final: boolean, retry: boolean): DmStep {
    const outcome = failed('dm/server-not-authenticated', 'the server did not prove itself', code);
    const rejected = message.commands.flatMap((command) => refusedWith(command, message.header.msgId, code));
    const first = [headerStatus('', message.header, code, chal)];
    this.#serverClosed = true;
    if (retry && !final) this.#requeue();
    this.#package.queueAnswers(rejected);
    const envelope = this.#answer(first);
    return final ? this.#end(outcome, envelope) : this.#step(envelope);
  }

  /** After 401 or 407: package 1 again as a whole, later what was refused, with the new proof. */
  #requeue(): void {
    if (this.#managing) this.#package.requeueRefused();
    else if (this.#repeatsSetup) this.#package.queueSetup(this.#alert);
  }

  #answer(first: readonly StatusCommand[]): Envelope {
    const ids = commandIds();
    const header = this.wire.header();
    const opening: Command[] = first.map((status) => ({ ...status, cmdId: ids() }));
    if (!this.#serverClosed) opening.push(nextMessage(ids()));
    const filled = this.#package.fill({ header, opening, limit: this.wire.limit, ids });
    this.#askedForMore = !this.#serverClosed && filled.commands.every((command) => command.kind === 'Status');
    const final = this.#serverClosed && this.#package.empty && !filled.chunk;
    this.#state = { kind: 'waiting', awaits: this.#awaited(final, filled.chunk) };
    if (final) this.#serverClosed = false;
    return this.wire.seal(header, [...opening, ...filled.commands], final);
  }

  #awaited(final: boolean, chunk: boolean): Extract<DmClientState, { kind: 'waiting' }>['awaits'] {
    if (final) return 'package';
    if (chunk) return 'our-object';
    if (this.#serverClosed) return 'our-rest';
    return this.#assembler.pendingUri === undefined ? 'rest' : 'object';
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

  #refuse(message: Message, code: number): DmStep {
    const ids = commandIds();
    const { outcome, items } = headerRefusal(code);
    const status: StatusCommand = { ...headerStatus(ids(), message.header, code, undefined), items };
    return this.#end(outcome, this.wire.seal(this.wire.header(), [status], true));
  }

  #step(send: Envelope): DmStep {
    return { send, progress: this.#progress };
  }

  #end(outcome: SessionOutcome, send?: Envelope): DmStep {
    this.close();
    return { ...(send === undefined ? {} : { send }), outcome, progress: this.#progress };
  }
}

const WORKING: DmClientState = Object.freeze({ kind: 'working' });
/** What a course that is broken off comes to. */
const NOTHING: DmStep = Object.freeze({ progress: [] });

function isAlert(command: Command, code: Alert): boolean {
  return command.kind === 'Alert' && command.code === code;
}

function asksForMore(command: Command): boolean {
  return isAlert(command, Alert.NextMessage);
}

function outOfTurn(message: string): PcAgentError {
  return new PcAgentError('dm/out-of-turn', message);
}
