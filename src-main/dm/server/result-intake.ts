import { Alert } from '../../syncml/alert.ts';
import type { AlertCommand, Item, ResultsCommand, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { itemUri, LargeObjectAssembler } from '../large-object/assembler.ts';
import type { ObjectStore } from '../large-object/object-store.ts';
import { commandStatus } from '../session-wire.ts';
import type { DmProgress } from '../step.ts';
import type { Intake } from './intake.ts';
import type { PackageLedger, ResultPlace } from './package-ledger.ts';

export interface ResultIntakeOptions {
  readonly ledger: PackageLedger;
  readonly intake: Intake;
  readonly maxObjSize: number;
  readonly store: ObjectStore | undefined;
  readonly onProgress: (progress: DmProgress) => void;
}

/** Takes Results of a client: many in a message, one over many messages, and values in chunks (DM Protocol 1.2, 2.2). */
export class ResultIntake {
  readonly #options: ResultIntakeOptions;
  readonly #assembler: LargeObjectAssembler;
  /** The place of the large result that is under way. */
  #pending: string | undefined;
  #broken: string[] = [];

  constructor(options: ResultIntakeOptions) {
    this.#options = options;
    this.#assembler = new LargeObjectAssembler({ maxObjSize: options.maxObjSize, store: options.store });
  }

  /** A large result is under way. */
  get receiving(): boolean {
    return this.#assembler.pendingUri !== undefined;
  }

  /** Something else came before the large result that is under way had ended: nothing of it counts. */
  cutShort(): void {
    const uri = this.#assembler.abandon();
    if (uri === undefined) return;
    this.#broken.push(uri);
    this.#fail(this.#pending, Status.SizeMismatch);
  }

  /** Forgets everything; what was to be kept elsewhere leaves nothing behind. */
  clear(): void {
    this.#assembler.abandon();
    this.#broken = [];
  }

  /** Alert 1225 for each large result that was cut short since the last call, naming it. */
  drainBroken(): readonly AlertCommand[] {
    const broken = this.#broken;
    this.#broken = [];
    return broken.map((uri) => ({
      kind: 'Alert',
      cmdId: '',
      code: Alert.NoEndOfData,
      items: [{ source: { uri } }],
    }));
  }

  take(results: ResultsCommand, msgRef: number): StatusCommand[] {
    const place = this.#options.ledger.placeOf(results);
    if (place === undefined) {
      this.cutShort();
      return [commandStatus(msgRef, results, Status.BadRequest)];
    }
    if (results.items.length === 0) return [commandStatus(msgRef, results, Status.IncompleteCommand)];
    for (const item of results.items) {
      const code = this.#takeItem(results, item, place);
      if (code !== undefined) return [commandStatus(msgRef, results, code)];
    }
    // A Status of 200 for Results is not sent (DM Representation 1.2, 4.1.5.1).
    return [];
  }

  /** Code of a Status that is due. */
  #takeItem(results: ResultsCommand, bare: Item, place: ResultPlace): number | undefined {
    const { ledger, intake, onProgress } = this.#options;
    const item = named(bare, results, place);
    if (!intake.item(item)) return this.#fail(place.key, Status.RequestEntityTooLarge);
    const command = `Results ${place.key}`;
    if (this.#assembler.breaksOff(command, item)) this.cutShort();
    const outcome = this.#assembler.take(command, item, results.meta);
    if (outcome.kind === 'refused') return this.#fail(place.key, outcome.code);
    if (outcome.kind === 'more') {
      this.#pending = place.key;
      onProgress({ uri: itemUri(item), done: outcome.received, total: outcome.total });
      return Status.ChunkAccepted;
    }
    const meta = { ...results.meta, ...outcome.item.meta };
    const whole = { ...outcome.item, meta };
    ledger.addResult(place, outcome.stored === undefined ? whole : { ...whole, stored: outcome.stored });
    return undefined;
  }

  #fail(key: string | undefined, code: number): number {
    if (key !== undefined) this.#options.ledger.failResult(key, code);
    return code;
  }
}

/** Results that leave out which node they are about speak of the Get's (DM Representation 1.2, 4.1.6.12). */
function named(item: Item, results: ResultsCommand, { asked }: ResultPlace): Item {
  if (itemUri(item) !== '') return item;
  const uri = results.sourceRef ?? results.targetRef ?? asked.nextUri;
  return uri === undefined ? item : { ...item, source: { uri } };
}
