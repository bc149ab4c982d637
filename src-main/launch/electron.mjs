// The Electron that this tree has, if any. Plain JavaScript for Node 18; never downloads.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './node-line.mjs';

/** Where an unpacked Electron has its program (electron/install.js, `getPlatformPath`). */
const PROGRAM = {
  darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
  win32: 'electron.exe',
  linux: 'electron',
};

/** Path of Electron's program: below `ELECTRON_OVERRIDE_DIST_PATH` when that is set, else in `node_modules`. */
export function findElectron(env = process.env, root = ROOT, platform = process.platform) {
  const program = PROGRAM[platform];
  if (program === undefined) return undefined;
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = override ? override : join(root, 'node_modules', 'electron', 'dist');
  const path = join(folder, program);
  return existsSync(path) ? path : undefined;
}
