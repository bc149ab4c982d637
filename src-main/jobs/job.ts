import type { InventoryDifference, JobOperation } from '../contract/software-views.ts';
import type { EndState, JobState } from './job-state.ts';

export type { JobOperation };

/** The question to the person at the handset before the software there changes. */
export interface OrderConsent {
  readonly text: string;
  readonly policy: 'required' | 'if-possible';
  readonly maxSeconds?: number;
}

/** What is wanted, and of which handsets. */
export interface NewOrder {
  readonly operation: JobOperation;
  /** An address or a DevId each, and the DevId where it is known. */
  readonly handsets: readonly { readonly handset: string; readonly device?: string | undefined }[];
  /** Id of the package to install, of the newer one to update with, or of the firmware. */
  readonly package?: string;
  /** Id of the component to remove, activate or deactivate. */
  readonly component?: string;
  /** What is installed is left inactive. Default false. */
  readonly inactive?: boolean;
  /** Default: nobody is asked. */
  readonly consent?: OrderConsent;
  /** A package that nobody vouched for may be installed. Default false. */
  readonly allowUnverified?: boolean;
  /** Origin of the DM server that is told how it ended; default: none. */
  readonly reportTo?: string | undefined;
  /** ISO 8601; jobs that have not begun by then never do. */
  readonly validUntil?: string;
}

/** An order applied to one handset. */
export interface Job {
  readonly id: string;
  readonly order: string;
  readonly operation: JobOperation;
  readonly handset: string;
  readonly device: string | undefined;
  readonly package: string | undefined;
  readonly packageVersion: string | undefined;
  readonly packageSha256: string | undefined;
  readonly component: string | undefined;
  readonly consent: OrderConsent | undefined;
  readonly inactive: boolean;
  readonly allowUnverified: boolean;
  readonly reportTo: string | undefined;
  readonly validUntil: string | undefined;
  readonly state: JobState;
  /** The handset may have been told to begin. */
  readonly begun: boolean;
  /** The handset has said that it has begun: not to be told again until it has had a day for it. */
  readonly accepted: boolean;
  /** Why it ended so, or why it still waits. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  /** Of the handset's completion alert. */
  readonly resultCode: number | undefined;
  /** The handset has said how it ended; the end itself waits for a last look at the inventory. */
  readonly heard: HeardEnd | undefined;
  readonly difference: InventoryDifference | undefined;
  readonly createdAt: string;
  readonly endedAt: string | undefined;
}

/** How a job ended. */
export interface JobEnd {
  readonly state: EndState;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly resultCode?: number | undefined;
  readonly difference?: InventoryDifference | undefined;
  /** The message that held the completion alert, as it was received. */
  readonly alert?: Uint8Array | undefined;
}

/** A component of a handset's inventory. */
export type SeenComponent = InventoryDifference['added'][number];

/** The handset's word on the outcome of work that it had begun. */
export type HeardEnd = Pick<JobEnd, 'code' | 'message' | 'resultCode'> & { readonly state: 'done' | 'failed' };

/** One try. */
export interface Attempt {
  readonly number: number;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly code: string | undefined;
}
