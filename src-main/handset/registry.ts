import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ReadDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { type CardRow, recordIn, recordsIn } from './card-rows.ts';
import { folded } from './identity.ts';
import { keepMeeting, MAX_TEXT } from './keep-meeting.ts';
import { type HandsetLikeness, likenessesIn } from './likeness.ts';
import type { Meeting } from './meeting.ts';
import { absorb, cardIn, differencesIn, tellApart } from './merge.ts';
import { type HandsetWays, type KnownWay, placeKeyOf, type StandingOf } from './ways.ts';

/** A handset that was met. */
export interface HandsetRecord {
  /** Its DevId; until it has said one a name of `provisionalName`. */
  readonly device: string;
  readonly alias: string | undefined;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly firmware: string | undefined;
  readonly speaksDm: boolean | undefined;
  /** What tells it from others of its model, but is not its DevId. */
  readonly serial: string | undefined;
  readonly provisional: boolean;
  /** The best way that is attached, else where it was met last: a place, which another handset may have taken since. */
  readonly address: string | undefined;
  /** Where it was met last. */
  readonly metAt: string | undefined;
  /** Best first. */
  readonly ways: readonly KnownWay[];
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly virtual: boolean;
}

export interface HandsetRegistry {
  /** Last seen first. */
  list(): readonly HandsetRecord[];
  /** By DevId, one that it had before, or the digits of one alone. */
  find(device: string): HandsetRecord | undefined;
  /**
   * By what a person calls it: as `find` has it, or by alias; neither letter case nor blanks at the ends count.
   * @throws PcAgentError `handset/name-ambiguous`: several answer to it. A handset says itself what its DevId is, and
   * may not take another's name by that.
   */
  named(name: string): HandsetRecord | undefined;
  /** Who was met at this address last. */
  at(address: string): HandsetRecord | undefined;
  /** Who is known by this mark at any port; nobody when two were met under it. */
  marked(mark: string): HandsetRecord | undefined;
  /** By any name that `find` knows. */
  readonly ways: HandsetWays;
  /** Cards that may be the same phone, for a person to decide: of each that is like another, by its device. */
  likenesses(): ReadonlyMap<string, readonly HandsetLikeness[]>;
  /** Whose card it is follows from `merge.ts`. @throws PcAgentError `handset/id-invalid` */
  met(meeting: Meeting): Promise<HandsetRecord>;
  /**
   * Gives a handset a name of the person's own; without one it loses it.
   * @throws PcAgentError `handset/unknown`, `handset/alias-invalid`, `handset/alias-taken`
   */
  rename(device: string, alias: string | undefined): Promise<HandsetRecord>;
  /**
   * Two cards are one phone: what belonged to one belongs to the other, which has said its DevId if one of them has.
   * @throws PcAgentError `handset/unknown`, `handset/ids-differ`
   */
  join(device: string, other: string): Promise<HandsetRecord>;
  /** Two cards are two phones, however alike. @throws PcAgentError `handset/unknown` */
  differ(device: string, other: string): Promise<void>;
  /** Takes a handset off the list. @returns what it was. @throws PcAgentError `handset/unknown` */
  forget(device: string): Promise<HandsetRecord>;
}

export interface HandsetRegistryOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** `met`: a session has just found it; `left`: it was found, and has left since. */
  readonly onChange: (record: HandsetRecord, how: 'met' | 'left' | 'renamed') => void;
  /** `into`: it has turned out to be this one. */
  readonly onGone?: (record: HandsetRecord, into?: HandsetRecord) => void;
  /** What those who look at the ways have seen. Default: nobody looks. */
  readonly standingOf?: StandingOf;
}

/** Characters of a name that a person gives. */
const MAX_ALIAS = 60;

export function createHandsetRegistry(options: HandsetRegistryOptions): HandsetRegistry {
  const { store, clock, onChange, onGone, standingOf = () => undefined } = options;
  const recordFor = (db: ReadDatabase, device: string): HandsetRecord => {
    const row = cardIn(db, device);
    if (row === undefined) throw unknown(device);
    return recordIn(db, row, standingOf);
  };
  const first = (sql: string, ...values: readonly string[]): HandsetRecord | undefined =>
    store.read((db) => {
      const row = db.get<CardRow>(sql, ...values);
      return row === undefined ? undefined : recordIn(db, row, standingOf);
    });
  return {
    list: () => store.read((db) => recordsIn(db, standingOf)),
    find: (device) => first(FIND, device),
    named(text) {
      const name = text.trim();
      const cards = store.read((db) => db.all<CardRow>('SELECT * FROM handsets'));
      const exact = cards.find(({ device }) => device === name);
      // A whole DevId is one's own, unless a person has called another handset so.
      const known = cards.filter((card) => card === exact || (exact === undefined ? isNamed : isCalled)(card, name));
      if (known.length > 1) throw ambiguous(name);
      return first(FIND, known[0]?.device ?? name);
    },
    at: (address) => first(AT, placeKeyOf(address) ?? '', address),
    marked: (mark) => first(MARKED, mark),
    ways: (device) => (first(FIND, device)?.ways ?? []).map((way) => ({ ...way, attached: way.attached === true })),
    likenesses: () => store.read((db) => likenessesIn(recordsIn(db, standingOf), differencesIn(db))),
    async met(meeting) {
      if (meeting.device === '' || meeting.device.length > MAX_TEXT) {
        throw new PcAgentError('handset/id-invalid', 'the handset did not say who it is');
      }
      const now = clock.now().toISOString();
      const { record, gone } = await store.write((db) => {
        const before = recordsIn(db, standingOf);
        const { device, absorbed } = keepMeeting(db, meeting, { now, standingOf, isVirtualDevice });
        return { record: recordFor(db, device), gone: before.filter((each) => absorbed.includes(each.device)) };
      });
      for (const each of gone) onGone?.(each, record);
      onChange(record, meeting.left === true ? 'left' : 'met');
      return record;
    },
    async rename(device, text) {
      const alias = checkedAlias(text);
      const record = await store.write((db) => {
        const rows = db.all<CardRow>('SELECT * FROM handsets');
        if (rows.every((each) => each.device !== device)) throw unknown(device);
        if (alias !== undefined && rows.some((other) => other.device !== device && isNamed(other, alias))) {
          throw new PcAgentError('handset/alias-taken', `another handset is called ${alias}`, { details: { alias } });
        }
        db.run('UPDATE handsets SET alias = ? WHERE device = ?', alias ?? null, device);
        return recordFor(db, device);
      });
      onChange(record, 'renamed');
      return record;
    },
    async join(device, other) {
      const { record, gone } = await store.write((db) => {
        const [one, two] = [recordFor(db, device), recordFor(db, other)];
        if (one.device === two.device) return { record: one, gone: undefined };
        if (!one.provisional && !two.provisional) {
          throw new PcAgentError('handset/ids-differ', `${device} and ${other} have said that they are two handsets`);
        }
        const [stays, goes] = one.provisional && !two.provisional ? [two, one] : [one, two];
        absorb(db, goes.device, stays.device);
        return { record: recordFor(db, stays.device), gone: goes };
      });
      if (gone !== undefined) onGone?.(gone, record);
      onChange(record, 'renamed');
      return record;
    },
    async differ(device, other) {
      const records = await store.write((db) => {
        const both = [recordFor(db, device), recordFor(db, other)];
        tellApart(db, device, other);
        return both;
      });
      for (const record of records) onChange(record, 'renamed');
    },
    async forget(device) {
      const record = await store.write((db) => {
        const found = recordFor(db, device);
        db.run('DELETE FROM handsets WHERE device = ?', device);
        return found;
      });
      onGone?.(record);
      return record;
    },
  };
}

const FIND = `SELECT * FROM handsets WHERE lower(device) = lower(?1)
  OR lower(device) IN (lower('IMEI:' || ?1), lower('MEID:' || ?1), lower('ESN:' || ?1))
  OR device IN (SELECT device FROM handset_former_names WHERE name = lower(?1))
  ORDER BY device = ?1 DESC, lower(device) = lower(?1) DESC, last_seen DESC`;
/** Who has the place now; of those that had it before, the last one. */
const AT = `SELECT * FROM handsets
  WHERE device IN (SELECT device FROM handset_ways WHERE place_key = ?1) OR last_address = ?2
  ORDER BY device IN (SELECT device FROM handset_ways WHERE place_key = ?1) DESC, last_seen DESC`;
const MARKED = `SELECT * FROM handsets
  WHERE device IN (SELECT device FROM handset_marks WHERE mark = ? AND shared = 0)`;

/** Whether a name leads to this handset, letter case aside: its alias, its DevId, or the number in it. */
function isNamed(card: CardRow, name: string): boolean {
  const { device } = card;
  return (
    isCalled(card, name) || [device, device.replace(/^[A-Z]+:/i, '')].some((each) => folded(each) === folded(name))
  );
}

/** Whether a person has called it so. */
function isCalled({ alias }: CardRow, name: string): boolean {
  return alias !== null && folded(alias) === folded(name);
}

/** Blanks at its ends do not count. @throws PcAgentError `handset/alias-invalid` */
function checkedAlias(text: string | undefined): string | undefined {
  const alias = text?.trim().normalize('NFC');
  if (alias === undefined || alias === '') return undefined;
  // What cannot be seen, ends a line or turns the direction of what follows would deceive who reads it.
  if (alias.length > MAX_ALIAS || /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(alias)) {
    throw new PcAgentError('handset/alias-invalid', 'a name is one line of at most 60 characters that can be seen');
  }
  if (alias.includes(':')) throw new PcAgentError('handset/alias-invalid', 'a name has no colon: addresses have');
  return alias;
}

function ambiguous(name: string): PcAgentError {
  return new PcAgentError('handset/name-ambiguous', `several handsets answer to ${name}: name the whole DevId`, {
    retry: 'after-operator',
  });
}

function unknown(device: string): PcAgentError {
  return new PcAgentError('handset/unknown', `no handset ${device} is known`, { retry: 'after-operator' });
}
