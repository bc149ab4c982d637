import type { Job } from '../jobs/job.ts';
import type { ManagedSession } from '../management-server/managed-session.ts';
import { PACKAGE_HEAD, type PackageParts, partsOf, single } from './package-parts.ts';
import type { PackageSource } from './suitable-package.ts';

/** What lies in the packages of jobs, looked at once a session. */
export class JobContents {
  readonly #packages: Pick<PackageSource, 'find' | 'head'>;
  readonly #parts = new Map<string, () => PackageParts>();

  constructor(packages: Pick<PackageSource, 'find' | 'head'>) {
    this.#packages = packages;
  }

  /** What lies in a job's package is known when the handset's next answer is there. */
  load(session: Pick<ManagedSession, 'load'>, { id, package: packageId }: Job): void {
    const found = packageId === undefined ? undefined : this.#packages.find(packageId);
    if (found === undefined || found.state === 'quarantined') return;
    const head = session.load(() => this.#packages.head(found.digest, PACKAGE_HEAD));
    this.#parts.set(id, () => {
      const loaded = head();
      // What cannot be read is refused where its content is opened.
      return loaded.kind === 'loaded' ? partsOf(loaded.value, found) : single(found);
    });
  }

  /** A package that is not in the cache any more counts as one component. */
  of({ id, package: packageId = '', packageVersion = '' }: Job): PackageParts {
    return this.#parts.get(id)?.() ?? single({ id: packageId, name: packageId, version: packageVersion });
  }
}
