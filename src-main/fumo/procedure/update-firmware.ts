import type { ByteSource } from '../../base/byte-source.ts';
import type { PackageReport, Procedure, WantedCommand } from '../../dm/server/work.ts';
import { ask, getCommand } from '../../scomo/procedure/commands.ts';
import {
  askFirst,
  type ExecuteOptions,
  executeOperation,
  type OperationOutcome,
} from '../../scomo/procedure/execute.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { AlertCommand } from '../../syncml/model.ts';
import { isSuccess } from '../../syncml/status.ts';
import { type FirmwareComplete, readFirmwareComplete } from '../firmware-alert.ts';
import { type FirmwareOperation, FirmwareState, OPERATION_NODE } from '../names.ts';
import { isSuccessfulUpdate } from '../result-codes.ts';
import type { FirmwareObject } from './find-object.ts';

/**
 * How the package gets onto the handset: as a large object in `Update/PkgData`, by a download of its own, by a download
 * that the update follows at once, or not at all since it is there.
 */
export type FirmwareDelivery = 'object' | 'download' | 'download-and-update' | 'present';

export interface FirmwareOrder extends ExecuteOptions {
  /** In the order in which they are tried. */
  readonly deliveries: readonly FirmwareDelivery[];
  /** Without it the package is only delivered and waits (State 50). */
  readonly update: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly content?: ByteSource;
  /** Of the package, or of its download descriptor. */
  readonly url?: string;
  /** The handset has accepted an operation whose report is due. */
  readonly onAccepted?: (operation: FirmwareOperation) => void;
  /** The next question is only how far the handset has come; it may wait a little. */
  readonly onWatch?: (state: number) => void;
}

export type FirmwareOutcome =
  /** The package is on the handset, which waits for Exec on Update. */
  | { readonly kind: 'delivered' }
  /** The operation's report came in this session. */
  | { readonly kind: 'completed'; readonly complete: FirmwareComplete }
  /** The report is due in a later session. */
  | { readonly kind: 'accepted'; readonly operation: FirmwareOperation }
  /** The object has no nodes for any of the ways, or there is nothing to deliver by them. */
  | { readonly kind: 'no-way' }
  | Exclude<OperationOutcome, { readonly kind: 'accepted' }>;

/** How often the state is read while something progresses, and of an update, which takes most devices off the line. */
const MAX_LOOKS = 15;
const MAX_LOOKS_IN_UPDATE = 3;

/**
 * Updates the firmware by one object (spec sheet fumo, sections 3 and 6). Where consent is required it is asked for before
 * the package goes out, as for software.
 */
export function* updateFirmware(object: FirmwareObject, order: FirmwareOrder): Procedure<FirmwareOutcome> {
  const { consent, ...agreed } = order;
  const isWay = order.deliveries.some((delivery) => isPossible(delivery, object, order));
  if (consent?.policy !== 'required' || !order.update || !isWay) return yield* updateBy(object, order);
  const refusal = yield* askFirst(consent);
  if (refusal !== undefined) return refusal;
  const outcome = yield* updateBy(object, agreed);
  return outcome.kind === 'done' ? { ...outcome, consent: 'given' } : outcome;
}

function* updateBy(object: FirmwareObject, order: FirmwareOrder): Procedure<FirmwareOutcome> {
  let outcome: FirmwareOutcome = { kind: 'no-way' };
  for (const delivery of order.deliveries) {
    if (!isPossible(delivery, object, order)) continue;
    outcome = yield* deliver(delivery, object, order);
    // What is refused on the way may go another way; what was begun is not begun again.
    if (outcome.kind !== 'refused' || !outcome.step.startsWith('Replace')) return outcome;
  }
  return outcome;
}

/** State of an object; `undefined` when it does not say. */
export function* readFirmwareState(uri: string): Procedure<number | undefined> {
  const { code, items } = yield* ask(getCommand(`${uri}/State`));
  return stateIn(code, items[0] === undefined ? undefined : itemText(items[0], undefined));
}

function isPossible(delivery: FirmwareDelivery, { nodes }: FirmwareObject, { content, url }: FirmwareOrder): boolean {
  switch (delivery) {
    case 'object':
      // Nobody may get PkgData, so a handset need not show that it has it.
      return content !== undefined && nodes.has('Update');
    case 'download':
      return url !== undefined && nodes.has('Download/PkgURL');
    case 'download-and-update':
      return url !== undefined && nodes.has('DownloadAndUpdate/PkgURL');
    case 'present':
      return nodes.has('Update');
  }
}

function* deliver(
  delivery: FirmwareDelivery,
  object: FirmwareObject,
  order: FirmwareOrder,
): Procedure<FirmwareOutcome> {
  const { uri } = object;
  switch (delivery) {
    case 'present':
      return yield* execute(uri, 'update', order);
    case 'object': {
      const code = yield* put(object, order, binary(`${uri}/Update/PkgData`, order.content));
      if (!isSuccess(code)) return { kind: 'refused', step: 'Replace of Update/PkgData', code };
      return order.update ? yield* execute(uri, 'update', order) : { kind: 'delivered' };
    }
    case 'download': {
      const code = yield* put(object, order, text(`${uri}/Download/PkgURL`, order.url ?? ''));
      if (!isSuccess(code)) return { kind: 'refused', step: 'Replace of Download/PkgURL', code };
      const outcome = yield* execute(uri, 'download', order);
      const done = outcome.kind === 'done' || isGood(outcome);
      if (!done || !order.update) return outcome;
      // One person is asked once for both.
      const { consent: _asked, ...rest } = order;
      return yield* execute(uri, 'update', rest);
    }
    case 'download-and-update': {
      const code = yield* put(object, order, text(`${uri}/DownloadAndUpdate/PkgURL`, order.url ?? ''));
      if (!isSuccess(code)) return { kind: 'refused', step: 'Replace of DownloadAndUpdate/PkgURL', code };
      return yield* execute(uri, 'downloadandupdate', order);
    }
  }
}

/** Name and version go beside the package where the object has nodes for them; whether they are taken does not matter. */
function* put({ uri, nodes }: FirmwareObject, order: FirmwareOrder, main: WantedCommand): Procedure<number> {
  const { name, version } = order;
  const report = yield [
    ...(name !== undefined && nodes.has('PkgName') ? [text(`${uri}/PkgName`, name)] : []),
    ...(version !== undefined && nodes.has('PkgVersion') ? [text(`${uri}/PkgVersion`, version)] : []),
    main,
  ];
  return report.reports.at(-1)?.code ?? 0;
}

function* execute(uri: string, operation: FirmwareOperation, order: FirmwareOrder): Procedure<FirmwareOutcome> {
  const outcome = yield* executeOperation(`${uri}/${OPERATION_NODE[operation]}`, order);
  if (outcome.kind !== 'accepted') return outcome;
  order.onAccepted?.(operation);
  const complete = completionIn(outcome.alerts, operation, order.correlator) ?? (yield* watch(uri, operation, order));
  return complete === undefined ? { kind: 'accepted', operation } : { kind: 'completed', complete };
}

/** Reads the state until the report comes, or nothing more can be said of it in this session. */
function* watch(
  uri: string,
  operation: FirmwareOperation,
  order: FirmwareOrder,
): Procedure<FirmwareComplete | undefined> {
  let updating = 0;
  for (let looks = 0; looks < MAX_LOOKS; looks += 1) {
    const report: PackageReport = yield [getCommand(`${uri}/State`)];
    const complete = completionIn(report.alerts, operation, order.correlator);
    if (complete !== undefined) return complete;
    const [own] = report.reports;
    const item = own?.results[0];
    const state = stateIn(own?.code ?? 0, item === undefined ? undefined : itemText(item, undefined));
    if (state === undefined) return undefined;
    order.onWatch?.(state);
    if (state === FirmwareState.UpdateProgressing) updating += 1;
    if (updating >= MAX_LOOKS_IN_UPDATE) return undefined;
  }
  return undefined;
}

function completionIn(
  alerts: readonly AlertCommand[],
  operation: FirmwareOperation,
  correlator: string,
): FirmwareComplete | undefined {
  return alerts
    .flatMap(readFirmwareComplete)
    .find((complete) => complete.operation === operation && complete.correlator === correlator);
}

function isGood(outcome: FirmwareOutcome): boolean {
  return outcome.kind === 'completed' && isSuccessfulUpdate(outcome.complete.resultCode);
}

function stateIn(code: number, value: string | undefined): number | undefined {
  const state = Number(value?.trim() || Number.NaN);
  return isSuccess(code) && Number.isInteger(state) ? state : undefined;
}

function text(uri: string, value: string): WantedCommand {
  return { kind: 'Replace', items: [{ target: { uri }, meta: { format: 'chr', type: 'text/plain' }, data: value }] };
}

function binary(uri: string, value: ByteSource | undefined): WantedCommand {
  const items = [{ target: { uri }, meta: { format: 'bin', type: 'application/octet-stream' } }];
  return { kind: 'Replace', items, ...(value === undefined ? {} : { large: value }) };
}
