/** Path of Electron's program: below `ELECTRON_OVERRIDE_DIST_PATH` when that is set, else in `node_modules`. */
export function findElectron(
  env?: Readonly<Record<string, string | undefined>>,
  root?: string,
  platform?: NodeJS.Platform,
): string | undefined;
