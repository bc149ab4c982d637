/** What a person looks for as a value of `LIKE ? ESCAPE '\\'`: anywhere in the text, every character for itself. */
export function likeAnywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A condition that one of the columns holds the text `?1`-wise; letter case does not count (ASCII, as SQLite has it). */
export function anyLike(columns: readonly string[]): string {
  return `(${columns.map((column) => `${column} LIKE ? ESCAPE '\\'`).join(' OR ')})`;
}
