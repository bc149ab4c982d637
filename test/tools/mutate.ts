/** One change of one token in one source file. */
export interface Mutant {
  readonly file: string;
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

/** Each operator and what it is mistaken for; longest first, so that `===` is not read as `==`. */
const OPERATORS: readonly (readonly [string, string])[] = [
  ['>>>', '>>'],
  ['===', '!=='],
  ['!==', '==='],
  ['<=', '<'],
  ['>=', '>'],
  ['&&', '||'],
  ['||', '&&'],
  ['??', '&&'],
  ['<<', '>>'],
  ['+=', '-='],
  ['-=', '+='],
  [' < ', ' <= '],
  [' > ', ' >= '],
  [' + ', ' - '],
  [' - ', ' + '],
  [' * ', ' + '],
  [' & ', ' | '],
  [' | ', ' & '],
];
/** Comments, imports, types and templates are skipped whole; a string or a number is one token. */
const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|^(?:import|export type|export interface|type|interface)\b[\s\S]*?(?:;$|^\})|`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'|\b0x[0-9a-fA-F_]+\b|\b\d[\d_]*\b|\b(?:true|false)\b|>>>|===|!==|<=|>=|&&|\|\||\?\?|<<|\+=|-=|=>|(?<= )[<>+*&|-](?= )/gm;
/** Codes such as `obex/truncated` and the words of unions; longer strings are sentences for people. */
const CODE_STRING = /^'[A-Za-z0-9/:._-]{1,40}'$/;
/** `A | undefined` and `A['b']` in a signature are types: they are gone before anything runs. */
const TYPE_BEHIND =
  /^\s*(?:undefined\b|null\b|string\b|number\b|boolean\b|readonly\b|\(\(|[A-Z][a-z]|'[^']*'\s*[|;>)}])/;

function replacementOf(token: string): string | undefined {
  if (token === 'true') return 'false';
  if (token === 'false') return 'true';
  if (/^(0x)?[0-9a-fA-F_]+$/.test(token)) return String(Number(token.replaceAll('_', '')) + 1);
  if (CODE_STRING.test(token)) return `${token.slice(0, -1)}x'`;
  return OPERATORS.find(([operator]) => operator.trim() === token)?.[1].trim();
}

function isType(source: string, offset: number, token: string): boolean {
  const behind = source.slice(offset + token.length, offset + token.length + 60);
  if (token === '|' || token === '&') return TYPE_BEHIND.test(behind);
  // `Exclude<A, 'b'>`: a comparison would stand apart.
  if (token.startsWith("'") && behind.startsWith('>')) return true;
  return token.startsWith("'") && behind.startsWith(']') && /[A-Za-z>]\[$/.test(source.slice(0, offset));
}

/** Every one-token mutant of a source. */
export function mutantsOf(file: string, source: string): readonly Mutant[] {
  const mutants: Mutant[] = [];
  for (const match of source.matchAll(TOKEN)) {
    const [before] = match;
    if (isType(source, match.index, before)) continue;
    const after = replacementOf(before);
    if (after !== undefined) mutants.push({ file, offset: match.index, before, after });
  }
  return mutants;
}

/** The source with the mutant in it. */
export function applyMutant(source: string, { offset, before, after }: Mutant): string {
  return source.slice(0, offset) + after + source.slice(offset + before.length);
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` different items, chosen by the seed. */
export function choose<T>(items: readonly T[], count: number, seed: number): readonly T[] {
  const next = seededNumbers(seed);
  const rest = [...items];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) chosen.push(...rest.splice(Math.floor(next() * rest.length), 1));
  return chosen;
}
