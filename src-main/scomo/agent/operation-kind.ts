import { DeployedState } from '../names.ts';
import type { PendingOperation } from './scomo-record.ts';

export function isDownload({ operation }: Pick<PendingOperation, 'operation'>): boolean {
  return operation === 'download' || operation === 'download-install' || operation === 'download-install-inactive';
}

export function isInstallation({ operation }: Pick<PendingOperation, 'operation'>): boolean {
  return operation === 'install' || operation === 'install-inactive';
}

/** State of what an installation brings. */
export function stateOf({ operation }: Pick<PendingOperation, 'operation'>): number {
  const isInactive = operation === 'install-inactive' || operation === 'download-install-inactive';
  return isInactive ? DeployedState.Inactive : DeployedState.Active;
}
