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

const UDEV_RULES = '70-pc-agent.rules';
const UDEV_MAPPING = `native/udev/${UDEV_RULES}=/usr/lib/udev/rules.d/${UDEV_RULES}`;
/** What gives the person at the screen, and the bench, a handset's node, and nobody else. */
const UDEV_GIVES = ['=="*:020b??:*"', 'MODE="0660"', 'GROUP="dialout"', 'TAG+="uaccess"'];

/**
 * What is wrong with how the rules for udev get into the packages: as a file of deb and rpm each, with the builder's own
 * install scripts as they are, and beside the program for the doctor.
 */
export function faultsOfUdevRules({ deb, rpm, linux, extraResources }: Configuration): readonly string[] {
  const targets = Object.entries({ deb, rpm });
  const unmapped = targets.filter(([, options]) => options?.fpm?.includes(UDEV_MAPPING) !== true);
  const scripts = ['afterInstall', 'afterRemove'] as const;
  const replaced = [...targets, ['linux', linux] as const].flatMap(([name, options]) =>
    scripts
      .filter((script) => options != null && script in options)
      .map((script) => `${name}.${script} replaces the builder's own`),
  );
  const sets = Array.isArray(extraResources) ? extraResources : [extraResources];
  const beside = sets.some((set) => typeof set === 'object' && set?.from === 'native' && set.to === 'native');
  return [
    ...unmapped.map(([name]) => `${name}.fpm does not map ${UDEV_MAPPING}`),
    ...replaced,
    ...(beside ? [] : ['native is no extra resource']),
    ...faultsOfRuleText(readFileSync(`native/udev/${UDEV_RULES}`, 'utf8')),
  ];
}

/** The file's own promises; its number stands below that of 73-seat-late.rules, which acts on the tag. */
function faultsOfRuleText(text: string): readonly string[] {
  const missing = UDEV_GIVES.filter((term) => !text.includes(term)).map((term) => `${UDEV_RULES} has no ${term}`);
  const open = /MODE="06[67][4-7]"/.test(text) ? [`${UDEV_RULES} lets everybody in`] : [];
  const late = Number.parseInt(UDEV_RULES, 10) < 73 ? [] : [`${UDEV_RULES} is read too late for uaccess`];
  return [...missing, ...open, ...late];
}

/** Files that must be in the archive. */
const NEEDED: readonly string[] = [
  '/package.json',
  '/dist/electron/main.js',
  '/dist/electron/host.js',
  '/dist/electron/bearer.js',
  '/dist/electron/peer.js',
  '/dist/electron/preload.cjs',
  '/dist/electron/icon.png',
  '/dist/renderer/index.html',
];
/** Where files of the archive may lie; everything else has got in by mistake. */
const PLACES =
  /^\/(?:package\.json$|dist(?:$|\/(?:electron|renderer)(?:$|\/))|node_modules(?:$|\/(?:serialport|@serialport|debug|ms|node-gyp-build|usb|@node-usb)(?:$|\/)))/;
/** Sources, tests, maps and what is for another system. */
const FOREIGN =
  /\.(?:map|ts|tsx|mts)$|\/(?:tests?|__tests__)(?:\/|$)|\/prebuilds\/(?!linux-x64(?:\/|$))|node-(?:linux|win)-x64|\.musl\.node$/;

/** What is wrong with the list of files in the Linux archive. */
export function faultsOfListing(files: readonly string[]): readonly string[] {
  const missing = NEEDED.filter((file) => !files.includes(file)).map((file) => `${file} is missing`);
  const strange = files.filter((file) => !PLACES.test(file) || FOREIGN.test(file)).map((file) => `${file} is packed`);
  return [...missing, ...strange];
}
