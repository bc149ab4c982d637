import type { Digest } from '../../base/digest.ts';
import type { SignatureVerifier } from '../../base/signature.ts';
import type { GenericAlert } from '../../dm/generic-alert.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { ExecCall, NodeSpec } from '../../dm/tree/node.ts';
import { Status } from '../../syncml/status.ts';
import type { FetchSoftware } from '../fetch-package.ts';
import {
  DeployedState,
  isSuccessfulResult,
  OPERATION_COMPLETE,
  OPERATION_NODE,
  ResultCode,
  SCOMO_TYPE,
  type ScomoOperation,
  SOFTWARE_REQUEST,
} from '../names.ts';
import { operationCompleteData } from '../operation-complete.ts';
import { resultRow } from '../result-codes.ts';
import { DELIVERED_TABLE, DEPLOYED_TABLE, DOWNLOAD_TABLE, nextStatus } from '../state-tables.ts';
import type { Component } from './component.ts';
import { DeliveredPackages } from './delivered-packages.ts';
import { DeployedComponents } from './deployed-components.ts';
import { bundleSpec, deliveredSpec, downloadSpec, type OrderHandler } from './node-specs.ts';
import { planInstallation } from './plan-installation.ts';
import type { PendingOperation, ScomoRecord } from './scomo-record.ts';
import { StatusLeaf } from './status-leaf.ts';

export interface ScomoAgentOptions {
  readonly tree: ManagementTree;
  readonly digest: Digest;
  /** Name of the object below the root. */
  readonly root?: string;
  /** Who may do what with it; default: every server everything. */
  readonly acl?: string;
  /** What an earlier run has left, or what is there from the factory. */
  readonly record: ScomoRecord;
  /** DevInfo/Mod, for packages that are for one model. */
  readonly model?: string;
  /** Without it nothing can be downloaded: result code 1411. */
  readonly fetch?: FetchSoftware;
  /** With it only packages that are signed with its key are installed. */
  readonly verify?: SignatureVerifier;
  /** Environment types (`EnvType`) that it has; default: every one. */
  readonly environments?: readonly string[];
  /** Octets of all components together that there is room for; more ends with 1406. */
  readonly room?: number;
  /**
   * Result code that operations end with (a fault of a virtual handset), of a download where it is one of downloads. One
   * of success only takes the place of 1200.
   */
  readonly failWith?: number;
  /** The component of a package, counted from 1, whose installation fails after the others before it (a fault). */
  readonly failAt?: number;
  /** The device goes down after the first component of a package (a fault), and takes it back at its next start. */
  readonly stopsInInstall?: boolean;
  /** Told after each change that must survive a restart. */
  readonly onChange: () => void;
}

const SOFTWARE_ACL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
const WEB_ADDRESS = /^https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/i;
const MAX_URL = 2048;
/** Operations that wait to be done; an Exec beyond is refused. */
const MAX_PENDING = 1000;

interface Done {
  readonly code: number;
  readonly identifier: string;
  /** URI of what came of it. */
  readonly node?: string;
  /** Of the packages of an installation that has failed: which one. */
  readonly toBlame?: number;
}

/**
 * The device side of SCOMO 1.0: keeps the object in the tree, downloads, installs, activates, deactivates and removes.
 * Exec is accepted with 202; the outcome is a generic alert that waits until it is acknowledged. A package is installed
 * whole or not at all: what is under way is taken back when a member fails, and at the next start when the device ends.
 */
export class ScomoAgent {
  readonly #tree: ManagementTree;
  readonly #options: ScomoAgentOptions;
  readonly #root: string;
  readonly #deployed: DeployedComponents;
  readonly #delivered: DeliveredPackages;
  #alerts: readonly GenericAlert[];
  #pending: readonly PendingOperation[];
  #before: readonly Component[] | undefined;
  #running: Promise<void> | undefined;
  /** The device is down, as it was told to. */
  #stopped = false;
  /** Something was accepted that nobody was told of yet. */
  #accepted = false;
  /** The Atomic that the last order came in, and its number. */
  #atomic: object | undefined;
  #group = 0;
  readonly #orders: OrderHandler = {
    order: (operation, call) => this.#order(operation, call),
    takeBack: (call) => this.#forget(call),
  };

  constructor(options: ScomoAgentOptions) {
    this.#options = options;
    this.#tree = options.tree;
    const name = options.root ?? 'SCM';
    this.#root = `./${name}`;
    const { components, alerts, pending, before } = options.record;
    this.#alerts = alerts;
    this.#pending = pending;
    this.#group = Math.max(0, ...pending.map(({ group = 0 }) => group));
    this.#before = before;
    this.#tree.put('.', name, this.#rootSpec());
    this.#delivered = new DeliveredPackages(this.#tree, `${this.#root}/Inventory/Delivered`);
    this.#deployed = new DeployedComponents(this.#tree, `${this.#root}/Inventory/Deployed`, this.#orders);
    for (const component of components) this.#deployed.deploy(component);
  }

  /** Components in the order that they were installed. */
  get components(): readonly Component[] {
    return this.#deployed.all;
  }

  /** Completion alerts that no server has acknowledged yet, oldest first. */
  get alerts(): readonly GenericAlert[] {
    return this.#alerts;
  }

  /** What is to be kept for the next start, with the values of the tree. */
  get record(): ScomoRecord {
    const before = this.#before;
    return {
      components: this.components,
      alerts: this.#alerts,
      pending: this.#pending,
      ...(before === undefined ? {} : { before }),
    };
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

  /** Once nothing is being downloaded any more. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** A start of the device, its tree as it was kept: takes back half an installation and goes on with what was accepted. */
  resume(): void {
    const [head] = this.#pending;
    if (this.#before !== undefined) {
      this.#takeBack(this.#before);
      this.#before = undefined;
      if (head !== undefined) {
        const problem = 'the device went down in the middle of the installation';
        for (const each of this.#together(head)) {
          this.#finish(each, this.#installFailed(each, this.#packagesOf(each.base), ResultCode.InstallFailed, problem));
        }
      }
      this.#accepted = true;
    }
    this.#deployed.show();
    this.#closeDownloads();
    this.settle();
  }

  /** The handset itself, or the person who holds it, changes a component; false when that cannot be now. */
  begin(operation: 'activate' | 'deactivate' | 'remove', componentId: string): boolean {
    const component = this.components.find(({ id }) => id === componentId);
    if (component === undefined) return false;
    const uri = `${this.#deployed.uriOf(component.node)}/Operations/${OPERATION_NODE[operation]}`;
    if (this.#order(operation, { uri, correlator: undefined, argument: undefined, authority: undefined }) >= 300)
      return false;
    this.settle();
    return true;
  }

  /** Asks the server for a package, in the next session. */
  request(pkgId: string): void {
    const inventory = `${this.#root}/Inventory`;
    const alert = { source: inventory, type: SOFTWARE_REQUEST, format: 'chr', mark: 'informational', data: pkgId };
    this.#alerts = [...this.#alerts, { ...alert, id: this.#freeId(`${inventory}#${pkgId}`) }];
    this.#options.onChange();
  }

  /** Does what was accepted, in order; a download goes on after it returns, and what was accepted behind it waits. */
  settle(): void {
    let changed = this.#accepted;
    this.#accepted = false;
    while (this.#running === undefined && !this.#stopped) {
      const [operation] = this.#pending;
      if (operation === undefined) break;
      changed = true;
      if (isDownload(operation.operation)) {
        this.#running = this.#download(operation).finally(() => {
          this.#running = undefined;
          this.settle();
        });
      } else {
        const together = this.#together(operation);
        const done = together.length > 1 ? this.#installTogether(together) : [this.#perform(operation)];
        for (const [index, each] of together.entries()) {
          const end = done[index] ?? 'stopped';
          if (end !== 'stopped') this.#finish(each, end);
        }
      }
    }
    if (changed) this.#options.onChange();
  }

  #order(operation: ScomoOperation, { uri, correlator, authority }: ExecCall): number {
    const base = uri.slice(0, uri.lastIndexOf('/Operations/'));
    if (this.#pending.length >= MAX_PENDING) return Status.DeviceFull;
    if (this.#refuses(operation, base)) return Status.CommandNotAllowed;
    this.#pending = [
      ...this.#pending,
      {
        operation,
        uri,
        base,
        ...(correlator === undefined ? {} : { correlator }),
        ...(authority === undefined ? {} : { server: authority }),
        ...this.#groupNow(),
      },
    ];
    this.#accepted = true;
    return Status.Accepted;
  }

  #groupNow(): Pick<PendingOperation, 'group'> {
    const atomic = this.#tree.undoGroup;
    if (atomic === undefined) return {};
    if (atomic !== this.#atomic) this.#group += 1;
    this.#atomic = atomic;
    return { group: this.#group };
  }

  /** Takes back an order that nothing was done of yet. */
  #forget({ uri, correlator }: ExecCall): boolean {
    const index = this.#pending.findLastIndex((each) => each.uri === uri && each.correlator === correlator);
    if (index < 0 || this.#pending[index]?.group === undefined) return false;
    this.#pending = this.#pending.filter((_each, at) => at !== index);
    return true;
  }

  /** An operation, and the installations that were ordered in the same Atomic. */
  #together(operation: PendingOperation): readonly PendingOperation[] {
    const { group } = operation;
    if (group === undefined || !isInstallation(operation)) return [operation];
    const others = this.#pending.filter((each) => each.group === group);
    return others.every(isInstallation) ? others : [operation];
  }

  /** Preconditions (spec sheet scomo, section 4) that hold or not whatever is done before. */
  #refuses(operation: ScomoOperation, base: string): boolean {
    const waits = this.#pending.some((each) => each.base === base);
    if (isDownload(operation)) {
      const begins = nextStatus(DOWNLOAD_TABLE, this.#status(base).value, 'download-begun') !== undefined;
      const lacks = ['PkgID', 'PkgURL'].some((leaf) => (this.#tree.text(`${base}/${leaf}`) ?? '') === '');
      return waits || !begins || lacks;
    }
    if (waits || (operation !== 'activate' && operation !== 'deactivate')) return false;
    return this.#deployed.at(base)?.state === stateAfter(operation);
  }

  #perform(operation: PendingOperation): Done | 'stopped' {
    switch (operation.operation) {
      case 'install':
      case 'install-inactive': {
        const done = this.#install(operation, this.#packagesOf(operation.base), () => stateOf(operation));
        this.#dropBundle(operation, done);
        return done;
      }
      case 'activate':
      case 'deactivate':
        return this.#switch(operation, operation.operation);
      case 'remove':
        return this.#deployed.has(operation.base) ? this.#removeComponent(operation) : this.#removePackage(operation);
      case 'download':
      case 'download-install':
      case 'download-install-inactive':
        throw new TypeError('a download is not performed at once');
    }
  }

  async #download(operation: PendingOperation): Promise<void> {
    const { base } = operation;
    const status = this.#status(base);
    status.move(DOWNLOAD_TABLE, 'download-begun');
    this.#options.onChange();
    const fetched = await this.#fetch(operation).catch(() => undefined);
    // The handset is about to end: its next start begins the download anew.
    if (fetched === undefined) {
      this.#stopped = true;
      return;
    }
    const identifier = this.#tree.text(`${base}/PkgID`) ?? '';
    // A job that its server has deleted meanwhile is wanted no more.
    const isGone = typeof this.#tree.find(base) === 'number';
    if (isGone && fetched.kind === 'fetched') fetched.release?.();
    if (fetched.kind === 'failed' || isGone) {
      status.move(DOWNLOAD_TABLE, 'download-failed');
      const code = fetched.kind === 'failed' ? fetched.code : ResultCode.UserCancelled;
      this.#finish(operation, { code, identifier });
      return;
    }
    const added = this.#delivered.take(base, fetched);
    if (added === undefined) {
      status.move(DOWNLOAD_TABLE, 'download-failed');
      this.#finish(operation, { code: ResultCode.DownloadOutOfMemory, identifier });
      return;
    }
    status.move(DOWNLOAD_TABLE, 'downloaded');
    if (operation.operation === 'download') {
      this.#tree.drop(base);
      this.#finish(operation, { code: this.#success, identifier, node: added });
      return;
    }
    status.move(DOWNLOAD_TABLE, 'install-begun');
    const done = this.#install(operation, [added], () => stateOf(operation));
    if (done === 'stopped') return;
    if (isSuccessfulResult(done.code)) this.#tree.drop(base);
    this.#finish(operation, done);
  }

  async #fetch({ operation, base }: PendingOperation): ReturnType<FetchSoftware> {
    const { failWith, fetch } = this.#options;
    const url = this.#tree.text(`${base}/PkgURL`) ?? '';
    const failing = failWith !== undefined && !isSuccessfulResult(failWith);
    if (failing && (operation === 'download' || resultRow(failWith)?.class === 'download')) {
      return { kind: 'failed', code: failWith };
    }
    if (fetch === undefined) return { kind: 'failed', code: ResultCode.NotImplemented };
    if (url.length > MAX_URL || !WEB_ADDRESS.test(url)) return { kind: 'failed', code: ResultCode.DownloadFailed };
    const fetched = await fetch(url);
    if (fetched.kind === 'fetched' && fetched.content.length === 0) {
      return { kind: 'failed', code: ResultCode.DownloadFailed };
    }
    if (fetched.kind === 'failed' && isSuccessfulResult(fetched.code)) {
      return { kind: 'failed', code: ResultCode.Undefined };
    }
    return fetched;
  }

  /** What came of each of several installations that stand or fall together. */
  #installTogether(operations: readonly PendingOperation[]): readonly (Done | 'stopped')[] {
    const sets = operations.map(({ base }) => this.#packagesOf(base));
    const packages = [...new Set(sets.flat())];
    const orderOf = (pkgId: string): PendingOperation | undefined =>
      operations[sets.findIndex((set) => set.some((base) => this.#identifier([base]) === pkgId))];
    const [first] = operations;
    if (first === undefined) return [];
    const done = this.#install(first, packages, (pkgId) => stateOf(orderOf(pkgId) ?? first));
    if (done === 'stopped') return operations.map(() => done);
    return operations.map((operation, index) => {
      const set = sets[index] ?? [];
      const [node] = set;
      const identifier = this.#identifier(set);
      if (isSuccessfulResult(done.code)) {
        const own = { code: done.code, identifier, ...(node === undefined ? {} : { node }) };
        this.#dropBundle(operation, own);
        return own;
      }
      const isToBlame = set.includes(packages[done.toBlame ?? 0] ?? '');
      return { code: isToBlame ? done.code : ResultCode.RolledBack, identifier };
    });
  }

  /** A bundle has done its work. */
  #dropBundle({ base }: PendingOperation, done: Done | 'stopped'): void {
    if (done === 'stopped' || !isSuccessfulResult(done.code)) return;
    if (base.startsWith(`${this.#root}/Ext/Bundles/`)) this.#tree.drop(base);
  }

  /** Installs packages together: all of their components, or none. */
  #install(
    operation: PendingOperation,
    packages: readonly string[],
    state: (pkgId: string) => number,
  ): Done | 'stopped' {
    const contents = packages.map((base) => this.#delivered.contentOf(base));
    for (const base of packages) this.#status(base).move(DELIVERED_TABLE, 'install-begun');
    const missing = contents.indexOf(undefined);
    if (missing >= 0 || contents.length === 0) {
      return this.#installFailed(operation, packages, ResultCode.InstallFailed, 'there is nothing to install', missing);
    }
    const { failWith, failAt, stopsInInstall } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      return this.#installFailed(operation, packages, failWith, 'it was told to fail');
    }
    const whole = contents.filter((content) => content !== undefined);
    const plan = planInstallation(whole, this.components, this.#options);
    const toBlame = (pkgId: string | undefined): number => whole.findIndex((content) => content.pkgId === pkgId);
    if (plan.kind === 'refused') {
      return this.#installFailed(operation, packages, plan.code, plan.problem, toBlame(plan.pkgId));
    }
    const before = this.components;
    this.#before = before;
    this.#options.onChange();
    const installed: Component[] = [];
    for (const [index, component] of plan.components.entries()) {
      if (failAt === index + 1) {
        this.#takeBack(before);
        this.#before = undefined;
        const problem = `${component.id} was told to fail`;
        return this.#installFailed(operation, packages, ResultCode.InstallFailed, problem, toBlame(component.pkgIdRef));
      }
      installed.push(this.#deployed.install(component, state(component.pkgIdRef)));
      if (plan.components.length > 1) this.#options.onChange();
      if (stopsInInstall === true) {
        this.#stopped = true;
        return 'stopped';
      }
    }
    this.#before = undefined;
    for (const base of packages) this.#delivered.installed(base);
    const [only] = installed;
    const node = installed.length === 1 && only !== undefined ? this.#deployed.uriOf(only.node) : packages[0];
    return { code: this.#success, identifier: this.#identifier(packages), ...(node === undefined ? {} : { node }) };
  }

  /** Each package says in its Status that it is not installed, the one that is to blame with the reason. */
  #installFailed(
    operation: PendingOperation,
    packages: readonly string[],
    code: number,
    problem: string,
    toBlame = 0,
  ): Done {
    for (const [index, base] of packages.entries()) {
      this.#delivered.failed(base, index === Math.max(0, toBlame) ? problem : '');
    }
    const { base } = operation;
    if (isDownload(operation.operation)) {
      const status = this.#status(base);
      status.move(DOWNLOAD_TABLE, 'install-failed');
      if (packages.every((each) => this.#delivered.contentOf(each) === undefined)) {
        status.move(DOWNLOAD_TABLE, 'data-gone');
      }
    }
    return { code, identifier: this.#identifier(packages), toBlame: Math.max(0, toBlame) };
  }

  /** Makes the components again what they were, in the order in which they were. */
  #takeBack(before: readonly Component[]): void {
    this.#deployed.become(before);
  }

  #switch({ base }: PendingOperation, operation: 'activate' | 'deactivate'): Done {
    const component = this.#deployed.at(base);
    const failed = operation === 'activate' ? ResultCode.ActivateFailed : ResultCode.DeactivateFailed;
    if (component === undefined) return { code: failed, identifier: lastSegment(base) };
    const status = this.#status(base);
    status.move(DEPLOYED_TABLE, `${operation}-begun`);
    const { failWith } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      status.move(DEPLOYED_TABLE, `${operation}-failed`);
      return { code: failWith, identifier: component.id };
    }
    this.#deployed.setState(component, stateAfter(operation));
    status.move(DEPLOYED_TABLE, operation === 'activate' ? 'activated' : 'deactivated');
    return { code: this.#success, identifier: component.id, node: base };
  }

  #removePackage({ base }: PendingOperation): Done {
    const identifier = this.#identifier([base]) || lastSegment(base);
    if (typeof this.#tree.find(base) === 'number') return { code: ResultCode.RemoveFailed, identifier };
    const status = this.#status(base);
    status.move(DELIVERED_TABLE, 'remove-begun');
    const { failWith } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      status.move(DELIVERED_TABLE, 'remove-failed');
      return { code: failWith, identifier };
    }
    this.#delivered.remove(base);
    return { code: this.#success, identifier, node: base };
  }

  #removeComponent({ base }: PendingOperation): Done {
    const component = this.#deployed.at(base);
    if (component === undefined) return { code: ResultCode.RemoveFailed, identifier: lastSegment(base) };
    const status = this.#status(base);
    status.move(DEPLOYED_TABLE, 'remove-begun');
    const { failWith } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      status.move(DEPLOYED_TABLE, 'remove-failed');
      return { code: failWith, identifier: component.id };
    }
    this.#deployed.remove(component);
    return { code: this.#success, identifier: component.id, node: base };
  }

  #finish(operation: PendingOperation, { code, identifier, node }: Done): void {
    this.#pending = this.#pending.filter((each) => each !== operation);
    const { uri, correlator, server } = operation;
    const alert: GenericAlert = {
      id: this.#freeId(`${uri}#${correlator ?? ''}`),
      ...(server === undefined ? {} : { server }),
      source: uri,
      ...(node === undefined ? {} : { target: node }),
      type: OPERATION_COMPLETE,
      format: 'xml',
      mark: isSuccessfulResult(code) ? 'informational' : 'warning',
      ...(correlator === undefined ? {} : { correlator }),
      data: operationCompleteData(code, identifier),
    };
    this.#alerts = [...this.#alerts, alert];
    this.#delivered.releaseGone();
  }

  #freeId(name: string): string {
    let id = name;
    for (let count = 2; this.#alerts.some((alert) => alert.id === id); count += 1) id = `${name}#${count}`;
    return id;
  }

  get #success(): number {
    const { failWith } = this.#options;
    return failWith !== undefined && isSuccessfulResult(failWith) ? failWith : ResultCode.Successful;
  }

  #status(base: string): StatusLeaf {
    return new StatusLeaf(this.#tree, `${base}/Status`);
  }

  #identifier(packages: readonly string[]): string {
    return this.#tree.text(`${packages[0] ?? ''}/PkgID`) ?? '';
  }

  /** Packages that an installation is of: one, or those that a bundle refers to. */
  #packagesOf(base: string): readonly string[] {
    const refs = this.#tree.text(`${base}/PkgRefs`);
    if (refs === undefined) return [base];
    return refs.split(/\s+/).flatMap((ref) => (ref === '' ? [] : [this.#delivered.find(ref)]));
  }

  /** Jobs that a device that went down has left in the middle, and that nothing is known of. */
  #closeDownloads(): void {
    const node = this.#tree.find(`${this.#root}/Download`);
    if (typeof node === 'number') return;
    for (const { name } of node.children.values()) {
      const base = `${this.#root}/Download/${name}`;
      if (this.#pending.some((each) => each.base === base)) continue;
      const status = this.#status(base);
      status.move(DOWNLOAD_TABLE, 'download-failed');
      status.move(DOWNLOAD_TABLE, 'install-failed');
    }
  }

  #rootSpec(): NodeSpec {
    const orders = this.#orders;
    const permanent = { format: 'node', permanent: true } as const;
    return {
      ...permanent,
      type: SCOMO_TYPE,
      // The root's factory ACL lets nobody replace, delete or execute: software is every server's business.
      acl: this.#options.acl ?? SOFTWARE_ACL,
      children: {
        Download: { ...permanent, access: ['Get', 'Add', 'Replace'], allowed: () => downloadSpec(orders) },
        Inventory: {
          ...permanent,
          children: {
            Delivered: { ...permanent, access: ['Get', 'Add'], allowed: () => deliveredSpec(orders) },
            Deployed: permanent,
          },
        },
        Ext: {
          ...permanent,
          children: { Bundles: { ...permanent, access: ['Get', 'Add'], allowed: () => bundleSpec(orders) } },
        },
      },
    };
  }
}

function isDownload(operation: ScomoOperation): boolean {
  return operation === 'download' || operation === 'download-install' || operation === 'download-install-inactive';
}

function isInstallation({ operation }: PendingOperation): boolean {
  return operation === 'install' || operation === 'install-inactive';
}

/** State of what an installation brings. */
function stateOf({ operation }: PendingOperation): number {
  const isInactive = operation === 'install-inactive' || operation === 'download-install-inactive';
  return isInactive ? DeployedState.Inactive : DeployedState.Active;
}

function stateAfter(operation: 'activate' | 'deactivate'): number {
  return operation === 'activate' ? DeployedState.Active : DeployedState.Inactive;
}

function lastSegment(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
