import { toBase64 } from '../../base/base64.ts';
import type { InventoryDifference } from '../../contract/software-views.ts';
import type { Job, JobEnd } from '../job.ts';

/** Outcome of work that this PC did, as a DM server gets it (README, "Reports"). */
export interface ReportBody {
  readonly job: string;
  readonly device: string;
  readonly operation: string;
  readonly package?: { readonly id: string; readonly sha256: string };
  /** What was removed, activated or deactivated. */
  readonly component?: string;
  readonly state: string;
  /** Of the completion alert; null when none came. */
  readonly resultCode: number | null;
  /** The bytes received that held the alert; base64. */
  readonly alert?: string;
  /** Why it ended so, where the PC or the handset says it. */
  readonly message?: string;
  /** What of the inventory is another afterwards, where it was read before and after; bounded. */
  readonly difference?: InventoryDifference;
  readonly at: string;
}

/** Characters of a reason. */
const MAX_MESSAGE = 1000;

/**
 * The report of a job that has ended; `undefined` where there is nothing that a DM server could use: a mere look at
 * the inventory, a handset that never said who it is, a package that was never found.
 */
export function reportBody(job: Job, end: JobEnd, at: string): ReportBody | undefined {
  const { device, operation, packageSha256: sha256 } = job;
  if (operation === 'inventory' || device === undefined) return undefined;
  const installed = job.package === undefined || sha256 === undefined ? undefined : { id: job.package, sha256 };
  if (job.package !== undefined && installed === undefined) return undefined;
  return {
    job: job.id,
    device,
    operation,
    ...(installed === undefined ? {} : { package: installed }),
    ...(job.component === undefined ? {} : { component: job.component }),
    state: end.state,
    resultCode: end.resultCode ?? null,
    ...(end.alert === undefined ? {} : { alert: toBase64(end.alert) }),
    ...(end.message === undefined ? {} : { message: end.message.slice(0, MAX_MESSAGE) }),
    ...(end.difference === undefined ? {} : { difference: end.difference }),
    at,
  };
}
