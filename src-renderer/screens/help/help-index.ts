import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import type { ErrorText } from '../../../src-main/wording/error-text.ts';

/** A page of help that is not about one code; its name in `#/help/…`. */
export type TopicName = keyof Catalogue['screens']['help']['topics'];

export const TOPICS: readonly TopicName[] = [
  'states',
  'numbers',
  'bearers',
  'cables',
  'jobs',
  'faults',
  'keyboard',
  'places',
];

export interface CodeEntry {
  readonly code: string;
  readonly text: ErrorText;
}

export interface Family {
  readonly name: string;
  /** Absent: nothing is known of the family as such. */
  readonly text: ErrorText | undefined;
  readonly codes: readonly CodeEntry[];
}

/** Where an address of the help leads. */
export type HelpPlace =
  | { readonly kind: 'index' }
  | { readonly kind: 'topic'; readonly name: TopicName }
  | { readonly kind: 'family'; readonly family: Family }
  | { readonly kind: 'code'; readonly entry: CodeEntry; readonly family: Family }
  /** `text`: what can be said all the same. */
  | { readonly kind: 'unknown'; readonly code: string; readonly family: Family | undefined };

export type Hit =
  | { readonly kind: 'code'; readonly entry: CodeEntry }
  | { readonly kind: 'topic'; readonly name: TopicName }
  | { readonly kind: 'number'; readonly number: string; readonly of: NumberTable; readonly meaning: string };

export type NumberTable = 'statuses' | 'alerts' | 'results';
export const NUMBER_TABLES: readonly NumberTable[] = ['statuses', 'alerts', 'results'];

/** Every family with its codes, in the order of the alphabet. */
export function familiesOf({ byCode, byFamily }: Catalogue['errors']): readonly Family[] {
  const families = new Map<string, CodeEntry[]>();
  for (const name of Object.keys(byFamily)) families.set(name, []);
  for (const [code, text] of Object.entries(byCode)) {
    const name = familyName(code);
    const codes = families.get(name) ?? [];
    codes.push({ code, text });
    families.set(name, codes);
  }
  const texts: Readonly<Record<string, ErrorText>> = byFamily;
  return [...families]
    .map(([name, codes]): Family => ({ name, text: texts[name], codes: codes.toSorted(byName) }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

/** @param topic what follows `#/help/` */
export function helpPlace(topic: string | undefined, errors: Catalogue['errors']): HelpPlace {
  const wanted = decoded(topic ?? '').trim();
  if (wanted === '') return { kind: 'index' };
  const name = TOPICS.find((each) => each === wanted);
  if (name !== undefined) return { kind: 'topic', name };
  const family = familiesOf(errors).find((each) => each.name === familyName(wanted));
  const entry = family?.codes.find(({ code }) => code === wanted);
  if (family !== undefined && entry !== undefined) return { kind: 'code', entry, family };
  if (family !== undefined && family.name === wanted) return { kind: 'family', family };
  return { kind: 'unknown', code: wanted, family };
}

/** What holds every word of the query, a code that is meant exactly first. */
export function search(query: string, words: Catalogue): readonly Hit[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  const matches = (...texts: readonly string[]) => {
    const text = plain(texts.join(' '));
    return wanted.every((word) => text.includes(word));
  };
  const { topics } = words.screens.help;
  const codes = familiesOf(words.errors)
    .flatMap((family) => family.codes)
    .filter(({ code, text }) => matches(code, code.replace('/', ' '), text.what, text.phoneSafe, text.next))
    .toSorted((a, b) => Number(b.code === wanted[0]) - Number(a.code === wanted[0]));
  return [
    ...codes.map((entry): Hit => ({ kind: 'code', entry })),
    ...TOPICS.filter((name) => matches(topics[name].title, topics[name].hint)).map(
      (name): Hit => ({ kind: 'topic', name }),
    ),
    ...NUMBER_TABLES.flatMap((of) =>
      Object.entries<string>(words[of].byCode)
        .filter(([number, meaning]) => matches(number, meaning))
        .map(([number, meaning]): Hit => ({ kind: 'number', number, of, meaning })),
    ),
  ];
}

function familyName(code: string): string {
  return code.split('/', 1)[0] ?? '';
}

function byName(a: CodeEntry, b: CodeEntry): number {
  return a.code.localeCompare(b.code);
}

/** Letter case and accents do not count. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The text itself where it is no encoded address. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
