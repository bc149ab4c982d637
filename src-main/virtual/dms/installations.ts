import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { readNotification } from '../../dlota/notification-code.ts';
import { ApiError } from './api-error.ts';
import { DeviceId } from './device-id.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';

/** An installation notification of a download by descriptor, as it came. */
export const Installation = z.object({
  id: z.string(),
  file: z.string().meta({ description: 'of the package' }),
  device: z.string().optional().meta({ description: 'when its descriptor was asked for in the name of a device' }),
  code: z.int().meta({ description: '900 is success, any other is not' }),
  text: z.string(),
  success: z.boolean(),
  at: z.iso.datetime(),
});
export type Installation = Readonly<z.infer<typeof Installation>>;

export interface InstallationStore {
  /**
   * Keeps what a client posts; on disk when it returns.
   * @throws ApiError 400 `report/invalid` when it is no notification, 507 `report/store-full`.
   */
  accept(file: string, device: string | undefined, body: string): Installation;
  /** Oldest first; all without `device`. */
  list(device?: string): readonly Installation[];
}

const MAX_INSTALLATIONS = 10_000;

const InstallationFile = z.object({ version: z.literal(1), installations: z.array(Installation) });

/** Keeps notifications in memory, and in `installations.json` of the state folder when there is one. */
export async function openInstallationStore(
  options: { readonly state?: string; readonly now?: () => Date } = {},
): Promise<InstallationStore> {
  const { state, now = () => new Date() } = options;
  const file =
    state === undefined
      ? noFile<z.infer<typeof InstallationFile>>()
      : await openJsonFile(state, 'installations.json', InstallationFile);
  return createStore(file, now);
}

function createStore(file: JsonFile<z.infer<typeof InstallationFile>>, now: () => Date): InstallationStore {
  const all: Installation[] = [...(file.initial?.installations ?? [])];
  return {
    accept(name, device, body) {
      const said = readNotification(body);
      if (said === undefined) throw new ApiError(400, 'report/invalid', 'this is no installation notification');
      if (all.length >= MAX_INSTALLATIONS) {
        throw new ApiError(507, 'report/store-full', `${MAX_INSTALLATIONS} notifications are kept`);
      }
      const about = { file: name, ...(device === undefined ? {} : { device: DeviceId.parse(device) }) };
      const kept: Installation = { id: randomUUID(), ...about, ...said, at: now().toISOString() };
      file.write({ version: 1, installations: [...all, kept] });
      all.push(kept);
      return kept;
    },
    list(device) {
      const key = device === undefined ? undefined : deviceKey(device);
      return all.filter((each) => key === undefined || (each.device !== undefined && deviceKey(each.device) === key));
    },
  };
}
