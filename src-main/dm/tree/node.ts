import type { ByteSource } from '../../base/byte-source.ts';

/** Access types of a node (DM Tree and Description 1.2, 7.7.4.1). */
export type AccessType = 'Add' | 'Delete' | 'Exec' | 'Get' | 'Replace';

/** `Format` property of a node; `node` is an interior one. */
export type NodeFormat = 'b64' | 'bin' | 'bool' | 'chr' | 'int' | 'node' | 'null' | 'xml' | 'date' | 'time' | 'float';

export const NODE_FORMATS: readonly NodeFormat[] = [
  'b64',
  'bin',
  'bool',
  'chr',
  'int',
  'node',
  'null',
  'xml',
  'date',
  'time',
  'float',
];

export interface ExecCall {
  /** URI as it was sent. */
  readonly uri: string;
  readonly correlator: string | undefined;
  readonly argument: Uint8Array | undefined;
}

/** How a node is made: given at the start for built-in nodes, by a parent's `allowed` for those that a server adds. */
export interface NodeSpec {
  readonly format: NodeFormat;
  /** MIME type of a leaf, management object identifier of an interior node. */
  readonly type?: string;
  readonly value?: string | ByteSource;
  readonly access?: readonly AccessType[];
  /** Its own ACL from the factory; without one it takes the nearest ancestor's. */
  readonly acl?: string;
  /** Cannot be added, deleted or renamed by a server. */
  readonly permanent?: boolean;
  readonly children?: Readonly<Record<string, NodeSpec>>;
  /** What a server may add below this node; `undefined` for a name that is not allowed. */
  readonly allowed?: (name: string) => NodeSpec | undefined;
  /** Answers an Exec with a Status code. */
  readonly exec?: (call: ExecCall) => number;
}

export interface TreeNode {
  readonly name: string;
  readonly spec: NodeSpec;
  format: NodeFormat;
  type: string | undefined;
  value: ByteSource | undefined;
  readonly children: Map<string, TreeNode>;
}
