import type { ReadDatabase } from '../store/database.ts';
import type { HandsetRecord } from './registry.ts';
import { byPreference, type HandsetWay, type KnownWay, type StandingOf } from './ways.ts';

/** A card as the database has it. */
export interface CardRow {
  readonly device: string;
  readonly alias: string | null;
  readonly model: string | null;
  readonly manufacturer: string | null;
  readonly firmware: string | null;
  readonly speaks_dm: number | null;
  readonly serial: string | null;
  readonly provisional: number;
  readonly last_address: string | null;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly virtual: number;
}

export interface WayRow {
  readonly place_key: string;
  readonly device: string;
  readonly address: string;
  readonly kind: HandsetWay['kind'];
  readonly place: string | null;
  readonly confidence: HandsetWay['confidence'];
  readonly last_seen: string;
}

export function recordIn(db: ReadDatabase, row: CardRow, standingOf: StandingOf): HandsetRecord {
  const rows = db.all<WayRow>('SELECT * FROM handset_ways WHERE device = ?', row.device);
  return recordOf(row, rows, standingOf);
}

/** All cards, last seen first. */
export function recordsIn(db: ReadDatabase, standingOf: StandingOf): readonly HandsetRecord[] {
  const ways = Map.groupBy(db.all<WayRow>('SELECT * FROM handset_ways'), ({ device }) => device);
  return db
    .all<CardRow>('SELECT * FROM handsets ORDER BY last_seen DESC, device')
    .map((row) => recordOf(row, ways.get(row.device) ?? [], standingOf));
}

function recordOf(row: CardRow, wayRows: readonly WayRow[], standingOf: StandingOf): HandsetRecord {
  const ways = wayRows.map((way) => wayOf(way, standingOf)).toSorted(byPreference);
  const [best] = ways;
  return {
    device: row.device,
    alias: row.alias ?? undefined,
    manufacturer: row.manufacturer ?? undefined,
    model: row.model ?? undefined,
    firmware: row.firmware ?? undefined,
    speaksDm: row.speaks_dm === null ? undefined : row.speaks_dm === 1,
    serial: row.serial ?? undefined,
    provisional: row.provisional === 1,
    address: best?.attached === true ? best.address : (row.last_address ?? best?.address),
    metAt: row.last_address ?? undefined,
    ways,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    virtual: row.virtual === 1,
  };
}

function wayOf(row: WayRow, standingOf: StandingOf): KnownWay {
  const standing = standingOf(row.address);
  // At a place where another one has identified itself this one is not.
  const attached =
    standing?.attached === true && standing.device !== undefined ? standing.device === row.device : standing?.attached;
  const place = standing?.place ?? row.place ?? undefined;
  return {
    address: row.address,
    kind: row.kind,
    ...(place === undefined ? {} : { place }),
    ...(attached === undefined ? {} : { attached }),
    ...(standing?.reason === undefined ? {} : { reason: standing.reason }),
    ...(standing?.holder === undefined ? {} : { holder: standing.holder }),
    confidence: row.confidence,
    lastSeen: row.last_seen,
  };
}
