import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program, Stage } from '../../support/processes.ts';
import { dumpFlag } from './strangers.ts';

/** Commands and tasks of a script for the DM server in Python (`dmswork.py`). */
export const exec = (uri: string, correlator?: string) => ({ name: 'Exec', uri, correlator });
export const get = (uri: string) => ({ name: 'Get', uri });
export const value = (uri: string, data: string) => ({ name: 'Add', uri, data });
export const END = { task: 'end' };
export const FIND = { task: 'find' };
/** Until the alert with the Correlator is there. */
export const ended = (correlator: string) => ({ task: 'await', correlator });

export const DELIVERED = '{scomo}/Inventory/Delivered';
export const DOWNLOAD = '{scomo}/Download';

/** A job of `Download`, without its Exec. */
export const download = (node: string, id: string, url: string) => [
  { name: 'Add', uri: `${DOWNLOAD}/${node}` },
  value(`${DOWNLOAD}/${node}/PkgID`, id),
  value(`${DOWNLOAD}/${node}/Name`, node),
  value(`${DOWNLOAD}/${node}/PkgURL`, url),
];

/** Sets the one PkgURL of the update object. */
export const firmwareUrl = (way: 'Download' | 'DownloadAndUpdate', url: string) => ({
  name: 'Replace',
  uri: `{fumo}/${way}/PkgURL`,
  data: url,
});

/** Their DM server with a script and files; `{folder}` in the script is where these are. */
export async function scriptedServer(
  stage: Stage,
  script: readonly unknown[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
  sessions = 1,
): Promise<Program> {
  const folder = join(stage.folder, 'files');
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const path = join(stage.folder, 'script.json');
  await writeFile(path, JSON.stringify(script).replaceAll('{folder}', folder));
  return stage.peer(
    'dms.py',
    ...['--script', path, '--files', folder, '--sessions', String(sessions), ...dumpFlag(stage, 'dms')],
  );
}
