import { octetsOf } from '../../base/byte-source.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { Account } from '../../dm/account.ts';
import type { AccountObject } from '../../dm/objects/account-object.ts';
import { addedToAccount, dmAccSpec, noncePlaces, readDmAcc } from '../../dm/objects/dm-acc.ts';
import { leafText } from '../../dm/objects/object-node.ts';
import { encodeTnds, TNDS_TYPE } from '../../dm/tnds/write-tnds.ts';
import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import type { AccessType, NodeSpec, TreeNode } from '../../dm/tree/node.ts';
import { objectTree } from '../../provisioning/account-tree.ts';
import { accountNodeName } from '../../provisioning/dm-document.ts';
import { Status } from '../../syncml/status.ts';

/** An account as it is given to a virtual handset. */
export interface HandsetAccount extends Account {
  /** What its server may do with the tree; default everything. */
  readonly rights?: readonly AccessType[];
}

const ROOT = './DMAcc';
const COMMANDS: readonly AccessType[] = ['Add', 'Delete', 'Exec', 'Get', 'Replace'];

/** `./DMAcc`: accounts that a server adds are accounts too. */
export function dmAccRoot({ rootAcl, isFree }: { rootAcl: string; isFree: (serverId: string) => boolean }): NodeSpec {
  return {
    format: 'node',
    access: ['Get', 'Add'],
    // Replace here would be the right to change the ACL of any account (DM Tree and Description 1.2, 8.3.7.1), and so
    // would be Replace above.
    keepsAcl: true,
    acl: rootAcl
      .split('&')
      .filter((entry) => /^(?:Add|Get)=/.test(entry))
      .join('&'),
    permanent: true,
    allowed: addedToAccount(isFree),
  };
}

/**
 * ACL of the root from the factory: every server may do everything but where an account is given less. A server that is
 * not among them has what everybody has.
 */
export function rootAcl(accounts: readonly HandsetAccount[]): string {
  const entries = COMMANDS.map((command) => {
    const allowed = accounts.filter(({ rights }) => rights === undefined || rights.includes(command));
    if (allowed.length === accounts.length) return `${command}=*`;
    return allowed.length === 0 ? '' : `${command}=${allowed.map(({ serverId }) => serverId).join('+')}`;
  });
  return entries.filter((entry) => entry !== '').join('&');
}

/** The accounts of a handset, as they are in its tree: what a server or a bootstrap changes there holds at once. */
export class HandsetAccounts {
  readonly #tree: ManagementTree;
  /** ServerIDs that had an account when it was last looked. */
  #known: readonly string[];

  constructor(tree: ManagementTree) {
    this.#tree = tree;
    this.#known = this.all.map(({ serverId }) => serverId);
  }

  /** In the order in which they came; what lacks something is none. */
  get all(): readonly AccountObject[] {
    return this.#nodes().flatMap((node) => readDmAcc(node) ?? []);
  }

  find(serverId: string): AccountObject | undefined {
    return this.all.find((account) => account.serverId === serverId);
  }

  /** Puts an account there, in the place of one of the same server. */
  put(account: AccountObject): void {
    const before = this.#nodeOf(account.serverId);
    const name = before?.name ?? this.#freeName(account.serverId);
    const uri = `${ROOT}/${name}`;
    if (before !== undefined) this.#tree.drop(uri);
    const value = encodeTnds({ nodes: [objectTree(name, dmAccSpec(account))] }, 'wbxml');
    // As a server would add it, so that it is kept like one that a server added.
    const code = this.#tree.add(ROOT, { format: 'bin', type: TNDS_TYPE.wbxml, value }, undefined);
    if (code !== Status.Ok) throw new TypeError(`an account was not added to the tree (${code})`);
    this.#known = this.all.map(({ serverId }) => serverId);
  }

  /** Writes the nonces of the next session into the account, where a server may replace them. */
  setNonces(serverId: string, nonces: { readonly client: Uint8Array; readonly server: Uint8Array }): void {
    const node = this.#nodeOf(serverId);
    if (node === undefined) return;
    const places = noncePlaces(`${ROOT}/${node.name}`, node);
    for (const side of ['client', 'server'] as const) {
      const place = places[side];
      if (place !== undefined && !this.#holds(place, nonces[side])) this.#tree.set(place, nonces[side]);
    }
  }

  /** Servers whose account has gone since it was last looked: nothing in the tree names them any more. */
  forgetGone(): readonly string[] {
    const now = this.all.map(({ serverId }) => serverId);
    const gone = this.#known.filter((serverId) => !now.includes(serverId));
    for (const serverId of gone) this.#tree.forgetServer(serverId);
    this.#known = now;
    return gone;
  }

  /** No account, finished or not, is of this server. */
  isFree(serverId: string): boolean {
    return serverId !== '' && !this.#nodes().some((node) => leafText(node, 'ServerID') === serverId);
  }

  /** Where an account of this server is, or would be. */
  placeFor(serverId: string): string {
    return `${ROOT}/${this.#nodeOf(serverId)?.name ?? this.#freeName(serverId)}`;
  }

  #holds(uri: string, octets: Uint8Array): boolean {
    const node = this.#tree.find(uri);
    return typeof node !== 'number' && node.value !== undefined && equalBytes(octetsOf(node.value), octets);
  }

  #nodes(): readonly TreeNode[] {
    const root = this.#tree.find(ROOT);
    return typeof root === 'number' ? [] : [...root.children.values()];
  }

  #nodeOf(serverId: string): TreeNode | undefined {
    return this.#nodes().find((node) => readDmAcc(node)?.serverId === serverId);
  }

  /** The name that the server's identifier makes, or that with a number where another account has it. */
  #freeName(serverId: string): string {
    const wanted = accountNodeName(serverId);
    const taken = this.#nodes().map(({ name }) => name);
    let name = wanted;
    for (let count = 2; taken.includes(name); count += 1) name = `${wanted}-${count}`;
    return name;
  }
}
