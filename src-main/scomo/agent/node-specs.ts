import type { ExecCall, NodeSpec } from '../../dm/tree/node.ts';
import {
  DeliveredState,
  DeliveredStatus,
  DeployedStatus,
  DownloadStatus,
  OPERATION_NODE,
  OTHER_SPELLINGS,
  type ScomoOperation,
} from '../names.ts';
import type { Component } from './component.ts';

/** Who takes orders. */
export interface OrderHandler {
  /** Answers an Exec of an operation. */
  readonly order: (operation: ScomoOperation, call: ExecCall) => number;
  /** The Atomic that it was in has failed. */
  readonly takeBack: (call: ExecCall) => boolean;
}

const leaf = (format: 'chr' | 'int', value: string): NodeSpec => ({ format, value, access: ['Get'] });

/** `Operations` with its nodes, under every spelling that servers use; the draft's interior nodes are executed alike. */
function operations({ order, takeBack }: OrderHandler, names: readonly ScomoOperation[]): NodeSpec {
  const children: Record<string, NodeSpec> = {};
  for (const name of names) {
    const node: NodeSpec = { format: 'null', access: ['Exec'], exec: (call) => order(name, call), takeBack };
    children[OPERATION_NODE[name]] = node;
    const other = OTHER_SPELLINGS[name];
    if (other !== undefined) children[other] = node;
  }
  return { format: 'node', children };
}

const TEXTS: readonly string[] = ['PkgID', 'Name', 'Description', 'InstallParams', 'EnvType', 'PkgType'];
const text: NodeSpec = { format: 'chr', access: ['Get', 'Add', 'Replace'] };

/** `Download/<x>`: a job that a server makes (spec sheet scomo, section 2). */
export function downloadSpec(order: OrderHandler): NodeSpec {
  return {
    format: 'node',
    access: ['Get', 'Add', 'Replace', 'Delete'],
    children: {
      Status: leaf('int', String(DownloadStatus.Idle)),
      Operations: operations(order, ['download', 'download-install', 'download-install-inactive']),
    },
    allowed: (name) => (name === 'PkgURL' || TEXTS.includes(name) ? text : undefined),
  };
}

/** `Inventory/Delivered/<x>`: what a server adds or the handset downloads, and what the handset puts beside it. */
export function deliveredSpec(order: OrderHandler): NodeSpec {
  return {
    format: 'node',
    access: ['Get', 'Add', 'Delete'],
    children: {
      Status: leaf('int', String(DeliveredStatus.Idle)),
      State: leaf('int', String(DeliveredState.Delivered)),
      Operations: operations(order, ['install', 'install-inactive', 'remove']),
      // Ours: why the last installation failed, in words.
      Ext: { format: 'node', children: { Problem: leaf('chr', '') } },
    },
    allowed: (name) => {
      if (name === 'Data') return { format: 'bin', access: ['Add', 'Replace'] };
      return TEXTS.includes(name) ? text : undefined;
    },
  };
}

/** `Inventory/Deployed/<x>`: made by the handset alone. */
export function deployedSpec(component: Component, order: OrderHandler): NodeSpec {
  return {
    format: 'node',
    access: ['Get'],
    children: {
      ID: leaf('chr', component.id),
      PkgIDRef: leaf('chr', component.pkgIdRef),
      Name: leaf('chr', component.name),
      ...(component.description === undefined ? {} : { Description: leaf('chr', component.description) }),
      Version: leaf('chr', component.version),
      ...(component.envType === undefined ? {} : { EnvType: leaf('chr', component.envType) }),
      Status: leaf('int', String(DeployedStatus.Idle)),
      State: leaf('int', String(component.state)),
      Operations: operations(order, ['activate', 'deactivate', 'remove']),
    },
  };
}

/**
 * `Ext/Bundles/<x>`, ours: packages that are installed together or not at all by one operation. `PkgRefs` lists the
 * names of their nodes below `Delivered`, or their PkgIDs, with blanks between. It goes when they are installed.
 */
export function bundleSpec(order: OrderHandler): NodeSpec {
  return {
    format: 'node',
    access: ['Get', 'Add', 'Delete'],
    children: { Operations: operations(order, ['install', 'install-inactive']) },
    allowed: (name) => (name === 'PkgRefs' ? text : undefined),
  };
}
