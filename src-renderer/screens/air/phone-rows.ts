import type { AirPhone } from '../../../src-main/contract/air.ts';

/** Phones by section, each in the order in which they came, so that no row moves under the pointer. */
export interface PhoneRows {
  readonly paired: readonly AirPhone[];
  readonly near: readonly AirPhone[];
  /** How many there were before the filter. */
  readonly all: number;
  /** What is no phone, and is shown only on demand. */
  readonly others: number;
}

export interface PhoneFilter {
  readonly text: string;
  /** Also what is no phone. */
  readonly others: boolean;
}

/** @param places in which order they came: those that are new get the next number */
export function phoneRows(
  phones: readonly AirPhone[],
  { text, others }: PhoneFilter,
  places: Map<string, number>,
): PhoneRows {
  for (const { address } of phones) if (!places.has(address)) places.set(address, places.size);
  const sorted = phones.toSorted((a, b) => (places.get(a.address) ?? 0) - (places.get(b.address) ?? 0));
  // One that is neither paired nor seen is only remembered by the system.
  const there = sorted.filter(({ paired, seenAt }) => paired || seenAt !== undefined);
  const kept = there.filter((phone) => others || phone.paired || !isOther(phone));
  const fitting = kept.filter((phone) => fits(phone, text));
  return {
    paired: fitting.filter(({ paired }) => paired),
    near: fitting.filter(({ paired }) => !paired),
    all: kept.length,
    others: there.filter((phone) => !phone.paired && isOther(phone)).length,
  };
}

function isOther({ type }: AirPhone): boolean {
  return type === 'computer' || type === 'other';
}

function fits({ name = '', address }: AirPhone, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return name.toLowerCase().includes(wanted) || address.toLowerCase().includes(wanted);
}

/** Where phones are held one metre and ten metres away, about. */
const STRONG = -60;
const MEDIUM = -75;

export function signalWord({ signal }: Pick<AirPhone, 'signal'>): 'strong' | 'medium' | 'weak' | undefined {
  if (signal === undefined) return undefined;
  return signal >= STRONG ? 'strong' : signal >= MEDIUM ? 'medium' : 'weak';
}

/** True of a way to a phone with this address, on whichever channel. */
export function isAtAddress(way: string, address: string): boolean {
  return way.toUpperCase().split('@', 1)[0] === `BLUETOOTH:${address.toUpperCase()}`;
}
