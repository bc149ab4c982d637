import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Fact } from '../facts/fact.ts';
import { type FactRow, factRows } from './fact-rows.ts';
import { filesWith, listTests } from './named-tests.ts';

const FACTS = join('test', 'facts');
const ID = /\b(?:REP|DMP|TREE)-[0-9.]+-\d+\b/;

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
  const tests = listTests(filesWith(ID));
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
