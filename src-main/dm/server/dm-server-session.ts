import { assertNever, isPcAgentError, type PcAgentError } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { AlertCommand, Command, Message, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import type { Verdict } from '../auth/verifier.ts';
import { headerRefusal, salvagedHeader } from '../header-refusal.ts';
import type { ObjectStore } from '../large-object/object-store.ts';
import { OutgoingQueue } from '../outgoing.ts';
import { answersHeader, readStatuses } from '../read-statuses.ts';
import { ENDED_WELL, failed, type SessionOutcome } from '../session-outcome.ts';
import { commandIds, commandStatus, headerStatus, SessionWire, type SessionWireOptions } from '../session-wire.ts';
import type { DmProgress, DmStep } from '../step.ts';
import { ClientCommands } from './client-commands.ts';
import { Intake, type IntakeLimits, intakeLimits } from './intake.ts';
import { largestObject } from './large-wanted.ts';
import { PackageLedger } from './package-ledger.ts';
import { ResultIntake } from './result-intake.ts';
import { type DmServerPhase, ENDED } from './server-phase.ts';
import type { DeviceFacts, Work } from './work.ts';

export interface DmServerOptions extends SessionWireOptions {
  /** Begins the work once the client is known and has proved itself. */
  readonly begin: (facts: DeviceFacts) => Work;
  /** A generic alert (1226) or client event (1224) came; gives the code of its Status. */
  readonly onAlert: (alert: AlertCommand) => number;
  /** The most that the session takes of its client, where that is not the default. */
  readonly limits?: Partial<IntakeLimits>;
  /** Where large results go as they come. */
  readonly store?: ObjectStore;
}

/** What a message brought besides its Statuses. */
interface Heard {
  /** Goes out first with the answer: Statuses, and 1225 for what was cut short. */
  readonly first: readonly Command[];
  /** Something came that was not said before. */
  readonly says: boolean;
  /** The client asked for our next message (1222). */
  readonly asks: boolean;
}

/**
 * The DM server of one session, without I/O: each client message is answered by one of ours (DM Protocol 1.2, 2.3).
 * What is asked of the client comes from a `Work`.
 */
export class DmServerSession {
  readonly wire: SessionWire;
  readonly #options: DmServerOptions;
  readonly #intake: Intake;
  readonly #ledger: PackageLedger;
  readonly #results: ResultIntake;
  readonly #commands: ClientCommands;
  readonly #queue: OutgoingQueue;
  #progress: DmProgress[] = [];
  #phase: DmServerPhase = { kind: 'setup', more: false };
  #work: Work | undefined;
  /** `Source/LocURI` of the client. */
  #peer = '';
  /** The proof of its last message covers the message (MAC). */
  #covered = false;

  constructor(options: DmServerOptions) {
    this.#options = options;
    this.wire = new SessionWire(options);
    this.#queue = new OutgoingQueue(options.encoding);
    const onProgress = (progress: DmProgress) => this.#progress.push(progress);
    this.#ledger = new PackageLedger(onProgress);
    this.#intake = new Intake(intakeLimits(options.maxObjSize, options.limits));
    this.#results = new ResultIntake({
      ledger: this.#ledger,
      intake: this.#intake,
      maxObjSize: options.maxObjSize,
      store: options.store,
      onProgress,
    });
    this.#commands = new ClientCommands({
      intake: this.#intake,
      results: this.#results,
      inSetup: () => this.#phase.kind === 'setup',
      onAlert: options.onAlert,
      onNoEndOfData: () => {
        this.#ledger.objectLost();
        this.#queue.dropChunk();
      },
    });
  }

  get phase(): DmServerPhase {
    return this.#phase;
  }

  /** A large result is half received. */
  get receiving(): boolean {
    return this.#results.receiving;
  }

  /** @throws PcAgentError when the message does not belong here or nothing of it can be read; the session is then over. */
  receive(envelope: Envelope): DmStep {
    if (this.#phase.kind === 'ended') return this.#late(envelope);
    try {
      return this.#receive(envelope);
    } catch (error) {
      this.#over();
      const refused = isPcAgentError(error) ? this.#unusable(envelope, error) : undefined;
      if (refused === undefined) throw error;
      return refused;
    }
  }

  /** The message that breaks the session off from this side, when it is our turn (Alert 1223). */
  abort(): Envelope {
    this.#over();
    const last = this.wire.lastHeader;
    const answer = last === undefined ? [] : [headerStatus('', last, Status.Ok, undefined)];
    return this.#seal([...answer, ABORT]);
  }

  #receive(envelope: Envelope): DmStep {
    this.#progress = [];
    const opened = this.wire.open(envelope);
    if (opened.kind === 'repeat') return { send: opened.answer, progress: [] };
    const { message, verdict, headerCode } = opened;
    if (headerCode !== Status.Ok) {
      const { outcome, items } = headerRefusal(headerCode);
      return this.#end(outcome, this.#statusOnly(message, headerCode, undefined, items));
    }
    if (message.commands.some((command) => this.#breaksOff(command))) return this.#brokenOff(message, verdict);
    if (!verdict.ok) return this.#challenge(message, verdict);
    this.#peer = message.header.source.uri;
    this.#covered = envelope.hmac !== undefined;
    return this.#read(message, headerStatus('', message.header, verdict.code, verdict.chal));
  }

  #read(message: Message, opening: StatusCommand): DmStep {
    const before = this.#heardSoFar();
    const proof = readStatuses(message, {
      wire: this.wire,
      answer: (status) => this.#ledger.answer(status, this.#queue),
      peer: 'client',
      refusedCode: 'dm/server-refused',
    });
    if (proof.outcome !== undefined) return this.#break(proof.outcome, [opening]);
    const first = [opening, ...this.#commands.take(message)];
    const flood = this.#flood();
    if (flood !== undefined) return this.#break(flood, first);
    // A client may ask us to prove ourselves in the same breath as it proves itself and begins package 1 anew; one that
    // does not begin it anew waits for more than our proof.
    const inSetup = this.#phase.kind === 'setup';
    const begins = inSetup && (hasCommands(message) || this.#commands.recalls(this.#peer));
    if (proof.kind === 'retry' && !begins) {
      this.#ledger.requeueRefused(this.#queue);
      if (inSetup || !this.#queue.empty) return this.#send(first);
    }
    if (message.final) this.#results.cutShort();
    const heard: Heard = {
      first: [...first, ...this.#results.drainBroken()],
      says: this.#heardSoFar() > before,
      asks: message.commands.some((command) => command.kind === 'Alert' && command.code === Alert.NextMessage),
    };
    return message.final ? this.#clientClosed(heard) : this.#clientOpen(heard);
  }

  /** The client goes on after this message. */
  #clientOpen({ first, says, asks }: Heard): DmStep {
    const phase = this.#phase;
    if (phase.kind === 'ended') throw new TypeError('nothing is read after the end');
    if (phase.more && !says) {
      return this.#break(failed('dm/final-missing', 'the client left its package open and sent nothing more'), first);
    }
    if (phase.kind !== 'sending') return this.#ask(first);
    const silent = this.#ledger.unanswered().length > 0;
    if (this.#queue.empty) {
      // The client refused the rest of our package (a large object). Once everything is answered the work goes on at
      // once: an empty closing message would read as the end of the session.
      return silent ? this.#ask(first) : this.#advance(first);
    }
    // No new commands before the Statuses of the earlier ones are in, but for a client that asks (2.1.1).
    return silent && !asks ? this.#ask(first) : this.#send(first);
  }

  /** The client has closed its package: what it answered goes to the work, which says what comes next. */
  #clientClosed({ first }: Heard): DmStep {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'setup':
        return this.#setUp(first);
      case 'sending':
        // It may not, while ours is open (DM Protocol 1.2, 2.1.2); one that refused the rest has nothing to wait for.
        if (!this.#queue.empty) {
          const outcome = failed('dm/out-of-turn', 'the client closed its package before ours was closed');
          return this.#break(outcome, first);
        }
        return this.#answered(first);
      case 'asked':
        return this.#answered(first);
      case 'closing':
        return this.#close(first);
      case 'ended':
        throw new TypeError('nothing is read after the end');
      default:
        return assertNever(phase);
    }
  }

  #setUp(first: readonly Command[]): DmStep {
    this.#commands.recall(this.#peer, this.#covered);
    const { greeting, devInfo } = this.#commands;
    if (greeting === undefined) {
      return this.#break(failed('dm/out-of-turn', 'package 1 has neither alert 1200 nor 1201'), first);
    }
    this.#work = this.#options.begin({ device: this.#peer, devInfo, alert: greeting });
    return this.#proceed(this.#work, this.#work.next(), first);
  }

  #answered(first: readonly Command[]): DmStep {
    const missing = this.#ledger.unanswered();
    if (missing.length === 0) return this.#advance(first);
    return this.#break(failed('dm/status-missing', `no Status came for ${missing.join(', ')}`), first);
  }

  /** Gives the work what was answered and sends what it wants next. */
  #advance(first: readonly Command[]): DmStep {
    if (this.#work === undefined) throw new TypeError('there is no work before package 1');
    const alerts = this.#commands.drainAlerts();
    return this.#proceed(this.#work, this.#work.next({ reports: this.#ledger.close(), alerts }), first);
  }

  #proceed(work: Work, next: ReturnType<Work['next']>, first: readonly Command[]): DmStep {
    let step = next;
    while (step.done !== true && step.value.length > 0) {
      for (const wanted of step.value) {
        // An object larger than the client takes is not sent: the answer is known.
        const size = largestObject(wanted, this.wire.encoding);
        if (size <= (this.wire.peerObjectLimit ?? size)) this.#queue.push(this.#ledger.expect(wanted));
        else this.#ledger.refuse(wanted, Status.RequestEntityTooLarge);
      }
      if (!this.#queue.empty) return this.#send(first);
      step = work.next({ reports: this.#ledger.close(), alerts: [] });
    }
    return this.#close(first);
  }

  /** Answers with Statuses only, each with the code of the header's (DM Protocol 1.2, 2.4.1). */
  #challenge(message: Message, { code, chal, final }: Verdict): DmStep {
    this.#commands.startOver(message);
    for (const status of message.commands) {
      if (status.kind !== 'Status' || !answersHeader(status)) continue;
      this.wire.prover.learn(status.code, status.chal);
      break;
    }
    const envelope = this.#statusOnly(message, code, chal);
    if (!final) return { send: envelope, progress: this.#progress };
    return this.#end(failed('dm/auth-refused', 'the client did not prove itself', code), envelope);
  }

  /**
   * Alert 1223. With an Item that names our large object it is the 1225 of clients derived from DM 1.1.2, which ends
   * that object alone (spec sheet dm-protocol, section 3).
   */
  #breaksOff(command: Command): boolean {
    if (command.kind !== 'Alert' || command.code !== Alert.SessionAbort) return false;
    return !command.items.some(({ target, source }) => this.#ledger.isObject((target ?? source)?.uri ?? ''));
  }

  /** It is answered, also when its sender did not prove itself, and nothing is executed (DM Protocol 1.2, 2.3.1). */
  #brokenOff(message: Message, { ok, code, chal }: Verdict): DmStep {
    const outcome = failed('dm/aborted', 'the client broke the session off');
    if (!ok) return this.#end(outcome, this.#statusOnly(message, code, chal));
    const statuses = message.commands
      .filter((command) => command.kind !== 'Status')
      .map((command) => commandStatus(message.header.msgId, command, Status.Ok));
    return this.#end(outcome, this.#seal([headerStatus('', message.header, code, chal), ...statuses]));
  }

  /** A message that cannot be used, but whose header can be answered (spec sheet dm-protocol, section 11). */
  #unusable(envelope: Envelope, { code, message }: PcAgentError): DmStep | undefined {
    if (!code.startsWith('syncml/')) return undefined;
    const salvaged = this.wire.salvage(envelope);
    if (salvaged === undefined) return undefined;
    const header = salvagedHeader(salvaged, this.wire.lastReceived, this.#options.self);
    const status = salvaged.incomplete ? Status.IncompleteCommand : Status.BadRequest;
    return this.#end(failed(code, message, status), this.#seal([headerStatus('', header, status, undefined)]));
  }

  #statusOnly(
    message: Message,
    code: number,
    chal: StatusCommand['chal'],
    items: StatusCommand['items'] = [],
  ): Envelope {
    const statuses = message.commands
      .filter((command) => command.kind !== 'Status')
      .map((command) => commandStatus(message.header.msgId, command, code));
    return this.#seal([{ ...headerStatus('', message.header, code, chal), items }, ...statuses]);
  }

  /** Asks for the rest of the client's package: no command, no Final (DM Protocol 1.2, 2.1.1). */
  #ask(first: readonly Command[]): DmStep {
    const phase = this.#phase;
    if (phase.kind !== 'ended') this.#phase = { ...phase, more: true };
    const { header, opening } = this.#opening([...first, NEXT_MESSAGE]);
    return this.#step(this.wire.seal(header, opening, false));
  }

  /** Sends what fits of what waits; Final when that is everything. */
  #send(first: readonly Command[]): DmStep {
    const { header, opening, ids } = this.#opening(first);
    const filled = this.#queue.fill(header, opening, this.wire.limit, ids);
    const final = this.#queue.empty && !filled.chunk;
    if (this.#work !== undefined && this.#phase.kind !== 'closing') {
      this.#phase = final
        ? { kind: 'asked', more: false }
        : { kind: 'sending', more: false, object: this.#queue.chunking };
    }
    return this.#step(this.wire.seal(header, [...opening, ...filled.commands], final));
  }

  /** Says that there is nothing more to ask. */
  #close(first: readonly Command[]): DmStep {
    this.#commands.drainAlerts();
    this.#phase = { kind: 'closing', more: false };
    const { header, opening } = this.#opening(first);
    return { send: this.wire.seal(header, opening, true), outcome: ENDED_WELL, progress: this.#progress };
  }

  /** Ends the session from this side: what was asked is answered, then Alert 1223. */
  #break(outcome: SessionOutcome, first: readonly Command[]): DmStep {
    return this.#end(outcome, this.#seal([...first, ABORT]));
  }

  /** Gives the commands that open our next message their ids; alerts among them will be answered. */
  #opening(first: readonly Command[]) {
    const ids = commandIds();
    const header = this.wire.header();
    const opening = first.map((command) => ({ ...command, cmdId: ids() }));
    for (const command of opening) if (command.kind === 'Alert') this.#ledger.sentAlert(header.msgId, command);
    return { header, opening, ids };
  }

  #seal(commands: readonly Command[]): Envelope {
    const ids = commandIds();
    return this.wire.seal(
      this.wire.header(),
      commands.map((command) => ({ ...command, cmdId: ids() })),
      true,
    );
  }

  /** What the client has said that counts; it grows, or the client says nothing new. */
  #heardSoFar(): number {
    return this.#ledger.answers + this.#commands.taken;
  }

  #flood(): SessionOutcome | undefined {
    const { flooded } = this.#ledger;
    if (flooded === undefined) return this.#intake.exceeded;
    return failed('dm/too-many-statuses', `more Statuses came for ${flooded} than it has items`);
  }

  /** After the end only the last message of the client is answered, as it was before. */
  #late(envelope: Envelope): DmStep {
    const send = this.wire.storedAnswer(envelope);
    if (send !== undefined) return { send, progress: [] };
    return { outcome: failed('dm/out-of-turn', 'a message came after the end'), progress: [] };
  }

  #step(send: Envelope): DmStep {
    return { send, progress: this.#progress };
  }

  #end(outcome: SessionOutcome, send: Envelope): DmStep {
    this.#over();
    return { send, outcome, progress: this.#progress };
  }

  #over(): void {
    this.#phase = ENDED;
    this.#queue.clear();
    this.#results.clear();
  }
}

const NEXT_MESSAGE: AlertCommand = Object.freeze({ kind: 'Alert', cmdId: '', code: Alert.NextMessage, items: [] });
const ABORT: AlertCommand = Object.freeze({ kind: 'Alert', cmdId: '', code: Alert.SessionAbort, items: [] });

function hasCommands(message: Message): boolean {
  return message.commands.some((command) => command.kind !== 'Status');
}
