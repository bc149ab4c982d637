import type { PackageView } from '../../../src-main/contract/results.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import type { Sort } from '../../components/data-table-moves.ts';

export type PackageState = 'verified' | 'unverified' | 'quarantined';
export const PACKAGE_STATES: readonly PackageState[] = ['verified', 'unverified', 'quarantined'];

export type PackageColumn = 'name' | 'version' | 'model' | 'size' | 'state' | 'source' | 'added';

/** Which packages are shown, and in which order. */
export interface PackageChoice {
  readonly text: string;
  readonly state: PackageState | 'all';
  readonly sort: Sort<PackageColumn>;
}

/** What stands in quarantine is out of use, whoever vouched for it. */
export function packageState({ trust, quarantined }: Pick<PackageView, 'trust' | 'quarantined'>): PackageState {
  return quarantined === undefined ? trust : 'quarantined';
}

/** The packages sorted; what has no value in that column comes last, whichever way it is sorted. */
export function sortedPackages(
  packages: readonly PackageView[],
  { column, direction }: Sort<PackageColumn>,
  language: Language,
): PackageView[] {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const way = direction === 'ascending' ? 1 : -1;
  const between = (a: string | number, b: string | number): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : compare(String(a), String(b));
  return packages.toSorted((a, b) => {
    const [first, second] = [sortValue(a, column), sortValue(b, column)];
    const order =
      first === undefined || second === undefined ? absentLast(first, second) : way * between(first, second);
    return order === 0 ? compare(a.id, b.id) : order;
  });
}

/** The packages that fit, in the order in which they come: sorting is dear, and typing only filters. */
export function chosenPackages(
  packages: readonly PackageView[],
  { text, state }: Pick<PackageChoice, 'text' | 'state'>,
): PackageView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return packages.filter(
    (each) =>
      (state === 'all' || packageState(each) === state) && words.every((word) => searchText(each).includes(word)),
  );
}

function absentLast(a: unknown, b: unknown): number {
  return Number(a === undefined) - Number(b === undefined);
}

function searchText({ id, name, model = '' }: PackageView): string {
  return `${name}\n${id}\n${model}`.toLowerCase();
}

function sortValue(view: PackageView, column: PackageColumn): string | number | undefined {
  switch (column) {
    case 'name':
      return view.name;
    case 'version':
      return view.version;
    case 'model':
      return view.model;
    case 'size':
      return view.size;
    case 'state':
      return PACKAGE_STATES.indexOf(packageState(view));
    case 'source':
      return view.source;
    case 'added':
      return view.addedAt;
  }
}

/** Where a package came from, in a word: the host of an address, the name of a file. */
export function sourceText(source: string): string {
  const host = URL.canParse(source) ? new URL(source).host : '';
  return host === '' ? source.slice(Math.max(source.lastIndexOf('/'), source.lastIndexOf('\\')) + 1) : host;
}

/** How many packages are in each state. */
export function countByState(packages: readonly PackageView[]): Readonly<Record<PackageState, number>> {
  const counts = { verified: 0, unverified: 0, quarantined: 0 };
  for (const each of packages) counts[packageState(each)] += 1;
  return counts;
}
