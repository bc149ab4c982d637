import type { AttachedFunction, AttachedThing } from '../discovery.ts';
import { MAX_CONTROL_LINE, MAX_FUNCTIONS, MAX_THING_TEXT, MAX_THINGS } from './protocol.ts';

type Sent = AttachedThing & { functions: AttachedFunction[] };

/** Octets of the line beside the things. */
const AROUND = 1024;
/** Characters in a text of a thing that says too much altogether. */
const SHORT_TEXT = 60;
/** Texts by which something is found again. */
const NAMES = ['id', 'place', 'address'];

/** What is attached, within the limits of the protocol: a device that says too much must not hide the others. */
export function trimmedThings(things: readonly AttachedThing[]): Sent[] {
  const few = things.slice(0, MAX_THINGS);
  const room = Math.floor((MAX_CONTROL_LINE - AROUND) / Math.max(few.length, 1));
  return few.map((thing) => fitting(thing, room));
}

/** The thing in so many octets: with fewer functions where it has to be, the first of which are the best. */
function fitting(thing: AttachedThing, room: number): Sent {
  const sent = cut(thing, MAX_THING_TEXT);
  if (octetsOf(sent) < room) return sent;
  const short = cut(thing, SHORT_TEXT);
  let octets = octetsOf({ ...short, functions: [] });
  const fits = (one: AttachedFunction): boolean => {
    octets += octetsOf(one) + 1;
    return octets < room;
  };
  const end = short.functions.findIndex((one) => !fits(one));
  return end < 0 ? short : { ...short, functions: short.functions.slice(0, end) };
}

function octetsOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function cut(thing: AttachedThing, length: number): Sent {
  return {
    ...trimmed(thing, length),
    ...(thing.holder === undefined ? {} : { holder: trimmed(thing.holder, length) }),
    functions: thing.functions
      .filter(canBeNamed)
      .slice(0, MAX_FUNCTIONS)
      .map((one) => ({
        ...trimmed(one, length),
        ...(one.holder === undefined ? {} : { holder: trimmed(one.holder, length) }),
      })),
  };
}

/** A part of an address leads elsewhere. */
function canBeNamed({ address }: AttachedFunction): boolean {
  return address.length <= MAX_THING_TEXT;
}

/** @param length characters of a text that is no name */
function trimmed<T extends object>(value: T, length: number): T {
  const entries = Object.entries(value).map(([name, one]) => {
    const most = NAMES.includes(name) ? MAX_THING_TEXT : length;
    return [name, typeof one === 'string' ? one.slice(0, most) : one];
  });
  return Object.fromEntries(entries) as T;
}
