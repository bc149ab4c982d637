import { describe, expect, it } from 'vitest';
import { applyMutant, choose, mutantsOf } from '../../tools/mutate.ts';

function changes(source: string): readonly string[] {
  return mutantsOf('a.ts', source).map(({ before, after }) => `${before} ${after}`);
}

describe('mutants', () => {
  it('change one operator, number, truth value or code', () => {
    expect(changes('if (a < 0x10 && b !== c) return true;')).toEqual([
      '< <=',
      '0x10 17',
      '&& ||',
      '!== ===',
      'true false',
    ]);
    expect(changes("fail('obex/truncated');")).toEqual(["'obex/truncated' 'obex/truncatedx'"]);
    expect(changes('const a = (x) => x >>> 8;')).toEqual(['>>> >>', '8 9']);
  });

  it('leave comments, imports, types and sentences alone', () => {
    const source = [
      "import { a } from './a1.ts';",
      'type Way = 1 | 2;',
      '/** more than 3 < 4 */',
      "note('it has more than 3 bytes'); // 5 && 6",
    ].join('\n');
    expect(changes(source)).toEqual([]);
  });

  it('leave the types of a signature alone', () => {
    expect(
      changes(
        "function f(a: Cred | undefined, b: Map<string, A['b']>, c: Exclude<Way, 'none'>): Uint8Array | string | undefined",
      ),
    ).toEqual([]);
    expect(changes('return (a << 8) | b;')).toEqual(['<< >>', '8 9', '| &']);
  });

  it('differ from the source in that token only', () => {
    const source = 'return a + b + 1;';
    const [, second] = mutantsOf('a.ts', source);
    expect(second === undefined ? '' : applyMutant(source, second)).toBe('return a + b - 1;');
  });

  it('are the same choice for the same seed, without repeats', () => {
    const items = Array.from({ length: 50 }, (_, index) => index);
    const chosen = choose(items, 20, 7);
    expect(choose(items, 20, 7)).toEqual(chosen);
    expect(choose(items, 20, 8)).not.toEqual(chosen);
    expect(new Set(chosen).size).toBe(20);
    expect(choose(items, 99, 7)).toHaveLength(50);
  });
});
