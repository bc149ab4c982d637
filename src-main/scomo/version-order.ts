/**
 * Which of two versions is the newer one: below 0 when the first is older. Parts between dots, hyphens and underlines
 * are compared as numbers where both are numbers, else as text; a missing part is 0.
 */
export function compareVersions(first: string, second: string): number {
  const [a, b] = [partsOf(first), partsOf(second)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = comparePart(a[index] ?? '0', b[index] ?? '0');
    if (order !== 0) return order;
  }
  return 0;
}

function partsOf(version: string): readonly string[] {
  return version.trim().split(/[._-]/);
}

function comparePart(a: string, b: string): number {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) {
    // Numbers of any length: more digits are more.
    const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
    if (x.length !== y.length) return x.length - y.length;
    return x === y ? 0 : x < y ? -1 : 1;
  }
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
