/** One row of a fact sheet, in our own words. A test names it by its id in square brackets: `[TREE-4-03] …`. */
export interface Fact {
  /** Sheet, section, number, e.g. `REP-2.1-03`, `DMP-4-11`, `TREE-3-02`; never used for another fact. */
  readonly id: string;
  readonly text: string;
  /** Why no test names it, where none does. */
  readonly why?: string;
}
