import { describe, expect, it } from 'vitest';
import {
  drawnRows,
  rowAfterKey,
  type Sort,
  sortAfterPress,
} from '../../../src-renderer/components/data-table-moves.ts';

describe('keys in a table', () => {
  it.each<[string, number, number | undefined]>([
    ['ArrowDown', 4, 5],
    ['ArrowDown', 99, 99],
    ['ArrowUp', 0, 0],
    ['PageDown', 4, 14],
    ['PageDown', 95, 99],
    ['PageUp', 4, 0],
    ['Home', 50, 0],
    ['End', 0, 99],
    ['a', 4, undefined],
    ['toString', 4, undefined],
  ])('%s from row %i leads to %s', (key, active, next) => {
    expect(rowAfterKey(key, active, 100, 10)).toBe(next);
  });

  it('lead nowhere where there is no row, and a page is at least one row', () => {
    expect(rowAfterKey('End', 0, 0, 10)).toBeUndefined();
    expect(rowAfterKey('PageDown', 0, 10, -2)).toBe(1);
  });
});

describe('rows that are drawn', () => {
  it.each([
    [[3, 4, 5], 4, [3, 4, 5]],
    [[3, 4, 5], 1, [1, 3, 4, 5]],
    [[3, 4, 5], 90, [3, 4, 5, 90]],
    [[3, 4, 5], -1, [3, 4, 5]],
  ])('of %j with %i active are %j', (seen, active, drawn) => {
    expect(drawnRows(seen, active)).toEqual(drawn);
  });
});

describe('a press on the head of a column', () => {
  const byName: Sort = { column: 'name', direction: 'ascending' };

  it('turns the order round, and sorts by another column from its beginning', () => {
    const turned = sortAfterPress(byName, 'name');
    expect(turned).toEqual({ column: 'name', direction: 'descending' });
    expect(sortAfterPress(turned, 'name')).toEqual(byName);
    expect(sortAfterPress(turned, 'size')).toEqual({ column: 'size', direction: 'ascending' });
  });
});
