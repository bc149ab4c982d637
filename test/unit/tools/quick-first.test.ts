import { describe, expect, it } from 'vitest';
import { quickFirst, timesOf } from '../../tools/quick-first.ts';

const report = {
  testResults: [
    { name: '/tree/test/unit/obex/slow.test.ts', startTime: 1000, endTime: 1900 },
    { name: '/tree/test/unit/obex/quick.test.ts', startTime: 1000, endTime: 1040 },
    { name: '/tree/test/unit/obex/middle.test.ts', startTime: 1040, endTime: 1100 },
    { name: '/tree/test/unit/wbxml/other.test.ts', startTime: 1100, endTime: 1101 },
  ],
};

describe('the order in which tests are asked about a mutant', () => {
  const times = timesOf(report, '/tree');

  it('has the quickest of its folders first, and the others in a run of their own', () => {
    expect(quickFirst(times, ['test/unit/obex/'])).toEqual([
      ['test/unit/obex/quick.test.ts', 'test/unit/obex/middle.test.ts'],
      ['test/unit/obex/slow.test.ts'],
    ]);
  });

  it('leaves no file out, and has no empty run', () => {
    expect(quickFirst(times, ['test/unit/wbxml/'])).toEqual([['test/unit/wbxml/other.test.ts']]);
    expect(quickFirst(times, ['test/unit/']).flat()).toHaveLength(4);
    expect(quickFirst(times, ['test/unit/none/'])).toEqual([]);
  });
});
