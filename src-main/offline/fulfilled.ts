import type { Job } from '../jobs/job.ts';
import { compareVersions } from '../scomo/version-order.ts';
import type { PackageParts } from './package-parts.ts';

/** As much of an inventory's entry as is looked at. */
export interface InstalledComponent {
  readonly id: string;
  readonly version: string;
  readonly state: string;
}

/** Whether what a job wants of software is there already. */
export function isFulfilled(
  job: Pick<Job, 'operation' | 'component' | 'inactive'>,
  inventory: readonly InstalledComponent[],
  read: PackageParts,
): boolean {
  const component = inventory.find(({ id }) => id === job.component);
  switch (job.operation) {
    case 'remove':
      return component === undefined;
    case 'activate':
      return component?.state === 'active';
    case 'deactivate':
      return component?.state === 'inactive';
    case 'install':
      return isInstalled(read, inventory, job.inactive);
    case 'update':
      return read.kind === 'software' && read.parts.every((part) => !isOlder(part, inventory));
    case 'inventory':
    case 'firmware':
      return false;
  }
}

/** Whether these very versions are there, and in use or not as they are to be. */
export function isInstalled(read: PackageParts, inventory: readonly InstalledComponent[], inactive: boolean): boolean {
  if (read.kind !== 'software') return false;
  const wanted = inactive ? 'inactive' : 'active';
  return read.parts.every((part) =>
    inventory.some(({ id, version, state }) => id === part.id && version === part.version && state === wanted),
  );
}

/** Why nothing has to be updated; `undefined` when something has. */
export function nothingToUpdate(
  id: string,
  read: PackageParts,
  inventory: readonly InstalledComponent[],
): string | undefined {
  if (read.kind !== 'software') return undefined;
  if (!read.parts.some((part) => inventory.some((each) => each.id === part.id))) return `${id} is not installed`;
  return read.parts.every((part) => !isOlder(part, inventory)) ? `${id} is up to date` : undefined;
}

/** What is not there is older than anything: of a package that is installed whole, each component has to be there. */
function isOlder(part: { readonly id: string; readonly version: string }, inventory: readonly InstalledComponent[]) {
  const there = inventory.find(({ id }) => id === part.id);
  return there === undefined || compareVersions(there.version, part.version) < 0;
}
