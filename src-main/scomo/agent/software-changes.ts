import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import { DeployedState, isSuccessfulResult, ResultCode } from '../names.ts';
import { DELIVERED_TABLE, DEPLOYED_TABLE } from '../state-tables.ts';
import type { DeliveredPackages } from './delivered-packages.ts';
import type { DeployedComponents } from './deployed-components.ts';
import { type OperationEnd, successOf } from './operation-end.ts';
import type { PendingOperation } from './scomo-record.ts';
import { StatusLeaf } from './status-leaf.ts';

/** Operations that change one component or one package, at once. */
export class SoftwareChanges {
  readonly #tree: ManagementTree;
  readonly #options: { readonly failWith?: number | undefined };
  readonly #deployed: DeployedComponents;
  readonly #delivered: DeliveredPackages;

  constructor(
    options: { readonly tree: ManagementTree; readonly failWith?: number | undefined },
    inventory: { readonly deployed: DeployedComponents; readonly delivered: DeliveredPackages },
  ) {
    this.#options = options;
    this.#tree = options.tree;
    this.#deployed = inventory.deployed;
    this.#delivered = inventory.delivered;
  }

  switchState({ base }: PendingOperation, operation: 'activate' | 'deactivate'): OperationEnd {
    const component = this.#deployed.at(base);
    const failed = operation === 'activate' ? ResultCode.ActivateFailed : ResultCode.DeactivateFailed;
    if (component === undefined) return { code: failed, identifier: lastSegment(base) };
    const status = this.#status(base);
    status.move(DEPLOYED_TABLE, `${operation}-begun`);
    const { failWith } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      status.move(DEPLOYED_TABLE, `${operation}-failed`);
      return { code: failWith, identifier: component.id };
    }
    this.#deployed.setState(component, stateAfter(operation));
    status.move(DEPLOYED_TABLE, operation === 'activate' ? 'activated' : 'deactivated');
    return { code: successOf(failWith), identifier: component.id, node: base };
  }

  removePackage({ base }: PendingOperation): OperationEnd {
    const identifier = (this.#tree.text(`${base}/PkgID`) ?? '') || lastSegment(base);
    if (typeof this.#tree.find(base) === 'number') return { code: ResultCode.RemoveFailed, identifier };
    const status = this.#status(base);
    status.move(DELIVERED_TABLE, 'remove-begun');
    const { failWith } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      status.move(DELIVERED_TABLE, 'remove-failed');
      return { code: failWith, identifier };
    }
    this.#delivered.remove(base);
    return { code: successOf(failWith), identifier, node: base };
  }

  removeComponent({ base }: PendingOperation): OperationEnd {
    const component = this.#deployed.at(base);
    if (component === undefined) return { code: ResultCode.RemoveFailed, identifier: lastSegment(base) };
    const status = this.#status(base);
    status.move(DEPLOYED_TABLE, 'remove-begun');
    const { failWith } = this.#options;
    if (failWith !== undefined && !isSuccessfulResult(failWith)) {
      status.move(DEPLOYED_TABLE, 'remove-failed');
      return { code: failWith, identifier: component.id };
    }
    this.#deployed.remove(component);
    return { code: successOf(failWith), identifier: component.id, node: base };
  }

  #status(base: string): StatusLeaf {
    return new StatusLeaf(this.#tree, `${base}/Status`);
  }
}

/** State of a component that was switched. */
export function stateAfter(operation: 'activate' | 'deactivate'): number {
  return operation === 'activate' ? DeployedState.Active : DeployedState.Inactive;
}

function lastSegment(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}
