import type { Fact } from '../facts/fact.ts';
import type { NamedTest } from './named-tests.ts';

export interface FactRow extends Fact {
  readonly tests: readonly NamedTest[];
}

export interface FactRows {
  readonly rows: readonly FactRow[];
  /** Facts without test and reason or with both, ids used twice, and tests that name a fact that is not there. */
  readonly mistakes: readonly string[];
}

const NAMED = /\[((?:REP|DMP|TREE)-[^\]]*)\]/g;
const ID = /^(?:REP|DMP|TREE)-[0-9]+(?:\.[0-9]+)?-[0-9]{2,3}$/;

/** Ids in square brackets; several may share them, parted by commas or blanks. */
function idsIn(title: string): readonly string[] {
  return [...title.matchAll(NAMED)].flatMap((match) => (match[1] ?? '').split(/[\s,]+/).filter((id) => id !== ''));
}

/** Brings facts and the tests that name them together. */
export function factRows(facts: readonly Fact[], tests: readonly NamedTest[]): FactRows {
  const mistakes: string[] = [];
  const rows = new Map<string, { readonly fact: Fact; readonly tests: NamedTest[] }>();
  for (const fact of facts) {
    if (!ID.test(fact.id)) mistakes.push(`${fact.id} is not an id`);
    if (rows.has(fact.id)) mistakes.push(`${fact.id} stands twice`);
    rows.set(fact.id, { fact, tests: [] });
  }
  for (const test of tests) {
    for (const id of idsIn(test.name)) {
      const row = rows.get(id);
      if (row === undefined) mistakes.push(`${id} is no fact, but a test names it: ${test.name}`);
      else row.tests.push(test);
    }
  }
  for (const { fact, tests: naming } of rows.values()) {
    if (naming.length === 0 && fact.why === undefined) mistakes.push(`${fact.id} has neither test nor reason`);
    if (naming.length > 0 && fact.why !== undefined)
      mistakes.push(`${fact.id} has a test and a reason for having none`);
  }
  return { rows: [...rows.values()].map(({ fact, tests: naming }) => ({ ...fact, tests: naming })), mistakes };
}
