import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import { isVirtualImei } from '../base/imei.ts';
import type { Store } from '../store/store.ts';

/** A handset that was met, by its DevId. Its address is a place, which another handset may have taken since. */
export interface HandsetRecord {
  readonly device: string;
  readonly alias: string | undefined;
  readonly manufacturer: string | undefined;
  readonly model: string | undefined;
  readonly address: string | undefined;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly virtual: boolean;
}

/** What a session told of a handset. */
export interface Meeting {
  readonly device: string;
  readonly address?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly model?: string | undefined;
}

export interface HandsetRegistry {
  /** Last seen first. */
  list(): readonly HandsetRecord[];
  /** By DevId, by the digits of one alone, or by alias; letter case does not count. */
  find(name: string): HandsetRecord | undefined;
  met(meeting: Meeting): Promise<HandsetRecord>;
  /**
   * Gives a handset a name of the person's own; without one it loses it.
   * @throws PcAgentError `handset/unknown`, `handset/alias-invalid`, `handset/alias-taken`
   */
  rename(device: string, alias: string | undefined): Promise<HandsetRecord>;
  /** Takes a handset off the list. @returns what it was. @throws PcAgentError `handset/unknown` */
  forget(device: string): Promise<HandsetRecord>;
}

export interface HandsetRegistryOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** `met`: a session has just found it. */
  readonly onChange: (record: HandsetRecord, how: 'met' | 'renamed') => void;
  readonly onGone?: (record: HandsetRecord) => void;
}

interface Row {
  readonly device: string;
  readonly alias: string | null;
  readonly model: string | null;
  readonly manufacturer: string | null;
  readonly last_address: string | null;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly virtual: number;
}

/** A DevId and a name of a handset are far shorter; what a handset says of itself is not trusted with more. */
const MAX_TEXT = 200;
/** Characters of a name that a person gives. */
const MAX_ALIAS = 60;

export function createHandsetRegistry({ store, clock, onChange, onGone }: HandsetRegistryOptions): HandsetRegistry {
  return {
    list: () => store.read((db) => db.all<Row>('SELECT * FROM handsets ORDER BY last_seen DESC, device')).map(recordOf),
    find(name) {
      const row = store.read((db) =>
        db.get<Row>(
          `SELECT * FROM handsets WHERE lower(device) = lower(?1) OR lower(alias) = lower(?1)
           OR lower(device) IN (lower('IMEI:' || ?1), lower('MEID:' || ?1), lower('ESN:' || ?1))
           ORDER BY lower(device) = lower(?1) DESC, last_seen DESC`,
          name,
        ),
      );
      return row === undefined ? undefined : recordOf(row);
    },
    async met({ device, address, manufacturer, model }) {
      if (device === '' || device.length > MAX_TEXT) {
        throw new PcAgentError('handset/id-invalid', 'the handset did not say who it is');
      }
      const now = clock.now().toISOString();
      const row = await store.write((db) => {
        db.run(
          `INSERT INTO handsets (device, model, manufacturer, last_address, first_seen, last_seen, virtual)
           VALUES (?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT (device) DO UPDATE SET model = coalesce(excluded.model, model),
             manufacturer = coalesce(excluded.manufacturer, manufacturer),
             last_address = coalesce(excluded.last_address, last_address), last_seen = excluded.last_seen`,
          ...[device, cut(model), cut(manufacturer), address ?? null, now, now, isVirtualDevice(device) ? 1 : 0],
        );
        return db.get<Row>('SELECT * FROM handsets WHERE device = ?', device);
      });
      if (row === undefined) throw new TypeError('a handset that was kept is not there');
      const record = recordOf(row);
      onChange(record, 'met');
      return record;
    },
    async rename(device, text) {
      const alias = checkedAlias(text);
      const record = await store.write((db) => {
        const rows = db.all<Row>('SELECT * FROM handsets');
        const row = rows.find((each) => each.device === device);
        if (row === undefined) throw unknown(device);
        if (alias !== undefined && rows.some((other) => other.device !== device && isNamed(other, alias))) {
          throw new PcAgentError('handset/alias-taken', `another handset is called ${alias}`, { details: { alias } });
        }
        db.run('UPDATE handsets SET alias = ? WHERE device = ?', alias ?? null, device);
        return recordOf({ ...row, alias: alias ?? null });
      });
      onChange(record, 'renamed');
      return record;
    },
    async forget(device) {
      const record = await store.write((db) => {
        const row = db.get<Row>('SELECT * FROM handsets WHERE device = ?', device);
        if (row === undefined) throw unknown(device);
        db.run('DELETE FROM handsets WHERE device = ?', device);
        return recordOf(row);
      });
      onGone?.(record);
      return record;
    },
  };
}

/** Whether a name leads to this handset, letter case aside: its alias, its DevId, or the number in it. */
function isNamed({ device, alias }: Row, name: string): boolean {
  const plain = folded(name);
  const names = [device, device.replace(/^[A-Z]+:/i, ''), ...(alias === null ? [] : [alias])];
  return names.some((each) => folded(each) === plain);
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Blanks at its ends do not count. @throws PcAgentError `handset/alias-invalid` */
function checkedAlias(text: string | undefined): string | undefined {
  const alias = text?.trim().normalize('NFC');
  if (alias === undefined || alias === '') return undefined;
  // What cannot be seen, ends a line or turns the direction of what follows would deceive who reads it.
  if (alias.length > MAX_ALIAS || /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u.test(alias)) {
    throw new PcAgentError('handset/alias-invalid', 'a name is one line of at most 60 characters that can be seen');
  }
  return alias;
}

function unknown(device: string): PcAgentError {
  return new PcAgentError('handset/unknown', `no handset ${device} is known`, { retry: 'after-operator' });
}

/** By its number: the type allocation code of virtual handsets belongs to no real one. */
export function isVirtualDevice(device: string): boolean {
  return isVirtualImei(device.replace(/^IMEI:/i, ''));
}

function cut(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text.slice(0, MAX_TEXT);
}

function recordOf(row: Row): HandsetRecord {
  return {
    device: row.device,
    alias: row.alias ?? undefined,
    manufacturer: row.manufacturer ?? undefined,
    model: row.model ?? undefined,
    address: row.last_address ?? undefined,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    virtual: row.virtual === 1,
  };
}
