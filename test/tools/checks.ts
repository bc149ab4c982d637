import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

interface Check {
  readonly name: string;
  readonly args: readonly string[];
  /** Left out while this path does not exist. */
  readonly needs?: string;
}

const NODE_MODULES = 'node_modules';
const TSC = join(NODE_MODULES, 'typescript', 'bin', 'tsc');
const BIOME = join(NODE_MODULES, '@biomejs', 'biome', 'bin', 'biome');
const KNIP = join(NODE_MODULES, 'knip', 'bin', 'knip.js');
const RUN = join('src-main', 'launch', 'run.mjs');
/** One check takes seconds; a hanging one must not hang the tests. */
const CHECK_LIMIT = 180_000;

const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  typecheck: [
    { name: 'types', args: [TSC, '-p', 'tsconfig.json'] },
    { name: 'types of the pure layers, without Node', args: [TSC, '-p', 'tsconfig.pure.json'] },
    { name: 'types of the page', args: [TSC, '-p', 'tsconfig.renderer.json'], needs: 'src-renderer/main.tsx' },
    { name: 'types of the product without virtual peers', args: [TSC, '-p', 'tsconfig.product.json'] },
  ],
  lint: [
    { name: 'biome', args: [BIOME, 'ci', '--error-on-warnings', '--colors=off'] },
    { name: 'layers', args: [RUN, 'test/tools/layers.ts'] },
    { name: 'unused files, exports and dependencies', args: [KNIP, '--no-progress'] },
    { name: 'facts of the standards and their tests', args: [RUN, 'test/tools/facts.ts'] },
    { name: 'use cases and their tests', args: [RUN, 'test/tools/use-cases.ts', '--check'] },
    { name: 'lock file', args: [RUN, 'test/tools/check-lock.ts'] },
  ],
};

/** Runs the checks of the groups ("typecheck", "lint"). @returns the names of those that failed */
export function runChecks(groups: readonly string[]): readonly string[] {
  const checks = groups.flatMap((group) => CHECKS[group] ?? []);
  const present = checks.filter(({ needs }) => needs === undefined || existsSync(needs));
  return present.filter((check) => !passes(check)).map(({ name }) => name);
}

function passes({ name, args }: Check): boolean {
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: CHECK_LIMIT });
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  process.stdout.write(`${status === 0 ? '  ok    ' : '  FAILED'}  ${name} (${took})\n`);
  if (status !== 0) process.stdout.write(`${stdout}${stderr}\n`);
  return status === 0;
}

/** `checks.ts typecheck`, `checks.ts lint`, or both. */
export function main(groups: readonly string[]): void {
  if (runChecks(groups).length > 0) process.exitCode = 1;
}
