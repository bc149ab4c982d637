import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { applyMutant, choose, type Mutant, mutantsOf } from './mutate.ts';
import { quickFirst, timesOf } from './quick-first.ts';

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
/** A mutant that loops for ever is noticed by its time: at least this, and so many times what its tests take without it. */
const MUTANT_LIMIT = 60_000;
const TIMES_USUAL = 6;
/** For one test that waits for what does not come. The slowest needs some five seconds beside another worker. */
const TEST_LIMIT = 20_000;
const BASELINE_LIMIT = 10 * 60_000;
/** After so many it says how far it is. */
const SAY_EVERY = 20;
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

type Times = ReadonlyMap<string, number>;

/** Runs of test files that have to notice a change of this source, one after the other. */
function runsFor(file: string, times: Times): readonly string[][] {
  return quickFirst(times, unitTests(AREAS[file.split('/')[1] ?? ''] ?? []));
}

function limitFor(files: readonly string[], times: Times): number {
  const usual = files.reduce((sum, file) => sum + (times.get(file) ?? 0), 0);
  return Math.max(MUTANT_LIMIT, TIMES_USUAL * usual);
}

/**
 * @param files paths, or folders
 * @param limit milliseconds
 */
function runTests(
  root: string,
  files: readonly string[],
  limit: number,
  report: readonly string[] = [],
): Promise<Verdict> {
  const vitest = resolve('node_modules', 'vitest', 'vitest.mjs');
  const limits = ['--bail=1', '--maxWorkers=1', `--testTimeout=${TEST_LIMIT}`];
  const args = [vitest, 'run', '--reporter=dot', ...limits, ...report, ...files];
  return new Promise((done) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'ignore', detached: true });
    const overdue = setTimeout(() => {
      // The whole group: a worker that loops does not hear its parent.
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, limit);
    child.on('exit', (code) => {
      clearTimeout(overdue);
      done(code === 0 ? 'survived' : 'noticed');
    });
  });
}

async function tryMutant(root: string, mutant: Mutant, times: Times): Promise<Verdict> {
  const path = join(root, mutant.file);
  const source = readFileSync(path, 'utf8');
  writeFileSync(path, applyMutant(source, mutant));
  try {
    const runs = runsFor(mutant.file, times);
    if (runs.length === 0) throw new Error(`no test is asked about ${mutant.file}`);
    for (const files of runs) {
      if ((await runTests(root, files, limitFor(files, times))) === 'noticed') return 'noticed';
    }
    return 'survived';
  } finally {
    writeFileSync(path, source);
  }
}

function describe(mutant: Mutant): string {
  const line = readFileSync(mutant.file, 'utf8').slice(0, mutant.offset).split('\n').length;
  return `${mutant.file}:${line}  ${mutant.before}  became  ${mutant.after}`;
}

async function work(root: string, queue: Mutant[], survivors: Mutant[], times: Times): Promise<void> {
  copyTree(root);
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    if ((await tryMutant(root, mutant, times)) === 'survived') {
      survivors.push(mutant);
      process.stdout.write(`  not noticed: ${describe(mutant)}\n`);
    }
    if (queue.length % SAY_EVERY !== 0) continue;
    process.stdout.write(`Mutants: ${queue.length} to go, ${survivors.length} not noticed\n`);
  }
}

/** The tests must pass without any mutant, or every one would seem noticed. @returns how long each took, if they do */
async function baseline(root: string): Promise<Times | undefined> {
  copyTree(root);
  const report = join(root, 'report.json');
  const folders = unitTests([...new Set(Object.values(AREAS).flat())]);
  const verdict = await runTests(root, folders, BASELINE_LIMIT, ['--reporter=json', `--outputFile.json=${report}`]);
  return verdict === 'survived' ? timesOf(JSON.parse(readFileSync(report, 'utf8')), root) : undefined;
}

/** Makes mutants, runs the tests on each, and says how many were noticed. @returns whether the goal was met */
export async function runMutants(seed = DEFAULT_SEED, count = COUNT): Promise<boolean> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'pc-agent-mutants-')));
  try {
    const times = await baseline(join(home, 'baseline'));
    if (times === undefined) {
      process.stdout.write('Mutants: the tests fail without any mutant\n');
      return false;
    }
    const chosen = choose(allMutants(), count, seed);
    const queue = [...chosen];
    const survivors: Mutant[] = [];
    const workers = Array.from({ length: Math.max(2, availableParallelism()) }, (_, index) =>
      work(join(home, `worker-${index}`), queue, survivors, times),
    );
    await Promise.all(workers);
    const share = 1 - survivors.length / chosen.length;
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
