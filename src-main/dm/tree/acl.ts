import type { AccessType, Authority, TreeNode } from './node.ts';

/** Who may do what: identifiers by command, in the order that they were written in; `*` is everybody. */
export type Acl = ReadonlyMap<AccessType, readonly string[]>;

const COMMANDS: ReadonlySet<string> = new Set<AccessType>(['Add', 'Delete', 'Exec', 'Get', 'Replace']);

/** A server identifier: printable, without the signs of the grammar and without white space. */
const IDENTIFIER = /^[^\s=&*+\p{Cc}]+$/u;

/** ACL of a root to which the factory gives none (DM Tree and Description 1.2, 8.3.7.1). */
export const FACTORY_ACL = 'Add=*&Get=*';

/** @returns `undefined` for a text that is no ACL; an empty text is an empty ACL. */
export function parseAcl(text: string): Acl | undefined {
  const acl = new Map<AccessType, readonly string[]>();
  if (text.trim() === '') return acl;
  for (const entry of text.trim().split('&')) {
    const equals = entry.indexOf('=');
    const command = entry.slice(0, Math.max(equals, 0));
    if (!isCommand(command)) return undefined;
    const ids = entry.slice(equals + 1).split('+');
    if (!ids.every((id) => id === '*' || IDENTIFIER.test(id))) return undefined;
    const all = new Set([...(acl.get(command) ?? []), ...ids]);
    // `*` beats any identifier of the same entry.
    acl.set(command, all.has('*') ? ['*'] : [...all]);
  }
  return acl;
}

export function aclText(acl: Acl): string {
  return [...acl].map(([command, ids]) => `${command}=${ids.join('+')}`).join('&');
}

/** The ACL that holds for a node: its own, or the nearest ancestor's as a whole; never a mixture. */
function effectiveAcl(node: TreeNode): Acl | undefined {
  let at: TreeNode | undefined = node;
  while (at !== undefined && at.acl === undefined) at = at.parent;
  return at?.acl;
}

export function permits(node: TreeNode, command: AccessType, authority: Authority): boolean {
  if (authority === undefined) return true;
  const ids = effectiveAcl(node)?.get(command);
  return ids !== undefined && (ids[0] === '*' || ids.includes(authority));
}

/**
 * Whether a server may change a node's ACL: on an interior node with Replace on it or on its parent, on a leaf with
 * Replace on the parent only.
 */
export function mayChangeAcl(node: TreeNode, authority: Authority): boolean {
  if (node.parent !== undefined && permits(node.parent, 'Replace', authority)) return true;
  return node.format === 'node' && permits(node, 'Replace', authority);
}

/**
 * ACL of an interior node that a server without Replace on its parent adds: the server gets Add, Delete and Replace. The
 * rest stays as the node would have had it from above: without it nobody, its maker included, could read the node.
 */
export function creatorAcl(parent: TreeNode, authority: string): Acl {
  const acl = new Map(effectiveAcl(parent) ?? []);
  for (const command of ['Add', 'Delete', 'Replace'] as const) {
    const ids = acl.get(command) ?? [];
    if (ids[0] !== '*' && !ids.includes(authority)) acl.set(command, [...ids, authority]);
  }
  return acl;
}

/** The ACL without an identifier; a command that is left to nobody vanishes. The same object when it was not in it. */
export function withoutIdentifier(acl: Acl, id: string): Acl {
  if (![...acl.values()].some((ids) => ids.includes(id))) return acl;
  const rest = [...acl].map(([command, ids]) => [command, ids.filter((other) => other !== id)] as const);
  return new Map(rest.filter(([, ids]) => ids.length > 0));
}

function isCommand(text: string): text is AccessType {
  return COMMANDS.has(text);
}
