import type { AttachedThing } from '../../bearer/discovery.ts';
import { markOf } from '../../handset/identity.ts';

interface Unmarked {
  /** The serial number of each of these tells nothing: it is left out. */
  readonly things: readonly AttachedThing[];
  /** The marks of those, by their ids. */
  readonly shared: ReadonlyMap<string, string>;
}

/**
 * Some makers give the same serial number to all of a model. While two of them are attached each is one without a
 * number, or the second one would be taken for the first.
 */
export function withoutSharedMarks(things: readonly AttachedThing[]): Unmarked {
  const marks = things.map(markOf);
  const shared = new Map<string, string>();
  const plain = things.map((thing, index): AttachedThing => {
    const mark = marks[index];
    if (mark === undefined || marks.indexOf(mark) === marks.lastIndexOf(mark)) return thing;
    shared.set(thing.id, mark);
    const { serial: _serial, ...others } = thing;
    return others;
  });
  return { things: plain, shared };
}
