import { piecesOf } from '../../base/byte-source.ts';
import { hexOf } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import type { GenericAlert } from '../../dm/generic-alert.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { ExecCall, NodeSpec } from '../../dm/tree/node.ts';
import { Status } from '../../syncml/status.ts';
import {
  DeliveredState,
  DeliveredStatus,
  DeployedState,
  DeployedStatus,
  isSuccessfulResult,
  OPERATION_COMPLETE,
  ResultCode,
  SCOMO_TYPE,
} from '../names.ts';
import { operationCompleteData } from '../operation-complete.ts';
import { type Component, nodeName } from './component.ts';
import { deliveredSpec, deployedSpec } from './node-specs.ts';

export interface ScomoAgentOptions {
  readonly tree: ManagementTree;
  readonly digest: Digest;
  /** Name of the object below the root. */
  readonly root?: string;
  /** Who may do what with it; default: every server everything. */
  readonly acl?: string;
  readonly components: readonly Component[];
  readonly alerts: readonly GenericAlert[];
  /** Result code that operations end with instead of doing their work (a fault of a virtual handset). */
  readonly failWith?: number;
  /** Told after each change that must survive a restart. */
  readonly onChange: () => void;
}

const SOFTWARE_ACL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

interface Accepted {
  readonly call: ExecCall;
  readonly run: () => { readonly code: number; readonly identifier: string; readonly node?: string };
}

/**
 * The device side of SCOMO 1.0: keeps `Inventory` in the tree, takes packages that are delivered by large object,
 * installs and removes. Exec is accepted with 202; the outcome is a generic alert that waits until it is acknowledged.
 */
export class ScomoAgent {
  readonly #tree: ManagementTree;
  readonly #options: ScomoAgentOptions;
  readonly #root: string;
  readonly #components = new Map<string, Component>();
  #alerts: readonly GenericAlert[];
  #accepted: Accepted[] = [];

  constructor(options: ScomoAgentOptions) {
    this.#options = options;
    this.#tree = options.tree;
    const name = options.root ?? 'SCM';
    this.#root = `./${name}`;
    this.#alerts = options.alerts;
    this.#tree.put('.', name, this.#rootSpec());
    for (const component of options.components) this.#deploy(component);
  }

  /** Components in the order that they were installed. */
  get components(): readonly Component[] {
    return [...this.#components.values()];
  }

  /** Completion alerts that no server has acknowledged yet, oldest first. */
  get alerts(): readonly GenericAlert[] {
    return this.#alerts;
  }

  acknowledged(alert: GenericAlert): void {
    this.#alerts = this.#alerts.filter((waiting) => waiting.id !== alert.id);
    this.#options.onChange();
  }

  /** A server is gone, and with it who would hear of what it began. */
  forgetServer(serverId: string): void {
    const left = this.#alerts.filter(({ server }) => server !== serverId);
    if (left.length === this.#alerts.length) return;
    this.#alerts = left;
    this.#options.onChange();
  }

  /** Does what was accepted, in order. */
  settle(): void {
    const accepted = this.#accepted;
    this.#accepted = [];
    for (const operation of accepted) this.#finish(operation);
    if (accepted.length > 0) this.#options.onChange();
  }

  #finish(operation: Accepted): void {
    const { failWith } = this.#options;
    const done = failWith === undefined ? operation.run() : this.#fail(operation.call.uri, failWith);
    const alert: GenericAlert = {
      id: this.#alertId(operation.call),
      ...(operation.call.authority === undefined ? {} : { server: operation.call.authority }),
      source: operation.call.uri,
      ...('node' in done && done.node !== undefined ? { target: done.node } : {}),
      type: OPERATION_COMPLETE,
      format: 'xml',
      mark: isSuccessfulResult(done.code) ? 'informational' : 'warning',
      ...(operation.call.correlator === undefined ? {} : { correlator: operation.call.correlator }),
      data: operationCompleteData(done.code, done.identifier),
    };
    this.#alerts = [...this.#alerts, alert];
  }

  #alertId(call: ExecCall): string {
    const name = `${call.uri}#${call.correlator ?? ''}`;
    let id = name;
    for (let count = 2; this.#alerts.some((alert) => alert.id === id); count += 1) id = `${name}#${count}`;
    return id;
  }

  /** Ends an operation without doing it: the package or component stays and says so in its Status. */
  #fail(uri: string, code: number): ReturnType<Accepted['run']> {
    const at = uri.lastIndexOf('/Operations/');
    const base = uri.slice(0, at);
    const status = uri.endsWith('/Remove') ? DeliveredStatus.RemoveFailed : DeliveredStatus.InstallFailedWithData;
    if (typeof this.#tree.find(`${base}/Status`) !== 'number' && !isSuccessfulResult(code)) {
      this.#tree.set(`${base}/Status`, String(status));
    }
    return { code, identifier: this.#tree.text(`${base}/PkgID`) ?? this.#tree.text(`${base}/ID`) ?? '' };
  }

  #rootSpec(): NodeSpec {
    return {
      format: 'node',
      type: SCOMO_TYPE,
      // The root's factory ACL lets nobody replace, delete or execute: software is every server's business.
      acl: this.#options.acl ?? SOFTWARE_ACL,
      permanent: true,
      children: {
        Inventory: {
          format: 'node',
          permanent: true,
          children: {
            Delivered: {
              format: 'node',
              permanent: true,
              access: ['Get', 'Add'],
              allowed: (name) =>
                deliveredSpec({
                  install: (call) => this.#accept(call, () => this.#install(name, DeployedState.Active)),
                  installInactive: (call) => this.#accept(call, () => this.#install(name, DeployedState.Inactive)),
                  remove: (call) => this.#accept(call, () => this.#removePackage(name)),
                }),
            },
            Deployed: { format: 'node', permanent: true },
          },
        },
      },
    };
  }

  #accept(call: ExecCall, run: Accepted['run']): number {
    this.#accepted.push({ call, run });
    return Status.Accepted;
  }

  #install(name: string, state: number): ReturnType<Accepted['run']> {
    const base = `${this.#root}/Inventory/Delivered/${name}`;
    const pkgId = this.#tree.text(`${base}/PkgID`) ?? '';
    const data = this.#tree.find(`${base}/Data`);
    if (typeof data === 'number' || data.value === undefined || data.value.length === 0 || pkgId === '') {
      if (typeof this.#tree.find(base) !== 'number') {
        this.#tree.set(`${base}/Status`, String(DeliveredStatus.InstallFailedWithoutData));
      }
      return { code: ResultCode.InstallFailed, identifier: pkgId };
    }
    const component: Component = {
      node: this.#nodeFor(pkgId, this.#tree.text(`${base}/Name`) ?? pkgId),
      id: pkgId,
      name: this.#tree.text(`${base}/Name`) ?? pkgId,
      version: versionIn(this.#tree.text(`${base}/InstallParams`)) ?? '1.0',
      pkgIdRef: pkgId,
      state,
      sha256: hexOf(this.#options.digest.sha256Of(piecesOf(data.value))),
    };
    this.#deploy(component);
    this.#tree.set(`${base}/State`, String(DeliveredState.Installed));
    this.#tree.set(`${base}/Status`, String(DeliveredStatus.Idle));
    // The package has become the component; its octets are not kept twice.
    this.#tree.drop(`${base}/Data`);
    return {
      code: ResultCode.Successful,
      identifier: pkgId,
      node: `${this.#root}/Inventory/Deployed/${component.node}`,
    };
  }

  #removePackage(name: string): ReturnType<Accepted['run']> {
    const base = `${this.#root}/Inventory/Delivered/${name}`;
    const identifier = this.#tree.text(`${base}/PkgID`) ?? name;
    if (typeof this.#tree.find(base) === 'number') return { code: ResultCode.RemoveFailed, identifier };
    this.#tree.drop(base);
    return { code: ResultCode.Successful, identifier, node: base };
  }

  #removeComponent(node: string): ReturnType<Accepted['run']> {
    const component = this.#components.get(node);
    if (component === undefined) return { code: ResultCode.RemoveFailed, identifier: node };
    const uri = `${this.#root}/Inventory/Deployed/${node}`;
    this.#tree.drop(uri);
    this.#components.delete(node);
    return { code: ResultCode.Successful, identifier: component.id, node: uri };
  }

  /** A newer package of a known component takes its node; a new one gets a node of its own. */
  #nodeFor(id: string, name: string): string {
    const known = this.components.find((component) => component.id === id);
    if (known !== undefined) return known.node;
    const wanted = nodeName(name);
    let node = wanted;
    for (let count = 2; this.#components.has(node); count += 1) node = `${wanted}-${count}`;
    return node;
  }

  #deploy(component: Component): void {
    this.#components.set(component.node, component);
    this.#tree.put(
      `${this.#root}/Inventory/Deployed`,
      component.node,
      deployedSpec(component, DeployedStatus.Idle, (call) =>
        this.#accept(call, () => this.#removeComponent(component.node)),
      ),
    );
  }
}

/** `version=…` in InstallParams, whose content is the installer's own business (SCOMO 1.0). */
function versionIn(params: string | undefined): string | undefined {
  return /(?:^|[;&\s])version=([^;&\s]{1,40})/.exec(params ?? '')?.[1];
}
