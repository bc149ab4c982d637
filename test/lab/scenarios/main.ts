import { livePowered } from './power.ts';

/** `scenarios.mjs power LIFE` or `scenarios.mjs run NAME…`: the guest's side of the laboratory's tests. */
export async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'power') await livePowered(Number(args[1]));
}
