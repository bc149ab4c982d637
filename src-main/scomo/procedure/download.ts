import type { Procedure } from '../../dm/server/work.ts';
import { itemText } from '../../syncml/item-data.ts';
import { isSuccess, Status } from '../../syncml/status.ts';
import { nodeName } from '../agent/component.ts';
import { DownloadStatus } from '../names.ts';
import { addNode, addText, ask, deleteNode, getCommand } from './commands.ts';
import type { ExecuteOptions, OperationOutcome } from './execute.ts';
import { operate } from './operate.ts';

/** A package that the handset fetches by itself. */
export interface DownloadOrder extends ExecuteOptions {
  readonly operation: 'download' | 'download-install' | 'download-install-inactive';
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Of the package, or of its download descriptor. */
  readonly url: string;
  /** The next question is only how far the handset has come; it may wait a little. */
  readonly onWatch?: () => void;
  /** Whether the completion alert has come. */
  readonly isComplete?: () => boolean;
}

/** How often the status is read while the handset downloads. */
const MAX_LOOKS = 15;

/** Makes a job below `Download` and orders it (spec sheet scomo, section 10). */
export function* orderDownload(root: string, order: DownloadOrder): Procedure<OperationOutcome> {
  const name = nodeName(order.name);
  let base = `${root}/Download/${name}`;
  let added = yield* ask(addNode(base));
  if (added.code === Status.AlreadyExists) {
    base = `${base}-${nodeName(order.correlator)}`;
    added = yield* ask(addNode(base));
    // That name is ours: what lies there is of an earlier try that was broken off.
    if (added.code === Status.AlreadyExists && isSuccess((yield* ask(deleteNode(base))).code)) {
      added = yield* ask(addNode(base));
    }
  }
  if (!isSuccess(added.code)) return { kind: 'refused', step: 'Download', code: added.code };
  const outcome = yield* fillAndOrder(base, order);
  if (outcome.kind === 'accepted') yield* watch(base, order);
  // A job that was not taken, or that has failed, is nobody's any more; one that goes on is left alone.
  if (outcome.kind !== 'accepted' || order.isComplete?.() === true) yield* ask(deleteNode(base));
  return outcome;
}

function* fillAndOrder(base: string, order: DownloadOrder): Procedure<OperationOutcome> {
  const leaves = yield [
    addText(`${base}/PkgID`, order.id),
    addText(`${base}/PkgURL`, order.url),
    addText(`${base}/Name`, order.name),
    addText(`${base}/InstallParams`, `version=${order.version}`),
  ];
  const [pkgId, url] = leaves.reports;
  // Name and InstallParams are optional nodes; without PkgID or PkgURL there is nothing to download.
  if (!isSuccess(pkgId?.code ?? 0)) return { kind: 'refused', step: 'PkgID', code: pkgId?.code ?? 0 };
  if (!isSuccess(url?.code ?? 0)) return { kind: 'refused', step: 'PkgURL', code: url?.code ?? 0 };
  return yield* operate(base, order.operation, order);
}

/** Reads the status until the alert is there, or nothing more can be said of it in this session. */
function* watch(base: string, { onWatch, isComplete }: DownloadOrder): Procedure<void> {
  for (let looks = 0; looks < MAX_LOOKS && isComplete?.() !== true; looks += 1) {
    const { code, items } = yield* ask(getCommand(`${base}/Status`));
    const status = Number(items[0] === undefined ? Number.NaN : (itemText(items[0], undefined) ?? Number.NaN));
    if (!isSuccess(code) || !WORKING.includes(status)) return;
    onWatch?.();
  }
}

const WORKING: readonly number[] = [
  DownloadStatus.Idle,
  DownloadStatus.DownloadProgressing,
  DownloadStatus.DownloadComplete,
  DownloadStatus.InstallProgressing,
];
