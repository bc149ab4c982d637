import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Configuration } from 'electron-builder';

/** electron-builder's own packages, as it sees them itself. */
const ofBuilder = createRequire(createRequire(import.meta.url).resolve('electron-builder'));

/** The configuration as electron-builder reads it. */
export function readConfiguration(): Configuration {
  const { load } = ofBuilder('js-yaml') as { load: (text: string) => unknown };
  return load(readFileSync('electron-builder.yml', 'utf8')) as Configuration;
}

/**
 * What electron-builder's own schema says against a configuration. Its function is not part of what the package
 * promises; the version is pinned.
 */
export async function faultsOfConfiguration(configuration: Configuration): Promise<readonly string[]> {
  const { validateConfiguration } = ofBuilder('app-builder-lib/out/util/config/config') as {
    validateConfiguration: (configuration: Configuration, logger: unknown) => Promise<void>;
  };
  const { DebugLogger } = ofBuilder('builder-util') as { DebugLogger: new (enabled: boolean) => unknown };
  try {
    await validateConfiguration(configuration, new DebugLogger(false));
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Files that must be in the archive. */
const NEEDED: readonly string[] = [
  '/package.json',
  '/dist/electron/main.js',
  '/dist/electron/host.js',
  '/dist/electron/peer.js',
  '/dist/electron/preload.cjs',
  '/dist/electron/icon.png',
  '/dist/renderer/index.html',
];
/** Where files of the archive may lie; everything else has got in by mistake. */
const PLACES =
  /^\/(?:package\.json$|dist(?:$|\/(?:electron|renderer)(?:$|\/))|node_modules(?:$|\/(?:serialport|@serialport|debug|ms|node-gyp-build)(?:$|\/)))/;
/** Sources, tests, maps and what is for another system. */
const FOREIGN =
  /\.(?:map|ts|tsx|mts)$|\/(?:tests?|__tests__)(?:\/|$)|\/prebuilds\/(?!linux-x64(?:\/|$))|node-(?:linux|win)-x64|\.musl\.node$/;

/** What is wrong with the list of files in the Linux archive. */
export function faultsOfListing(files: readonly string[]): readonly string[] {
  const missing = NEEDED.filter((file) => !files.includes(file)).map((file) => `${file} is missing`);
  const strange = files.filter((file) => !PLACES.test(file) || FOREIGN.test(file)).map((file) => `${file} is packed`);
  return [...missing, ...strange];
}
