import type { AttachedFunction, AttachedThing } from '../discovery.ts';
import { MAX_FUNCTIONS, MAX_THING_TEXT, MAX_THINGS } from './protocol.ts';

/** What is attached, within the limits of the protocol: a device that says too much must not hide the others. */
export function trimmedThings(things: readonly AttachedThing[]): (AttachedThing & { functions: AttachedFunction[] })[] {
  return things.slice(0, MAX_THINGS).map((thing) => ({
    ...trimmed(thing),
    functions: thing.functions.slice(0, MAX_FUNCTIONS).map((one) => ({
      ...trimmed(one),
      ...(one.holder === undefined ? {} : { holder: trimmed(one.holder) }),
    })),
  }));
}

function trimmed<T extends object>(value: T): T {
  const entries = Object.entries(value).map(([name, one]) => [
    name,
    typeof one === 'string' ? one.slice(0, MAX_THING_TEXT) : one,
  ]);
  return Object.fromEntries(entries) as T;
}
