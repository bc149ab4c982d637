import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Database } from '../../../src-main/store/database.ts';
import { MIGRATIONS } from '../../../src-main/store/migrations/index.ts';

/** The session that all rows belong to. */
export const SESSION = `INSERT INTO journal_sessions
  (number, kind, handset, dms, virtual, started_at, recorded, clock_set_back, state, bodies)
  VALUES (1, 'relay', 'tcp:127.0.0.1:650', 'http://dms.example/dm', 1, '2026-01-01', 0, 0, 'running', 'off')`;

/** A message as the journal has it. */
export const ROW = `INSERT INTO journal_messages
  VALUES (1, ?, '2026-01-01T00:00:00.000Z', 'to-dms', 3, 2, 2048,
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'application/vnd.syncml.dm+wbxml', 0,
  '{"readable":true,"sessionId":"1A2B","msgId":2,"package":3,"final":true,"source":"","target":"","commands":[]}', NULL)`;

/** The anchor: node:sqlite alone, each row a transaction of its own with full sync. */
export class SingleRows {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  #number = 0;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
    const database = new Database(this.#database);
    for (const { up } of MIGRATIONS) up(database);
    this.#database.exec(SESSION);
    this.#insert = this.#database.prepare(ROW);
  }

  /** Rows a second. */
  rate(milliseconds: number): number {
    const start = performance.now();
    const before = this.#number;
    let elapsed = 0;
    while (elapsed < milliseconds) {
      this.#number += 1;
      this.#insert.run(this.#number);
      elapsed = performance.now() - start;
    }
    return ((this.#number - before) / elapsed) * 1000;
  }

  close(): void {
    this.#database.close();
  }
}
