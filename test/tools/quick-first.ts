import { isAbsolute, relative } from 'node:path';
import { z } from 'zod';

/** What vitest's JSON reporter says of the time that files took. */
const Report = z.object({
  testResults: z.array(z.object({ name: z.string(), startTime: z.number(), endTime: z.number() })),
});

/** Milliseconds that each test file took, by its path from `root`. */
export function timesOf(json: unknown, root: string): ReadonlyMap<string, number> {
  const { testResults } = Report.parse(json);
  const place = (name: string) => (isAbsolute(name) ? relative(root, name) : name).replaceAll('\\', '/');
  return new Map(testResults.map(({ name, startTime, endTime }) => [place(name), endTime - startTime]));
}

/** The quickest files, which together take no more than this part of all the time, go first. */
const FIRST_PART = 0.25;

/**
 * Most mutants are noticed by many tests, so the quickest are asked first and the others only about what those let pass.
 * @returns paths of test files in one or two runs, each file once
 */
export function quickFirst(times: ReadonlyMap<string, number>, folders: readonly string[]): readonly string[][] {
  const files = [...times].filter(([file]) => folders.some((folder) => file.startsWith(folder)));
  files.sort(([, a], [, b]) => a - b);
  const all = files.reduce((sum, [, time]) => sum + time, 0);
  let spent = 0;
  const runs: [string[], string[]] = [[], []];
  for (const [file, time] of files) {
    spent += time;
    runs[spent <= all * FIRST_PART ? 0 : 1].push(file);
  }
  return runs.filter((run) => run.length > 0);
}
