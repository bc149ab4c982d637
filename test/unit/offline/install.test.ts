import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { Job } from '../../../src-main/jobs/job.ts';
import { runJobs } from '../../../src-main/offline/run-jobs.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { profileOf } from '../../support/profile-of.ts';
import { DEVICE, installed, packages, plugIn, startBench } from './bench.ts';

const consent = { text: 'Install the game?', policy: 'if-possible' } as const;

describe('an installation from the cache', () => {
  it.each(['wbxml', 'xml'] as const)('is delivered, asked for, done and reported ($0)', async (encoding) => {
    const bench = startBench();
    const { handset, events } = await plugIn(bench.bearer, { encoding });
    const { session, jobs, before, after } = await bench.install({ consent });
    expect(session).toMatchObject({ ok: true, device: DEVICE, heard: true, cancelled: false });
    expect(jobs).toMatchObject([{ state: 'done', resultCode: 1200, device: DEVICE, packageVersion: '2.0' }]);
    expect(before?.map(({ id }) => id)).not.toContain('com.example.game');
    expect(after?.find(({ id }) => id === 'com.example.game')).toMatchObject({ version: '2.0', state: 'active' });
    expect(installed(handset)).toEqual(['2.0']);
    expect(handset.device.agent.alerts).toEqual([]);
    expect(events.filter((event) => event.type === 'handset')).toMatchObject([
      { state: 'asked', answer: 'accept', question: { text: 'Install the game?' } },
      { state: 'ready' },
    ]);
    const [report] = bench.reports();
    expect(report).toMatchObject({ device: DEVICE, operation: 'install', state: 'done', resultCode: 1200 });
    expect(String(report?.package && (report.package as { sha256: string }).sha256)).toMatch(/^[0-9a-f]{64}$/);
    // The alert's own bytes, as they came.
    const alert = Buffer.from(String(report?.alert), 'base64');
    expect(alert.includes('1200')).toBe(true);
  });

  it('is skipped when it is there, and its content is not even read', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    await bench.install();
    const { source, reads } = packages();
    const { jobs } = await bench.install({}, source);
    expect(jobs).toMatchObject([{ state: 'skipped', code: 'offline/nothing-to-do', begun: false }]);
    expect(reads).toEqual([]);
    expect(bench.reports().map(({ state }) => state)).toEqual(['done', 'skipped']);
  });

  it('of another version takes the place of the one that is there', async () => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer);
    await bench.install();
    const { jobs } = await bench.install({}, packages({ version: '3.0' }).source);
    expect(jobs).toMatchObject([{ state: 'done' }]);
    expect(installed(handset)).toEqual(['3.0']);
  });

  it.each([
    ['reject', 'refused', 'scomo/declined'],
    ['cancel', 'postponed', 'scomo/postponed'],
    ['timeout', 'postponed', 'scomo/postponed'],
  ] as const)('ends by the answer %s as %s', async (answer, state, code) => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer, { answers: [answer] });
    const { session, jobs } = await bench.install({ consent });
    expect(session.ok).toBe(true);
    expect(jobs).toMatchObject([{ state, code }]);
    expect(installed(handset)).toEqual([]);
    expect(bench.reports()).toMatchObject([{ state, resultCode: null }]);
  });

  it('without a user to ask goes on if that is allowed, and says so', async () => {
    const bench = startBench();
    await plugIn(bench.bearer, { profile: profileOf('no-user') });
    const { jobs } = await bench.install({ consent });
    expect(jobs).toMatchObject([{ state: 'done', message: expect.stringContaining('nobody was asked') }]);
  });

  it('without a user to ask fails if consent is required', async () => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer, { profile: profileOf('no-user') });
    const { jobs } = await bench.install({ consent: { ...consent, policy: 'required' } });
    expect(jobs).toMatchObject([{ state: 'failed', code: 'scomo/consent-impossible', begun: false }]);
    expect(installed(handset)).toEqual([]);
  });

  it.each([
    ['install-fails', 'scomo/operation-failed', 1405],
    ['storage-full', 'scomo/storage-full', undefined],
    ['wrong-password', 'dm/auth-refused', undefined],
    ['stall', 'dm/timeout', undefined],
    ['abort', 'dm/aborted', undefined],
  ] as const)('on a handset with the fault %s ends with the one code %s', async (name, code, resultCode) => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer, { faults: [{ name }] });
    const ordered = await bench.order();
    const { jobs } = await runJobs({
      jobs: ordered,
      store: bench.jobs,
      packages: packages().source,
      manage: bench.manage({ timeout: 500 as never }),
    });
    expect(jobs).toMatchObject([{ state: 'failed', code, resultCode }]);
    expect(installed(handset)).toEqual([]);
    expect(bench.jobs.attempts(jobs[0]?.id ?? '')).toHaveLength(1);
  });

  it.each([
    ['absent from the cache', { id: 'com.example.other' }, {}, 'cache/absent'],
    ['taken out of use', {}, { state: 'quarantined' }, 'cache/quarantined'],
    ['not vouched for', {}, { trust: 'unverified' }, 'cache/unverified'],
    ['for another model', {}, { model: 'V2' }, 'offline/wrong-model'],
  ] as const)('fails, and nothing is changed, when the package is %s', async (_what, wanted, change, code) => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer);
    const order = 'id' in wanted ? { package: wanted.id } : {};
    const { session, jobs } = await bench.install(order, packages(change).source);
    expect(session.ok).toBe(true);
    expect(jobs).toMatchObject([{ state: 'failed', code, begun: false }]);
    expect(handset.device.agent.components).toHaveLength(2);
  });

  it('takes a package for exactly this model, and an unverified one when told to', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const change = { model: ' v1 ', trust: 'unverified' } as const;
    const { jobs } = await bench.install({ allowUnverified: true }, packages(change).source);
    expect(jobs).toMatchObject([{ state: 'done' }]);
  });

  it('fails with the cache’s own code when the content turns out damaged', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const { jobs } = await bench.install({}, packages({}, new Uint8Array()).source);
    expect(jobs).toMatchObject([{ state: 'failed', code: 'cache/digest-mismatch', begun: false }]);
  });

  it('fails when nobody is there, and no report is made of a handset that never spoke', async () => {
    const bench = startBench();
    const { session, jobs } = await bench.install();
    expect(session).toMatchObject({ ok: false, code: 'bearer/unavailable', heard: false });
    expect(jobs).toMatchObject([{ state: 'failed', code: 'bearer/unavailable' }]);
    expect(bench.reports()).toEqual([]);
  });

  it('leaves another handset than the one that was meant alone', async () => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer);
    const ordered = await bench.order();
    const { session, jobs } = await runJobs({
      jobs: ordered,
      store: bench.jobs,
      packages: packages().source,
      manage: bench.manage({ device: 'IMEI:490154203237518' }),
    });
    expect(session).toMatchObject({ ok: false, code: 'dm/other-handset', heard: true });
    expect(jobs).toMatchObject([{ state: 'failed', code: 'dm/other-handset' }]);
    expect(handset.device.agent.components).toHaveLength(2);
  });

  it('does several packages in one session, each a job of its own', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const ordered = [
      ...(await bench.order()),
      ...(await bench.order({ package: 'com.example.other' })),
      ...(await bench.order({ operation: 'remove', component: 'com.example.clock' })),
      ...(await bench.order({ operation: 'inventory' })),
    ];
    const run = { jobs: ordered, store: bench.jobs, packages: packages().source, manage: bench.manage() };
    const { jobs, after } = await runJobs(run);
    expect(jobs.map(({ state }) => state)).toEqual(['done', 'failed', 'done', 'done']);
    expect(after?.map(({ id }) => id)).toEqual(['com.example.notes', 'com.example.game']);
    expect(bench.events.filter((event) => event.type === 'session' && event.state === 'done')).toHaveLength(1);
  });
});

describe('a removal', () => {
  it('asks, removes and reports what it removed', async () => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer);
    const { jobs } = await bench.install({ operation: 'remove', component: 'com.example.clock', consent });
    expect(jobs).toMatchObject([{ state: 'done', resultCode: 1200 }]);
    expect(installed(handset, 'com.example.clock')).toEqual([]);
    expect(bench.reports()).toMatchObject([{ operation: 'remove', component: 'com.example.clock', state: 'done' }]);
  });

  it('of what is not there is skipped', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const { jobs } = await bench.install({ operation: 'remove', component: 'com.example.nothing' });
    expect(jobs).toMatchObject([{ state: 'skipped' }]);
  });
});

describe('a handset that vanishes', () => {
  async function vanishAfter(message: number): Promise<string> {
    const bench = startBench();
    const state = new HandsetStateFile(undefined);
    const faults = [{ name: 'vanish', value: String(message) }];
    const first = await plugIn(bench.bearer, { state, faults });
    const { jobs } = await bench.install({ consent });
    const [job] = jobs;
    if (job === undefined) throw new Error('there is no job');
    await first.unplug();
    expect(job.begun).toBe(job.state !== 'failed');
    const second = await plugIn(bench.bearer, { state });
    if (job.state === 'failed') {
      expect(installed(second.handset)).toEqual([]);
      expect(job.code).toBe('bearer/lost');
      return job.state;
    }
    const run = { store: bench.jobs, packages: packages().source, manage: bench.manage() };
    await runJobs({ ...run, jobs: job.state === 'waiting' ? jobs : [] });
    expect(bench.jobs.get(job.id)).toMatchObject({ state: 'done', resultCode: 1200 });
    expect(installed(second.handset)).toEqual(['2.0']);
    expect(bench.reports()).toHaveLength(1);
    // Where it had begun nobody is asked again: nothing is repeated blindly.
    const asked = [...first.events, ...second.events].filter((event) => 'state' in event && event.state === 'asked');
    expect(asked).toHaveLength(1);
    expect(second.handset.device.agent.alerts).toEqual([]);
    return job.state;
  }

  it('at any moment leaves a job that is ended once: failed, then waiting for a later session, then done', async () => {
    const states: string[] = [];
    for (let message = 1; message <= 13; message += 1) states.push(await vanishAfter(message));
    expect(states.join(' ')).toMatch(/^(failed ){3,}(waiting )+(done ?)+$/);
  });
});

describe('a job that had begun when its session broke', () => {
  async function begun(bench: ReturnType<typeof startBench>): Promise<Job> {
    const [job] = await bench.order();
    if (job === undefined) throw new Error('there is no job');
    await bench.jobs.start(job.id);
    await bench.jobs.note(job.id, { device: DEVICE, package: { version: '2.0', sha256: 'ab'.repeat(32) } });
    await bench.jobs.begin(job.id);
    return bench.jobs.wait(job.id);
  }

  it('is done again when the order never reached the handset', async () => {
    const memory = createMemoryBearer();
    let cut = false;
    const cutting: Bearer = {
      ...memory,
      dial: async (address, options) => {
        const stream = await memory.dial(memory.parse(address.text), options);
        const write: typeof stream.write = (bytes, signal) => {
          if (!cut) return stream.write(bytes, signal);
          return stream.close().then(() => Promise.reject(new PcAgentError('bearer/lost', 'the cable was pulled')));
        };
        return { read: (signal) => stream.read(signal), write, close: () => stream.close() };
      },
    };
    const bench = startBench(cutting);
    const { handset, events } = await plugIn(memory);
    const ordered = await bench.order({ consent });
    const store = new Proxy(bench.jobs, {
      get: (jobs, name) => {
        if (name === 'begin') cut = true;
        return Reflect.get(jobs, name).bind(jobs);
      },
    });
    const run = { packages: packages().source, manage: bench.manage() };
    const { jobs } = await runJobs({ ...run, store, jobs: ordered });
    expect(jobs).toMatchObject([{ state: 'waiting', code: 'bearer/lost', begun: true }]);
    expect(installed(handset)).toEqual([]);
    cut = false;
    const again = await runJobs({ ...run, store: bench.jobs, jobs });
    expect(again.jobs).toMatchObject([{ state: 'done', resultCode: 1200 }]);
    expect(installed(handset)).toEqual(['2.0']);
    expect(events.filter((event) => 'state' in event && event.state === 'asked')).toHaveLength(1);
  });

  it.each(['by itself', 'in any other session'])('is done when the inventory shows it, %s', async (how) => {
    const bench = startBench();
    const state = new HandsetStateFile(undefined);
    const first = await plugIn(bench.bearer, { state });
    await bench.install();
    await first.unplug();
    const job = await begun(bench);
    await plugIn(bench.bearer, { state });
    const { source, reads } = packages();
    const jobs = how === 'by itself' ? [job] : [];
    await runJobs({ jobs, store: bench.jobs, packages: source, manage: bench.manage() });
    expect(bench.jobs.get(job.id)).toMatchObject({ state: 'done', resultCode: undefined });
    expect(reads).toEqual([]);
  });

  /** A handset with the package delivered, in a status of the test's choice. */
  async function withDelivered(status: number) {
    const bench = startBench();
    const { handset, events } = await plugIn(bench.bearer);
    const { tree } = handset.device;
    const base = './SCM/Inventory/Delivered/game';
    const leaf = (text: string) => ({ format: 'chr', type: 'text/plain', value: utf8(text) });
    expect(tree.add(base, { format: 'node', type: undefined, value: undefined }, 'dms')).toBe(200);
    expect(tree.add(`${base}/PkgID`, leaf('com.example.game'), 'dms')).toBe(200);
    tree.set(`${base}/Status`, String(status));
    const look = (job: Job) =>
      runJobs({ jobs: [job], store: bench.jobs, packages: packages().source, manage: bench.manage() });
    return { bench, handset, events, look };
  }

  it('goes on waiting while the handset says that it is installing', async () => {
    const { bench, look } = await withDelivered(40);
    const job = await begun(bench);
    const { session, jobs } = await look(job);
    expect(session.ok).toBe(true);
    expect(jobs).toMatchObject([{ state: 'waiting', code: 'scomo/completion-awaited' }]);
    expect(bench.jobs.attempts(job.id)).toHaveLength(2);
    expect(bench.reports()).toEqual([]);
  });

  it('is not ordered again for a day once the handset has said that it has begun', async () => {
    const { bench, handset, look } = await withDelivered(10);
    const job = await begun(bench);
    await bench.jobs.accept(job.id);
    expect((await look(job)).jobs).toMatchObject([{ state: 'waiting', accepted: true }]);
    expect(installed(handset)).toEqual([]);
    await bench.store.write((db) => db.run("UPDATE jobs SET accepted_at = '2020-01-01T00:00:00.000Z'"));
    expect((await look(job)).jobs).toMatchObject([{ state: 'done' }]);
    expect(installed(handset)).toEqual(['2.0']);
  });

  it.each([50, 60])('has failed when the handset, which had begun, marks the package with %i', async (status) => {
    const { bench, look } = await withDelivered(status);
    const job = await begun(bench);
    await bench.jobs.accept(job.id);
    expect((await look(job)).jobs).toMatchObject([{ state: 'failed', code: 'scomo/operation-failed' }]);
  });
});

describe('jobs that cannot all begin', () => {
  it('do not begin at all', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const [first] = await bench.order();
    const [second] = await bench.order();
    if (first === undefined || second === undefined) throw new Error('there is no job');
    await bench.jobs.cancel(second.id);
    const run = { jobs: [first, second], store: bench.jobs, packages: packages().source, manage: bench.manage() };
    await expect(runJobs(run)).rejects.toMatchObject({ code: 'job/ended' });
    expect(bench.jobs.get(first.id)).toMatchObject({ state: 'queued' });
    expect(bench.events).toEqual([]);
  });
});

describe('a completion alert that comes in a later session', () => {
  it('ends its job, whatever the session was for', async () => {
    const bench = startBench();
    const state = new HandsetStateFile(undefined);
    const [job] = await bench.order();
    if (job === undefined) throw new Error('there is no job');
    // As it stands when the session broke right after the handset had begun.
    await bench.jobs.start(job.id);
    await bench.jobs.note(job.id, { device: DEVICE, package: { version: '2.0', sha256: 'ab'.repeat(32) } });
    await bench.jobs.begin(job.id);
    await bench.jobs.wait(job.id);
    const alert = (id: string, code: number) => ({
      id,
      source: './SCM/Inventory/Delivered/game/Operations/Install',
      type: 'urn:oma:at:scomo:1.0:OperationComplete',
      format: 'xml',
      mark: 'warning',
      correlator: id,
      data: `<ResultCode>${code}</ResultCode><Identifier>com.example.game</Identifier>`,
    });
    state.change({ alerts: [alert(job.id, 1406), alert('another-server', 1200)] });
    const { handset } = await plugIn(bench.bearer, { state });
    const run = { jobs: [], store: bench.jobs, packages: packages().source, manage: bench.manage() };
    const { session } = await runJobs(run);
    expect(session.ok).toBe(true);
    expect(bench.jobs.get(job.id)).toMatchObject({ state: 'failed', resultCode: 1406 });
    expect(bench.reports()).toMatchObject([{ state: 'failed', resultCode: 1406 }]);
    expect(handset.device.agent.alerts).toEqual([]);
  });

  it('of another handset’s job is not believed', async () => {
    const bench = startBench();
    const [job] = await bench.order({ handsets: [{ handset: 'memory:phone', device: 'IMEI:490154203237518' }] });
    if (job === undefined) throw new Error('there is no job');
    await bench.jobs.start(job.id);
    await bench.jobs.begin(job.id);
    await bench.jobs.wait(job.id);
    const state = new HandsetStateFile(undefined);
    state.change({
      alerts: [
        {
          id: job.id,
          source: './x',
          type: 'urn:oma:at:scomo:1.0:OperationComplete',
          format: 'xml',
          mark: 'warning',
          correlator: job.id,
          data: '<ResultCode>1200</ResultCode><Identifier>x</Identifier>',
        },
      ],
    });
    await plugIn(bench.bearer, { state });
    await runJobs({ jobs: [], store: bench.jobs, packages: packages().source, manage: bench.manage() });
    expect(bench.jobs.get(job.id)).toMatchObject({ state: 'waiting' });
  });

  it('is not acknowledged when it cannot be kept', async () => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer);
    const ordered = await bench.order();
    const full = () => Promise.reject(new PcAgentError('store/full', 'the disk is full'));
    const store = new Proxy(bench.jobs, {
      get: (jobs, name) => (name === 'hear' ? full : Reflect.get(jobs, name).bind(jobs)),
    });
    const run = { jobs: ordered, store, packages: packages().source };
    const { session, jobs } = await runJobs({ ...run, manage: bench.manage() });
    expect(session).toMatchObject({ ok: false, code: 'store/full' });
    expect(jobs).toMatchObject([{ state: 'waiting', begun: true }]);
    expect(handset.device.agent.alerts).toHaveLength(1);
    // With room on the disk the next session brings it.
    await runJobs({ jobs: [], store: bench.jobs, packages: packages().source, manage: bench.manage() });
    expect(bench.jobs.get(jobs[0]?.id ?? '')).toMatchObject({ state: 'done', resultCode: 1200 });
    expect(handset.device.agent.alerts).toEqual([]);
  });
});
