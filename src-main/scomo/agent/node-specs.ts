import type { ExecCall, NodeSpec } from '../../dm/tree/node.ts';
import { DeliveredState, DeliveredStatus } from '../names.ts';
import type { Component } from './component.ts';

type Handler = (call: ExecCall) => number;

const operation = (exec: Handler): NodeSpec => ({ format: 'null', access: ['Exec'], exec });
const readOnly = (format: 'chr' | 'int', value: string): NodeSpec => ({ format, value, access: ['Get'] });

/** `Inventory/Delivered/<x>`: what a server adds, and what the handset puts beside it (spec sheet scomo, section 2). */
export function deliveredSpec(handlers: { install: Handler; installInactive: Handler; remove: Handler }): NodeSpec {
  return {
    format: 'node',
    access: ['Get', 'Add', 'Delete'],
    children: {
      Status: readOnly('int', String(DeliveredStatus.Idle)),
      State: readOnly('int', String(DeliveredState.Delivered)),
      Operations: {
        format: 'node',
        children: {
          Install: operation(handlers.install),
          InstallInactive: operation(handlers.installInactive),
          Remove: operation(handlers.remove),
        },
      },
    },
    allowed: (name) => {
      switch (name) {
        case 'Data':
          return { format: 'bin', access: ['Add', 'Replace'] };
        case 'PkgID':
        case 'Name':
        case 'Description':
        case 'InstallParams':
        case 'EnvType':
        case 'PkgType':
          return { format: 'chr', access: ['Get', 'Add', 'Replace'] };
        default:
          return undefined;
      }
    },
  };
}

/** `Inventory/Deployed/<x>`: made by the handset alone. */
export function deployedSpec(component: Component, status: number, remove: Handler): NodeSpec {
  return {
    format: 'node',
    access: ['Get'],
    children: {
      ID: readOnly('chr', component.id),
      PkgIDRef: readOnly('chr', component.pkgIdRef),
      Name: readOnly('chr', component.name),
      Version: readOnly('chr', component.version),
      Status: readOnly('int', String(status)),
      State: readOnly('int', String(component.state)),
      Operations: { format: 'node', children: { Remove: operation(remove) } },
    },
  };
}
