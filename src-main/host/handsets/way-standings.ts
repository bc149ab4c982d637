import type { AttachedFunction, AttachedThing } from '../../bearer/discovery.ts';
import { addressOf, placeKeyOf, type WayStanding } from '../../handset/ways.ts';
import type { HandsetStanding } from '../../operations/views.ts';
import { usbNames } from './usb-names.ts';

/** How long what was found is true when nobody looks any more, in milliseconds. */
const FRESH = 10_000;

interface Spot {
  readonly thing: AttachedThing;
  readonly way: AttachedFunction;
}

/** Which ways are there: what discovery has found, and what was seen at the addresses that it does not cover. */
export class WayStandings {
  #things: readonly AttachedThing[] = [];
  #spots = new Map<string, Spot>();
  /** Until when it counts; undefined: as long as somebody looks. */
  #until: number | undefined = 0;
  readonly #owners = new Map<string, string>();
  readonly #seen = new Map<string, HandsetStanding>();
  /** Places that discovery has shown: where it shows nothing any more there is nothing. */
  readonly #covered = new Set<string>();

  /** What is attached, as it was found last. */
  get things(): readonly AttachedThing[] {
    return this.#things;
  }

  /** @returns ids of the things that have gone, or have become others, since the time before. */
  found(things: readonly AttachedThing[], watched: boolean): readonly string[] {
    const before = new Map(this.#things.map((thing) => [thing.id, identityOf(thing)]));
    const now = new Map(things.map((thing) => [thing.id, identityOf(thing)]));
    const gone = [...before].filter(([id, identity]) => now.get(id) !== identity).map(([id]) => id);
    for (const id of gone) this.#owners.delete(id);
    this.#things = things;
    this.#spots = new Map(
      things.flatMap((thing) => thing.functions.map((way) => [placeKeyOf(way.address) ?? way.address, { thing, way }])),
    );
    for (const [name, spot] of otherNames(things)) if (!this.#spots.has(name)) this.#spots.set(name, spot);
    for (const key of this.#spots.keys()) this.#covered.add(key);
    this.#until = watched ? undefined : performance.now() + FRESH;
    return gone;
  }

  /** Nobody looks any more. */
  unwatched(): void {
    this.#until ??= performance.now() + FRESH;
  }

  /** Whether it is still what is at its port. */
  isThere(thing: AttachedThing): boolean {
    const identity = identityOf(thing);
    return this.#things.some((each) => each.id === thing.id && identityOf(each) === identity);
  }

  ownerOf(thing: AttachedThing): string | undefined {
    return this.#owners.get(thing.id);
  }

  /** This is who it is, until it is unplugged. */
  own(thing: AttachedThing, device: string): void {
    this.#owners.set(thing.id, device);
  }

  /** A card has become another one's, or has gone. */
  disown(device: string): void {
    for (const [id, owner] of this.#owners) if (owner === device) this.#owners.delete(id);
  }

  thingAt(address: string): AttachedThing | undefined {
    return this.#spots.get(placeKeyOf(address) ?? address)?.thing;
  }

  /** What was seen at an address. @returns whether that differs from before. */
  see(address: string, standing: HandsetStanding): boolean {
    const key = placeKeyOf(address) ?? address;
    const before = this.#seen.get(key);
    if (before?.presence === standing.presence && before.reason === standing.reason) return false;
    this.#seen.set(key, standing);
    return true;
  }

  /** Whether discovery tells of this address, so that nobody else needs to look. */
  covers(address: string): boolean {
    return this.isFresh && (this.#covered.has(placeKeyOf(address) ?? address) || address.startsWith('usb:'));
  }

  readonly of = (address: string): WayStanding | undefined => {
    if (this.covers(address)) return this.#discovered(address);
    const seen = this.#seen.get(placeKeyOf(address) ?? address);
    if (seen === undefined || seen.presence === 'unknown') return undefined;
    return { attached: seen.presence === 'attached', ...(seen.reason === undefined ? {} : { reason: seen.reason }) };
  };

  #discovered(address: string): WayStanding | undefined {
    const spot = this.#spots.get(placeKeyOf(address) ?? address);
    if (spot === undefined) return { attached: false };
    const { thing, way } = spot;
    const device = this.#owners.get(thing.id);
    // Something is at the port, and has not said yet whether it is who was there before.
    if (device === undefined && isPlace(address)) return undefined;
    const { reason, holder } = way.reason === undefined ? thing : way;
    return {
      attached: true,
      place: thing.place,
      ...(device === undefined ? {} : { device }),
      ...(reason === undefined ? {} : { reason }),
      ...(reason === undefined || holder === undefined ? {} : { holder }),
    };
  }

  /** What was found is true still. */
  get isFresh(): boolean {
    return this.#until === undefined || performance.now() < this.#until;
  }
}

/**
 * Whether another phone may be there the next time: everywhere but at a Bluetooth address and the USB address with a serial
 * number and no port.
 */
function isPlace(text: string): boolean {
  const address = addressOf(text);
  if (address?.kind === 'bluetooth') return false;
  return address?.kind !== 'usb' || address.serial === undefined || address.place !== undefined;
}

/** Names of USB devices that a person may have typed, and that lead to one of them only. */
function otherNames(things: readonly AttachedThing[]): ReadonlyMap<string, Spot> {
  const spots = new Map<string, Spot | undefined>();
  for (const thing of things) {
    const way = thing.functions.find(({ kind }) => kind === 'usb');
    if (way === undefined) continue;
    for (const name of usbNames(thing)) {
      const key = placeKeyOf(name) ?? name;
      spots.set(key, spots.has(key) ? undefined : { thing, way });
    }
  }
  return new Map([...spots].flatMap(([name, spot]) => (spot === undefined ? [] : [[name, spot]])));
}

/** What makes it another thing though it is at the same port. */
function identityOf({ attachment, vendorId, productId, serial, functions }: AttachedThing): string {
  return JSON.stringify([attachment, vendorId, productId, serial, functions.map(({ address }) => address)]);
}
