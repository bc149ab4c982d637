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

/** What of a card is compared. */
interface Card {
  readonly device: string;
  readonly provisional: boolean;
  readonly serial: string | undefined;
  /** Its serial number and the number in its DevId: many phones give their IMEI as the serial number of their cable. */
  readonly numbers: readonly string[];
  readonly model: string | undefined;
  readonly places: readonly string[];
}

/**
 * Cards that may be the same phone, the likeliest first, of each that is like another. Two DevIds are two phones. There
 * may be thousands of cards, and this is asked at every plug: each is compared with those only that have something of it.
 */
export function likenessesIn(
  records: readonly HandsetRecord[],
  areDifferent: (device: string, other: string) => boolean,
): ReadonlyMap<string, readonly HandsetLikeness[]> {
  const cards = records.filter(({ virtual }) => !virtual).map(cardOf);
  const index = new Index(cards);
  const found = new Map<string, readonly HandsetLikeness[]>();
  for (const card of cards) {
    const like = new Map<string, HandsetLikeness>();
    const take = (why: HandsetLikeness['why'], others: readonly Card[]): void => {
      for (const other of others) {
        if (like.size >= MAX_LIKE) return;
        if (other === card || like.has(other.device) || !(card.provisional || other.provisional)) continue;
        // Of one model with two serial numbers are two phones.
        if (why !== 'serial-number' && card.serial !== undefined && other.serial !== undefined) continue;
        if (!areDifferent(card.device, other.device)) like.set(other.device, { device: other.device, why });
      }
    };
    for (const number of card.numbers) take('serial-number', index.numbered(number));
    if (card.model !== undefined) {
      for (const place of card.places) take('model-and-place', index.at(card.model, place));
      take('model', index.ofModel(card.model, card));
    }
    if (like.size > 0) found.set(card.device, [...like.values()]);
  }
  return found;
}

/** Cards by what they have, in their order. */
class Index {
  readonly #lists = new Map<string, Card[]>();

  constructor(cards: readonly Card[]) {
    for (const card of cards) {
      for (const number of new Set(card.numbers)) this.#add(`number ${number}`, card);
      const { model } = card;
      if (model === undefined) continue;
      for (const place of new Set(card.places)) this.#add(`place ${model}\0${place}`, card);
      for (const serial of card.serial === undefined ? ['any', 'none'] : ['any']) {
        for (const kind of card.provisional ? ['any', 'provisional'] : ['any']) {
          this.#add(`model ${kind} ${serial} ${model}`, card);
        }
      }
    }
  }

  numbered(number: string): readonly Card[] {
    return this.#lists.get(`number ${number}`) ?? [];
  }

  at(model: string, place: string): readonly Card[] {
    return this.#lists.get(`place ${model}\0${place}`) ?? [];
  }

  /** Those of its model that may be the phone of this card. */
  ofModel(model: string, { provisional, serial }: Card): readonly Card[] {
    const kind = provisional ? 'any' : 'provisional';
    return this.#lists.get(`model ${kind} ${serial === undefined ? 'any' : 'none'} ${model}`) ?? [];
  }

  #add(key: string, card: Card): void {
    const list = this.#lists.get(key);
    if (list === undefined) this.#lists.set(key, [card]);
    else list.push(card);
  }
}

function cardOf(record: HandsetRecord): Card {
  const { device, provisional, model } = record;
  const serial = serialKey(record.serial);
  const own = provisional ? undefined : serialKey(device.replace(/^[A-Z]+:/i, ''));
  return {
    ...{ device, provisional, serial },
    numbers: [serial, own].filter((number) => number !== undefined),
    model: model === undefined ? undefined : folded(model),
    places: placesOf(record),
  };
}

/** Where it was met: physical ports, and paths that may be another one's by now. */
function placesOf({ ways, metAt }: HandsetRecord): readonly string[] {
  const addresses = [...ways.map(({ address }) => address), ...(metAt === undefined ? [] : [metAt])];
  const keys = addresses.filter((address) => address.startsWith('serial:')).map(placeKeyOf);
  return [...keys, ...ways.map(({ place }) => place)].filter((place) => place !== undefined);
}
