import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
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
const CHECK_LIMIT = 300_000;
/** Machines in machines, beside which they run, have time limits. */
const NICE = 5;
/** Most of them use one processor. */
const AT_ONCE = 2;
const MOST_SAID = 64 << 20;

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
export async function runChecks(groups: readonly string[]): Promise<readonly string[]> {
  const checks = groups.flatMap((group) => CHECKS[group] ?? []);
  const waiting = checks.filter(({ needs }) => needs === undefined || existsSync(needs));
  const failed: string[] = [];
  const runOneByOne = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await passes(check))) failed.push(check.name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runOneByOne));
  return failed;
}

async function passes({ name, args }: Check): Promise<boolean> {
  const began = performance.now();
  const { ok, said } = await run(args);
  const took = `${((performance.now() - began) / 1000).toFixed(1)} s`;
  process.stdout.write(`${ok ? '  ok    ' : '  FAILED'}  ${name} (${took})\n`);
  if (!ok) process.stdout.write(`${said}\n`);
  return ok;
}

function run(args: readonly string[]): Promise<{ readonly ok: boolean; readonly said: string }> {
  const options = { timeout: CHECK_LIMIT, maxBuffer: MOST_SAID };
  return new Promise((resolve) => {
    const { pid } = execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({
        ok: error === null,
        said: `${stdout}${stderr}${error?.killed === true ? 'ended: out of time, or too much to say' : ''}`,
      });
    });
    // Who is nicer already may not take that back.
    if (pid !== undefined && getPriority() < NICE) setPriority(pid, NICE);
  });
}

/** `checks.ts typecheck`, `checks.ts lint`, or both. */
export async function main(groups: readonly string[]): Promise<void> {
  if ((await runChecks(groups)).length > 0) process.exitCode = 1;
}
