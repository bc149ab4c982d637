import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import type { ReadDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { type DmsProfile, dmsProfile } from './profile.ts';

/** A profile that the operator has configured. */
export interface StoredProfile {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly allowedOrigins: readonly string[];
  /** Used where no DM server is named. */
  readonly isDefault: boolean;
  readonly createdAt: string;
}

export interface NewProfile {
  readonly name: string;
  readonly url: string;
  readonly allowedOrigins?: readonly string[];
  readonly makeDefault?: boolean;
}

/** What is not given stays. */
export interface ProfileChange {
  readonly name?: string | undefined;
  readonly url?: string | undefined;
  readonly allowedOrigins?: readonly string[] | undefined;
  readonly makeDefault?: boolean | undefined;
}

export interface ProfileStore {
  list(): readonly StoredProfile[];
  /** By id or name. */
  find(idOrName: string): StoredProfile | undefined;
  /** The first profile is the default. @throws PcAgentError `dms/profile-invalid`, `dms/profile-exists` */
  add(profile: NewProfile): Promise<StoredProfile>;
  /**
   * Another address brings its own origin along, and the old one's is no longer allowed.
   * @throws PcAgentError `dms/profile-unknown`, `dms/profile-invalid`, `dms/profile-exists`
   */
  edit(idOrName: string, change: ProfileChange): Promise<StoredProfile>;
  /** @throws PcAgentError `dms/profile-unknown` */
  remove(idOrName: string): Promise<StoredProfile>;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly allowed_origins: string;
  readonly created_at: string;
  readonly is_default: number;
}

const SELECT = 'SELECT id, name, url, allowed_origins, created_at, is_default FROM dms_profiles';

export function createProfileStore(store: Store, clock: Pick<Clock, 'now'>): ProfileStore {
  const find = (idOrName: string): StoredProfile | undefined => {
    const row = store.read((db) =>
      db.get<Row>(`${SELECT} WHERE id = ?1 OR lower(name) = lower(?1) ORDER BY id = ?1 DESC`, idOrName),
    );
    return row === undefined ? undefined : profileOf(row);
  };
  return {
    list: () => store.read((db) => db.all<Row>(`${SELECT} ORDER BY name`)).map(profileOf),
    find,
    async add({ name, url, allowedOrigins = [], makeDefault = false }) {
      const profile = dmsProfile(
        webAddress(url),
        allowedOrigins.map((origin) => webAddress(origin).origin),
      );
      const id = randomUUID();
      await store.write((db) => {
        assertFree(db, name, id);
        const first = db.get<Row>(`${SELECT} LIMIT 1`) === undefined;
        const isDefault = makeDefault || first;
        if (isDefault) db.run('UPDATE dms_profiles SET is_default = 0 WHERE is_default = 1');
        db.run(
          `INSERT INTO dms_profiles (id, name, url, allowed_origins, created_at, is_default)
           VALUES (?, ?, ?, ?, ?, ?)`,
          ...[id, name, profile.url.href, JSON.stringify([...profile.allowedOrigins]), clock.now().toISOString()],
          isDefault ? 1 : 0,
        );
      });
      const kept = find(id);
      if (kept === undefined) throw new TypeError('a profile that was kept is not there');
      return kept;
    },
    async edit(idOrName, change) {
      const found = find(idOrName);
      if (found === undefined) throw unknownProfile(idOrName);
      const { name = found.name, makeDefault = found.isDefault } = change;
      const { url, allowedOrigins } = edited(found, change);
      await store.write((db) => {
        assertFree(db, name, found.id);
        if (makeDefault) db.run('UPDATE dms_profiles SET is_default = 0 WHERE is_default = 1');
        db.run(
          'UPDATE dms_profiles SET name = ?, url = ?, allowed_origins = ?, is_default = ? WHERE id = ?',
          ...[name, url.href, JSON.stringify([...allowedOrigins]), makeDefault ? 1 : 0, found.id],
        );
      });
      const kept = find(found.id);
      if (kept === undefined) throw unknownProfile(idOrName);
      return kept;
    },
    async remove(idOrName) {
      const found = find(idOrName);
      if (found === undefined) throw unknownProfile(idOrName);
      await store.write((db) => db.run('DELETE FROM dms_profiles WHERE id = ?', found.id));
      return found;
    },
  };
}

/**
 * The profile that a person means: an address as it is, else a name or id.
 * @throws PcAgentError `dms/profile-unknown`, `dms/profile-invalid`
 */
export function profileFor(text: string, profiles: Pick<ProfileStore, 'find' | 'list'>): DmsProfile {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    const url = webAddress(text);
    const configured = profiles.list().find((each) => each.url === url.href);
    return dmsProfile(url, configured?.allowedOrigins);
  }
  const found = profiles.find(text);
  if (found === undefined) throw unknownProfile(text);
  return dmsProfile(new URL(found.url), found.allowedOrigins);
}

function edited(found: StoredProfile, { url, allowedOrigins }: ProfileChange): DmsProfile {
  const before = new URL(found.url);
  const after = url === undefined ? before : webAddress(url);
  const others = allowedOrigins?.map((origin) => webAddress(origin).origin);
  return dmsProfile(after, others ?? found.allowedOrigins.filter((origin) => origin !== before.origin));
}

/** @throws PcAgentError `dms/profile-exists`: another profile has this name. */
function assertFree(db: ReadDatabase, name: string, id: string): void {
  if (db.get('SELECT id FROM dms_profiles WHERE lower(name) = lower(?) AND id <> ?', name, id) === undefined) return;
  throw new PcAgentError('dms/profile-exists', `there is a profile ${name} already`, { details: { name } });
}

function unknownProfile(name: string): PcAgentError {
  return new PcAgentError('dms/profile-unknown', `there is no DM server profile ${name}`, { details: { name } });
}

function webAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const web = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url !== undefined && web && url.username === '' && url.password === '') return url;
  throw new PcAgentError('dms/profile-invalid', 'the address of a DM server is http://HOST:PORT/PATH or https', {
    retry: 'after-operator',
  });
}

function profileOf(row: Row): StoredProfile {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    allowedOrigins: JSON.parse(row.allowed_origins) as readonly string[],
    isDefault: row.is_default === 1,
    createdAt: row.created_at,
  };
}
