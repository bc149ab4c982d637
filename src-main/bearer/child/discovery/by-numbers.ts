/** Orders names of ports and devices by the numbers in them: `1-2.10` after `1-2.9`, `ttyS10` after `ttyS9`. */
export function byNumbers(a: string, b: string): number {
  const [some, others] = [a, b].map((name) => name.match(/\d+|\D+/g) ?? []);
  for (const [index, part] of (some ?? []).entries()) {
    const other = others?.[index];
    if (other === undefined) return 1;
    const order = Number(part) - Number(other);
    if (order < 0 || order > 0) return order;
    if (Number.isNaN(order) && part !== other) return part < other ? -1 : 1;
  }
  return (some ?? []).length - (others ?? []).length;
}
