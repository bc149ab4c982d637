import { DatabaseSync } from 'node:sqlite';

/** Rows of a database as they are on the disk, whoever has it open. */
export function rowsIn(file: string, query: string): readonly unknown[] {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    return database
      .prepare(query)
      .all()
      .map((row) => ({ ...row }));
  } finally {
    database.close();
  }
}
