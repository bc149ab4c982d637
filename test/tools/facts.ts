import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Fact } from '../facts/fact.ts';
import { type FactRow, factRows, type NamedTest } from './fact-rows.ts';

const FACTS = join('test', 'facts');
const VITEST = join('node_modules', 'vitest', 'vitest.mjs');
const MINUTE = 60_000;
const ID = /\b(?:REP|DMP|TREE)-[0-9.]+-\d+\b/;
/** The folders of `test` whose files vitest runs. */
const RUN = ['unit', 'compliance', 'flow', 'peers', 'fuzz', 'window'];

const Listed = z.array(z.object({ name: z.string(), file: z.string() }));
const FactsModule = z.object({
  facts: z.array(z.object({ id: z.string(), text: z.string(), why: z.string().exactOptional() })),
});

interface Sheet {
  readonly name: string;
  readonly facts: readonly Fact[];
}

async function readSheets(): Promise<readonly Sheet[]> {
  const folders = readdirSync(FACTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Promise.all(
    folders.map(async ({ name }) => {
      const files = readdirSync(join(FACTS, name)).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
      const modules = await Promise.all(files.map((file) => import(pathToFileURL(resolve(FACTS, name, file)).href)));
      return { name, facts: modules.flatMap((module) => FactsModule.parse(module).facts) };
    }),
  );
}

/** Files that name a fact; the others need not be loaded to know their tests. */
function filesWithFacts(): readonly string[] {
  return RUN.flatMap((folder) =>
    readdirSync(join('test', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') || name.endsWith('.suite.ts'))
      .map((name) => join('test', folder, name))
      .filter((path) => ID.test(readFileSync(path, 'utf8'))),
  );
}

/** Titles as they are run, tables written out. */
function listTests(files: readonly string[]): readonly NamedTest[] {
  const scratch = mkdtempSync(join(tmpdir(), 'pc-agent-facts-'));
  try {
    const path = join(scratch, 'tests.json');
    const args = [VITEST, 'list', `--json=${path}`, '--no-static-parse', ...files];
    const { status, stderr } = spawnSync(process.execPath, args, { timeout: 2 * MINUTE, encoding: 'utf8' });
    if (status !== 0) throw new Error(`the tests cannot be listed: ${stderr.slice(-2000)}`);
    return Listed.parse(JSON.parse(readFileSync(path, 'utf8')));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function lineOf(row: FactRow): string {
  const shown =
    row.tests.length > 0
      ? row.tests.map(({ file, name }) => `\n      ${file.replace(`${resolve()}/`, '')} > ${name}`).join('')
      : `\n      ${row.why === undefined ? 'NO TEST AND NO REASON' : `no test: ${row.why}`}`;
  return `  ${row.id}  ${row.text}${shown}\n`;
}

/** `npm run -s facts`: the rows of the fact sheets, each with the tests that name it or the reason why none does. */
export async function main(): Promise<void> {
  const sheets = await readSheets();
  const tests = listTests(filesWithFacts());
  const { rows, mistakes } = factRows(
    sheets.flatMap(({ facts }) => facts),
    tests,
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  for (const { name, facts } of sheets) {
    process.stdout.write(`${name}\n`);
    for (const { id } of facts) {
      const row = byId.get(id);
      if (row !== undefined) process.stdout.write(lineOf(row));
    }
  }
  const shown = rows.filter((row) => row.tests.length > 0).length;
  const excused = rows.filter((row) => row.tests.length === 0 && row.why !== undefined).length;
  for (const mistake of mistakes) process.stdout.write(`${mistake}\n`);
  process.stdout.write(
    `${rows.length} facts: ${shown} shown by tests, ${excused} with a reason, ${mistakes.length} wrong\n`,
  );
  process.exitCode = mistakes.length === 0 && rows.length > 0 ? 0 : 1;
}
