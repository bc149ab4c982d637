export type CsvCell = string | number | boolean | undefined;

/** One line of comma-separated values (RFC 4180). */
export function csvRow(cells: readonly CsvCell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

function cellText(cell: CsvCell): string {
  const text = cell === undefined ? '' : String(cell);
  // A handset writes some of these texts, and a table program would run one that looks like a formula.
  const plain = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
