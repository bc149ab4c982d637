import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packedProgram, programFolder } from '../../src-main/launch/program.mjs';
import { labMissing } from '../lab/host/missing.ts';
import { CONTINUOUS } from '../support/thoroughness.ts';
import { runChecks } from './checks.ts';
import { provideDebianPackages } from './debian-packages.ts';
import { type Summary, summarise, summaryLine } from './summary.ts';

const OUTPUT = join('test', 'output');
const REPORT = join(OUTPUT, 'vitest.json');
/** `.ci/run` repeats this file last, after whatever npm has to say. */
const SUMMARY = join(OUTPUT, 'summary');
const BUILT_PAGE = join('dist', 'renderer');
const BUILD_NATIVE = join('src-main', 'launch', 'build-native.mjs');
const VITEST = join('node_modules', 'vitest', 'vitest.mjs');
const MINUTE = 60_000;
/** Ends a run that hangs; a healthy one takes a fraction, also where others use the computer. */
const LIMIT = { usual: 22 * MINUTE, long: 150 * MINUTE };
const LONG_ENVIRONMENT = { PC_AGENT_LONG: '1', PC_AGENT_FUZZ_COUNT: '1000000' };
/** Parts that are run alone, without the checks. */
const PARTS: Readonly<Record<string, string>> = {
  '--lab': 'test/lab/lab.test.ts',
  '--power': 'test/lab/power.test.ts',
};

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function readReport(): unknown {
  try {
    return JSON.parse(readFileSync(REPORT, 'utf8'));
  } catch {
    return { testResults: [] };
  }
}

async function runVitest(long: boolean, args: readonly string[]): Promise<Summary> {
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const child = spawn(process.execPath, [VITEST, 'run', ...reporters, ...args], {
    stdio: 'inherit',
    // The set-up has built them from these sources.
    env: {
      ...process.env,
      PC_AGENT_BUILT_PAGE: BUILT_PAGE,
      ...builtProgram(),
      // Who names a file wants all of it.
      ...(args.length > 0 ? { PC_AGENT_THOROUGH: '1' } : {}),
      ...(long ? LONG_ENVIRONMENT : {}),
    },
  });
  const limit = long ? LIMIT.long : LIMIT.usual;
  const overdue = setTimeout(() => {
    say(`The tests are ended after ${limit / MINUTE} minutes; nothing of them is counted.`);
    child.kill();
  }, limit);
  const [status] = (await once(child, 'close')) as [number | null];
  clearTimeout(overdue);
  return summarise(readReport(), status);
}

function builtProgram(): { PC_AGENT_BUILT_PROGRAM?: string } {
  return packedProgram() === undefined ? {} : { PC_AGENT_BUILT_PROGRAM: programFolder() };
}

/** The long part of the laboratory has both programs that carry octets over Bluetooth. What is missing it says itself. */
function buildNative(): void {
  spawnSync(process.execPath, [BUILD_NATIVE], { stdio: 'inherit', timeout: LIMIT.usual });
}

async function runMutants(): Promise<boolean> {
  const { runMutants: run } = await import('./mutants.ts');
  return run();
}

/**
 * `npm test`: Debian packages, type checks, lint, vitest; further arguments go to vitest (`npm test -- test/unit/obex`).
 * With `--long` also the mutants and the long figures. `--lab` and `--power` run that part of the laboratory alone. The
 * last line counts vitest's tests; a failed check is one more that failed.
 */
export async function main(args: readonly string[]): Promise<void> {
  const parts = Object.keys(PARTS).filter((flag) => args.includes(flag));
  const long = args.includes('--long') || parts.includes('--power');
  const whole = parts.length === 0;
  mkdirSync(OUTPUT, { recursive: true });
  rmSync(SUMMARY, { force: true });
  const both = long && (whole || parts.includes('--lab'));
  provideDebianPackages(say, both);
  if (both) buildNative();
  const others = args.filter((arg) => arg !== '--long' && PARTS[arg] === undefined);
  const tests = () => runVitest(long, [...others, ...parts.map((flag) => PARTS[flag] ?? '')]);
  const checks = async () => (whole ? [...(await runChecks(['typecheck', 'lint']))] : []);
  // The laboratory, which comes first, leaves a part of the processor; its long run measures times, and continuous
  // integration has time enough for one after the other.
  const together = !CONTINUOUS && !long && others.length === 0 && labMissing() === undefined;
  const [failedChecks, summary] = together ? await Promise.all([checks(), tests()]) : [await checks(), await tests()];
  if (long && whole && !(await runMutants())) failedChecks.push('mutants');
  if (summary.skippedNames.length > 0) say(`Skipped:\n  ${summary.skippedNames.join('\n  ')}`);
  if (failedChecks.length > 0) say(`Failed checks: ${failedChecks.join('; ')}`);
  const failed = summary.failed + failedChecks.length;
  const line = summaryLine({ ...summary, failed });
  writeFileSync(SUMMARY, `${line}\n`);
  say(line);
  process.exitCode = failed === 0 ? 0 : 1;
}
