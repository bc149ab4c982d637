import { describe, expect, it } from 'vitest';
import { firstOf, withFreshShown, withNewest, withPage } from '../../../src-renderer/screens/journal/page-list.ts';

interface Row {
  readonly key: string;
  readonly state: string;
}

const rowsOf = (keys: string, state = 'done'): Row[] => [...keys].map((key) => ({ key, state }));
const keyOf = ({ key }: Row) => key;
const keys = (rows: readonly Row[]) => rows.map(keyOf).join('');
const LIST = firstOf({ rows: rowsOf('fed'), next: 3 });

describe('a list that is read page by page', () => {
  it('grows at its end, and a row that comes twice is there once', () => {
    const list = withPage(LIST, { rows: rowsOf('dcb'), next: undefined }, keyOf);
    expect([keys(list.rows), list.next]).toEqual(['fedcb', undefined]);
  });

  it('renews what is shown in its place and puts what is new aside', () => {
    const list = withNewest(LIST, { rows: [...rowsOf('hg'), ...rowsOf('f', 'failed')], next: 9 }, keyOf);
    expect([keys(list.rows), keys(list.fresh), list.gap, list.next]).toEqual(['fed', 'hg', false, 3]);
    expect(list.rows[0]?.state).toBe('failed');
  });

  it('shows what is new above the rest when asked', () => {
    const list = withFreshShown(withNewest(LIST, { rows: rowsOf('hgf'), next: 9 }, keyOf));
    expect([keys(list.rows), list.fresh]).toEqual(['hgfed', []]);
  });

  it('knows that rows are missing between the newest page and what it has', () => {
    expect(withNewest(LIST, { rows: rowsOf('zyx'), next: 20 }, keyOf).gap).toBe(true);
    expect(
      withNewest(firstOf<Row>({ rows: [], next: undefined }), { rows: rowsOf('a'), next: undefined }, keyOf).gap,
    ).toBe(false);
  });
});
