import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { ROOT } from '../../support/processes.ts';

/** What is loaded as it is: packages with a binary beside them; the last one may be missing. */
const NATIVE = ['serialport', 'usb', 'node-bluetooth-serial-port'];
/** Of the binaries that they bring, the machine can use these. */
const OTHER_PLATFORM = /[\\/]prebuilds[\\/](?!linux-x64)[^\\/]+$/;
/** Bundled CommonJS asks for Node's modules with `require`, which a module does not have. */
const REQUIRE = "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

/** The programs of the machine and the modules that they are made of. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'pc-agent': "import { main } from './src-main/cli/main.ts'; await main(process.argv.slice(2));",
  'bearer-child': "export { main } from './src-main/bearer/child/child-entry.ts';",
  scenarios: "import { main } from './test/lab/scenarios/main.ts'; await main(process.argv.slice(2));",
};

/**
 * Puts the real command line, packed into a few files so that the emulated processor need not translate hundreds, and
 * the native packages that it loads, into a folder that the machine sees as `/project`.
 */
export async function buildProject(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: Object.keys(PROGRAMS),
    outdir: folder,
    plugins: [sourcesOf(PROGRAMS)],
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    banner: { js: REQUIRE },
    external: NATIVE,
    logLevel: 'error',
  });
  // Where the host looks for the process with the native modules: beside the code that starts it.
  writeFileSync(join(folder, 'child-entry.ts'), "export { main } from './bearer-child.mjs';\n");
  cpSync(join(ROOT, 'native'), join(folder, 'native'), { recursive: true });
  for (const name of NATIVE) copyPackage(name, folder);
}

function sourcesOf(programs: Readonly<Record<string, string>>): Plugin {
  return {
    name: 'programs',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^[a-z-]+$/ }, ({ path, kind }) =>
        kind === 'entry-point' ? { path, namespace: 'program' } : undefined,
      );
      onLoad({ filter: /.*/, namespace: 'program' }, ({ path }) => ({
        contents: programs[path] ?? '',
        resolveDir: ROOT,
      }));
    },
  };
}

/** With what it depends on; `node_modules` may be a link, of which the copy knows nothing. */
function copyPackage(name: string, folder: string): void {
  const from = join(ROOT, 'node_modules', name);
  const to = join(folder, 'node_modules', name);
  if (existsSync(to) || !existsSync(from)) return;
  cpSync(from, to, { recursive: true, dereference: true, filter: (path) => !OTHER_PLATFORM.test(path) });
  for (const needed of dependenciesOf(from)) copyPackage(needed, folder);
}

function dependenciesOf(packageFolder: string): readonly string[] {
  const text = readFileSync(join(packageFolder, 'package.json'), 'utf8');
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(text) as Record<string, Record<string, string>>;
  // Types say nothing when a program runs.
  return Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => !name.startsWith('@types/'));
}
