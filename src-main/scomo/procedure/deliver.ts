import type { Procedure } from '../../dm/server/work.ts';
import type { AlertCommand, Encoding } from '../../syncml/model.ts';
import { isSuccess, Status } from '../../syncml/status.ts';
import { nodeName } from '../agent/component.ts';
import { addBinary, addNode, addText, ask, execNode } from './commands.ts';

/** A package as it is delivered by DM (large object). */
export interface DeliveredPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** MIME type; octet-stream when nothing better is known. */
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** What an operation came to, as far as this session knows. */
export type OperationOutcome =
  /** Accepted (202): the completion alert is due, in this session or a later one. */
  | { readonly kind: 'accepted'; readonly alerts: readonly AlertCommand[] }
  /** Done at once, without an alert. */
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly code: number; readonly step: string };

const refused = (step: string, code: number): OperationOutcome => ({ kind: 'refused', step, code });

/** Adds the package below `Inventory/Delivered` and orders its installation (spec sheet scomo, section 10). */
export function* deliverAndInstall(
  root: string,
  pkg: DeliveredPackage,
  options: { readonly encoding: Encoding; readonly correlator: string },
): Procedure<OperationOutcome> {
  const delivered = `${root}/Inventory/Delivered`;
  let base = `${delivered}/${nodeName(pkg.name)}`;
  let added = yield* ask(addNode(base));
  if (added.code === Status.AlreadyExists) {
    // Something of that name lies there from before: it is not ours to take away.
    base = `${base}-${nodeName(options.correlator)}`;
    added = yield* ask(addNode(base));
  }
  if (!isSuccess(added.code)) return refused('Delivered', added.code);

  const leaves = yield [
    addText(`${base}/PkgID`, pkg.id),
    addText(`${base}/Name`, pkg.name),
    addText(`${base}/InstallParams`, `version=${pkg.version}`),
    addBinary(`${base}/Data`, pkg.bytes, pkg.type, options.encoding),
  ];
  const [pkgId, , , data] = leaves.reports;
  // Name and InstallParams are optional nodes; without PkgID or Data there is nothing to install.
  if (!isSuccess(pkgId?.code ?? 0)) return refused('PkgID', pkgId?.code ?? 0);
  if (!isSuccess(data?.code ?? 0)) return refused('Data', data?.code ?? 0);
  return yield* execute(`${base}/Operations/Install`, options.correlator);
}

/** Orders the removal of a component. */
export function* removeComponent(uri: string, correlator: string): Procedure<OperationOutcome> {
  return yield* execute(`${uri}/Operations/Remove`, correlator);
}

function* execute(uri: string, correlator: string): Procedure<OperationOutcome> {
  const answer = yield* ask(execNode(uri, correlator));
  if (answer.code === Status.Accepted) return { kind: 'accepted', alerts: answer.report.alerts };
  return isSuccess(answer.code) ? { kind: 'done' } : refused('Exec', answer.code);
}
