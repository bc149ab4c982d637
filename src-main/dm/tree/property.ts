import { utf8 } from '../../base/bytes.ts';
import { Status } from '../../syncml/status.ts';
import { isXmlText } from '../../xml/characters.ts';
import { type Acl, aclText, mayChangeAcl, parseAcl, permits } from './acl.ts';
import { type Authority, allows, nodesBelow, type TreeNode, uriOf } from './node.ts';
import type { TreeCore } from './tree-core.ts';
import { faultOfName, isLonger, keyOf, URI_LIMITS } from './uri.ts';

/** Run-time properties of a node (DM Tree and Description 1.2, 8.3), in the order of a serialized tree. */
export const PROPERTIES = ['ACL', 'Format', 'Name', 'Size', 'Title', 'TStamp', 'Type', 'VerNo'] as const;
export type Property = (typeof PROPERTIES)[number];

/** Longest Title in octets (DM Tree and Description 1.2, 8.3.4). */
const MAX_TITLE = 255;
/** Longest ACL in octets that is kept; the standard gives none. */
const MAX_ACL = 8192;

/** A property by its name, in any case: the texts do not say that case counts. */
export function propertyNamed(name: string): Property | undefined {
  const wanted = name.toLowerCase();
  return PROPERTIES.find((property) => property.toLowerCase() === wanted);
}

/** A property's value; `undefined` for one that the node does not have: Size of an interior node. */
export function propertyText(node: TreeNode, property: Property): string | undefined {
  switch (property) {
    case 'ACL':
      return node.acl === undefined ? '' : aclText(node.acl);
    case 'Format':
      return node.format;
    case 'Name':
      return node.name;
    case 'Size':
      return node.format === 'node' ? undefined : String(node.value?.length ?? 0);
    case 'Title':
      return node.title;
    case 'TStamp':
      return basicTime(node.changed);
    case 'Type':
      return node.type ?? (node.format === 'node' ? '' : 'text/plain');
    case 'VerNo':
      return String(node.version);
    default:
      return property satisfies never;
  }
}

/** UTC in the basic format of ISO 8601, such as `20010711T163817Z`. */
function basicTime(at: number): string {
  return new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

/** Changes a property; only ACL, Name and Title can be. */
export function replaceProperty(
  core: TreeCore,
  uri: string,
  name: string,
  value: string,
  authority: Authority,
): number {
  const node = core.find(uri);
  if (typeof node === 'number') return node;
  const property = propertyNamed(name);
  if (property === undefined || (property === 'Size' && node.format === 'node')) {
    return Status.OptionalFeatureNotSupported;
  }
  switch (property) {
    case 'ACL':
      return replaceAcl(core, node, value, authority);
    case 'Name':
      return rename(core, node, value, authority);
    case 'Title':
      if (!permits(node, 'Replace', authority)) return Status.PermissionDenied;
      return setTitle(core, node, value);
    default:
      return Status.CommandNotAllowed;
  }
}

function replaceAcl(core: TreeCore, node: TreeNode, value: string, authority: Authority): number {
  if (!mayChangeAcl(node, authority)) return Status.PermissionDenied;
  const acl = aclFor(node, value);
  if (typeof acl === 'number') return acl;
  core.setAcl(node, acl);
  return Status.Ok;
}

/** The ACL that a text is, when the node may have it; else the Status code. */
export function aclFor(node: TreeNode, text: string): Acl | number {
  if (node.spec.keepsAcl === true) return Status.CommandNotAllowed;
  if (isLonger(text, MAX_ACL)) return Status.DeviceFull;
  const acl = parseAcl(text);
  if (acl === undefined) return Status.BadRequest;
  // The root always has a value, and everybody may go on adding there.
  return node.parent === undefined && acl.get('Add')?.[0] !== '*' ? Status.CommandNotAllowed : acl;
}

export function setTitle(core: TreeCore, node: TreeNode, title: string): number {
  if (isLonger(title, MAX_TITLE)) return Status.RequestEntityTooLarge;
  if (!isXmlText(title)) return Status.BadRequest;
  core.setTitle(node, title);
  return Status.Ok;
}

function rename(core: TreeCore, node: TreeNode, name: string, authority: Authority): number {
  const { parent } = node;
  if (parent === undefined || node.spec.permanent === true) return Status.CommandNotAllowed;
  // The parent says which names it takes and how a node of that name behaves.
  const spec = parent.spec.allowed?.(name);
  if (spec === undefined || (spec.format === 'node') !== (node.format === 'node')) return Status.CommandNotAllowed;
  // What nobody may read, a password say, is not read under another name either.
  if (authority !== undefined && !allows(node, 'Get') && allows({ spec }, 'Get')) return Status.CommandNotAllowed;
  if (!permits(node, 'Replace', authority)) return Status.PermissionDenied;
  const fault = faultOfName(name);
  if (fault !== undefined) return fault === Status.UriTooLong ? fault : Status.BadRequest;
  if (name === node.name) return Status.Ok;
  const sibling = parent.children.get(keyOf(name));
  if (sibling !== undefined && sibling !== node) return Status.AlreadyExists;
  const longer = utf8(name).length - utf8(node.name).length;
  if (longer > 0) {
    for (const below of nodesBelow(node)) {
      if (isLonger(uriOf(below) + 'x'.repeat(longer), URI_LIMITS.maxTotalLength)) return Status.UriTooLong;
    }
  }
  core.rename(node, name, spec);
  return Status.Ok;
}
