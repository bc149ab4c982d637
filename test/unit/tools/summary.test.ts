import { describe, expect, it } from 'vitest';
import { summarise, summaryLine } from '../../tools/summary.ts';

function file(status: string, ...statuses: readonly string[]) {
  return {
    name: 'a.test.ts',
    status,
    assertionResults: statuses.map((one) => ({ fullName: `is ${one}`, status: one })),
  };
}

describe('summary of a test run', () => {
  it('adds the tests of all files, and names what was skipped', () => {
    const testResults = [file('passed', 'passed', 'passed', 'skipped'), file('failed', 'failed', 'passed', 'todo')];
    const summary = summarise({ testResults }, 1);
    expect(summary).toEqual({ passed: 3, failed: 1, skipped: 2, skippedNames: ['is skipped', 'is todo'] });
    expect(summaryLine(summary)).toBe('3 passed, 1 failed, 2 skipped');
  });

  it('counts a file that could not be loaded as one failed test', () => {
    expect(summarise({ testResults: [file('failed'), file('passed', 'passed')] }, 1).failed).toBe(1);
  });

  it('counts a run that ended badly without a failed test as one failed test', () => {
    expect(summarise({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1);
    expect(summarise({ testResults: [] }, null).failed).toBe(1);
    expect(summarise({ testResults: [file('passed', 'passed')] }, 0).failed).toBe(0);
  });
});
