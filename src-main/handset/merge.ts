/** Which card a meeting belongs to, and what becomes of the others: works on the tables of cards. */
import { deviceKey } from '../base/device-key.ts';
import type { ReadDatabase, WriteDatabase } from '../store/database.ts';
import type { CardRow, WayRow } from './card-rows.ts';
import { folded, isProvisionalName, serialKey } from './identity.ts';
import type { Meeting } from './meeting.ts';
import { addressOf, placeKeyOf, type StandingOf } from './ways.ts';

/** The card that a meeting belongs to. */
export interface Belonging {
  readonly device: string;
  /** Provisional cards that are this phone's, as it turns out. */
  readonly absorbed: readonly string[];
  /** By which the phone is known from now on. */
  readonly mark: string | undefined;
}

/** Cards are one only by equal strong ids; a card without one is that of the phone that says its own while it is there. */
export function belongingOf(db: WriteDatabase, meeting: Meeting, standingOf: StandingOf): Belonging {
  const isOfPlace = serialKey(meeting.serial) === undefined;
  const device = isNameOfPlace(meeting) ? meeting.device : canonicalName(db, meeting.device);
  const mark = meeting.mark ?? markOfAddress(meeting.address);
  const marked = mark === undefined ? undefined : markRow(db, mark);
  const owner = marked?.shared === 0 ? cardIn(db, marked.device) : undefined;
  if (isProvisionalName(device)) return weakBelonging(db, { device, meeting, mark, owner });
  const absorbed = new Set<string>();
  const isFree = (card: CardRow | undefined): card is CardRow =>
    card?.provisional === 1 && card.device !== device && !areDifferent(db, card.device, device);
  if (isFree(owner)) absorbed.add(owner.device);
  if (owner?.provisional === 0 && owner.device !== device && mark !== undefined) share(db, mark);
  const named = isOfPlace ? undefined : meeting.provisional;
  const namesake = named === undefined ? undefined : cardIn(db, canonicalName(db, named));
  if (isFree(namesake)) absorbed.add(namesake.device);
  for (const address of addressesOf(meeting)) {
    const key = placeKeyOf(address) ?? '';
    const way = db.get<WayRow>('SELECT * FROM handset_ways WHERE place_key = ?', key);
    const card = way === undefined ? undefined : cardIn(db, way.device);
    if (isFree(card) && isSamePhone(card, meeting, standingOf(address)?.device)) absorbed.add(card.device);
  }
  return { device, absorbed: [...absorbed], mark };
}

/** A name that is made of a place says that of the place only: the phone that had it before may be elsewhere. */
function isNameOfPlace({ device, manufacturer, model, serial }: Meeting): boolean {
  const isDescribed = manufacturer !== undefined || model !== undefined;
  return isProvisionalName(device) && isDescribed && serialKey(serial) === undefined;
}

interface Weak {
  readonly device: string;
  readonly meeting: Meeting;
  readonly mark: string | undefined;
  readonly owner: CardRow | undefined;
}

/** Without its DevId it is the phone of its mark, or else one of its own. */
function weakBelonging(db: WriteDatabase, { device, meeting, mark, owner }: Weak): Belonging {
  if (owner === undefined || owner.device === device) return { device, absorbed: [], mark };
  if (isOtherModel(owner, meeting) || areDifferent(db, owner.device, device)) {
    if (mark !== undefined) share(db, mark);
    return { device, absorbed: [], mark: undefined };
  }
  const own = cardIn(db, device) === undefined ? [] : [device];
  return { device: owner.device, absorbed: own, mark };
}

/** Of one phone its DM client may say `E62` and its OBEX service `Nokia E62`; what is printed on its plug is no model. */
export function isOtherModel({ model }: { readonly model?: string | null | undefined }, meeting: Meeting): boolean {
  if (model === null || model === undefined || meeting.model === undefined || meeting.fromPlug === true) return false;
  const [one, other] = [folded(model), folded(meeting.model)];
  return !one.includes(other) && !other.includes(one);
}

/** All that belonged to one card belongs to another one, also what was done with it. */
export function absorb(db: WriteDatabase, from: string, into: string): void {
  const old = cardIn(db, from);
  if (old === undefined) return;
  db.run('UPDATE handsets SET alias = NULL WHERE device = ?', from);
  db.run(
    `UPDATE handsets SET alias = coalesce(alias, ?), manufacturer = coalesce(manufacturer, ?),
       model = coalesce(model, ?), firmware = coalesce(firmware, ?),
       speaks_dm = coalesce(max(speaks_dm, ?5), speaks_dm, ?5),
       serial = coalesce(serial, ?), last_address = coalesce(last_address, ?), first_seen = min(first_seen, ?)
     WHERE device = ?`,
    ...[old.alias, old.manufacturer, old.model, old.firmware, old.speaks_dm, old.serial, old.last_address],
    ...[old.first_seen, into],
  );
  for (const table of ['handset_ways', 'handset_marks', 'handset_former_names']) {
    db.run(`UPDATE ${table} SET device = ? WHERE device = ?`, into, from);
  }
  const pairs = db.all<{ one: string; other: string }>(
    'SELECT one, other FROM handset_differences WHERE one = ?1 OR other = ?1',
    from,
  );
  for (const { one, other } of pairs) tellApart(db, into, one === from ? other : one);
  moveHistory(db, from, into);
  db.run('DELETE FROM handsets WHERE device = ?', from);
  db.run('INSERT OR REPLACE INTO handset_former_names (name, device) VALUES (?, ?)', from, into);
}

/** Every table that names the handset of what was done. */
function moveHistory(db: WriteDatabase, from: string, into: string): void {
  for (const [table, column] of [
    ['journal_sessions', 'device'],
    ['jobs', 'device'],
    ['jobs', 'handset'],
    ['archives', 'device'],
    ['snapshots', 'device'],
  ] as const) {
    db.run(`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`, into, from);
  }
  // What the phone's card has itself is newer: it has just been met by it.
  for (const [table, column] of [
    ['accounts', 'device'],
    ['own_accounts', 'handset'],
  ] as const) {
    db.run(`UPDATE OR IGNORE ${table} SET ${column} = ? WHERE ${column} = ?`, into, from);
    db.run(`DELETE FROM ${table} WHERE ${column} = ?`, from);
  }
}

/** A person said that these are two phones; said once, it stays. */
export function tellApart(db: WriteDatabase, device: string, other: string): void {
  if (device === other) return;
  const [one, two] = [device, other].toSorted();
  db.run('INSERT OR IGNORE INTO handset_differences (one, other) VALUES (?, ?)', one ?? '', two ?? '');
}

/** The same for many questions. */
export function differencesIn(db: ReadDatabase): (device: string, other: string) => boolean {
  const pairs = new Set<string>();
  for (const { one, other } of db.all<{ one: string; other: string }>('SELECT one, other FROM handset_differences')) {
    pairs.add(`${one}\0${other}`).add(`${other}\0${one}`);
  }
  return (device, other) => pairs.has(`${device}\0${other}`);
}

function areDifferent(db: ReadDatabase, device: string, other: string): boolean {
  const [one, two] = [device, other].toSorted();
  const found = db.get('SELECT 1 FROM handset_differences WHERE one = ? AND other = ?', one ?? '', two ?? '');
  return found !== undefined;
}

export function cardIn(db: ReadDatabase, device: string): CardRow | undefined {
  return db.get<CardRow>('SELECT * FROM handsets WHERE device = ?', device);
}

/** Every address of a meeting, that of the meeting itself first, each once. */
export function addressesOf({ address, ways = [] }: Meeting): readonly string[] {
  return [...new Set([...(address === undefined ? [] : [address]), ...ways.map((way) => way.address)])];
}

/** A card is found by what it was called before, too, and its DevId with and without `IMEI:`. */
export function canonicalName(db: ReadDatabase, name: string): string {
  const former = db.get<{ device: string }>('SELECT device FROM handset_former_names WHERE name = ?', name);
  if (former !== undefined) return former.device;
  const key = deviceKey(name);
  const same = db.get<{ device: string }>(
    `SELECT device FROM handsets WHERE device = ?1 OR lower(device) IN (?2, 'imei:' || ?2) ORDER BY device = ?1 DESC`,
    name,
    key,
  );
  return same?.device ?? name;
}

/** A USB address with a serial number and no port is the same phone at any port. */
function markOfAddress(text: string | undefined): string | undefined {
  const address = addressOf(text);
  if (address?.kind !== 'usb' || address.place !== undefined) return undefined;
  return serialKey(address.serial) === undefined ? undefined : address.text.toLowerCase();
}

export function markRow(
  db: ReadDatabase,
  mark: string,
): { readonly device: string; readonly shared: number } | undefined {
  return db.get('SELECT device, shared FROM handset_marks WHERE mark = ?', mark);
}

function share(db: WriteDatabase, mark: string): void {
  db.run('UPDATE handset_marks SET shared = 1 WHERE mark = ?', mark);
}

/**
 * Whether a handset that has just said its DevId at the place of a provisional card is the phone of that card: it has not
 * been unplugged since it was asked, or has the same serial number. Of the same model may be the next one in the queue.
 */
function isSamePhone(card: CardRow, meeting: Meeting, there: string | undefined): boolean {
  if (there !== undefined) return there === card.device;
  const [serial, other] = [serialKey(card.serial ?? undefined), serialKey(meeting.serial)];
  return serial !== undefined && serial === other && !isOtherModel(card, meeting);
}
