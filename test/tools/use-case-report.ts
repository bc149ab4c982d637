import { z } from 'zod';
import type { NamedTest } from './named-tests.ts';
import type { Verdict } from './use-case-rows.ts';

/** What vitest's JSON reporter says of a run, as far as it is used. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(
        z.object({ ancestorTitles: z.array(z.string()), title: z.string(), status: z.string() }),
      ),
    }),
  ),
});

/** What came of each test in a run; one that was skipped, or was not in it, counts for nothing. */
export function verdictsOf(json: unknown): (test: NamedTest) => Verdict {
  const verdicts = new Map<string, Verdict>();
  for (const { name: file, assertionResults } of Report.parse(json).testResults) {
    for (const { ancestorTitles, title, status } of assertionResults) {
      const name = [...ancestorTitles, title].join(' > ');
      verdicts.set(`${file}\n${name}`, status === 'passed' || status === 'failed' ? status : 'none');
    }
  }
  return ({ file, name }) => verdicts.get(`${file}\n${name}`) ?? 'none';
}
