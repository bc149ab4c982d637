// Builds the window's own processes into dist/electron: main (ESM), preload (CommonJS, as a sandbox has it), host (ESM).
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './node-line.mjs';

/** Bundled CommonJS asks for Node's modules with `require`, which a module does not have. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
/** Electron is there when it runs; serialport loads a binary that must lie beside its own package. */
const OUTSIDE = ['electron', 'serialport'];

/**
 * @param {string} [folder] Default: `dist/electron`
 * @returns {Promise<string[]>} what the bundles ask for when they run
 */
export async function buildShell(folder = join(ROOT, 'dist', 'electron')) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    external: OUTSIDE,
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  };
  const esm = { ...common, format: 'esm', banner: { js: REQUIRE } };
  const host = {
    contents: "import { main } from './src-main/host/port-host-main.ts'; await main(process.parentPort);",
    resolveDir: ROOT,
  };
  const built = await Promise.all([
    build({ ...esm, entryPoints: ['src-main/electron/main.ts'], outfile: join(folder, 'main.js') }),
    build({ ...esm, stdin: host, outfile: join(folder, 'host.js') }),
    build({
      ...common,
      format: 'cjs',
      entryPoints: ['src-main/electron/preload.ts'],
      outfile: join(folder, 'preload.cjs'),
    }),
  ]);
  copyFileSync(join(ROOT, 'build', 'icon.png'), join(folder, 'icon.png'));
  const outputs = built.flatMap(({ metafile }) => Object.values(metafile.outputs));
  return [...new Set(outputs.flatMap(({ imports }) => imports.map(({ path }) => path)))];
}

/** For `run.mjs`. */
export async function main() {
  await buildShell();
}
