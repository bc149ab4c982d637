import { describe, expect, it } from 'vitest';
import type { NamedTest } from '../../tools/named-tests.ts';
import { verdictsOf } from '../../tools/use-case-report.ts';
import { idsOf, share, showingRows, type Verdict, withoutIds } from '../../tools/use-case-rows.ts';

const useCases = [
  { id: 'ACT-01', title: 'a' },
  { id: 'SCOMO-F1-N1', title: 'b' },
  { id: 'PCA-04', title: 'c', hardware: { why: 'a plug', without: 'a pipe' } },
];
const flow = (name: string): NamedTest => ({ name, file: '/x/test/flow/use-cases/a.test.ts' });
const unit = (name: string): NamedTest => ({ name, file: '/x/test/unit/a/a.test.ts' });
const all = (verdict: Verdict) => () => verdict;

it('the ids that a title begins with are those before its first colon', () => {
  const several = ['SCOMO-F1-N1', 'SCOMO-UC2-A1-3', 'SCOMO-UC2-POST', 'SCOMO-UC3'];
  const others = ['ACT-01', 'SCOMO-OSR-DMS-07', 'SCOMO-HLFR-9', 'REV-1', 'FUMO-F2-DL'];
  expect(idsOf(`software > ${several.join(' ')}: does`)).toEqual(several);
  expect(idsOf(`x > ${others.join(' ')}: a > b: c`)).toEqual(others);
  expect(idsOf('x > [DMP-2-01] SHA-256: does')).toEqual([]);
  expect(withoutIds(`x > ${others.join(' ')}: a > b: c`)).toBe('x > a > b: c');
  for (const odd of ['ACT-01 does', 'as ACT-01: does', 'ACT-01 ACT-1: does', 'ACT-01: as PCA-02 does']) {
    expect(idsOf(`x > ${odd}`), odd).toBeUndefined();
  }
});

describe('use cases and the tests that name them', () => {
  it('are shown between processes, in memory, or in part where they need hardware', () => {
    const tests = [
      flow('x > SCOMO-F1-N1: does'),
      unit('x > ACT-01 SCOMO-F1-N1: does'),
      flow('y > PCA-04: does'),
      unit('y > does'),
    ];
    const { rows, mistakes } = showingRows(useCases, tests, all('passed'));
    expect(mistakes).toEqual([]);
    expect(rows.map(({ id, verdict, shown, tests: own }) => [id, verdict, shown, own.length])).toEqual([
      ['ACT-01', 'passed', 'in memory', 1],
      ['SCOMO-F1-N1', 'passed', 'between processes', 2],
      ['PCA-04', 'passed', 'needs hardware', 1],
    ]);
    expect(share(rows)).toBe(
      '3 use cases: 2 of the 2 that need no hardware passed (100 %); 1 between processes and 1 in memory; 0 failed, 0 not shown; 1 need hardware',
    );
  });

  it('fail with any of their tests, and are not shown by what was not run', () => {
    const tests = [flow('SCOMO-F1-N1: one'), flow('SCOMO-F1-N1: other'), flow('ACT-01: skipped')];
    const verdict = ({ name }: NamedTest): Verdict =>
      name.endsWith('one') ? 'passed' : name.endsWith('other') ? 'failed' : 'none';
    const { rows } = showingRows(useCases, tests, verdict);
    expect(rows.map((row) => row.verdict)).toEqual(['none', 'failed', 'none']);
    expect(share(rows)).toContain('0 of the 2 that need no hardware passed (0 %)');
    expect(share(rows)).toContain('1 failed, 1 not shown');
  });

  it('are told of when an id is twice there, of no form, of no use case, or at the wrong place', () => {
    const twice = [...useCases, { id: 'ACT-01', title: 'd' }, { id: 'ACT-1', title: 'e' }];
    const { mistakes } = showingRows(twice, [flow('ACT-02: does'), flow('does ACT-01')], all('passed'));
    expect(mistakes).toEqual([
      'ACT-01 stands twice',
      'ACT-1 is not an id',
      'ACT-02 is no use case, but a test names it: ACT-02: does',
      'ids stand at the beginning, before a colon: does ACT-01',
    ]);
  });
});

describe('the report of a run', () => {
  it('tells what came of a test by its file and its whole title', () => {
    const assertion = (title: string, status: string) => ({ ancestorTitles: ['x'], title, status });
    const verdict = verdictsOf({
      testResults: [
        {
          name: '/a.test.ts',
          assertionResults: [assertion('a', 'passed'), assertion('b', 'failed'), assertion('c', 'skipped')],
        },
      ],
    });
    const of = (name: string, file = '/a.test.ts') => verdict({ name, file });
    expect([of('x > a'), of('x > b'), of('x > c'), of('x > d'), of('x > a', '/b.test.ts')]).toEqual([
      'passed',
      'failed',
      'none',
      'none',
      'none',
    ]);
  });
});
