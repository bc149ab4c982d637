import type { Store } from '../../../src-main/store/store.ts';
import { ROW } from './single-rows.ts';

/** Each writes its next row when the one before is acknowledged. */
const WRITERS = 256;

/** The subject: as many writers as a busy host has, through the store. */
export class GroupedRows {
  readonly #store: Store;
  #number = 0;
  #acknowledged = 0;
  #waits: number[] = [];
  /** A group is being committed. */
  #closed = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Acknowledged rows a second. */
  async rate(milliseconds: number): Promise<number> {
    const start = performance.now();
    const before = this.#acknowledged;
    await Promise.all(Array.from({ length: WRITERS }, () => this.#write(start + milliseconds)));
    return ((this.#acknowledged - before) / (performance.now() - start)) * 1000;
  }

  /** Milliseconds that the first work of each group waited for others and for the transaction to begin. */
  takeWaits(): readonly number[] {
    const waits = this.#waits;
    this.#waits = [];
    return waits;
  }

  /** @throws when what was acknowledged is not what is there. */
  check(): void {
    const rows = this.#store.read((db) => db.get<{ n: number }>('SELECT count(*) AS n FROM journal_messages'))?.n;
    if (rows !== this.#acknowledged) throw new Error(`${this.#acknowledged} rows were acknowledged, ${rows} are there`);
  }

  async #write(end: number): Promise<void> {
    while (performance.now() < end) {
      this.#number += 1;
      const number = this.#number;
      const asked = performance.now();
      await this.#store.write((db) => {
        // The first work of a group has waited longest, and runs when the group is closed.
        if (!this.#closed) this.#waits.push(performance.now() - asked);
        this.#closed = true;
        db.run(ROW, number);
      });
      this.#closed = false;
      this.#acknowledged += 1;
    }
  }
}
