/**
 * `bench cache [--size BYTES] [--rounds N]`: a package put into the cache (index and all) against what a person would
 * do with the file, and against npm's cacache; a check against openssl. All on the same disk, from the page cache, the
 * order turning each round. Exit 0: all goals met; 1: one is not; 2: no verdict (anchor missing, or too noisy).
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { type Cache, openCache } from '../../../src-main/cache/cache.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { judge, median } from '../codec/rounds.ts';

interface Bench {
  readonly cache: Cache;
  readonly folder: string;
  readonly source: string;
  readonly digest: string;
  readonly size: number;
}

/** Runs once and says how many seconds it took; what it made is removed after. */
type Case = () => Promise<number> | number;

const MIB = 1024 * 1024;
const REPUTS = 301;
const GROWTH = 16;
const signal: AbortSignal = new AbortController().signal;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: 'string', default: String(1024 * MIB) },
      rounds: { type: 'string', default: '5' },
      folder: { type: 'string', default: tmpdir() },
    },
  });
  const folder = mkdtempSync(join(values.folder, 'bench-cache-'));
  const store = openStore({ file: join(folder, 'state', 'pc-agent.db'), clock: nodeClock });
  const http = createHttpAgent();
  try {
    const cache = await openCache({ store, http, folder: join(folder, 'content'), ledger: createMemoryLedger() });
    const size = Number(values.size);
    const source = join(folder, 'package.bin');
    return await measure({ cache, folder, source, size, digest: makeSource(source, size) }, Number(values.rounds));
  } finally {
    await http.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(bench: Bench, rounds: number): Promise<number> {
  const reput = await reputs(bench);
  const cases = casesOf(bench);
  const seconds = new Map<string, number[]>([...cases.keys()].map((name) => [name, []]));
  let growth = 0;
  for (let round = 0; round < rounds; round += 1) {
    const order = [...cases.keys()];
    order.push(...order.splice(0, round % order.length));
    for (const name of order) {
      // What the one before left to be written is not this one's.
      spawnSync('sync');
      const watch = watchMemory();
      const took = await cases.get(name)?.();
      const grown = watch();
      if (name === 'put' || name === 'verify') growth = Math.max(growth, grown);
      seconds.get(name)?.push(took ?? Number.NaN);
    }
  }
  const compare = comparer(seconds, bench.size);
  const verdicts = [
    compare('put', 'cp + fsync + sha256sum', 3),
    compare('put', 'cp + fsync', 0.5),
    cases.has('cacache') ? compare('put', 'cacache', 2.5) : missing('put against cacache', 'cacache is not installed'),
    compare('verify', 'openssl', 1),
    limit('put of a known digest, median', reput, 1, 'ms'),
    limit('growth of resident memory', growth, GROWTH, 'MB'),
  ];
  if (verdicts.includes('not met')) return 1;
  return verdicts.some((verdict) => verdict !== 'met') ? 2 : 0;
}

function casesOf({ cache, folder, source, digest, size }: Bench): ReadonlyMap<string, Case> {
  const copy = join(folder, 'copy.bin');
  const shell = (script: string): number => {
    const took = timed(() => {
      const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', source, copy], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`${script}: ${stderr}`);
    });
    rmSync(copy, { force: true });
    return took;
  };
  const cases = new Map<string, Case>([
    [
      'put',
      async () => {
        const start = performance.now();
        const kept = await cache.add(source, { signal, id: 'package' });
        const took = (performance.now() - start) / 1000;
        if (kept.digest !== digest || kept.size !== size) throw new Error('what was put is not what was there');
        await cache.remove('package');
        return took;
      },
    ],
    ['cp + fsync', () => shell('cp "$1" "$2" && sync "$2"')],
    ['cp + fsync + sha256sum', () => shell('cp "$1" "$2" && sync "$2" && sha256sum "$2"')],
    ['openssl', () => shell('openssl dgst -sha256 "$1"')],
    [
      'verify',
      async () => {
        await cache.add(source, { signal, id: 'package' });
        spawnSync('sync');
        const start = performance.now();
        const [verdict] = await cache.verify('package', { signal });
        const took = (performance.now() - start) / 1000;
        if (verdict?.reason !== undefined) throw new Error('the check says that the package is damaged');
        await cache.remove('package');
        return took;
      },
    ],
  ]);
  const cacache = loadCacache();
  if (cacache !== undefined) cases.set('cacache', () => putWithCacache(cacache, folder, source));
  return cases;
}

/** Milliseconds of putting in a file whose digest is told and known. */
async function reputs({ cache, source, digest }: Bench): Promise<number> {
  await cache.add(source, { signal, id: 'package' });
  // The source has just been written, and its way to the disk is not what is measured.
  spawnSync('sync');
  const times: number[] = [];
  for (let turn = 0; turn < REPUTS; turn += 1) {
    const start = performance.now();
    await cache.add(source, { signal, id: 'package', sha256: digest });
    times.push(performance.now() - start);
  }
  await cache.remove('package');
  return median(times);
}

interface Cacache {
  readonly put: {
    stream(
      cache: string,
      key: string,
      options: { readonly algorithms: readonly string[] },
    ): NodeJS.WritableStream & {
      promise(): Promise<unknown>;
    };
  };
}

/** Also from a folder that NODE_PATH names. */
function loadCacache(): Cacache | undefined {
  const name = 'cacache';
  try {
    return createRequire(import.meta.url)(name) as Cacache;
  } catch {
    return undefined;
  }
}

async function putWithCacache(cacache: Cacache, folder: string, source: string): Promise<number> {
  const target = join(folder, 'cacache');
  const start = performance.now();
  const sink = cacache.put.stream(target, 'package', { algorithms: ['sha256'] });
  createReadStream(source, { highWaterMark: MIB }).pipe(sink);
  await sink.promise();
  // It brings nothing to the disk by itself; what is compared is a package that is there after a power cut.
  spawnSync('sh', ['-c', 'find "$1" -type f -exec sync {} +', 'sh', target]);
  const took = (performance.now() - start) / 1000;
  rmSync(target, { recursive: true, force: true });
  return took;
}

function comparer(seconds: ReadonlyMap<string, readonly number[]>, size: number) {
  const rates = (name: string): readonly number[] => (seconds.get(name) ?? []).map((each) => size / MIB / each);
  return (subject: string, anchor: string, goal: number): string => {
    const [ours, theirs] = [rates(subject), rates(anchor)];
    const judged = judge(
      ours.map((rate, index) => ({ subject: rate, anchor: theirs[index] ?? Number.NaN })),
      goal,
    );
    console.log(
      `${subject}: ${judged.ratio.toFixed(2)}x ${anchor} (${Math.round(median(ours))} against ${Math.round(median(theirs))} MiB a second, anchor's spread ${judged.spread.toFixed(2)}), goal ${goal}x: ${judged.verdict}`,
    );
    return judged.verdict;
  };
}

function missing(what: string, why: string): string {
  console.log(`${what}: no verdict: ${why}`);
  return 'missing';
}

function limit(what: string, value: number, most: number, unit: string): string {
  const verdict = value <= most ? 'met' : 'not met';
  console.log(`${what}: ${value.toFixed(2)} ${unit}, goal at most ${most} ${unit}: ${verdict}`);
  return verdict;
}

/** @returns what stops the watch and says by how many MB the resident memory rose above where it was. */
function watchMemory(): () => number {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let most = before;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, 10);
  return () => {
    clearInterval(timer);
    look();
    return (most - before) / MIB;
  };
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** @returns its digest */
function makeSource(path: string, size: number): string {
  const file = openSync(path, 'w', 0o600);
  const hash = createHash('sha256');
  const block = randomBytes(MIB);
  try {
    for (let done = 0; done < size; done += block.length) {
      block.writeUInt32BE((done / MIB) >>> 0);
      const piece = block.subarray(0, Math.min(block.length, size - done));
      writeSync(file, piece);
      hash.update(piece);
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
