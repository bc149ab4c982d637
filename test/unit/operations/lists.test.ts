import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import type { JobRow } from '../../../src-main/contract/journal-views.ts';
import type { SessionRow } from '../../../src-main/contract/sessions.ts';
import { jobPage } from '../../../src-main/jobs/job-rows.ts';
import { createJobStore } from '../../../src-main/jobs/job-store.ts';
import { openJournal } from '../../../src-main/journal/journal.ts';
import { sessionViews } from '../../../src-main/journal/views.ts';
import { exportJobs, listJobs } from '../../../src-main/operations/jobs-list.ts';
import { exportSessions, listSessions } from '../../../src-main/operations/sessions-list.ts';
import { setSettings } from '../../../src-main/operations/settings.ts';
import { openSettings } from '../../../src-main/settings/settings.ts';
import type { ReadDatabase, Value } from '../../../src-main/store/database.ts';
import { scratch } from '../store/scratch.ts';

const files = scratch();
const REAL = 'IMEI:490154203237518';
const VIRTUAL = 'IMEI:004999010640000';
const never = { signal: new AbortController().signal };

function open() {
  const folder = files.folder();
  const store = files.open(`${folder}/pc-agent.db`);
  const journal = openJournal({ store, folder: `${folder}/journal`, clock: nodeClock });
  onTestFinished(() => journal.close());
  return { store, journal, jobs: createJobStore({ store, clock: nodeClock }), settings: openSettings(store) };
}

type Bench = ReturnType<typeof open>;

function sessionWith({ journal }: Bench, device: string, dms = 'http://dms.example/dm', code?: string): void {
  const start = { kind: 'relay', handset: 'tcp:127.0.0.1:650', device, dms, virtual: device === VIRTUAL } as const;
  journal.sessionStarted(start).sessionEnded(code === undefined ? { state: 'done' } : { state: 'failed', code });
}

async function jobFor({ jobs }: Bench, device: string, id = 'com.example.game') {
  const [job] = await jobs.order({
    operation: 'install',
    package: id,
    handsets: [{ handset: 'tcp:127.0.0.1:650', device }],
  });
  if (job === undefined) throw new Error('an order without a job');
  return job;
}

/** Goes through all pages. */
function pages<T>(
  load: (before: number | undefined) => { readonly rows: readonly T[]; readonly next?: number | undefined },
) {
  const found: (readonly T[])[] = [];
  let before: number | undefined;
  do {
    const { rows, next } = load(before);
    found.push(rows);
    before = next;
  } while (before !== undefined);
  return found;
}

const keys = (rows: readonly SessionRow[]) => rows.map(({ key }) => key);

/** How SQLite would look for what `read` asks for. */
function planOf({ store }: Bench, read: (db: ReadDatabase) => unknown): string {
  const plans: string[] = [];
  store.read((db) => {
    const asked = <Row>(sql: string, ...values: readonly Value[]): readonly Row[] => {
      plans.push(...db.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail));
      return [];
    };
    read({ all: asked, get: () => undefined });
  });
  return plans.join('\n');
}

describe('the list of sessions', () => {
  it('comes page by page, newest first, and says when there is no more', () => {
    const bench = open();
    for (let count = 0; count < 4; count += 1) sessionWith(bench, REAL);
    const all = pages((before) => {
      const { sessions, next } = listSessions(bench, { limit: 2, ...(before === undefined ? {} : { before }) });
      return { rows: keys(sessions), next };
    });
    expect(all).toEqual([
      ['4', '3'],
      ['2', '1'],
    ]);
    expect(listSessions(bench, {})).toMatchObject({ sessions: { length: 4 } });
    expect(listSessions(bench, {}).next).toBeUndefined();
  });

  it('holds those of one handset, or those that hold a text', () => {
    const bench = open();
    sessionWith(bench, REAL);
    sessionWith(bench, VIRTUAL, 'http://other.example/dm_1', 'bearer/lost');
    expect(listSessions(bench, { device: REAL }).sessions).toMatchObject([{ key: '1', virtual: false, state: 'done' }]);
    for (const search of ['OTHER', 'Bearer/Lost', '49990', 'failed', 'm_1']) {
      expect(keys(listSessions(bench, { search }).sessions)).toEqual(['2']);
    }
    for (const search of ['%', 'd_ne', 'dm\\', "'"]) expect(listSessions(bench, { search }).sessions).toEqual([]);
    expect(keys(listSessions(bench, { search: '', limit: 1 }).sessions)).toEqual(['2']);
  });

  it('is read from an index whatever the length of the journal', () => {
    const bench = open();
    for (const filter of [{}, { device: REAL }, { device: REAL, before: 5000 }]) {
      const plan = planOf(bench, (db) => sessionViews(db, filter));
      expect(plan).toMatch(/SEARCH journal_sessions USING (INTEGER PRIMARY KEY|INDEX journal_sessions_device)/);
      expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  });
});

describe('the export of sessions', () => {
  async function exported(bench: Bench, params: Omit<Parameters<typeof exportSessions>[1], 'format'>): Promise<string> {
    const parts: string[] = [];
    await exportSessions(bench, { format: 'json', ...params }, never, ({ text }) => parts.push(text));
    return parts.join('');
  }
  const devices = (text: string) =>
    (JSON.parse(text) as { sessions: { device: string }[] }).sessions.map(({ device }) => device);

  it('hides serial numbers of real handsets only, unless they are wanted', async () => {
    const bench = open();
    sessionWith(bench, REAL);
    sessionWith(bench, VIRTUAL);
    expect(devices(await exported(bench, {}))).toEqual(['IMEI:49015420*******', VIRTUAL]);
    expect(devices(await exported(bench, { unmask: true }))).toEqual([REAL, VIRTUAL]);
    expect(devices(await exported(bench, { device: REAL, unmask: true }))).toEqual([REAL]);
    expect(devices(await exported(bench, { search: '0049' }))).toEqual([VIRTUAL]);
    expect(devices(await exported(bench, { session: '2' }))).toEqual([VIRTUAL]);
  });

  it.each(['3', 'demo-1', '0', '1e0', '../1', '99999999999999999999'])('has no session %s', async (session) => {
    const bench = open();
    sessionWith(bench, REAL);
    await expect(exported(bench, { session })).rejects.toMatchObject({ code: 'journal/absent' });
  });

  it('comes in parts of at most 64 KiB that are the whole, and stops when nobody wants it', async () => {
    const bench = open();
    // Two units and four octets each, so that a cut between the halves would show.
    sessionWith(bench, `x${'\u{1F4F1}'.repeat(60_000)}`);
    const parts: string[] = [];
    await exportSessions(bench, { format: 'json' }, never, ({ text }) => parts.push(text));
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(64 * 1024);
    expect(devices(Buffer.concat(parts.map((part) => Buffer.from(part))).toString())[0]).toHaveLength(120_001);
    const stop = new AbortController();
    const cut: string[] = [];
    const broken = exportSessions(bench, { format: 'json' }, stop, ({ text }) => {
      cut.push(text);
      stop.abort();
    });
    await expect(broken).rejects.toMatchObject({ name: 'AbortError' });
    expect(cut).toHaveLength(1);
  });
});

describe('the list of jobs', () => {
  const ids = (rows: readonly JobRow[]) => rows.map((job) => job.package);

  it('comes page by page, of one handset or with a text', async () => {
    const bench = open();
    await jobFor(bench, REAL, 'a');
    await jobFor(bench, VIRTUAL, 'b');
    await jobFor(bench, REAL, 'c');
    const all = pages((before) => {
      const { jobs, next } = listJobs(bench, { limit: 2, ...(before === undefined ? {} : { before }) });
      return { rows: ids(jobs), next };
    });
    expect(all).toEqual([['c', 'b'], ['a']]);
    expect(listJobs(bench, { device: VIRTUAL }).jobs).toMatchObject([
      { package: 'b', virtual: true, state: 'queued', interruptions: 0 },
    ]);
    expect(ids(listJobs(bench, { device: REAL }).jobs)).toEqual(['c', 'a']);
    expect(ids(listJobs(bench, { search: 'INSTALL' }).jobs)).toEqual(['c', 'b', 'a']);
    expect(ids(listJobs(bench, { search: '004999' }).jobs)).toEqual(['b']);
    expect(listJobs(bench, { search: '_' }).jobs).toEqual([]);
  });

  it('counts how often the link was lost', async () => {
    const bench = open();
    const { jobs } = bench;
    const { id } = await jobFor(bench, REAL);
    await jobs.start(id);
    await jobs.requeue(id, 'bearer/lost');
    await jobs.start(id);
    await jobs.begin(id);
    await jobs.wait(id, 'dm/session-cut');
    await jobs.start(id);
    await jobs.wait(id, 'scomo/completion-awaited');
    await jobs.start(id);
    await jobs.finish(id, { state: 'done', resultCode: 1200 });
    expect(listJobs(bench, {}).jobs).toMatchObject([{ id, interruptions: 2, state: 'done', resultCode: 1200 }]);
  });

  it('is read from an index whatever the number of jobs', () => {
    const bench = open();
    for (const filter of [{}, { device: REAL }, { device: REAL, before: 5000 }]) {
      const plan = planOf(bench, (db) => jobPage(db, filter));
      expect(plan).toMatch(/SEARCH jobs USING (INTEGER PRIMARY KEY|INDEX jobs_device)/);
      expect(plan).toMatch(/SEARCH orders USING PRIMARY KEY/);
      expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  });

  it('is exported for a table program that runs formulas', async () => {
    const bench = open();
    const { id } = await jobFor(bench, REAL, '=1+1');
    await bench.jobs.start(id);
    await bench.jobs.finish(id, { state: 'failed', code: 'dms/x', message: `"no", said ${REAL}` });
    const text = async (format: 'csv' | 'json', unmask = false): Promise<string> => {
      const parts: string[] = [];
      await exportJobs(bench, { format, unmask }, never, (part) => parts.push(part.text));
      return parts.join('');
    };
    const csv = await text('csv');
    expect(csv.split('\r\n')[1]).toContain(",IMEI:49015420*******,false,'=1+1,");
    expect(csv).toContain('"""no"", said IMEI:49015420*******"');
    expect(JSON.parse(await text('json'))).toMatchObject({ jobs: [{ id, device: 'IMEI:49015420*******' }] });
    expect(JSON.parse(await text('json', true))).toMatchObject({ jobs: [{ id, device: REAL }] });
  });
});

describe('settings', () => {
  it('hold at once, for bodies that are kept already too', async () => {
    const bench = open();
    const changes: unknown[] = [];
    const engine = { ...bench, changed: (change: unknown) => void changes.push(change) };
    sessionWith(bench, REAL);
    expect(bench.journal.session(1)?.bodies).toBe('kept');
    expect(await setSettings(engine, { journalBodies: 'off' })).toEqual({ journalBodies: 'off' });
    expect(bench.journal.session(1)?.bodies).toBe('removed');
    expect(bench.settings.get('journalBodies')).toBe('off');
    expect(await setSettings(engine, {})).toEqual({ journalBodies: 'off' });
    expect(changes[0]).toEqual({ kind: 'settings', settings: { journalBodies: 'off' } });
  });
});
