import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import { isSuccessfulResult, ResultCode } from '../names.ts';
import { DELIVERED_TABLE, DOWNLOAD_TABLE } from '../state-tables.ts';
import type { Component } from './component.ts';
import type { DeliveredPackages } from './delivered-packages.ts';
import type { DeployedComponents } from './deployed-components.ts';
import { type OperationEnd, successOf } from './operation-end.ts';
import { isDownload, stateOf } from './operation-kind.ts';
import { type InstallationRules, planInstallation } from './plan-installation.ts';
import type { PendingOperation } from './scomo-record.ts';
import { StatusLeaf } from './status-leaf.ts';

/** What may change while the device runs is read when it counts. */
export interface InstallerOptions extends InstallationRules {
  readonly tree: ManagementTree;
  /**
   * Result code that operations end with (a fault of a virtual handset), of a download where it is one of downloads. One
   * of success only takes the place of 1200.
   */
  readonly failWith?: number | undefined;
  /** The component of a package, counted from 1, whose installation fails after the others before it (a fault). */
  readonly failAt?: number | undefined;
  /** The device goes down after the first component of a package (a fault), and takes it back at its next start. */
  readonly stopsInInstall?: boolean;
  /** Told after each change that must survive a restart. */
  readonly onChange: () => void;
}

/** Installs packages whole or not at all. */
export class Installer {
  readonly #tree: ManagementTree;
  readonly #options: InstallerOptions;
  readonly #bundles: string;
  readonly #deployed: DeployedComponents;
  readonly #delivered: DeliveredPackages;
  #before: readonly Component[] | undefined;

  /** @param root URI of the SCOMO object; @param before of an installation that an earlier run was in the middle of */
  constructor(
    options: InstallerOptions,
    root: string,
    inventory: { readonly deployed: DeployedComponents; readonly delivered: DeliveredPackages },
    before: readonly Component[] | undefined,
  ) {
    this.#options = options;
    this.#tree = options.tree;
    this.#bundles = `${root}/Ext/Bundles/`;
    this.#deployed = inventory.deployed;
    this.#delivered = inventory.delivered;
    this.#before = before;
  }

  /** While a package is being installed: what was installed before it. */
  get before(): readonly Component[] | undefined {
    return this.#before;
  }

  /** Takes back an installation that an earlier run was in the middle of; false when there was none. */
  takeBack(): boolean {
    if (this.#before === undefined) return false;
    this.#deployed.become(this.#before);
    this.#before = undefined;
    return true;
  }

  /** What came of each of several installations that stand or fall together. */
  installTogether(operations: readonly PendingOperation[]): readonly (OperationEnd | 'stopped')[] {
    const sets = operations.map(({ base }) => this.packagesOf(base));
    const packages = [...new Set(sets.flat())];
    const orderOf = (pkgId: string): PendingOperation | undefined =>
      operations[sets.findIndex((set) => set.some((base) => this.identifier([base]) === pkgId))];
    const [first] = operations;
    if (first === undefined) return [];
    const done = this.install(first, packages, (pkgId) => stateOf(orderOf(pkgId) ?? first));
    if (done === 'stopped') return operations.map(() => done);
    return operations.map((operation, index) => {
      const set = sets[index] ?? [];
      const node = this.#resultOf(set, done.installed ?? []);
      const identifier = this.identifier(set);
      if (isSuccessfulResult(done.code)) {
        const own = { code: done.code, identifier, ...(node === undefined ? {} : { node }) };
        this.dropBundle(operation, own);
        return own;
      }
      const isToBlame = set.includes(packages[done.toBlame ?? 0] ?? '');
      return { code: isToBlame ? done.code : ResultCode.RolledBack, identifier };
    });
  }

  /** Installs packages together: all of their components, or none. `stopped`: the device is down in the middle of it. */
  install(
    operation: PendingOperation,
    packages: readonly string[],
    state: (pkgId: string) => number,
  ): OperationEnd | 'stopped' {
    const contents = packages.map((base) => this.#delivered.contentOf(base));
    for (const base of packages) {
      // What is installed stays so, whatever becomes of the order.
      if (!this.#delivered.isInstalled(base)) this.#status(base).move(DELIVERED_TABLE, 'install-begun');
    }
    const missing = contents.indexOf(undefined);
    if (missing >= 0 || contents.length === 0) {
      const lacksId = this.#delivered.hasData(packages[missing] ?? '');
      const problem = lacksId ? 'it has no PkgID' : 'there is nothing to install';
      return this.failed(operation, packages, ResultCode.InstallFailed, problem, missing);
    }
    const { failWith, failAt, stopsInInstall } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      return this.failed(operation, packages, failWith, 'it was told to fail');
    }
    const whole = contents.filter((content) => content !== undefined);
    const plan = planInstallation(whole, this.#deployed.all, this.#options);
    const toBlame = (pkgId: string | undefined): number => whole.findIndex((content) => content.pkgId === pkgId);
    if (plan.kind === 'refused') {
      return this.failed(operation, packages, plan.code, plan.problem, toBlame(plan.pkgId));
    }
    const before = this.#deployed.all;
    this.#before = before;
    this.#options.onChange();
    const installed: Component[] = [];
    for (const [index, component] of plan.components.entries()) {
      if (failAt === index + 1) {
        this.#deployed.become(before);
        this.#before = undefined;
        const problem = `${component.id} was told to fail`;
        return this.failed(operation, packages, ResultCode.InstallFailed, problem, toBlame(component.pkgIdRef));
      }
      installed.push(this.#deployed.install(component, state(component.pkgIdRef)));
      if (plan.components.length > 1) this.#options.onChange();
      if (stopsInInstall === true) return 'stopped';
    }
    this.#before = undefined;
    for (const base of packages) this.#delivered.installed(base);
    const node = this.#resultOf(packages, installed);
    return {
      code: successOf(failWith),
      identifier: this.identifier(packages),
      ...(node === undefined ? {} : { node }),
      installed,
    };
  }

  /** URI of what came of packages: of the only component, else of the first package. */
  #resultOf(packages: readonly string[], installed: readonly Component[]): string | undefined {
    const ids = packages.map((base) => this.identifier([base]));
    const [only, ...others] = installed.filter(({ pkgIdRef }) => ids.includes(pkgIdRef));
    return only === undefined || others.length > 0 ? packages[0] : this.#deployed.uriOf(only.node);
  }

  /** Each package says in its Status that it is not installed, the one that is to blame with the reason. */
  failed(
    operation: PendingOperation,
    packages: readonly string[],
    code: number,
    problem: string,
    toBlame = 0,
  ): OperationEnd {
    for (const [index, base] of packages.entries()) {
      this.#delivered.failed(base, index === Math.max(0, toBlame) ? problem : '');
    }
    const { base } = operation;
    if (isDownload(operation)) {
      const status = this.#status(base);
      status.move(DOWNLOAD_TABLE, 'install-failed');
      if (packages.every((each) => this.#delivered.contentOf(each) === undefined)) {
        status.move(DOWNLOAD_TABLE, 'data-gone');
      }
    }
    return { code, identifier: this.identifier(packages), toBlame: Math.max(0, toBlame) };
  }

  /** A bundle has done its work. */
  dropBundle({ base }: PendingOperation, done: OperationEnd | 'stopped'): void {
    if (done === 'stopped' || !isSuccessfulResult(done.code)) return;
    if (base.startsWith(this.#bundles)) this.#tree.drop(base);
  }

  /** Packages that an installation is of: one, or those that a bundle refers to. */
  packagesOf(base: string): readonly string[] {
    const refs = this.#tree.text(`${base}/PkgRefs`);
    if (refs === undefined) return [base];
    const all = refs.split(/\s+/).flatMap((ref) => (ref === '' ? [] : [this.#delivered.find(ref)]));
    return [...new Set(all)];
  }

  identifier(packages: readonly string[]): string {
    return this.#tree.text(`${packages[0] ?? ''}/PkgID`) ?? '';
  }

  #status(base: string): StatusLeaf {
    return new StatusLeaf(this.#tree, `${base}/Status`);
  }
}
