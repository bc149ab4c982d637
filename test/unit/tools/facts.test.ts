import { describe, expect, it } from 'vitest';
import { factRows } from '../../tools/fact-rows.ts';

const facts = [
  { id: 'DMP-1-01', text: 'a' },
  { id: 'DMP-1-02', text: 'b', why: 'smart card' },
  { id: 'TREE-2.1-03', text: 'c' },
];
const test = (name: string) => ({ name, file: 'test/unit/a.test.ts' });

describe('facts and the tests that name them', () => {
  it('are well when each has a test or a reason', () => {
    const { rows, mistakes } = factRows(facts, [test('x > [DMP-1-01, TREE-2.1-03] does')]);
    expect(mistakes).toEqual([]);
    expect(rows.map(({ id, tests }) => [id, tests.length])).toEqual([
      ['DMP-1-01', 1],
      ['DMP-1-02', 0],
      ['TREE-2.1-03', 1],
    ]);
  });

  it.each([
    ['a fact has neither', [test('[DMP-1-01] does')], 'TREE-2.1-03 has neither test nor reason'],
    [
      'a fact has both',
      [test('[DMP-1-01] [DMP-1-02] [TREE-2.1-03] does')],
      'DMP-1-02 has a test and a reason for having none',
    ],
    [
      'a test names what is no fact',
      [test('[DMP-1-01 TREE-2.1-03] does'), test('[DMP-9-09] does')],
      'DMP-9-09 is no fact, but a test names it: [DMP-9-09] does',
    ],
  ])('are told of when %s', (_name, tests, mistake) => {
    expect(factRows(facts, tests).mistakes).toEqual([mistake]);
  });

  it('are told of when an id stands twice or is none', () => {
    const { mistakes } = factRows(
      [
        { id: 'DMP-1-01', text: 'a', why: 'x' },
        { id: 'DMP-1-01', text: 'b', why: 'x' },
        { id: 'DMP-1', text: 'c', why: 'x' },
      ],
      [],
    );
    expect(mistakes).toEqual(['DMP-1-01 stands twice', 'DMP-1 is not an id']);
  });
});
