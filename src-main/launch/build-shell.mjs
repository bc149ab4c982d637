// Builds the window's own processes into dist/electron: main (ESM), preload (CommonJS, as a sandbox has it), host (ESM),
// the process with the native modules, and the virtual peers that the host runs as threads.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './node-line.mjs';

/** Bundled CommonJS asks for Node's modules with `require`, which a module does not have. */
export const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
/** Electron is there when it runs; serialport and usb load binaries that must lie beside their own packages. */
export const OUTSIDE = ['electron', 'serialport', 'usb', 'node-bluetooth-serial-port'];

/** What runs, which the modules themselves do not when they are imported. */
const ENTRIES = {
  host: "import { main } from './src-main/host/port-host-main.ts'; await main(process.parentPort);",
  bearer: "import { main } from './src-main/bearer/child/child-entry.ts'; await main();",
  peer: `import { runAsThread } from './src-main/host/demo/peer-thread.ts';
import { main } from './src-main/cli/main.ts'; await runAsThread(main);`,
};

/** @param {Record<string, string>} entries name and source */
function entriesOf(entries) {
  return {
    name: 'entries',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^(?:host|bearer|peer)$/ }, ({ path, kind }) =>
        kind === 'entry-point' ? { path, namespace: 'entry' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'entry' }, ({ path }) => ({ contents: entries[path], resolveDir: ROOT }));
    },
  };
}

/** Zod's words in some fifty languages, a quarter of a megabyte: people read ours, and logs are in English. */
export const ZOD_IN_ENGLISH = {
  name: 'zod in English',
  /** @param {import('esbuild').PluginBuild} building */
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** Of undici its HTTP client: fetch, WebSocket, its cache and its mocks are a third of a megabyte that nothing here asks for. */
export const CLIENT_OF_UNDICI = {
  name: 'client of undici',
  /** @param {import('esbuild').PluginBuild} building */
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]node_modules[\\/]undici[\\/]index\.js$/ }, () => ({
      // Loaded by the first who goes out: most commands never do.
      contents: `Object.defineProperties(exports, {
  Client: { enumerable: true, get: () => require('./lib/dispatcher/client') },
  buildConnector: { enumerable: true, get: () => require('./lib/core/connect') },
  errors: { enumerable: true, get: () => require('./lib/core/errors') },
});`,
    }));
  },
};

/**
 * `import` of `node:http` has Node read everything that the module exports, and with its WebSocket comes all of Node's own
 * undici: some 40 ms of processor time at each start. `require` does not.
 */
export const HTTP_BY_REQUIRE = {
  name: 'http by require',
  /** @param {import('esbuild').PluginBuild} building */
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^node:http$/ }, ({ kind, path }) =>
      kind === 'import-statement' ? { path, namespace: 'by-require' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('${path}');`,
    }));
  },
};

const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node24',
  external: OUTSIDE,
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
  plugins: [ZOD_IN_ENGLISH, CLIENT_OF_UNDICI, HTTP_BY_REQUIRE],
};
const ESM = { ...COMMON, format: 'esm', banner: { js: REQUIRE } };

/**
 * Entries that share much of their code: what several need is packed once.
 * @param {string} folder
 * @param {string[]} names Of the entries. Default: all
 */
export function buildEntries(folder, names = Object.keys(ENTRIES)) {
  return build({
    ...ESM,
    splitting: true,
    plugins: [...COMMON.plugins, entriesOf(ENTRIES)],
    entryPoints: names,
    chunkNames: 'part-[hash]',
    outdir: folder,
  });
}

/**
 * @param {string} [folder] Default: `dist/electron`
 * @returns {Promise<string[]>} what the bundles ask for when they run
 */
export async function buildShell(folder = join(ROOT, 'dist', 'electron')) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const built = await Promise.all([
    build({ ...ESM, entryPoints: ['src-main/electron/main.ts'], outfile: join(folder, 'main.js') }),
    buildEntries(folder),
    build({
      ...COMMON,
      format: 'cjs',
      entryPoints: ['src-main/electron/preload.ts'],
      outfile: join(folder, 'preload.cjs'),
    }),
  ]);
  copyFileSync(join(ROOT, 'build', 'icon.png'), join(folder, 'icon.png'));
  const outputs = built.flatMap(({ metafile }) => Object.values(metafile.outputs));
  return [
    ...new Set(outputs.flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))),
  ];
}

/** For `run.mjs`. */
export async function main() {
  await buildShell();
}
