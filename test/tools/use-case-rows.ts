import type { UseCase } from '../use-cases/use-case.ts';
import type { NamedTest } from './named-tests.ts';

/** `none`: no test names it, or none of those that do was run. */
export type Verdict = 'passed' | 'failed' | 'none';

/** A test that names a use case, and what came of it. */
export interface ShowingTest extends NamedTest {
  readonly verdict: Verdict;
}

export interface UseCaseRow extends UseCase {
  readonly tests: readonly ShowingTest[];
  readonly verdict: Verdict;
  /** `in memory`: by no test that has the peers in processes of their own. */
  readonly shown: 'between processes' | 'in memory' | 'needs hardware' | 'not at all';
}

export interface UseCaseRows {
  readonly rows: readonly UseCaseRow[];
  /** Ids used twice or of no form, titles with ids at the wrong place, and ids of no use case. */
  readonly mistakes: readonly string[];
}

/** Every form that an id has. */
export const USE_CASE_ID =
  /\b(?:(?:ACT|CMP|PCA)-\d{2}|REV-\d|SCOMO-(?:F\d-[AN]\d|UC\d(?:-(?:A\d-\d|[ABN]\d|PRE|POST))?|HLFR-\d|OSR-(?:DMS|Device)-\d{2})|FUMO-F\d-(?:[ACN]\d|DL))(?![\w-])/;
const WHOLE = new RegExp(`^${USE_CASE_ID.source}$`);
/** What stands before the first colon: ids and nothing else. */
const HEAD = /^([A-Z][\w-]*(?: [A-Z][\w-]*)*): /;

/** The ids that a title begins with; `undefined` when there is one elsewhere, or something else among them. */
export function idsOf(name: string): readonly string[] | undefined {
  if (!USE_CASE_ID.test(name)) return [];
  const own = name.split(' > ').find((part) => USE_CASE_ID.test(part)) ?? '';
  const head = HEAD.exec(own)?.[1];
  if (head === undefined || USE_CASE_ID.test(own.slice(head.length))) return undefined;
  const ids = head.split(' ');
  return ids.every((id) => WHOLE.test(id)) ? ids : undefined;
}

/** A title without the ids that it begins with. */
export function withoutIds(name: string): string {
  const parts = name.split(' > ');
  return parts.map((part) => (USE_CASE_ID.test(part) ? part.replace(HEAD, '') : part)).join(' > ');
}

/** Brings use cases and the tests that name them together. @param verdictOf what came of a test in the last run */
export function showingRows(
  useCases: readonly UseCase[],
  tests: readonly NamedTest[],
  verdictOf: (test: NamedTest) => Verdict,
): UseCaseRows {
  const mistakes: string[] = [];
  const rows = new Map<string, { readonly useCase: UseCase; readonly tests: ShowingTest[] }>();
  for (const useCase of useCases) {
    if (!WHOLE.test(useCase.id)) mistakes.push(`${useCase.id} is not an id`);
    if (rows.has(useCase.id)) mistakes.push(`${useCase.id} stands twice`);
    rows.set(useCase.id, { useCase, tests: [] });
  }
  for (const test of tests) {
    const ids = idsOf(test.name);
    if (ids === undefined) mistakes.push(`ids stand at the beginning, before a colon: ${test.name}`);
    for (const id of new Set(ids)) {
      const row = rows.get(id);
      if (row === undefined) mistakes.push(`${id} is no use case, but a test names it: ${test.name}`);
      else row.tests.push({ ...test, verdict: verdictOf(test) });
    }
  }
  return { rows: [...rows.values()].map(({ useCase, tests: naming }) => rowOf(useCase, naming)), mistakes };
}

function rowOf(useCase: UseCase, tests: readonly ShowingTest[]): UseCaseRow {
  const has = (wanted: Verdict): boolean => tests.some(({ verdict }) => verdict === wanted);
  const verdict: Verdict = has('failed') ? 'failed' : has('passed') ? 'passed' : 'none';
  return { ...useCase, tests, verdict, shown: shownBy(useCase, tests) };
}

function shownBy({ hardware }: UseCase, tests: readonly NamedTest[]): UseCaseRow['shown'] {
  if (hardware !== undefined) return 'needs hardware';
  if (tests.length === 0) return 'not at all';
  // Those of the page have a host that is scripted, in the process of the test.
  return tests.some(({ file }) => /(?:^|\/)test\/(?:flow|peers|lab)\//.test(file)) ? 'between processes' : 'in memory';
}

/** What the list ends with. */
export function share(rows: readonly UseCaseRow[]): string {
  const due = rows.filter(({ hardware }) => hardware === undefined);
  const count = (of: readonly UseCaseRow[], wanted: (row: UseCaseRow) => boolean): number => of.filter(wanted).length;
  const passed = count(due, ({ verdict }) => verdict === 'passed');
  const percent = due.length === 0 ? 0 : Math.floor((100 * passed) / due.length);
  const between = count(due, ({ verdict, shown }) => verdict === 'passed' && shown === 'between processes');
  return [
    `${rows.length} use cases: ${passed} of the ${due.length} that need no hardware passed (${percent} %)`,
    `${between} between processes and ${passed - between} in memory`,
    `${count(due, ({ verdict }) => verdict === 'failed')} failed, ${count(due, ({ verdict }) => verdict === 'none')} not shown`,
    `${rows.length - due.length} need hardware`,
  ].join('; ');
}
