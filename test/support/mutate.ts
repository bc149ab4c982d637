/** Seeded damage for fuzz tests: the same seed gives the same mutations on every machine. */

/** Small, quick and good enough to choose damage by (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Octets that mean something somewhere: lengths, continuation bits, tokens, markup. */
const TELLING = [0x00, 0x01, 0x02, 0x03, 0x04, 0x3c, 0x3e, 0x26, 0x43, 0x7f, 0x80, 0x81, 0x83, 0xc0, 0xc3, 0xfe, 0xff];

type Damage = (octets: Uint8Array, random: () => number, others: readonly Uint8Array[]) => Uint8Array;

const DAMAGES: readonly Damage[] = [
  function flipBit(octets, random) {
    const copy = octets.slice();
    const at = place(copy, random);
    copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8));
    return copy;
  },
  function setTelling(octets, random) {
    const copy = octets.slice();
    copy[place(copy, random)] = pick(TELLING, random);
    return copy;
  },
  function setAny(octets, random) {
    const copy = octets.slice();
    copy[place(copy, random)] = Math.floor(random() * 256);
    return copy;
  },
  function truncate(octets, random) {
    return octets.slice(0, place(octets, random));
  },
  function remove(octets, random) {
    const [from, to] = range(octets, random);
    return join(octets.subarray(0, from), octets.subarray(to));
  },
  function repeat(octets, random) {
    const [from, to] = range(octets, random);
    const times = 1 + Math.floor(random() * 8);
    const parts = new Array<Uint8Array>(times).fill(octets.subarray(from, to));
    return join(octets.subarray(0, to), ...parts, octets.subarray(to));
  },
  function insert(octets, random) {
    const at = place(octets, random);
    const added = Uint8Array.from({ length: 1 + Math.floor(random() * 8) }, () => pick(TELLING, random));
    return join(octets.subarray(0, at), added, octets.subarray(at));
  },
  function splice(octets, random, others) {
    const other = pick(others, random);
    return join(octets.subarray(0, place(octets, random)), other.subarray(place(other, random)));
  },
];

/** `count` damaged copies of the fixtures, one to four injuries each. */
export function* mutations(fixtures: readonly Uint8Array[], seed: number, count: number): Generator<Uint8Array> {
  const random = seededRandom(seed);
  for (let index = 0; index < count; index += 1) {
    let octets = pick(fixtures, random);
    const injuries = 1 + Math.floor(random() * 4);
    for (let injury = 0; injury < injuries; injury += 1) octets = pick(DAMAGES, random)(octets, random, fixtures);
    yield octets;
  }
}

function pick<T>(choices: readonly T[], random: () => number): T {
  const chosen = choices[Math.floor(random() * choices.length)];
  if (chosen === undefined) throw new TypeError('nothing to choose from');
  return chosen;
}

function place(octets: Uint8Array, random: () => number): number {
  return Math.floor(random() * octets.length);
}

function range(octets: Uint8Array, random: () => number): readonly [number, number] {
  const from = place(octets, random);
  return [from, Math.min(octets.length, from + 1 + Math.floor(random() * 32))];
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
