import { describe, expect, it } from 'vitest';
import { catalogue, loadAllWords } from '../../../src-main/wording/catalogue.ts';
import { familiesOf, helpPlace, search } from '../../../src-renderer/screens/help/help-index.ts';

await Promise.all([loadAllWords('en'), loadAllWords('de')]);
const en = catalogue('en');
const de = catalogue('de');

describe('the help', () => {
  it('lists every code once, in its family', () => {
    const codes = familiesOf(en.errors).flatMap(({ name, codes: ofFamily }) => {
      for (const { code } of ofFamily) expect(code.startsWith(`${name}/`)).toBe(true);
      return ofFamily.map(({ code }) => code);
    });
    expect(new Set(codes)).toEqual(new Set(Object.keys(en.errors.byCode)));
    expect(codes).toHaveLength(new Set(codes).size);
  });

  it.each([
    [undefined, 'index'],
    ['keyboard', 'topic'],
    ['bearer', 'family'],
    ['bearer/lost', 'code'],
    ['bearer%2Flost', 'code'],
    ['bearer/eaten', 'unknown'],
    ['constructor', 'unknown'],
    ['%E0%A4%A', 'unknown'],
  ])('leads from %s to a page of kind %s', (topic, kind) => {
    expect(helpPlace(topic, en.errors).kind).toBe(kind);
  });

  it('finds a code in any letter case first, and words without their accents', () => {
    expect(search('DMS/Timeout', en)[0]).toMatchObject({ kind: 'code', entry: { code: 'dms/timeout' } });
    expect(search('geschlossen wartet ungueltig', de)).toEqual([]);
    expect(search('fur ein anderes modell', de)).not.toEqual([]);
    expect(search('  ', en)).toEqual([]);
  });

  it('finds numbers of the standards', () => {
    expect(search('1223', en)).toContainEqual(
      expect.objectContaining({ kind: 'number', number: '1223', of: 'alerts' }),
    );
  });
});
