import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { useCases as actors } from '../use-cases/actors.ts';
import { useCases as components } from '../use-cases/components.ts';
import { useCases as fumoFlows } from '../use-cases/fumo-flows.ts';
import { useCases as pcAgent } from '../use-cases/pc-agent.ts';
import { useCases as requirements } from '../use-cases/requirements.ts';
import { useCases as scomoFlows } from '../use-cases/scomo-flows.ts';
import { useCases as scomoUseCases } from '../use-cases/scomo-use-cases.ts';
import type { UseCase } from '../use-cases/use-case.ts';
import { filesWith, listTests, type NamedTest } from './named-tests.ts';
import { verdictsOf } from './use-case-report.ts';
import { share, showingRows, USE_CASE_ID, type UseCaseRow, type Verdict, withoutIds } from './use-case-rows.ts';

const ALL: readonly UseCase[] = [
  ...actors,
  ...components,
  ...scomoFlows,
  ...scomoUseCases,
  ...requirements,
  ...fumoFlows,
  ...pcAgent,
];

const VITEST = join('node_modules', 'vitest', 'vitest.mjs');
const OUTPUT = join('test', 'output');
const OWN_REPORT = join(OUTPUT, 'use-cases.json');
/** A whole run of the tests leaves one too. */
const REPORTS = [OWN_REPORT, join(OUTPUT, 'vitest.json')];
const SOURCES = ['src-main', 'src-renderer', 'test'];
const BUILT_PAGE = join('dist', 'renderer');
/** Ends a run that hangs; a healthy one takes a third. */
const LIMIT = 15 * 60_000;
/** Tests that begin with an id, among those of the same files. */
const NAMED = '(?:^| )(?:ACT|CMP|PCA|REV|SCOMO|FUMO)-[\\w-]+[ :]';

/** Runs the tests that name a use case. */
function run(files: readonly string[]): void {
  mkdirSync(OUTPUT, { recursive: true });
  rmSync(OWN_REPORT, { force: true });
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${OWN_REPORT}`];
  const { error } = spawnSync(process.execPath, [VITEST, 'run', ...reporters, '-t', NAMED, ...files], {
    // The list is all of the standard output.
    stdio: ['ignore', 2, 2],
    timeout: LIMIT,
    // Each row of each table, and each file, which only the long run takes.
    env: {
      ...process.env,
      PC_AGENT_THOROUGH: '1',
      ...(existsSync(BUILT_PAGE) ? { PC_AGENT_BUILT_PAGE: BUILT_PAGE } : {}),
    },
  });
  if (error !== undefined) throw error;
}

/** The newest report of a run when nothing was changed since; otherwise why there is none. */
function lastReport(): { readonly path: string } | { readonly why: string } {
  const newest = REPORTS.filter((path) => existsSync(path)).sort((a, b) => changed(b) - changed(a))[0];
  if (newest === undefined) return { why: 'nothing was run yet' };
  const sources = SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:tsx?|mjs|py|json|css)$/.test(name))
      .map((name) => join(folder, name)),
  );
  const later = sources.find((path) => !path.startsWith(OUTPUT) && changed(path) > changed(newest));
  return later === undefined ? { path: newest } : { why: `${later} is newer than the last run` };
}

function changed(path: string): number {
  return statSync(path).mtimeMs;
}

function linesOf({ id, title, verdict, shown, tests, remark, hardware }: UseCaseRow): string {
  const lines = [`${id}  ${title}: ${verdict}, ${shown}`];
  if (remark !== undefined) lines.push(`      ${remark}`);
  if (hardware !== undefined) lines.push(`      needs ${hardware.why}; shown without: ${hardware.without}`);
  for (const test of tests) {
    lines.push(`      ${test.verdict}: ${test.file.replace(`${resolve()}/`, '')} > ${withoutIds(test.name)}`);
  }
  return `${lines.join('\n')}\n`;
}

/** What must not be: everything that needs no hardware is to be shown. */
function lacking(rows: readonly UseCaseRow[], isLacking: (row: UseCaseRow) => boolean): readonly string[] {
  return rows
    .filter(({ hardware }) => hardware === undefined)
    .filter(isLacking)
    .map(({ id }) => id);
}

function check(tests: readonly NamedTest[]): void {
  const { rows, mistakes } = showingRows(ALL, tests, () => 'none');
  const without = lacking(rows, (row) => row.tests.length === 0).map((id) => `${id} has no test`);
  const wrong = [...mistakes, ...without];
  process.stdout.write(`${[...wrong, `${rows.length} use cases, ${wrong.length} wrong`].join('\n')}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

function print(tests: readonly NamedTest[], verdictOf: (test: NamedTest) => Verdict): void {
  const { rows, mistakes } = showingRows(ALL, tests, verdictOf);
  for (const row of rows) process.stdout.write(linesOf(row));
  for (const mistake of mistakes) process.stdout.write(`${mistake}\n`);
  process.stdout.write(`${share(rows)}\n`);
  process.exitCode = mistakes.length === 0 && lacking(rows, ({ verdict }) => verdict !== 'passed').length === 0 ? 0 : 1;
}

/**
 * `npm run -s use-cases`: the numbered use cases, each with the tests that begin with its id, what came of them, and how
 * it is shown. The tests are run first; with `--last` the report of the last run is read, when nothing is newer. With
 * `--check` nothing is run: every use case has a test, and every test names one that there is.
 */
export function main(args: readonly string[]): void {
  const files = filesWith(USE_CASE_ID);
  const tests = listTests(files);
  if (args.includes('--check')) {
    check(tests);
    return;
  }
  if (!args.includes('--last')) run(files);
  const report = args.includes('--last') ? lastReport() : { path: OWN_REPORT };
  if ('path' in report) {
    print(tests, verdictsOf(JSON.parse(readFileSync(report.path, 'utf8'))));
    return;
  }
  process.stdout.write(`${report.why}: call it without --last\n`);
  process.exitCode = 1;
}
