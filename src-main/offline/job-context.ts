import type { SeenComponent } from '../jobs/job.ts';
import type { ManagedSession } from '../management-server/managed-session.ts';
import type { InventoryEntry } from '../scomo/procedure/inventory.ts';
import type { PackageParts } from './package-parts.ts';
import type { OfferedPackage, PackageSource } from './suitable-package.ts';

/** What the work of one job is given. */
export interface JobContext {
  /** ServerID of our account on the handset. */
  readonly server: string;
  readonly session: ManagedSession;
  readonly packages: PackageSource;
  /** What lies in the job's package; one that is not in the cache any more counts as one component. */
  readonly parts: PackageParts;
  /** The package was chosen. */
  readonly onPackage: (found: OfferedPackage) => void;
  /** The first command that changes something goes out with the next package; there is what was there before. */
  readonly onTouch: (before: readonly SeenComponent[]) => void;
  /** The next package may set the operation going. */
  readonly onBegin: () => void;
  /** The handset says that it has begun. */
  readonly onAccepted: () => void;
  /** Something to be said of the outcome whatever it is. */
  readonly onRemark: (remark: string) => void;
}

export interface SoftwareContext extends JobContext {
  /** URI of the handset's SCOMO object. */
  readonly root: string;
  /** What is installed now. */
  readonly inventory: readonly InventoryEntry[];
  /** The next question is only how far the handset has come. */
  readonly onWatch: () => void;
}

export interface FirmwareContext extends JobContext {
  /** Firmware when an earlier session of this job began. */
  readonly before: readonly SeenComponent[] | undefined;
  /** The next question is only how far the handset has come. */
  readonly onWatch: () => void;
}
