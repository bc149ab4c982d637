/** The long run: kills, fuzzing and sizes that take hours of processor time. */
export const LONG = process.env.PC_AGENT_LONG === '1';

/**
 * Whether each row of each table is tried, as in continuous integration (`CI=1`) and in the long run. `npm test` takes
 * some of the rows that cost processes or pages, so that two cores end it in eight minutes.
 */
export const THOROUGH = LONG || !['', '0', 'false'].includes(process.env.CI ?? '');

/** Rows of a table: all in a thorough run, else the first and each `step`th after it. */
export function someOf<T>(rows: readonly T[], step: number): readonly T[] {
  return THOROUGH ? rows : rows.filter((_row, index) => index % step === 0);
}
