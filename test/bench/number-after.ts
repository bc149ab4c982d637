/** The number behind a flag of a bench's command line. */
export function numberAfter(args: readonly string[], flag: string, otherwise: number): number {
  const given = args.includes(flag) ? Number(args[args.indexOf(flag) + 1]) : Number.NaN;
  return given > 0 ? given : otherwise;
}
