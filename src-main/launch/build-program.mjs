// Packs the command line and the process with the native modules into dist/program.
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import { CLIENT_OF_UNDICI, HTTP_BY_REQUIRE, OUTSIDE, REQUIRE, ZOD_IN_ENGLISH } from './build-shell.mjs';
import { ROOT } from './node-line.mjs';
import { keepPrint, printOfSources, programFolder } from './program.mjs';

/** Name of each packed file, and the module that it begins with. */
const ENTRIES = { main: 'src-main/cli/main.ts', bearer: 'src-main/bearer/child/child-entry.ts' };

/** Places beside a module are asked for by its own place, which another file has when it is packed. */
function placesOfModules(folder) {
  const packed = new Map(Object.entries(ENTRIES).map(([name, path]) => [join(ROOT, path), `${name}.js`]));
  return {
    name: 'places of modules',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]src-main[\\/].*\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!text.includes('import.meta.url')) return undefined;
        const contents = text.replace(/new URL\('([^']+)', import\.meta\.url\)/g, (_, name) => {
          const target = resolve(dirname(path), name);
          const place = packed.get(target) ?? relative(folder, target).split(sep).join('/');
          return `new URL('${place}', import.meta.url)`;
        });
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** For `run.mjs`. */
export async function main() {
  const folder = programFolder();
  const print = printOfSources();
  rmSync(folder, { recursive: true, force: true });
  await build({
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    banner: { js: REQUIRE },
    external: OUTSIDE,
    // Names of functions and classes stay as they are: they stand in what people send us.
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [ZOD_IN_ENGLISH, CLIENT_OF_UNDICI, HTTP_BY_REQUIRE, placesOfModules(folder)],
    entryPoints: Object.entries(ENTRIES).map(([name, path]) => ({ in: path, out: name })),
    chunkNames: 'part-[hash]',
    outdir: folder,
  });
  keepPrint(print);
}
