import { describe, expect, it } from 'vitest';
import {
  OPERATION_COMPLETE,
  OPERATION_COMPLETE_DRAFT,
  OPERATION_NODE,
  SCOMO_OPERATIONS,
} from '../../../src-main/scomo/names.ts';
import { RESULT_CODES, resultRow } from '../../../src-main/scomo/result-codes.ts';
import { DELIVERED_TABLE, DEPLOYED_TABLE, DOWNLOAD_TABLE, nextStatus } from '../../../src-main/scomo/state-tables.ts';
import { compareVersions } from '../../../src-main/scomo/version-order.ts';
import { results as german } from '../../../src-main/wording/de/results.ts';
import { results as english } from '../../../src-main/wording/en/results.ts';

/** Every move of a table, as `from event to`. */
const movesOf = (table: Readonly<Record<number, Readonly<Record<string, number | undefined>>>>) =>
  Object.entries(table).flatMap(([from, row]) => Object.entries(row).map(([event, to]) => `${from} ${event} ${to}`));

describe('the Status of', () => {
  it('a download job moves 10, 30, 40, 50, and ends at 20, 60 or 70 when it fails', () => {
    expect(movesOf(DOWNLOAD_TABLE)).toEqual([
      '10 download-begun 30',
      '20 download-begun 30',
      '30 download-begun 30',
      '30 downloaded 40',
      '30 download-failed 20',
      '40 download-begun 30',
      '40 install-begun 50',
      '50 install-failed 60',
      '60 download-begun 30',
      '60 data-gone 70',
      '70 download-begun 30',
    ]);
  });

  it('a delivered package moves 10, 40, 10 or 10, 30, and ends at 20, 50 or 60 when it fails', () => {
    const begins = (from: number) => [`${from} remove-begun 30`, `${from} install-begun 40`];
    expect(movesOf(DELIVERED_TABLE)).toEqual([
      ...begins(10),
      ...begins(20),
      '30 remove-failed 20',
      '40 installed 10',
      '40 install-failed 50',
      ...begins(50),
      '50 data-gone 60',
      ...begins(60),
      '60 data-come 10',
    ]);
  });

  it('a component moves 10, 50, 10 or 10, 70, 10 or 10, 30, and ends at 40, 60 or 20 when it fails', () => {
    const begins = (from: number) => [
      `${from} remove-begun 30`,
      `${from} activate-begun 50`,
      `${from} deactivate-begun 70`,
    ];
    expect(movesOf(DEPLOYED_TABLE)).toEqual([
      ...begins(10),
      ...begins(20),
      '30 remove-failed 20',
      ...begins(40),
      '50 activated 10',
      '50 activate-failed 40',
      ...begins(60),
      '70 deactivated 10',
      '70 deactivate-failed 60',
    ]);
  });

  it('nothing moves by an event or from a value that no table has', () => {
    expect(nextStatus(DOWNLOAD_TABLE, 10, 'downloaded')).toBeUndefined();
    expect(nextStatus(DELIVERED_TABLE, 80, 'install-begun')).toBeUndefined();
    expect(nextStatus(DEPLOYED_TABLE, Number.NaN, 'activate-begun')).toBeUndefined();
  });
});

describe('the names of SCOMO', () => {
  it('list every operation once', () => {
    expect(new Set<string>(SCOMO_OPERATIONS)).toEqual(new Set(Object.keys(OPERATION_NODE)));
    expect(new Set([OPERATION_COMPLETE, OPERATION_COMPLETE_DRAFT]).size).toBe(2);
  });

  it('word every result code of the sheet in both languages', () => {
    const single = RESULT_CODES.filter(({ from, to }) => from === to).map(({ from }) => from);
    for (const code of single) {
      expect(english.byCode, String(code)).toHaveProperty(String(code));
      expect(german.byCode, String(code)).toHaveProperty(String(code));
    }
    expect(resultRow(1473)?.class).toBe('install');
    expect([1249, 1300, 1414, 1449, 1502, 1600].map(resultRow)).toEqual(Array(6).fill(undefined));
    expect([1250, 1299, 1450, 1499, 1550, 1599].map((code) => resultRow(code)?.meaning)).toEqual([
      ...Array(2).fill('successful, by the maker'),
      ...Array(2).fill('client error, by the maker'),
      ...Array(2).fill('download server error, by the maker'),
    ]);
  });
});

describe('of two versions', () => {
  it.each([
    ['1.9', '1.10'],
    ['1', '1.0.1'],
    ['2.0-beta', '2.0-rc'],
    ['1.0a', '1.0b'],
    ['9', '1000000000000000000000'],
  ])('%s is older than %s', (older, newer) => {
    expect(compareVersions(older, newer)).toBeLessThan(0);
    expect(compareVersions(newer, older)).toBeGreaterThan(0);
  });

  it('none is older when they say the same', () => {
    expect(compareVersions('1.0', ' 1 ')).toBe(0);
    expect(compareVersions('1.0_0', '1.0-0')).toBe(0);
  });
});
