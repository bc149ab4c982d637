import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** A test as vitest lists it: titles of its groups and its own, with ` > ` between. */
export interface NamedTest {
  readonly name: string;
  readonly file: string;
}

const VITEST = join('node_modules', 'vitest', 'vitest.mjs');
const LIMIT = 4 * 60_000;
/** The folders of `test` whose files vitest runs. */
const RUN = ['unit', 'compliance', 'flow', 'peers', 'fuzz', 'window', 'lab'];

const Listed = z.array(z.object({ name: z.string(), file: z.string() }));

/** Test files in which a pattern occurs; the others need not be loaded to know their tests. */
export function filesWith(pattern: RegExp): readonly string[] {
  return RUN.flatMap((folder) =>
    readdirSync(join('test', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts') || name.endsWith('.suite.ts'))
      .map((name) => join('test', folder, name))
      .filter((path) => pattern.test(readFileSync(path, 'utf8'))),
  );
}

/** Titles as they are run, tables written out. */
export function listTests(files: readonly string[]): readonly NamedTest[] {
  const scratch = mkdtempSync(join(tmpdir(), 'pc-agent-list-'));
  try {
    const path = join(scratch, 'tests.json');
    const args = [VITEST, 'list', `--json=${path}`, '--no-static-parse', ...files];
    const { status, stderr } = spawnSync(process.execPath, args, {
      timeout: LIMIT,
      encoding: 'utf8',
      // Each row of each table, and each file, which only the long run takes.
      env: { ...process.env, PC_AGENT_THOROUGH: '1' },
    });
    if (status !== 0) throw new Error(`the tests cannot be listed: ${stderr.slice(-2000)}`);
    return Listed.parse(JSON.parse(readFileSync(path, 'utf8')));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
