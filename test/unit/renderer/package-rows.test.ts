import { describe, expect, it } from 'vitest';
import type { PackageView } from '../../../src-main/contract/results.ts';
import {
  chosenPackages,
  countByState,
  type PackageChoice,
  type PackageColumn,
  sortedPackages,
  sourceText,
} from '../../../src-renderer/screens/packages/package-rows.ts';
import { isStorageLow } from '../../../src-renderer/screens/packages/storage-low.ts';
import { packageView } from '../../window/fixtures/packages.ts';

const ALL: PackageChoice = { text: '', state: 'all', sort: { column: 'name', direction: 'ascending' } };
const PACKAGES = [
  packageView('b', { name: 'Beta', version: '1.10', size: 10, model: 'Nokia 9500', trust: 'unverified' }),
  packageView('a', { name: 'alpha', version: '1.9', size: 200, model: 'Siemens SX1', quarantined: 'absent' }),
  packageView('c', { name: 'Ärger', version: '2.0', size: 30, addedAt: '2026-11-20T00:00:00.000Z' }),
];
const chosen = (packages: readonly PackageView[], choice: PackageChoice) =>
  chosenPackages(sortedPackages(packages, choice.sort, 'de'), choice).map(({ id }) => id);
const ids = (choice: Partial<PackageChoice>) => chosen(PACKAGES, { ...ALL, ...choice });

describe('which packages are shown', () => {
  it.each<[string, string[]]>([
    ['alph', ['a']],
    ['NOKIA', ['c', 'b']],
    ['nokia beta', ['b']],
    ['zeta', []],
    ['  ', ['a', 'c', 'b']],
  ])('by the text %j', (text, expected) => {
    expect(ids({ text })).toEqual(expected);
  });

  it('by state, where quarantine counts before who vouched for it', () => {
    expect([ids({ state: 'verified' }), ids({ state: 'unverified' }), ids({ state: 'quarantined' })]).toEqual([
      ['c'],
      ['b'],
      ['a'],
    ]);
    expect(countByState(PACKAGES)).toEqual({ verified: 1, unverified: 1, quarantined: 1 });
  });

  it.each<[PackageColumn, string[]]>([
    ['name', ['a', 'c', 'b']],
    ['version', ['a', 'b', 'c']],
    ['size', ['b', 'c', 'a']],
    ['state', ['c', 'b', 'a']],
    ['model', ['b', 'c', 'a']],
  ])('sorted by %s, numbers as numbers', (column, expected) => {
    expect(ids({ sort: { column, direction: 'ascending' } })).toEqual(expected);
  });

  it('with those that have no value last, whichever way it is sorted', () => {
    const { model: _model, ...none } = packageView('none');
    const rows = [none, packageView('x', { model: 'A' }), packageView('y', { model: 'B' })];
    const sorted = (direction: 'ascending' | 'descending') =>
      chosen(rows, { ...ALL, sort: { column: 'model', direction } });
    expect([sorted('ascending'), sorted('descending')]).toEqual([
      ['x', 'y', 'none'],
      ['y', 'x', 'none'],
    ]);
  });

  it('and leaves what it was given as it was', () => {
    ids({});
    expect(PACKAGES.map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  });
});

describe('where a package came from', () => {
  it.each([
    ['https://packages.example.com/a/b.pkg', 'packages.example.com'],
    ['/home/operator/b.pkg', 'b.pkg'],
    ['C:\\packages\\b.pkg', 'b.pkg'],
    ['b.pkg', 'b.pkg'],
  ])('%s is %s', (source, text) => {
    expect(sourceText(source)).toBe(text);
  });
});

describe('a disk is short of room', () => {
  it.each([
    [999_999_999, 2_000_000_000, true],
    [1_000_000_000, 2_000_000_000, false],
    [9_900_000_000, 100_000_000_000, true],
    [10_000_000_000, 100_000_000_000, false],
  ])('with %i of %i bytes free: %s', (free, total, low) => {
    expect(isStorageLow({ free, total })).toBe(low);
  });
});
