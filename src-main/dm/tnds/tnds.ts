import type { ByteSource } from '../../base/byte-source.ts';
import type { Element } from '../../base/element.ts';

/** What a serialized tree says of a node (DM TND Serialization 1.2); what it does not say is `undefined`. */
export interface TndsNode {
  /** `undefined`: the element is missing; empty: the last segment of the command's target. */
  readonly name: string | undefined;
  /** URI of the parent from the command's target; on the topmost nodes only. */
  readonly path: string | undefined;
  readonly format: string | undefined;
  /** MIME type of a leaf, management object identifier of an interior node. */
  readonly type: string | undefined;
  /** ACL, Name, Size, Title, TStamp and VerNo by their names. */
  readonly properties: Readonly<Partial<Record<TndsProperty, string>>>;
  /** Octets, base64 taken off; `undefined` is no value, which is not an empty one. */
  readonly value: ByteSource | undefined;
  readonly children: readonly TndsNode[];
}

export const TNDS_PROPERTIES = ['ACL', 'Name', 'Size', 'Title', 'TStamp', 'VerNo'] as const;
export type TndsProperty = (typeof TNDS_PROPERTIES)[number];

/** A document's topmost nodes; Man and Mod say nothing to a device that is asked. */
export interface TndsTree {
  readonly nodes: readonly TndsNode[];
}

/** Largest serialized tree in octets, on reading and writing; it is held in memory whole. */
export const MAX_TNDS = 16 * 1024 * 1024;

/** Whether an item's content is a serialized tree: by its Type, or by the elements that it stands in. */
export function isTnds(content: { readonly type: string | undefined; readonly markup?: readonly Element[] }): boolean {
  if (content.markup?.[0]?.name === 'MgmtTree') return true;
  // libwbxml rewrites the Type and leaves text as it is: which of the two it is, the octets say.
  return /^\s*application\/vnd\.syncml\.dmtnds\+(?:xml|wbxml)\s*(?:;|$)/i.test(content.type ?? '');
}
