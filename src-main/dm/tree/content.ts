import type { ByteSource } from '../../base/byte-source.ts';
import type { Element } from '../../base/element.ts';

/** What a command carries for a node: raw octets (base64 already taken off), with the Meta of its item. */
export interface NodeContent {
  readonly format: string | undefined;
  readonly type: string | undefined;
  readonly value: ByteSource | undefined;
  /** A serialized tree that stood in the item as elements; then `value` is not read. */
  readonly markup?: readonly Element[];
}
