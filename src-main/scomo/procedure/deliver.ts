import type { ByteSource } from '../../base/byte-source.ts';
import type { Procedure } from '../../dm/server/work.ts';
import { isSuccess, Status } from '../../syncml/status.ts';
import { nodeName } from '../agent/component.ts';
import { addBinary, addNode, addText, ask, deleteNode } from './commands.ts';
import { askFirst, type ExecuteOptions, type OperationOutcome } from './execute.ts';
import { operate } from './operate.ts';

export type { OperationOutcome } from './execute.ts';

/** A package as it is delivered by DM (large object). */
export interface DeliveredPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** MIME type; octet-stream when nothing better is known. */
  readonly type: string;
  readonly content: ByteSource;
}

const refused = (step: string, code: number): OperationOutcome => ({ kind: 'refused', step, code });

export interface DeliveryOptions extends ExecuteOptions {
  /** What follows; `none`: the package stays where it is. Default: it is installed and activated. */
  readonly then?: 'install' | 'install-inactive' | 'none';
}

/**
 * Adds the package below `Inventory/Delivered` and orders its installation (spec sheet scomo, section 10). Where consent
 * is required it is asked for before the package goes out: nobody waits for what they do not want.
 */
export function* deliverAndInstall(
  root: string,
  pkg: DeliveredPackage,
  options: DeliveryOptions,
): Procedure<OperationOutcome> {
  const { consent, ...agreed } = options;
  if (consent?.policy !== 'required' || options.then === 'none') return yield* deliver(root, pkg, options);
  const refusal = yield* askFirst(consent);
  if (refusal !== undefined) return refusal;
  const outcome = yield* deliver(root, pkg, agreed);
  return outcome.kind === 'accepted' || outcome.kind === 'done' ? { ...outcome, consent: 'given' } : outcome;
}

function* deliver(root: string, pkg: DeliveredPackage, options: DeliveryOptions): Procedure<OperationOutcome> {
  const delivered = `${root}/Inventory/Delivered`;
  let base = `${delivered}/${nodeName(pkg.name)}`;
  let added = yield* ask(addNode(base));
  if (added.code === Status.AlreadyExists) {
    // Something of that name lies there from before: it is not ours to take away.
    base = `${base}-${nodeName(options.correlator)}`;
    added = yield* ask(addNode(base));
    // But that name is ours: what lies there is of an earlier try that was broken off.
    if (added.code === Status.AlreadyExists && isSuccess((yield* ask(deleteNode(base))).code)) {
      added = yield* ask(addNode(base));
    }
  }
  if (!isSuccess(added.code)) return refused('Delivered', added.code);
  const outcome = yield* fillAndInstall(base, pkg, options);
  // What was not installed is not left behind; should the handset keep it all the same, nothing depends on that.
  if (outcome.kind !== 'accepted' && outcome.kind !== 'done') yield* ask(deleteNode(base));
  return outcome;
}

function* fillAndInstall(base: string, pkg: DeliveredPackage, options: DeliveryOptions): Procedure<OperationOutcome> {
  const leaves = yield [
    addText(`${base}/PkgID`, pkg.id),
    addText(`${base}/Name`, pkg.name),
    addText(`${base}/InstallParams`, `version=${pkg.version}`),
    addBinary(`${base}/Data`, pkg.content, pkg.type),
  ];
  const [pkgId, , , data] = leaves.reports;
  // Name and InstallParams are optional nodes; without PkgID or Data there is nothing to install.
  if (!isSuccess(pkgId?.code ?? 0)) return refused('PkgID', pkgId?.code ?? 0);
  if (!isSuccess(data?.code ?? 0)) return refused('Data', data?.code ?? 0);
  const { then = 'install' } = options;
  if (then === 'none') return { kind: 'done', consent: 'not-asked' };
  return yield* operate(base, then, options);
}

/** Orders the removal of a component. */
export function* removeComponent(uri: string, options: ExecuteOptions): Procedure<OperationOutcome> {
  return yield* operate(uri, 'remove', options);
}
