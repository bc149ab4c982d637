/** The long run: kills, fuzzing and sizes that take hours of processor time. */
export const LONG = process.env.PC_AGENT_LONG === '1';

/** Whether each file and each row of each table is tried: in the long run, and for who names a file (`npm test -- FILE`). */
export const THOROUGH = LONG || process.env.PC_AGENT_THOROUGH === '1';

/** Continuous integration (`CI=1`) takes tests that `npm test` leaves out, so that two cores end that in eight minutes. */
export const CONTINUOUS = THOROUGH || !['', '0', 'false'].includes(process.env.CI ?? '');

/** Rows of a table: all in a thorough run, else the first and each `step`th after it. */
export function someOf<T>(rows: readonly T[], step: number): readonly T[] {
  return THOROUGH ? rows : rows.filter((_row, index) => index % step === 0);
}
