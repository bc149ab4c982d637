import type { DatabaseSync, StatementSync } from 'node:sqlite';

export type Value = string | number | bigint | null | Uint8Array;

/** What a reading work sees: the state that was committed last. */
export interface ReadDatabase {
  /** The first row, or `undefined`. */
  get<Row>(sql: string, ...values: readonly Value[]): Row | undefined;
  all<Row>(sql: string, ...values: readonly Value[]): readonly Row[];
}

export interface Changes {
  /** Rows that were changed. */
  readonly changes: number;
  /** Row number of the row that was inserted last. */
  readonly lastId: number;
}

/** What a writing work sees: its own changes and those of the works before it. */
export interface WriteDatabase extends ReadDatabase {
  run(sql: string, ...values: readonly Value[]): Changes;
  /** Several statements without values, for migrations. */
  script(sql: string): void;
}

/** SQL is written by us with `?` for every value, so there are few texts; this only bounds a mistake. */
const MAX_STATEMENTS = 300;

/** One connection with its prepared statements. */
export class Database implements WriteDatabase {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  get inTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  get<Row>(sql: string, ...values: readonly Value[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: readonly Value[]): readonly Row[] {
    return this.#statement(sql).all(...values) as unknown as readonly Row[];
  }

  run(sql: string, ...values: readonly Value[]): Changes {
    const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
    return { changes: Number(changes), lastId: Number(lastInsertRowid) };
  }

  script(sql: string): void {
    this.#connection.exec(sql);
  }

  close(): void {
    this.#statements.clear();
    if (this.#connection.isOpen) this.#connection.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
    const statement = this.#connection.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
