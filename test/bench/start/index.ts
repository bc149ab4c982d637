/**
 * `bench start`: how long `pc-agent --help` takes against an empty Node, and how long until a host is ready, page
 * included. Exit 0: both goals met; 1: one is not; 2: too noisy. `--rounds N` (default 25).
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { judge, median, type Round } from '../codec/rounds.ts';

const LAUNCHER = join('src-main', 'launch', 'pc-agent.mjs');
/** `--help` takes at most twice as long as nothing at all. */
const RATIO_GOAL = 2;
const READY_GOAL = 1000;
const HOSTS = 5;

export async function run(args: readonly string[]): Promise<number> {
  const at = args.indexOf('--rounds');
  const count = Math.max(3, Math.trunc(Number(at < 0 ? 25 : args[at + 1])) || 25);
  console.log(`node ${process.version}, ${cpus().length} CPUs, load ${loadavg()[0]?.toFixed(1)}`);
  took([LAUNCHER, '--help']);
  const rounds: Round[] = [];
  for (let round = 0; round < count; round += 1) {
    const anchor = took(['-e', '0']);
    rounds.push({ anchor: 1 / anchor, subject: 1 / took([LAUNCHER, '--help']) });
  }
  const help = judge(rounds, 1 / RATIO_GOAL);
  const times = {
    node: median(rounds.map(({ anchor }) => 1 / anchor)),
    help: median(rounds.map(({ subject }) => 1 / subject)),
  };
  console.log(
    `pc-agent --help: ${(1 / help.ratio).toFixed(2)}x node -e 0 (${times.help.toFixed(0)} against ${times.node.toFixed(0)} ms, anchor's spread ${help.spread.toFixed(2)}), goal ${RATIO_GOAL}x: ${help.verdict}`,
  );
  const ready: number[] = [];
  for (let host = 0; host < HOSTS; host += 1) ready.push(await readyAfter());
  const slowest = Math.max(...ready);
  const page = existsSync(join('dist', 'renderer', 'index.html'))
    ? 'with its page'
    : 'without a page, which is not built';
  console.log(
    `host ready, ${page}: ${median(ready).toFixed(0)} ms, slowest of ${HOSTS} ${slowest.toFixed(0)} ms, goal ${READY_GOAL} ms: ${slowest <= READY_GOAL ? 'met' : 'not met'}`,
  );
  if (help.verdict === 'too noisy') return 2;
  return help.verdict === 'met' && slowest <= READY_GOAL ? 0 : 1;
}

function took(args: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - began;
}

/** Milliseconds from the start of a host on a new data folder to its `listening` line. */
async function readyAfter(): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'bench-start-'));
  const began = performance.now();
  const child = spawn(process.execPath, [LAUNCHER, 'serve', '--json'], {
    env: { ...process.env, PC_AGENT_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.includes('"listening"')) return performance.now() - began;
    }
    throw new Error('the host ended before it was ready');
  } finally {
    child.kill('SIGTERM');
    await new Promise((ended) => child.once('close', ended));
    rmSync(home, { recursive: true, force: true });
  }
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
