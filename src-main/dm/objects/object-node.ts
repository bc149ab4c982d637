import type { ByteSource } from '../../base/byte-source.ts';
import { textOf } from '../../base/bytes.ts';

/** A node of a management object, wherever it was read: in a tree, or in a serialized one. */
export interface ObjectNode {
  readonly name: string;
  readonly type: string | undefined;
  readonly value: ByteSource | undefined;
  readonly children: ReadonlyMap<string, ObjectNode>;
}

/** Values of an account are names, passwords and addresses; what is longer is none of them. */
const MAX_VALUE = 4096;

/** Letter case differs between layouts: `ServerId` in 1.1.2, `ServerID` in 1.2. */
export function childOf(node: ObjectNode | undefined, name: string): ObjectNode | undefined {
  if (node === undefined) return undefined;
  const exact = node.children.get(name);
  if (exact !== undefined) return exact;
  const wanted = name.toLowerCase();
  return [...node.children.values()].find((child) => child.name.toLowerCase() === wanted);
}

export function octetsOf(node: ObjectNode | undefined): Uint8Array | undefined {
  const value = node?.value;
  return value === undefined || value.length > MAX_VALUE ? undefined : value.subarray(0, value.length);
}

/** Text of a leaf below a node; `undefined` when it is not there or has no value. */
export function leafText(node: ObjectNode | undefined, name: string): string | undefined {
  const octets = octetsOf(childOf(node, name));
  return octets === undefined ? undefined : textOf(octets);
}
