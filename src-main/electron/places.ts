import * as z from 'zod/mini';

/**
 * Places in the page that a menu or another start of the program may ask for. Places only, never actions: whoever can
 * start a program on this machine must not be able to make it do something to a phone.
 */
export const PLACES = [
  'handsets',
  'packages',
  'journal',
  'servers',
  'listening',
  'network',
  'demo',
  'doctor',
  'settings',
  'help',
] as const;
export type Place = (typeof PLACES)[number];

/** What a second start hands to the first. */
export const StartRequest = z.object({ place: z.optional(z.enum(PLACES)) });
export type StartRequest = z.infer<typeof StartRequest>;

const FLAG = '--show=';

/** What the command line asks for: `--show=packages`; what is not on the list is not there. */
export function startRequestOf(args: readonly string[]): StartRequest {
  const wanted = args.find((arg) => arg.startsWith(FLAG))?.slice(FLAG.length);
  const place = PLACES.find((name) => name === wanted);
  return place === undefined ? {} : { place };
}

/** As the page's address has it. */
export function addressOf(place: Place): string {
  return `#/${place}`;
}
