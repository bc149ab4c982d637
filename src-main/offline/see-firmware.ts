import type { Procedure } from '../dm/server/work.ts';
import { FirmwareState } from '../fumo/names.ts';
import { findFirmwareObjects } from '../fumo/procedure/find-object.ts';
import { readFirmwareVersion } from '../fumo/procedure/firmware-version.ts';
import { readFirmwareState } from '../fumo/procedure/update-firmware.ts';
import type { SeenComponent } from '../jobs/job.ts';
import { seenFirmware } from './seen.ts';

/** The firmware, and the state of the object that has worked on it last. */
export function* seeFirmware(): Procedure<readonly SeenComponent[]> {
  const version = yield* readFirmwareVersion();
  let state: number | undefined;
  for (const { uri } of yield* findFirmwareObjects()) {
    const found = yield* readFirmwareState(uri);
    if (state === undefined || (found !== undefined && found !== FirmwareState.Idle)) state = found;
  }
  return seenFirmware(version, state);
}
