import { z } from 'zod';

/** What vitest's JSON reporter says of a run, as far as it is used. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly skippedNames: readonly string[];
}

/**
 * Counts tests. A file that failed without a failed test (it could not be loaded, a hook threw) counts as one failed,
 * and so does a run that failed outside of every file (`exitCode`).
 */
export function summarise(json: unknown, exitCode: number | null): Summary {
  const { testResults } = Report.parse(json);
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const skippedNames = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = tests.filter(({ status }) => status === 'failed').length + brokenFiles;
  return {
    passed,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: skippedNames.length,
    skippedNames: skippedNames.map(({ fullName }) => fullName),
  };
}

/** The line that every run ends with. */
export function summaryLine({ passed, failed, skipped }: Omit<Summary, 'skippedNames'>): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
