import { folded, serialKey } from './identity.ts';
import type { HandsetRecord } from './registry.ts';
import { placeKeyOf } from './ways.ts';

/** Another card that may be the same phone, and what agrees. */
export interface HandsetLikeness {
  readonly device: string;
  readonly why: 'serial-number' | 'model-and-place' | 'model';
}

/** In a workshop with thirty phones of one model a longer list would help nobody. */
const MAX_LIKE = 5;
const ORDER: readonly HandsetLikeness['why'][] = ['serial-number', 'model-and-place', 'model'];

/** Cards that may be the same phone, the likeliest first, of each that is like another. Two DevIds are two phones. */
export function likenessesIn(
  records: readonly HandsetRecord[],
  areDifferent: (device: string, other: string) => boolean,
): ReadonlyMap<string, readonly HandsetLikeness[]> {
  const found = new Map<string, HandsetLikeness[]>();
  const real = records.filter(({ virtual }) => !virtual);
  for (const card of real.filter(({ provisional }) => provisional)) {
    for (const other of real) {
      // Of two provisional ones each has its turn.
      if (other === card || (other.provisional && other.device < card.device)) continue;
      const why = likeness(card, other);
      if (why === undefined || areDifferent(card.device, other.device)) continue;
      for (const [one, two] of [
        [card, other],
        [other, card],
      ] as const) {
        found.set(one.device, [...(found.get(one.device) ?? []), { device: two.device, why }]);
      }
    }
  }
  const best = (like: readonly HandsetLikeness[]) =>
    like.toSorted((a, b) => ORDER.indexOf(a.why) - ORDER.indexOf(b.why)).slice(0, MAX_LIKE);
  return new Map([...found].map(([device, like]) => [device, best(like)]));
}

function likeness(one: HandsetRecord, other: HandsetRecord): HandsetLikeness['why'] | undefined {
  const [numbers, others] = [numbersOf(one), numbersOf(other)];
  if (numbers.some((number) => others.includes(number))) return 'serial-number';
  const [serial, otherSerial] = [serialKey(one.serial), serialKey(other.serial)];
  if (serial !== undefined && otherSerial !== undefined) return undefined;
  if (one.model === undefined || folded(one.model) !== folded(other.model)) return undefined;
  const places = placesOf(other);
  return placesOf(one).some((place) => places.includes(place)) ? 'model-and-place' : 'model';
}

/** Its serial number and the number in its DevId: many phones give their IMEI as the serial number of their cable. */
function numbersOf({ device, serial, provisional }: HandsetRecord): readonly string[] {
  const own = provisional ? undefined : serialKey(device.replace(/^[A-Z]+:/i, ''));
  return [serialKey(serial), own].filter((number) => number !== undefined);
}

/** Where it was met: physical ports, and paths that may be another one's by now. */
function placesOf({ ways, metAt }: HandsetRecord): readonly string[] {
  const addresses = [...ways.map(({ address }) => address), ...(metAt === undefined ? [] : [metAt])];
  const keys = addresses.filter((address) => address.startsWith('serial:')).map(placeKeyOf);
  return [...keys, ...ways.map(({ place }) => place)].filter((place) => place !== undefined);
}
