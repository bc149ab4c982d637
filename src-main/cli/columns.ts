/** One line of a list: what there is to say, side by side. */
export function columns(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join('  ');
}
