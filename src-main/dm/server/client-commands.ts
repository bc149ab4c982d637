import { isPcAgentError } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { AlertCommand, Command, Item, ItemsCommand, Message, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { refNumber } from '../reference.ts';
import { commandStatus } from '../session-wire.ts';
import type { Intake } from './intake.ts';
import type { ResultIntake } from './result-intake.ts';

export interface ClientCommandsOptions {
  readonly intake: Intake;
  readonly results: ResultIntake;
  /** Package 1 is not complete: only then may a client greet and tell of itself. */
  readonly inSetup: () => boolean;
  /** A generic alert (1226) or client event (1224) came; gives the code of its Status. */
  readonly onAlert: (alert: AlertCommand) => number;
  /** The client does not have the large object that is under way (1225). */
  readonly onNoEndOfData: () => void;
}

/** What a device may tell of itself in package 1 (DM Protocol 1.2, 2.3.2). */
const DEV_INFO = /^(?:\.\/)?DevInfo(?:\/|$)/;

interface RefusedSetup {
  /** `Source/LocURI` of the message. */
  readonly source: string;
  readonly greeting: number | undefined;
  readonly devInfo: ReadonlyMap<string, string>;
}

function isGreeting({ code }: AlertCommand): boolean {
  return code === Alert.ServerInitiatedMgmt || code === Alert.ClientInitiatedMgmt;
}

/** Takes what a client may send (DM Protocol 1.2, 2.3): alerts, DevInfo, results. Each but good Results has a Status. */
export class ClientCommands {
  readonly #options: ClientCommandsOptions;
  /** Leaf nodes of `./DevInfo`, by URI. */
  readonly devInfo = new Map<string, string>();
  #greeting: number | undefined;
  /** What package 1 said before its sender had proved itself. */
  #refused: RefusedSetup | undefined;
  #alerts: AlertCommand[] = [];

  constructor(options: ClientCommandsOptions) {
    this.#options = options;
  }

  /** Alert 1200 or 1201 of package 1. */
  get greeting(): number | undefined {
    return this.#greeting;
  }

  /** Grows with everything that brings the session further. */
  get taken(): number {
    return this.#options.intake.taken + (this.#greeting === undefined ? 0 : 1);
  }

  /** Generic alerts since the last call. */
  drainAlerts(): readonly AlertCommand[] {
    const alerts = this.#alerts;
    this.#alerts = [];
    return alerts;
  }

  /**
   * The client has to prove itself and begin package 1 anew; nothing of the message was executed. Some clients prove
   * themselves and do not say it again, though. So what it said is noted, for `recall`.
   */
  startOver({ header, commands }: Message): void {
    this.devInfo.clear();
    if (!this.#options.inSetup()) return;
    const uri = header.source.uri;
    const before = this.#refused?.source === uri ? this.#refused : undefined;
    const devInfo = new Map(before?.devInfo);
    let greeting = before?.greeting;
    for (const command of commands) {
      if (command.kind === 'Alert' && isGreeting(command)) greeting = command.code;
      if (command.kind !== 'Replace') continue;
      for (const item of command.items) if (item.moreData !== true) this.#takeLeaf(command, item, devInfo);
    }
    this.#refused = { source: uri, greeting, devInfo };
  }

  /** There is something for `recall`. */
  recalls(source: string): boolean {
    return this.#refused?.source === source && this.#refused.greeting !== undefined && this.#greeting === undefined;
  }

  /**
   * Package 1 is over: what it lacks is taken from the message that was refused, when the client that has proved itself
   * now is the one that sent it. A greeting says no more than who called. DevInfo is as good as any of a session whose
   * proof does not cover the message, which `covered` (MAC) says it does: there nothing unproved is believed.
   */
  recall(source: string, covered: boolean): void {
    const refused = this.#refused?.source === source ? this.#refused : undefined;
    this.#refused = undefined;
    this.#greeting ??= refused?.greeting;
    if (refused === undefined || covered || this.devInfo.size > 0) return;
    for (const [uri, value] of refused.devInfo) this.devInfo.set(uri, value);
  }

  /** Takes every command of a message; gives their Statuses. */
  take(message: Message): StatusCommand[] {
    return message.commands.flatMap((command) => this.#take(command, message.header.msgId));
  }

  #take(command: Command, msgRef: number): StatusCommand[] {
    if (command.kind === 'Status') return [];
    // Every command has an id from 1; without it no Status could name it (spec sheet syncml-representation, section 3).
    if ((refNumber(command.cmdId) ?? 0) === 0) return [commandStatus(msgRef, command, Status.BadRequest)];
    // Nothing but statuses and alerts may stand between two chunks (DM Protocol 1.2, 2.2).
    if (command.kind !== 'Alert' && command.kind !== 'Results') this.#options.results.cutShort();
    switch (command.kind) {
      case 'Alert':
        return [commandStatus(msgRef, command, this.#takeAlert(command))];
      case 'Replace':
        return this.#takeDevInfo(command, msgRef);
      case 'Results':
        return this.#options.results.take(command, msgRef);
      case 'Unknown':
        return [commandStatus(msgRef, command, Status.BadRequest)];
      case 'Add':
      case 'Atomic':
      case 'Copy':
      case 'Delete':
      case 'Exec':
      case 'Get':
      case 'Sequence':
        return [commandStatus(msgRef, command, Status.CommandNotAllowed)];
    }
  }

  #takeAlert(alert: AlertCommand): number {
    switch (alert.code) {
      case Alert.ServerInitiatedMgmt:
      case Alert.ClientInitiatedMgmt:
        if (!this.#options.inSetup()) return Status.CommandNotAllowed;
        this.#greeting = alert.code;
        return Status.Ok;
      case Alert.NextMessage:
        return Status.Ok;
      case Alert.NoEndOfData:
      // Only one that names our object gets here: clients of DM 1.1.2 mean 1225 by it.
      case Alert.SessionAbort:
        this.#options.onNoEndOfData();
        return Status.Ok;
      case Alert.Generic:
      case Alert.ClientEvent:
        return this.#takeEvent(alert);
      case 0:
        return Status.IncompleteCommand;
      default:
        return Number.isNaN(alert.code) ? Status.BadRequest : Status.OptionalFeatureNotSupported;
    }
  }

  /** Each event is an Item of its own with a type (DM Protocol 1.2, 2.3.7; DM Representation 1.2, 4.2). */
  #takeEvent(alert: AlertCommand): number {
    if (!this.#options.intake.alert(alert.items)) return Status.RequestEntityTooLarge;
    if (alert.items.length === 0 || alert.items.some((item) => (item.meta?.type ?? '') === '')) {
      return Status.IncompleteCommand;
    }
    this.#alerts.push(alert);
    return this.#options.onAlert(alert);
  }

  #takeDevInfo(command: ItemsCommand, msgRef: number): StatusCommand[] {
    if (!this.#options.inSetup()) return [commandStatus(msgRef, command, Status.CommandNotAllowed)];
    if (command.items.length === 0) return [commandStatus(msgRef, command, Status.IncompleteCommand)];
    const codes = command.items.map((item) => this.#takeLeaf(command, item, this.devInfo));
    const [first = Status.Ok] = codes;
    if (codes.every((code) => code === first)) return [commandStatus(msgRef, command, first)];
    return command.items.map((item, index) => ({
      ...commandStatus(msgRef, command, codes[index] ?? Status.Ok),
      sourceRefs: item.source === undefined ? [] : [item.source.uri],
    }));
  }

  #takeLeaf(command: ItemsCommand, item: Item, devInfo: Map<string, string>): number {
    if (!this.#options.intake.item(item)) return Status.RequestEntityTooLarge;
    const uri = item.source?.uri;
    // An item that names no node says nothing of the device.
    if (uri === undefined) return Status.Ok;
    if (!DEV_INFO.test(uri)) return Status.CommandNotAllowed;
    // Interior nodes come too, from some clients, and without a value.
    if ((item.meta?.format ?? command.meta?.format) === 'node') return Status.Ok;
    try {
      const text = itemText(item, command.meta);
      if (text !== undefined) devInfo.set(uri, text);
      return Status.Ok;
    } catch (error) {
      if (isPcAgentError(error, 'syncml')) return Status.BadRequest;
      throw error;
    }
  }
}
