import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { applyMutant, choose, type Mutant, mutantsOf } from './mutate.ts';

/** The folders whose tests are measured, and which tests (`test/unit/dm`, `test/unit/dm-…`) have to notice a change. */
const AREAS: Readonly<Record<string, readonly string[]>> = {
  obex: ['obex', 'link'],
  wbxml: ['wbxml', 'syncml'],
  syncml: ['syncml', 'dm'],
  dm: ['dm', 'scomo'],
};
const COUNT = 200;
const GOAL = 0.9;
const DEFAULT_SEED = 20_261_121;
/** A mutant that loops for ever is noticed by its time. */
const MUTANT_LIMIT = 60_000;
const COPIED = ['src-main', 'test', 'package.json', 'tsconfig.json', 'tsconfig.base.json', 'vitest.config.ts'];

type Verdict = 'noticed' | 'survived';

function sourcesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(folder, name).replaceAll('\\', '/'));
}

function allMutants(): readonly Mutant[] {
  const files = Object.keys(AREAS).flatMap((area) => sourcesBelow(join('src-main', area)));
  return files.flatMap((file) => mutantsOf(file, readFileSync(file, 'utf8')));
}

/** A tree of its own for one worker: sources copied, dependencies shared. */
function copyTree(root: string): void {
  for (const name of COPIED) if (existsSync(name)) cpSync(name, join(root, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'), 'junction');
}

function unitTests(areas: readonly string[]): readonly string[] {
  const unit = join('test', 'unit');
  const names = readdirSync(unit).filter((name) => areas.some((area) => name === area || name.startsWith(`${area}-`)));
  return names.map((name) => `test/unit/${name}/`);
}

function testsFor(file: string): readonly string[] {
  return unitTests(AREAS[file.split('/')[1] ?? ''] ?? []);
}

function runTests(root: string, folders: readonly string[]): Promise<Verdict> {
  const vitest = resolve('node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--bail=1', '--reporter=dot', '--maxWorkers=1', '--testTimeout=5000', ...folders];
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore', detached: true });
    const limit = setTimeout(() => {
      // The whole group: a worker that loops does not hear its parent.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, MUTANT_LIMIT);
    child.on('exit', (code) => {
      clearTimeout(limit);
      done(code === 0 ? 'survived' : 'noticed');
    });
  });
}

async function tryMutant(root: string, mutant: Mutant): Promise<Verdict> {
  const path = join(root, mutant.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, applyMutant(source, mutant));
  try {
    return await runTests(root, testsFor(mutant.file));
  } finally {
    writeFileSync(path, source);
  }
}

function describe(mutant: Mutant): string {
  const line = readFileSync(mutant.file, 'utf8').slice(0, mutant.offset).split('\n').length;
  return `${mutant.file}:${line}  ${mutant.before}  became  ${mutant.after}`;
}

async function work(root: string, queue: Mutant[], survivors: Mutant[]): Promise<void> {
  copyTree(root);
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    if ((await tryMutant(root, mutant)) === 'survived') survivors.push(mutant);
  }
}

/** The tests must pass without any mutant, or every one would seem noticed. */
async function baselinePasses(root: string): Promise<boolean> {
  copyTree(root);
  return (await runTests(root, unitTests([...new Set(Object.values(AREAS).flat())]))) === 'survived';
}

/** Makes mutants, runs the tests on each, and says how many were noticed. @returns whether the goal was met */
export async function runMutants(seed = DEFAULT_SEED, count = COUNT): Promise<boolean> {
  const home = mkdtempSync(join(tmpdir(), 'pc-agent-mutants-'));
  try {
    if (!(await baselinePasses(join(home, 'baseline')))) {
      process.stdout.write('Mutants: the tests fail without any mutant\n');
      return false;
    }
    const chosen = choose(allMutants(), count, seed);
    const queue = [...chosen];
    const survivors: Mutant[] = [];
    const workers = Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) =>
      work(join(home, `worker-${index}`), queue, survivors),
    );
    await Promise.all(workers);
    const share = 1 - survivors.length / chosen.length;
    for (const survivor of survivors) process.stdout.write(`  not noticed: ${describe(survivor)}\n`);
    const figures = `${chosen.length - survivors.length} of ${chosen.length} noticed (${(share * 100).toFixed(1)} %)`;
    process.stdout.write(`Mutants, seed ${seed}: ${figures}, goal ${GOAL * 100} %\n`);
    return share >= GOAL;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** `mutants.ts [SEED] [COUNT]` */
export async function main([seed, count]: readonly string[]): Promise<void> {
  const met = await runMutants(Number(seed ?? DEFAULT_SEED), Number(count ?? COUNT));
  if (!met) process.exitCode = 1;
}
