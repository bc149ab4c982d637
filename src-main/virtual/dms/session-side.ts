import type { DeviceFacts } from '../../dm/server/work.ts';
import type { Job } from './job.ts';
import type { DmsPackage } from './packages.ts';
import type { InventoryEntry } from './software-facts.ts';

/** What sessions with handsets tell the rest of the server, and what they learn of it. */
export interface SessionSide {
  /** Packages that a session may need besides those of the jobs that wait. */
  packagesFor(device: string, model: string | undefined): readonly string[];
  /** A handset has proved itself; what is ordered for its model waits for it from now on. */
  met(facts: DeviceFacts): void;
  sawInventory(device: string, inventory: readonly InventoryEntry[]): void;
  /** Whether the handset's firmware is unknown, or was read long ago. */
  asksFirmware(device: string): boolean;
  sawFirmware(device: string, version: string): void;
  /** Whether what is installed is of interest beyond the jobs. */
  isRuled(device: string): boolean;
  /** Jobs that rules make of what is installed, for the session that is open. */
  due(device: string, offered: readonly DmsPackage[]): readonly Job[];
  ended(
    device: string,
    session: { readonly id: string; readonly state: 'done' | 'failed' | 'aborted'; readonly code?: string },
  ): void;
}

/** For a server that only does the jobs that it is given. */
export const NO_SIDE: SessionSide = {
  packagesFor: () => [],
  met: () => undefined,
  sawInventory: () => undefined,
  asksFirmware: () => false,
  sawFirmware: () => undefined,
  isRuled: () => false,
  due: () => [],
  ended: () => undefined,
};
