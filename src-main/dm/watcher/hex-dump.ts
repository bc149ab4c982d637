const COLUMNS = 16;
const BLANK = '··';
const HEX = Array.from({ length: 256 }, (_unused, octet) => octet.toString(16).padStart(2, '0'));

/** Marks every place of `body` where one of the values stands. @returns `undefined` when one stands nowhere. */
export function locate(body: Uint8Array, values: readonly (readonly Uint8Array[])[]): Uint8Array | undefined {
  const hidden = new Uint8Array(body.length);
  for (const spellings of values) {
    let found = 0;
    for (const spelling of spellings) found += markAll(body, spelling, hidden);
    if (found === 0) return undefined;
  }
  return hidden;
}

function markAll(body: Uint8Array, value: Uint8Array, hidden: Uint8Array): number {
  const first = value[0];
  if (first === undefined) return 0;
  let found = 0;
  for (let at = body.indexOf(first); at >= 0; at = body.indexOf(first, at + 1)) {
    if (at + value.length > body.length) break;
    let same = 1;
    while (same < value.length && body[at + same] === value[same]) same += 1;
    if (same < value.length) continue;
    hidden.fill(1, at, at + value.length);
    found += 1;
  }
  return found;
}

/** Rows of offset, 16 octets and text; octets marked in `hidden` are blanked in both. */
export function hexDump(body: Uint8Array, hidden: Uint8Array, limit: number): string {
  const rows: string[] = [];
  const end = Math.min(body.length, limit);
  for (let row = 0; row < end; row += COLUMNS) {
    let octets = '';
    let text = '';
    for (let at = row; at < row + COLUMNS; at += 1) {
      const octet = at < end ? body[at] : undefined;
      const blank = hidden[at] === 1;
      octets += octet === undefined ? '   ' : `${blank ? BLANK : (HEX[octet] ?? '')} `;
      if (octet === undefined) continue;
      text += blank ? '·' : octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.';
    }
    rows.push(`${row.toString(16).padStart(8, '0')}  ${octets} ${text}`);
  }
  if (end < body.length) rows.push(`… ${body.length - end} more`);
  return rows.join('\n');
}
