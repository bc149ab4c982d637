/**
 * `bench journal`: acknowledged rows a second, many writers sharing commits, against one row a commit with the same
 * full sync on the same disk; and how long a write waits for company. Exit 0: both goals met; 1: one is not; 2: too
 * noisy. `--rounds N` (default 7), `--folder DIR` (default: the temporary folder; it should be on a real disk).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { judge, median, type Round } from '../codec/rounds.ts';
import { GroupedRows } from './grouped-rows.ts';
import { messageCost } from './message-cost.ts';
import { SESSION, SingleRows } from './single-rows.ts';

const RATIO_GOAL = 10;
const WAIT_GOAL = 5;
const SLICE = 1000;

export async function run(args: readonly string[]): Promise<number> {
  const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const count = Math.max(1, Math.trunc(Number(option('--rounds') ?? 7)) || 7);
  const parent = option('--folder') ?? tmpdir();
  const folder = mkdtempSync(join(resolve(process.env.INIT_CWD ?? '', parent), 'bench-journal-'));
  try {
    return await measure(folder, count);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, count: number): Promise<number> {
  console.log(`node ${process.version}, ${cpus().length} CPUs, load ${loadavg()[0]?.toFixed(1)}`);
  const single = new SingleRows(join(folder, 'single.db'));
  const store = openStore({ file: join(folder, 'grouped.db'), clock: nodeClock });
  await store.write((db) => db.run(SESSION));
  const grouped = new GroupedRows(store);
  const rounds: Round[] = [];
  const waits: number[] = [];
  try {
    single.rate(SLICE);
    await grouped.rate(SLICE);
    grouped.takeWaits();
    for (let round = 0; round < count; round += 1) {
      // The order turns, so that neither is always the first after a pause.
      const first = round % 2 === 0 ? single.rate(SLICE) : 0;
      const subject = await grouped.rate(SLICE);
      const anchor = round % 2 === 0 ? first : single.rate(SLICE);
      rounds.push({ anchor, subject });
      waits.push(...grouped.takeWaits());
    }
    grouped.check();
  } finally {
    single.close();
    await store.close();
  }
  console.log(`a message of 2 KB, written down by the journal: ${await messageCost(folder)} us of CPU (not judged)`);
  return report(rounds, waits);
}

function report(rounds: readonly Round[], waits: readonly number[]): number {
  const { ratio, spread, verdict } = judge(rounds, RATIO_GOAL);
  const anchor = Math.round(median(rounds.map((round) => round.anchor)));
  const subject = Math.round(median(rounds.map((round) => round.subject)));
  console.log(
    `group commit: ${ratio.toFixed(1)}x one row a commit (${subject} against ${anchor} rows a second, anchor's spread ${spread.toFixed(2)}), goal ${RATIO_GOAL}x: ${verdict}`,
  );
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  const waited = verdict === 'too noisy' ? verdict : at(0.99) <= WAIT_GOAL ? 'met' : 'not met';
  console.log(
    `longest wait in a group: median ${at(0.5).toFixed(2)} ms, 99 of 100 within ${at(0.99).toFixed(2)} ms, longest ${at(1).toFixed(2)} ms of ${sorted.length} groups, goal ${WAIT_GOAL} ms: ${waited}`,
  );
  if (verdict === 'too noisy') return 2;
  return verdict === 'met' && waited === 'met' ? 0 : 1;
}

if (import.meta.main) process.exitCode = await run(process.argv.slice(2));
