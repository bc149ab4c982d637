import { Alert } from '../../syncml/alert.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { AlertCommand, Command, Message, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { OutgoingQueue } from '../outgoing.ts';
import { readStatuses, type StatusReading } from '../read-statuses.ts';
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
import { ClientCommands } from './client-commands.ts';
import { PackageLedger } from './package-ledger.ts';
import type { DeviceFacts, Work } from './work.ts';

export interface DmServerOptions extends SessionWireOptions {
  /** Begins the work once the client is known and has proved itself. */
  readonly begin: (facts: DeviceFacts) => Work;
  /** A generic alert (1226) or client event (1224) came; gives the code of its Status. */
  readonly onAlert: (alert: AlertCommand) => number;
}

/**
 * - `setup`: package 1 is awaited or not complete
 * - `management`: the work goes on
 * - `closing`: everything was said; a late alert of the client is still answered
 * - `ended`
 */
export type DmServerPhase = 'setup' | 'management' | 'closing' | 'ended';

/**
 * The DM server of one session, without I/O: each client message is answered by one of ours (DM Protocol 1.2, 2.3).
 * What is asked of the client comes from a `Work`.
 */
export class DmServerSession {
  readonly wire: SessionWire;
  readonly #options: DmServerOptions;
  readonly #commands: ClientCommands;
  readonly #queue: OutgoingQueue;
  readonly #ledger = new PackageLedger();
  #progress: DmProgress[] = [];
  #phase: DmServerPhase = 'setup';
  #work: Work | undefined;
  #askedForMore = false;
  /** Our package is not closed yet: a message of it went out without Final. */
  #packageOpen = false;
  /** `Source/LocURI` of the client. */
  #peer = '';

  constructor(options: DmServerOptions) {
    this.#options = options;
    this.wire = new SessionWire(options);
    this.#queue = new OutgoingQueue(options.encoding);
    this.#commands = new ClientCommands({
      ledger: this.#ledger,
      maxObjSize: options.maxObjSize,
      inSetup: () => this.#phase === 'setup',
      onAlert: options.onAlert,
      onNoEndOfData: () => this.#queue.dropChunk(),
      onProgress: (progress) => this.#progress.push(progress),
    });
  }

  get phase(): DmServerPhase {
    return this.#phase;
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
    const opened = this.wire.open(envelope);
    if (opened.kind === 'repeat') return { send: opened.answer, progress: [] };
    const { message, verdict } = opened;
    const version = versionCode(message.header);
    if (version !== Status.Ok) {
      const outcome = failed('dm/version', 'the client speaks another version of the protocol', version);
      const supported = version === Status.DtdVersionNotSupported ? '1.2' : 'DM/1.2';
      return this.#end(outcome, this.#statusOnly(message, version, undefined, supported));
    }
    if (!verdict.ok) return this.#challenge(message, verdict.code, verdict.chal, verdict.final);
    if (breaksOff(message)) return this.#brokenOff(message, verdict.code, verdict.chal);
    this.#peer = message.header.source.uri;
    const proof = readStatuses(message, {
      wire: this.wire,
      answer: (status) => this.#ledger.answer(status, this.#queue),
      peer: 'client',
      refusedCode: 'dm/server-refused',
    });
    const opening = [headerStatus('', message.header, verdict.code, verdict.chal)];
    if (proof.outcome !== undefined) return this.#break(proof.outcome, opening);
    if (proof.kind === 'retry' && (this.#phase !== 'setup' || !hasCommands(message))) {
      this.#ledger.requeueRefused(this.#queue);
      return this.#step(this.#answer([...opening, ...this.#commands.take(message)], true));
    }
    // A client may ask us to prove ourselves in the same breath as it proves itself and begins package 1 anew.
    return this.#act(message, opening, proof);
  }

  /** After the end only the last message of the client is answered, as it was before. */
  #late(envelope: Envelope): DmStep {
    const send = this.wire.storedAnswer(envelope);
    if (send !== undefined) return { send, progress: [] };
    return { outcome: failed('dm/out-of-turn', 'a message came after the end'), progress: [] };
  }

  #act(message: Message, opening: StatusCommand[], answered: StatusReading): DmStep {
    const commands = message.commands.filter((command) => command.kind !== 'Status');
    const first = [...opening, ...this.#commands.take(message)];
    const { brokenResult } = this.#commands;
    if (brokenResult !== undefined) {
      return this.#break(failed('dm/large-object-incomplete', `the client left ${brokenResult} incomplete`), first);
    }
    if (message.final) return this.#clientClosed(first);
    const says =
      answered.says || commands.some((command) => command.kind !== 'Alert' || command.code !== Alert.NextMessage);
    if (this.#askedForMore && !says) {
      return this.#break(failed('dm/final-missing', 'the client left its package open and sent nothing more'), first);
    }
    if (this.#packageOpen && !this.#queue.empty) return this.#step(this.#answer(first, true));
    // The client refused the rest of our package (a large object): everything is answered, so the work goes on at
    // once. An empty closing message would read as the end of the session.
    if (this.#packageOpen && this.#ledger.unanswered().length === 0) return this.#advance(first);
    this.#askedForMore = true;
    return this.#step(this.#answer(first, false, Alert.NextMessage));
  }

  /** The client has closed its package: what it answered goes to the work, which says what comes next. */
  #clientClosed(first: readonly StatusCommand[]): DmStep {
    this.#askedForMore = false;
    const early = this.#commands.abandonResult();
    if (early !== undefined) {
      return this.#break(failed('dm/large-object-incomplete', `the client left ${early} incomplete`), first);
    }
    if (this.#packageOpen) {
      // The client closed its package while ours is open: it may not (DM Protocol 1.2, 2.1.2).
      return this.#break(failed('dm/out-of-turn', 'the client closed its package before ours was closed'), first);
    }
    if (this.#phase === 'setup') {
      const { greeting, devInfo } = this.#commands;
      if (greeting === undefined) {
        return this.#break(failed('dm/out-of-turn', 'package 1 has neither alert 1200 nor 1201'), first);
      }
      this.#work = this.#options.begin({ device: this.#peer, devInfo, alert: greeting });
      this.#phase = 'management';
      return this.#proceed(this.#work.next(), first);
    }
    const missing = this.#ledger.unanswered();
    if (missing.length > 0) {
      return this.#break(failed('dm/status-missing', `no Status came for ${missing.join(', ')}`), first);
    }
    return this.#advance(first);
  }

  /** Gives the work what was answered and sends what it wants next. */
  #advance(first: readonly StatusCommand[]): DmStep {
    if (this.#work === undefined || this.#phase === 'closing') {
      return this.#end(ENDED_WELL, this.#answer(first, true), 'closing');
    }
    const alerts = this.#commands.drainAlerts();
    return this.#proceed(this.#work.next({ reports: this.#ledger.close(), alerts }), first);
  }

  #proceed(next: ReturnType<Work['next']>, first: readonly StatusCommand[]): DmStep {
    if (next.done === true || next.value.length === 0)
      return this.#end(ENDED_WELL, this.#answer(first, true), 'closing');
    for (const wanted of next.value)
      this.#queue.push(this.#ledger.expect(wanted, (progress) => this.#progress.push(progress)));
    return this.#step(this.#answer(first, true));
  }

  /** Answers with Statuses only, each with the code of the header's (DM Protocol 1.2, 2.4.1). */
  #challenge(message: Message, code: number, chal: StatusCommand['chal'], final: boolean): DmStep {
    this.#commands.devInfo.clear();
    const header = message.commands.find((command) => command.kind === 'Status' && command.cmdRef === '0');
    if (header?.kind === 'Status') this.wire.prover.learn(header.code, header.chal);
    const envelope = this.#statusOnly(message, code, chal);
    if (!final) return this.#step(envelope);
    return this.#end(failed('dm/auth-refused', 'the client did not prove itself', code), envelope);
  }

  /** Alert 1223: it is answered, nothing is executed (DM Protocol 1.2, 2.3.1). */
  #brokenOff(message: Message, code: number, chal: StatusCommand['chal']): DmStep {
    this.#queue.clear();
    const statuses = message.commands
      .filter((command) => command.kind !== 'Status')
      .map((command) => commandStatus(message.header.msgId, command, Status.Ok));
    const answer = this.#seal([headerStatus('', message.header, code, chal), ...statuses], true);
    return this.#end(failed('dm/aborted', 'the client broke the session off'), answer);
  }

  #statusOnly(message: Message, code: number, chal: StatusCommand['chal'], supported?: string): Envelope {
    const statuses = message.commands
      .filter((command) => command.kind !== 'Status')
      .map((command) => commandStatus(message.header.msgId, command, code));
    const header = headerStatus('', message.header, code, chal);
    const items = supported === undefined ? [] : [{ data: supported }];
    return this.#seal([{ ...header, items }, ...statuses], true);
  }

  #answer(first: readonly StatusCommand[], mayClose: boolean, alert?: number): Envelope {
    const ids = commandIds();
    const header = this.wire.header();
    const opening: Command[] = first.map((status) => ({ ...status, cmdId: ids() }));
    if (alert !== undefined) {
      const command: AlertCommand = { kind: 'Alert', cmdId: ids(), code: alert, items: [] };
      opening.push(command);
      this.#ledger.sentAlert(header.msgId, command);
    }
    const filled =
      alert === undefined ? this.#queue.fill(header, opening, this.wire.limit, ids) : { commands: [], chunk: false };
    const final = alert === undefined && this.#queue.empty && !filled.chunk && (mayClose || filled.commands.length > 0);
    if (alert === undefined) this.#packageOpen = !final;
    return this.wire.seal(header, [...opening, ...filled.commands], final);
  }

  #seal(commands: readonly Command[], final: boolean): Envelope {
    const ids = commandIds();
    return this.wire.seal(
      this.wire.header(),
      commands.map((command) => ({ ...command, cmdId: ids() })),
      final,
    );
  }

  /** Ends the session from this side: what was asked is answered, then Alert 1223. */
  #break(outcome: SessionOutcome, first: readonly StatusCommand[]): DmStep {
    this.#queue.clear();
    const abort: AlertCommand = { kind: 'Alert', cmdId: '', code: Alert.SessionAbort, items: [] };
    return this.#end(outcome, this.#seal([...first, abort], true));
  }

  #step(send: Envelope): DmStep {
    return { send, progress: this.#progress };
  }

  #end(outcome: SessionOutcome, send: Envelope, phase: DmServerPhase = 'ended'): DmStep {
    this.#phase = phase;
    return { send, outcome, progress: this.#progress };
  }
}

function hasCommands(message: Message): boolean {
  return message.commands.some((command) => command.kind !== 'Status');
}

function breaksOff(message: Message): boolean {
  return message.commands.some((command) => command.kind === 'Alert' && command.code === Alert.SessionAbort);
}
