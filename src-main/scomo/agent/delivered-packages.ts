import type { ByteSource } from '../../base/byte-source.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import { isSuccess } from '../../syncml/status.ts';
import { DeliveredState, DeliveredStatus } from '../names.ts';
import { DELIVERED_TABLE } from '../state-tables.ts';
import type { DeliveredContent } from './plan-installation.ts';
import { StatusLeaf } from './status-leaf.ts';

/** What a download job says of its package, and the package says as well. */
const TAKEN_OVER: readonly string[] = ['PkgID', 'Name', 'Description', 'InstallParams', 'EnvType', 'PkgType'];

/** Packages on the handset: the nodes of `Inventory/Delivered`. */
export class DeliveredPackages {
  readonly #tree: ManagementTree;
  readonly #uri: string;
  /** Of packages that were downloaded, by their URI: what to call when their octets are of no more use. */
  readonly #releases = new Map<string, () => void>();

  /** @param uri of `Inventory/Delivered` */
  constructor(tree: ManagementTree, uri: string) {
    this.#tree = tree;
    this.#uri = uri;
  }

  /** URI of a package by the name of its node, or else by its PkgID; one that is not there otherwise. */
  find(ref: string): string {
    const node = this.#tree.find(this.#uri);
    const names = typeof node === 'number' ? [] : [...node.children.values()].map(({ name }) => name);
    const byId = names.find((name) => this.#tree.text(`${this.#uri}/${name}/PkgID`) === ref);
    return `${this.#uri}/${names.includes(ref) ? ref : (byId ?? ref)}`;
  }

  /** What there is to install; `undefined` without PkgID or without octets. */
  contentOf(base: string): DeliveredContent | undefined {
    const text = (leaf: string): string | undefined => this.#tree.text(`${base}/${leaf}`);
    const pkgId = text('PkgID') ?? '';
    const data = this.#dataOf(base);
    if (data === undefined || pkgId === '') return undefined;
    const [description, envType] = [text('Description'), text('EnvType')];
    return {
      pkgId,
      name: text('Name') ?? pkgId,
      version: versionIn(text('InstallParams')) ?? '1.0',
      ...(description === undefined ? {} : { description }),
      ...(envType === undefined ? {} : { envType }),
      data,
    };
  }

  /** Whether the octets of a package are there. */
  hasData(base: string): boolean {
    return this.#dataOf(base) !== undefined;
  }

  /** A package that is installed, and whose octets have not come anew. */
  isInstalled(base: string): boolean {
    return this.#tree.text(`${base}/State`) === String(DeliveredState.Installed) && !this.hasData(base);
  }

  /** Octets that a server has brought to a package that had none: it is one to install again. */
  renew(): void {
    const node = this.#tree.find(this.#uri);
    if (typeof node === 'number') return;
    for (const { name } of node.children.values()) {
      const base = `${this.#uri}/${name}`;
      if (!this.hasData(base)) continue;
      this.#set(`${base}/State`, String(DeliveredState.Delivered));
      new StatusLeaf(this.#tree, `${base}/Status`).move(DELIVERED_TABLE, 'data-come');
    }
  }

  /** Puts in what a job has downloaded, with what the job says of it; `undefined` when there is no room. */
  take(
    job: string,
    fetched: { readonly content: ByteSource; readonly type: string; readonly release?: () => void },
  ): string | undefined {
    const name = job.slice(job.lastIndexOf('/') + 1);
    let base = `${this.#uri}/${name}`;
    for (let count = 2; typeof this.#tree.find(base) !== 'number'; count += 1) base = `${this.#uri}/${name}-${count}`;
    const node = { format: 'node', type: undefined, value: undefined };
    const type = fetched.type === '' ? (this.#tree.text(`${job}/PkgType`) ?? '') : fetched.type;
    const data = { format: 'bin', type: type === '' ? undefined : type, value: fetched.content };
    const there = this.#tree.add(base, node, undefined);
    if (!isSuccess(there) || !isSuccess(this.#tree.add(`${base}/Data`, data, undefined))) {
      this.#tree.drop(base);
      fetched.release?.();
      return undefined;
    }
    for (const leaf of TAKEN_OVER) {
      const found = this.#tree.find(`${job}/${leaf}`);
      if (typeof found === 'number') continue;
      this.#tree.add(`${base}/${leaf}`, { format: 'chr', type: undefined, value: found.value }, undefined);
    }
    if (fetched.release !== undefined) this.#releases.set(base, fetched.release);
    return base;
  }

  /** The package has become components; its octets are not kept twice. */
  installed(base: string): void {
    this.#set(`${base}/State`, String(DeliveredState.Installed));
    this.#set(`${base}/Ext/Problem`, '');
    new StatusLeaf(this.#tree, `${base}/Status`).move(DELIVERED_TABLE, 'installed');
    this.#tree.drop(`${base}/Data`);
    this.#release(base);
  }

  /** @param problem why it could not be installed; empty when another one was to blame, which leaves this one as it was */
  failed(base: string, problem: string): void {
    const status = new StatusLeaf(this.#tree, `${base}/Status`);
    this.#set(`${base}/Ext/Problem`, problem);
    if (problem === '') {
      status.move(DELIVERED_TABLE, 'installed');
      return;
    }
    status.move(DELIVERED_TABLE, 'install-failed');
    if (status.value === DeliveredStatus.InstallFailedWithData && !this.hasData(base)) {
      status.move(DELIVERED_TABLE, 'data-gone');
    }
  }

  /** Its octets are of no use to anybody; the node stays and says why. */
  discard(base: string): void {
    this.#tree.drop(`${base}/Data`);
    this.#release(base);
    new StatusLeaf(this.#tree, `${base}/Status`).move(DELIVERED_TABLE, 'data-gone');
  }

  remove(base: string): void {
    this.#tree.drop(base);
    this.#release(base);
  }

  /** Octets of packages that a server has deleted. */
  releaseGone(): void {
    for (const base of this.#releases.keys()) {
      if (typeof this.#tree.find(`${base}/Data`) === 'number') this.#release(base);
    }
  }

  #dataOf(base: string): ByteSource | undefined {
    const node = this.#tree.find(`${base}/Data`);
    return typeof node === 'number' || node.value === undefined || node.value.length === 0 ? undefined : node.value;
  }

  #release(base: string): void {
    this.#releases.get(base)?.();
    this.#releases.delete(base);
  }

  #set(uri: string, value: string): void {
    const now = this.#tree.text(uri);
    if (now !== undefined && now !== value) this.#tree.set(uri, value);
  }
}

/** `version=…` in InstallParams, whose content is the installer's own business (SCOMO 1.0). */
function versionIn(params: string | undefined): string | undefined {
  return /(?:^|[;&\s])version=([^;&\s]{1,40})/.exec(params ?? '')?.[1];
}
