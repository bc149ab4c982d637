import { isPcAgentError } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { AlertCommand, Command, Item, Message, ResultsCommand, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { itemUri, LargeObjectAssembler } from '../large-object/assembler.ts';
import { commandStatus } from '../session-wire.ts';
import type { DmProgress } from '../step.ts';
import type { PackageLedger } from './package-ledger.ts';

export interface ClientCommandsOptions {
  readonly ledger: PackageLedger;
  readonly maxObjSize: number;
  /** Package 1 is not complete: only then may a client greet and tell of itself. */
  readonly inSetup: () => boolean;
  /** A generic alert (1226) or client event (1224) came; gives the code of its Status. */
  readonly onAlert: (alert: AlertCommand) => number;
  /** The client does not want the rest of the large object that is under way (1225). */
  readonly onNoEndOfData: () => void;
  readonly onProgress: (progress: DmProgress) => void;
}

/** Takes what a client may send (DM Protocol 1.2, 2.3): alerts, DevInfo, results. Each but good Results has a Status. */
export class ClientCommands {
  readonly #options: ClientCommandsOptions;
  readonly #assembler: LargeObjectAssembler;
  /** Leaf nodes of `./DevInfo`, by URI. */
  readonly devInfo = new Map<string, string>();
  #greeting: number | undefined;
  #alerts: AlertCommand[] = [];
  #brokenResult: string | undefined;

  constructor(options: ClientCommandsOptions) {
    this.#options = options;
    this.#assembler = new LargeObjectAssembler({ maxObjSize: options.maxObjSize });
  }

  /** Alert 1200 or 1201 of package 1. */
  get greeting(): number | undefined {
    return this.#greeting;
  }

  /** URI of a large result that another one has cut short. */
  get brokenResult(): string | undefined {
    return this.#brokenResult;
  }

  /** URI of a large result that is not complete; it is forgotten. */
  abandonResult(): string | undefined {
    return this.#assembler.abandon();
  }

  /** Generic alerts since the last call. */
  drainAlerts(): readonly AlertCommand[] {
    const alerts = this.#alerts;
    this.#alerts = [];
    return alerts;
  }

  /** Takes every command of a message; gives their Statuses. */
  take(message: Message): StatusCommand[] {
    return message.commands.flatMap((command) => this.#take(command, message.header.msgId));
  }

  #take(command: Command, msgRef: number): StatusCommand[] {
    switch (command.kind) {
      case 'Status':
        return [];
      case 'Alert':
        return [commandStatus(msgRef, command, this.#takeAlert(command))];
      case 'Replace':
        return [commandStatus(msgRef, command, this.#takeDevInfo(command.items))];
      case 'Results':
        return this.#takeResults(command, msgRef);
      case 'Unknown':
        return [commandStatus(msgRef, command, Status.BadRequest)];
      default:
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
        this.#options.onNoEndOfData();
        return Status.Ok;
      case Alert.Generic:
      case Alert.ClientEvent:
        this.#alerts.push(alert);
        return this.#options.onAlert(alert);
      default:
        return Status.OptionalFeatureNotSupported;
    }
  }

  #takeDevInfo(items: readonly Item[]): number {
    if (!this.#options.inSetup()) return Status.CommandNotAllowed;
    for (const item of items) {
      const uri = item.source?.uri;
      // Interior nodes come too, from some clients, and without a value.
      if (uri === undefined || item.meta?.format === 'node') continue;
      try {
        const text = itemText(item, undefined);
        if (text !== undefined) this.devInfo.set(uri, text);
      } catch (error) {
        if (isPcAgentError(error, 'syncml')) return Status.BadRequest;
        throw error;
      }
    }
    return Status.Ok;
  }

  #takeResults(results: ResultsCommand, msgRef: number): StatusCommand[] {
    const { ledger, onProgress } = this.#options;
    if (!ledger.isKnown(results.msgRef, results.cmdRef)) return [commandStatus(msgRef, results, Status.BadRequest)];
    for (const item of results.items) {
      if (this.#assembler.breaksOff('Results', item)) {
        this.#brokenResult = this.#assembler.abandon();
        return [commandStatus(msgRef, results, Status.BadRequest)];
      }
      const outcome = this.#assembler.take('Results', item, results.meta);
      if (outcome.kind === 'refused') return [commandStatus(msgRef, results, outcome.code)];
      if (outcome.kind === 'more') {
        onProgress({ uri: itemUri(item), done: outcome.received, total: outcome.total });
        return [commandStatus(msgRef, results, Status.ChunkAccepted)];
      }
      const meta = { ...results.meta, ...outcome.item.meta };
      ledger.addResult(results.msgRef, results.cmdRef, { ...outcome.item, meta });
    }
    // A Status of 200 for Results is not sent (DM Representation 1.2, 4.1.5.1).
    return [];
  }
}
