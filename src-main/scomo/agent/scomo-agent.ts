import type { GenericAlert } from '../../dm/generic-alert.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { ExecCall, NodeSpec } from '../../dm/tree/node.ts';
import { Status } from '../../syncml/status.ts';
import type { FetchSoftware } from '../fetch-package.ts';
import {
  isSuccessfulResult,
  OPERATION_COMPLETE,
  OPERATION_NODE,
  type OwnOperation,
  ResultCode,
  SCOMO_TYPE,
  type ScomoOperation,
  SOFTWARE_REQUEST,
} from '../names.ts';
import { operationCompleteData } from '../operation-complete.ts';
import { resultRow } from '../result-codes.ts';
import { DOWNLOAD_TABLE, nextStatus } from '../state-tables.ts';
import type { Component } from './component.ts';
import { DeliveredPackages } from './delivered-packages.ts';
import { DeployedComponents } from './deployed-components.ts';
import { Installer, type InstallerOptions } from './installer.ts';
import { bundleSpec, deliveredSpec, downloadSpec, type OrderHandler } from './node-specs.ts';
import { type OperationEnd, successOf } from './operation-end.ts';
import { isDownload, isInstallation, stateOf } from './operation-kind.ts';
import type { PendingOperation, ScomoRecord } from './scomo-record.ts';
import { SoftwareChanges, stateAfter } from './software-changes.ts';
import { StatusLeaf } from './status-leaf.ts';

export interface ScomoAgentOptions extends InstallerOptions {
  /** Name of the object below the root. */
  readonly root?: string;
  /** Who may do what with it; default: every server everything. */
  readonly acl?: string;
  /** What an earlier run has left, or what is there from the factory. */
  readonly record: ScomoRecord;
  /** With it no operation is begun: each ends with this result code, and nothing is changed (a fault). */
  readonly refuseWith?: number | undefined;
  /** Without it nothing can be downloaded: result code 1411. */
  readonly fetch?: FetchSoftware;
}

const SOFTWARE_ACL = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';
const WEB_ADDRESS = /^https?:\/\/[^\s/?#@]+(?:[/?#]\S*)?$/i;
const MAX_URL = 2048;
/** Operations that wait to be done; an Exec beyond is refused. */
const MAX_PENDING = 1000;

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
  readonly #installer: Installer;
  readonly #changes: SoftwareChanges;
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
    this.#tree.put('.', name, this.#rootSpec());
    this.#delivered = new DeliveredPackages(this.#tree, `${this.#root}/Inventory/Delivered`);
    this.#deployed = new DeployedComponents(this.#tree, `${this.#root}/Inventory/Deployed`, this.#orders);
    const inventory = { deployed: this.#deployed, delivered: this.#delivered };
    this.#installer = new Installer(options, this.#root, inventory, before);
    this.#changes = new SoftwareChanges(options, inventory);
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
    const { before } = this.#installer;
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
    this.#stopped = false;
    const [head] = this.#pending;
    if (this.#installer.takeBack()) {
      if (head !== undefined) {
        const problem = 'the device went down in the middle of the installation';
        for (const each of this.#together(head)) {
          const packages = each.brought === undefined ? this.#installer.packagesOf(each.base) : [each.brought];
          this.#finish(each, this.#installer.failed(each, packages, ResultCode.InstallFailed, problem));
        }
      }
      this.#accepted = true;
    }
    this.#deployed.show();
    this.#closeDownloads();
    this.settle();
  }

  /**
   * The handset itself, or the person who holds it, changes a component, installs a package that is there, or does a
   * download job that a server has left; false when that cannot be now.
   * @param id of the component, or PkgID
   */
  begin(operation: OwnOperation, id: string): boolean {
    const base = this.#baseOf(operation, id);
    if (base === undefined) return false;
    const uri = `${base}/Operations/${OPERATION_NODE[operation]}`;
    if (this.#order(operation, { uri, correlator: undefined, argument: undefined, authority: undefined }) >= 300)
      return false;
    this.settle();
    return true;
  }

  #baseOf(operation: OwnOperation, id: string): string | undefined {
    switch (operation) {
      case 'download-install':
        return this.#jobs().find((base) => this.#tree.text(`${base}/PkgID`) === id);
      case 'install': {
        const base = this.#delivered.find(id);
        return typeof this.#tree.find(base) === 'number' ? undefined : base;
      }
      case 'activate':
      case 'deactivate':
      case 'remove': {
        const component = this.components.find((each) => each.id === id);
        return component === undefined ? undefined : this.#deployed.uriOf(component.node);
      }
    }
  }

  /** URIs of the download jobs. */
  #jobs(): readonly string[] {
    const uri = `${this.#root}/Download`;
    const node = this.#tree.find(uri);
    return typeof node === 'number' ? [] : [...node.children.values()].map(({ name }) => `${uri}/${name}`);
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
    this.#delivered.renew();
    while (this.#running === undefined && !this.#stopped) {
      const [operation] = this.#pending;
      if (operation === undefined) break;
      changed = true;
      const { refuseWith } = this.#options;
      if (refuseWith !== undefined) {
        for (const each of this.#together(operation)) this.#finish(each, this.#notBegun(each, refuseWith));
      } else if (isDownload(operation)) {
        this.#running = this.#download(operation).finally(() => {
          this.#running = undefined;
          this.settle();
        });
      } else {
        const together = this.#together(operation);
        const done = together.length > 1 ? this.#installer.installTogether(together) : [this.#perform(operation)];
        for (const [index, each] of together.entries()) {
          const end = done[index] ?? 'stopped';
          if (end === 'stopped') this.#stopped = true;
          else this.#finish(each, end);
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
    if (isDownload({ operation })) {
      const begins = nextStatus(DOWNLOAD_TABLE, this.#status(base).value, 'download-begun') !== undefined;
      const lacks = ['PkgID', 'PkgURL'].some((leaf) => (this.#tree.text(`${base}/${leaf}`) ?? '') === '');
      return waits || !begins || lacks;
    }
    if (waits || (operation !== 'activate' && operation !== 'deactivate')) return false;
    return this.#deployed.at(base)?.state === stateAfter(operation);
  }

  #perform(operation: PendingOperation): OperationEnd | 'stopped' {
    switch (operation.operation) {
      case 'install':
      case 'install-inactive': {
        const done = this.#installer.install(operation, this.#installer.packagesOf(operation.base), () =>
          stateOf(operation),
        );
        this.#installer.dropBundle(operation, done);
        return done;
      }
      case 'activate':
      case 'deactivate':
        return this.#changes.switchState(operation, operation.operation);
      case 'remove':
        return this.#deployed.has(operation.base)
          ? this.#changes.removeComponent(operation)
          : this.#changes.removePackage(operation);
      case 'download':
      case 'download-install':
      case 'download-install-inactive':
        throw new TypeError('a download is not performed at once');
    }
  }

  #notBegun({ base }: PendingOperation, code: number): OperationEnd {
    const component = this.#deployed.at(base)?.id;
    return { code, identifier: component ?? this.#installer.identifier(this.#installer.packagesOf(base)) };
  }

  async #download(operation: PendingOperation): Promise<void> {
    const { base } = operation;
    const job = this.#tree.find(base);
    const ordered = this.#tree.text(`${base}/PkgID`) ?? '';
    // A job that its server has deleted is wanted no more.
    const cancelled = { code: ResultCode.UserCancelled, identifier: ordered };
    if (typeof job === 'number') {
      this.#finish(operation, cancelled);
      return;
    }
    const status = this.#status(base);
    status.move(DOWNLOAD_TABLE, 'download-begun');
    this.#options.onChange();
    const fetched = await this.#fetch(operation).catch(() => undefined);
    // The handset is about to end: its next start begins the download anew.
    if (fetched === undefined) {
      this.#stopped = true;
      return;
    }
    // What is there by its name now may be another job.
    if (this.#tree.find(base) !== job) {
      if (fetched.kind === 'fetched') fetched.release?.();
      this.#finish(operation, cancelled);
      return;
    }
    const identifier = this.#tree.text(`${base}/PkgID`) ?? '';
    if (fetched.kind === 'failed') {
      status.move(DOWNLOAD_TABLE, 'download-failed');
      this.#finish(operation, { code: fetched.code, identifier });
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
      this.#finish(operation, { code: successOf(this.#options.failWith), identifier, node: added });
      return;
    }
    status.move(DOWNLOAD_TABLE, 'install-begun');
    const installing = { ...operation, brought: added };
    this.#pending = this.#pending.map((each) => (each === operation ? installing : each));
    const done = this.#installer.install(installing, [added], () => stateOf(operation));
    if (done === 'stopped') {
      this.#stopped = true;
      return;
    }
    if (isSuccessfulResult(done.code)) this.#tree.drop(base);
    if (done.code === ResultCode.ValidationFailed) {
      // What was fetched and did not pass the check is not kept; the server may let it be fetched anew.
      this.#delivered.discard(added);
      status.move(DOWNLOAD_TABLE, 'data-gone');
    }
    this.#finish(installing, done);
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

  #finish(operation: PendingOperation, { code, identifier, node }: OperationEnd): void {
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

  #status(base: string): StatusLeaf {
    return new StatusLeaf(this.#tree, `${base}/Status`);
  }

  /** Jobs that a device that went down has left in the middle, and that nothing is known of. */
  #closeDownloads(): void {
    for (const base of this.#jobs()) {
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
