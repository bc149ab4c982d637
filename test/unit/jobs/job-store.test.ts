import { describe, expect, it } from 'vitest';
import { MAX_DIFFERENCE } from '../../../src-main/jobs/bounded-difference.ts';
import { END_STATES, isEnd, type JobState, nextState } from '../../../src-main/jobs/job-state.ts';
import type { JobStore } from '../../../src-main/jobs/job-store.ts';
import { DEVICE, orderOne, SHA256, startBench } from './bench.ts';

/** Brings a job into a state; `begun` as it is by then. */
async function bring(jobs: JobStore, state: JobState, begun = state === 'waiting'): Promise<string> {
  const validUntil = state === 'expired' ? { validUntil: '2025-01-01T00:00:00Z' } : {};
  const { id } = await orderOne(jobs, { reportTo: 'http://dms.example', ...validUntil });
  if (state === 'queued') return id;
  if (state === 'expired') {
    await jobs.expire();
    return id;
  }
  await jobs.start(id);
  await jobs.note(id, { package: { version: '2.0', sha256: SHA256 } });
  if (begun) await jobs.begin(id);
  if (state === 'waiting') await jobs.wait(id);
  else if (state !== 'running') await jobs.finish(id, { state });
  return id;
}

const STATES: readonly JobState[] = ['queued', 'running', 'waiting', ...END_STATES];

describe('a job', () => {
  it('is on the disk when it was ordered, one for each handset', async () => {
    const bench = startBench();
    const jobs = await bench.jobs.order({
      operation: 'remove',
      component: 'com.example.clock',
      handsets: [{ handset: 'tcp:127.0.0.1:650' }, { handset: DEVICE, device: DEVICE }],
      consent: { text: 'Remove?', policy: 'required', maxSeconds: 60 },
      reportTo: 'http://dms.example:8080',
      allowUnverified: true,
      validUntil: '2027-01-01T00:00:00Z',
    });
    const { jobs: again } = await bench.reopen();
    expect(again.list()).toEqual(jobs);
    expect(jobs).toMatchObject([
      { handset: 'tcp:127.0.0.1:650', device: undefined, state: 'queued', begun: false },
      {
        device: DEVICE,
        component: 'com.example.clock',
        consent: { text: 'Remove?', policy: 'required', maxSeconds: 60 },
        reportTo: 'http://dms.example:8080',
        allowUnverified: true,
      },
    ]);
    expect(new Set(jobs.map(({ order }) => order)).size).toBe(1);
    expect(again.list({ device: DEVICE })).toHaveLength(1);
  });

  it.each([
    ['handsets', { handsets: [] }],
    ['package', { operation: 'install' }],
    ['package', { operation: 'remove', component: 'c', package: 'p' }],
    ['component', { operation: 'remove' }],
    ['component', { component: 'c' }],
    ['validUntil', { validUntil: 'tomorrow' }],
    ['reportTo', { reportTo: 'http://dms.example/dm' }],
    ['reportTo', { reportTo: 'dms' }],
  ] as const)('is refused with a wrong %s', async (field, change) => {
    const { jobs } = startBench();
    const order = { operation: 'inventory', handsets: [{ handset: 'x' }], ...change } as const;
    await expect(jobs.order(order)).rejects.toMatchObject({ code: 'job/data-invalid', details: { field } });
    expect(jobs.list()).toEqual([]);
  });

  it.each(STATES)('in the state %s ends once, whatever it is told afterwards', async (state) => {
    const bench = startBench();
    const id = await bring(bench.jobs, state);
    for (const end of END_STATES) {
      const before = bench.jobs.get(id);
      const after = await bench.jobs.finish(id, { state: end, code: `job/${end}` });
      const allowed = nextState(before?.state ?? 'done', end);
      expect(after).toEqual(
        allowed === undefined ? before : { ...before, state: end, code: `job/${end}`, endedAt: expect.any(String) },
      );
    }
    const { state: last } = bench.jobs.get(id) ?? {};
    expect(last !== undefined && isEnd(last)).toBe(true);
    expect(bench.outbox.list().length).toBeLessThanOrEqual(1);
    expect(bench.jobs.attempts(id).every(({ endedAt }) => endedAt !== undefined)).toBe(true);
  });

  it('cannot be given a second end even by SQL', async () => {
    const bench = startBench();
    const id = await bring(bench.jobs, 'done');
    const sql = "UPDATE jobs SET state = 'failed' WHERE id = ?";
    await expect(bench.store.write((db) => db.run(sql, id))).rejects.toThrow('a job ends once');
  });

  it.each(STATES)('in the state %s is begun, paused and cancelled only as it may be', async (state) => {
    const bench = startBench();
    const id = await bring(bench.jobs, state);
    const before = bench.jobs.get(id);
    if (state !== 'running') {
      await expect(bench.jobs.begin(id)).rejects.toMatchObject({ code: 'job/ended' });
      expect(await bench.jobs.requeue(id)).toEqual(before);
      expect(await bench.jobs.wait(id)).toEqual(before);
    }
    const cancelled = await bench.jobs.cancel(id);
    const may = state === 'queued' || state === 'running';
    expect(cancelled.state).toBe(may ? 'cancelled' : state);
    const code = isEnd(cancelled.state) ? 'job/ended' : 'job/running';
    if (state === 'waiting') expect((await bench.jobs.start(id)).state).toBe('running');
    else await expect(bench.jobs.start(id)).rejects.toMatchObject({ code });
  });

  it('that the handset may have begun is not cancelled, for nobody here knows', async () => {
    const bench = startBench();
    const id = await bring(bench.jobs, 'running', true);
    expect(await bench.jobs.cancel(id)).toMatchObject({ state: 'running', begun: true });
  });

  it('is begun by one session at a time', async () => {
    const bench = startBench();
    const id = await bring(bench.jobs, 'running');
    await expect(bench.jobs.start(id)).rejects.toMatchObject({ code: 'job/running' });
    expect(bench.jobs.attempts(id)).toHaveLength(1);
  });

  it('counts its tries', async () => {
    const bench = startBench();
    const id = await bring(bench.jobs, 'running');
    await bench.jobs.requeue(id, 'bearer/lost');
    await bench.jobs.start(id);
    await bench.jobs.finish(id, { state: 'done' });
    expect(bench.jobs.attempts(id)).toMatchObject([
      { number: 1, code: 'bearer/lost', endedAt: expect.any(String) },
      { number: 2, code: undefined, endedAt: expect.any(String) },
    ]);
  });

  it('that is begun too late expires instead', async () => {
    const bench = startBench();
    const job = await orderOne(bench.jobs, { validUntil: '2026-01-01T00:01:00Z' });
    bench.clock.move(60_000);
    await expect(bench.jobs.start(job.id)).rejects.toMatchObject({ code: 'job/expired' });
    expect(bench.jobs.get(job.id)).toMatchObject({ state: 'expired' });
    expect(bench.jobs.attempts(job.id)).toEqual([]);
  });

  it('that is not known is said so', async () => {
    const { jobs } = startBench();
    expect(jobs.get('x')).toBeUndefined();
    await expect(jobs.start('x')).rejects.toMatchObject({ code: 'job/unknown' });
    await expect(jobs.finish('x', { state: 'done' })).rejects.toMatchObject({ code: 'job/unknown' });
  });
});

describe('after the end of its process', () => {
  it.each(STATES)('a job in the state %s is as it was, but for one that was running', async (state) => {
    const bench = startBench();
    const id = await bring(bench.jobs, state);
    const before = bench.jobs.get(id);
    const { jobs } = await bench.reopen();
    const recovered = await jobs.recover();
    if (state !== 'running') {
      expect(jobs.get(id)).toEqual(before);
      expect(Object.values(recovered).flat()).toEqual([]);
      return;
    }
    expect(recovered).toEqual({ queued: [id], waiting: [], failed: [], ended: [], expired: [] });
    expect(jobs.get(id)).toMatchObject({ state: 'queued', code: 'job/interrupted' });
    expect(jobs.attempts(id)).toMatchObject([{ code: 'job/interrupted', endedAt: expect.any(String) }]);
  });

  it('a running job that the handset may have begun waits for a look at its inventory', async () => {
    const bench = startBench();
    const id = await bring(bench.jobs, 'running', true);
    const { jobs } = await bench.reopen();
    expect(await jobs.recover()).toMatchObject({ waiting: [id] });
    expect(jobs.get(id)).toMatchObject({ state: 'waiting', begun: true });
  });

  it('a job whose process dies each time is given up, and reported', async () => {
    const bench = startBench();
    const { id } = await orderOne(bench.jobs, { reportTo: 'http://dms.example' });
    await bench.jobs.start(id);
    await bench.jobs.note(id, { package: { version: '2.0', sha256: SHA256 } });
    let current = await bench.reopen();
    expect(await current.jobs.recover()).toMatchObject({ queued: [id] });
    for (const kind of ['queued', 'failed'] as const) {
      await current.jobs.start(id);
      current = await bench.reopen();
      expect(await current.jobs.recover()).toMatchObject({ [kind]: [id] });
    }
    expect(current.jobs.get(id)).toMatchObject({ state: 'failed', code: 'job/attempts-spent' });
    expect(current.outbox.list()).toHaveLength(1);
  });

  it('a queued job whose time is over expires', async () => {
    const bench = startBench();
    const { id } = await orderOne(bench.jobs, { validUntil: '2026-01-02T00:00:00Z' });
    bench.clock.move(48 * 3600 * 1000);
    const { jobs } = await bench.reopen();
    expect(await jobs.recover()).toMatchObject({ expired: [id] });
  });
});

describe('the report of a job', () => {
  it('is what the contract says, and is made with the end', async () => {
    const bench = startBench();
    const id = await bring(bench.jobs, 'running');
    expect(bench.told).toEqual([]);
    await bench.jobs.finish(id, { state: 'done', resultCode: 1200, alert: new Uint8Array([0, 255]) });
    expect(bench.told).toEqual(['report']);
    const [report] = bench.outbox.list();
    expect(report).toMatchObject({ job: id, origin: 'http://dms.example', state: 'waiting', tries: 0 });
    expect(JSON.parse(report?.body ?? '')).toEqual({
      job: id,
      device: DEVICE,
      operation: 'install',
      package: { id: 'com.example.game', sha256: SHA256 },
      state: 'done',
      resultCode: 1200,
      alert: 'AP8=',
      at: '2026-01-01T00:00:00.000Z',
    });
  });

  it('says null where no alert came', async () => {
    const bench = startBench();
    await bring(bench.jobs, 'refused');
    const body = JSON.parse(bench.outbox.list()[0]?.body ?? '');
    expect(body).toMatchObject({ state: 'refused', resultCode: null });
    expect(body).not.toHaveProperty('alert');
  });

  it('is kept for nobody where there is no DM server to tell', async () => {
    const bench = startBench();
    const { id } = await orderOne(bench.jobs, { operation: 'remove', component: 'com.example.clock' });
    await bench.jobs.start(id);
    await bench.jobs.finish(id, { state: 'done' });
    expect(bench.outbox.list()).toMatchObject([{ state: 'unaddressed', origin: undefined }]);
    expect(bench.outbox.unsent()).toBe(0);
    expect(bench.outbox.due()).toBeUndefined();
  });

  it('is not made where it would say nothing', async () => {
    const bench = startBench();
    const reportTo = 'http://dms.example';
    const inventory = await orderOne(bench.jobs, { operation: 'inventory', reportTo });
    const nobody = await orderOne(bench.jobs, { handsets: [{ handset: 'tcp:127.0.0.1:650' }], reportTo });
    const nothing = await orderOne(bench.jobs, { reportTo });
    for (const { id } of [inventory, nobody, nothing]) {
      await bench.jobs.start(id);
      await bench.jobs.finish(id, { state: 'failed', code: 'cache/absent' });
    }
    expect(bench.outbox.list()).toEqual([]);
  });
});

describe('the end of a job that its handset has told', () => {
  const ALERT = new Uint8Array([7, 8, 9]);
  const heard = {
    state: 'failed',
    code: 'scomo/operation-failed',
    message: 'ended with 1405',
    resultCode: 1405,
  } as const;
  const clock = { id: 'com.example.clock', version: '1.4', state: 'active' };
  const difference = {
    added: [],
    removed: [clock],
    changed: [{ id: 'com.example.notes', field: 'version', before: '1.0', after: '2.0' }],
  };

  async function begunJob() {
    const bench = startBench();
    const { id } = await orderOne(bench.jobs, { reportTo: 'https://dms.example' });
    await bench.jobs.start(id);
    await bench.jobs.note(id, { package: { version: '2.0', sha256: SHA256 } });
    await bench.jobs.begin(id, [clock]);
    return { ...bench, id };
  }
  const reports = (outbox: ReturnType<typeof startBench>['outbox']) =>
    outbox.list().map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  it('waits for a last look; the report then says what changed, and comes once however often it is told', async () => {
    const { jobs, outbox, id } = await begunJob();
    for (let times = 0; times < 10; times += 1) await jobs.hear(id, { ...heard, resultCode: 1405 + times }, ALERT);
    expect(jobs.get(id)).toMatchObject({ state: 'running', heard, difference: undefined });
    expect(jobs.before(id)).toEqual([clock]);
    expect(outbox.list()).toEqual([]);
    await jobs.finish(id, { difference, message: 'ended with 1405: zones failed' });
    expect(jobs.get(id)).toMatchObject({
      ...heard,
      message: 'ended with 1405: zones failed',
      heard: undefined,
      difference,
    });
    expect(jobs.before(id)).toBeUndefined();
    expect(reports(outbox)).toMatchObject([
      { state: 'failed', resultCode: 1405, alert: 'BwgJ', message: 'ended with 1405: zones failed', difference },
    ]);
    await jobs.hear(id, { state: 'done', resultCode: 1200 }, ALERT);
    await jobs.finish(id, {});
    expect(jobs.get(id)).toMatchObject({ state: 'failed', resultCode: 1405 });
    expect(outbox.list()).toHaveLength(1);
  });

  it.each([true, false])(
    'is kept by the next process when this one dies before the look (waiting: %s)',
    async (waits) => {
      const { jobs, id, reopen } = await begunJob();
      if (waits) await jobs.wait(id);
      await jobs.hear(id, heard, ALERT);
      const after = await reopen();
      expect(await after.jobs.recover()).toMatchObject({ ended: [id], waiting: [], queued: [] });
      expect(after.jobs.get(id)).toMatchObject({ state: 'failed', resultCode: 1405 });
      expect(reports(after.outbox)).toMatchObject([{ resultCode: 1405, alert: 'BwgJ' }]);
    },
  );

  it('is not invented: without a word and without a state a job stays as it is', async () => {
    const { jobs, id } = await begunJob();
    await jobs.finish(id, {});
    expect(jobs.get(id)).toMatchObject({ state: 'running' });
  });

  it('keeps as much of a difference as has room, and says how much more there was', async () => {
    const { jobs, outbox, id } = await begunJob();
    const added = Array.from({ length: 3000 }, (_, index) => ({
      id: `com.example.c${index}`,
      version: '1.0',
      state: 'active',
    }));
    await jobs.finish(id, { state: 'done', difference: { added, removed: [clock], changed: [] } });
    const kept = jobs.get(id)?.difference;
    expect(kept?.added.length).toBeGreaterThan(900);
    expect((kept?.added.length ?? 0) + (kept?.removed.length ?? 0) + (kept?.more ?? 0)).toBe(3001);
    expect(JSON.stringify(kept).length).toBeLessThan(MAX_DIFFERENCE + 100);
    expect(reports(outbox)[0]?.difference).toEqual(kept);
  });
});

describe('an order', () => {
  it.each([
    [{ operation: 'update', package: undefined }, 'package'],
    [{ operation: 'firmware', package: undefined }, 'package'],
    [{ operation: 'activate' }, 'component'],
    [{ operation: 'deactivate', component: 'c', package: 'p' }, 'package'],
    [{ operation: 'update', package: 'p', inactive: true }, 'inactive'],
  ] as const)('as %o is refused for its %s', async (order, field) => {
    const { jobs } = startBench();
    const { package: packageId, ...rest } = { package: undefined, ...order };
    const given = { ...rest, ...(packageId === undefined ? {} : { package: packageId }), handsets: [{ handset: 'h' }] };
    await expect(jobs.order(given)).rejects.toMatchObject({ code: 'job/data-invalid', details: { field } });
  });

  it('to install may leave inactive what it installs', async () => {
    const { jobs } = startBench();
    expect(await orderOne(jobs, { inactive: true })).toMatchObject({ inactive: true });
    expect(await orderOne(jobs)).toMatchObject({ inactive: false });
  });
});
