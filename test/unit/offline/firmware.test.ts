import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeFirmware } from '../../../src-main/fumo/firmware-package.ts';
import type { Job } from '../../../src-main/jobs/job.ts';
import { runJobs } from '../../../src-main/offline/run-jobs.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { DEVICE, type HandsetChoice, plugIn, shelf, startBench } from './bench.ts';

const FIRMWARE = 'com.example.firmware';
const payload = utf8('firmware'.repeat(5000));
const make = (more: Partial<Parameters<typeof writeFirmware>[0]> = {}): Uint8Array =>
  writeFirmware({ model: 'V1', from: ['1.0'], to: '2.0', ...more }, payload, nodeDigest);
const UNCHANGED = { added: [], removed: [], changed: [] };
const state = (before: string, after: string) => ({ id: 'firmware', field: 'state', before, after });
const VERSION = { id: 'firmware', field: 'version', before: '1.0', after: '2.0' };
const order = { operation: 'firmware', package: FIRMWARE } as const;

async function session(choice: HandsetChoice = {}, bytes = make(), more: object = {}) {
  const bench = startBench();
  const phone = await plugIn(bench.bearer, choice);
  const { source, opened } = shelf({ id: FIRMWARE, bytes });
  const { session: met, jobs } = await bench.work([{ ...order, ...more }], source);
  return { bench, phone, met, job: jobs[0], opened, source };
}

describe('firmware that the PC puts on a handset', () => {
  it('goes there as a large object, is applied, and is told with the version before and after', async () => {
    const { bench, job, source } = await session();
    const difference = { ...UNCHANGED, changed: [state('10', '100'), VERSION] };
    expect(job).toMatchObject({ state: 'done', resultCode: 200, device: DEVICE, difference });
    expect(bench.reports()).toMatchObject([
      { operation: 'firmware', package: { id: FIRMWARE }, state: 'done', resultCode: 200, difference },
    ]);
    const { jobs } = await bench.work([order], source);
    expect(jobs).toMatchObject([{ state: 'skipped', code: 'offline/nothing-to-do' }]);
  });

  it.each([
    ['of another model', make({ model: 'V2' }), 'offline/wrong-model'],
    ['a step from another firmware', make({ from: ['0.8', '0.9'] }), 'offline/wrong-firmware'],
    ['of a newer format', utf8(`PC-AGENT-FIRMWARE 2\n${'x'.repeat(100)}`), 'offline/package-damaged'],
    ['torn', make().subarray(0, 40), 'offline/package-damaged'],
  ])('is refused before its content is even read when it is %s', async (_what, bytes, code) => {
    const { bench, job, opened } = await session({}, bytes);
    expect(job).toMatchObject({ state: 'failed', code, begun: false, difference: undefined });
    expect(opened).toEqual([]);
    expect(bench.reports()).toMatchObject([{ state: 'failed', resultCode: null }]);
  });

  it.each([
    [
      'the update fails there',
      { faults: [{ name: 'firmware-fails', value: '402' }] },
      {},
      'failed',
      'fumo/operation-failed',
      402,
    ],
    ['its format is not known there', {}, { bytes: payload }, 'failed', 'fumo/operation-failed', 402],
    ['there is no room', { faults: [{ name: 'storage-full' }] }, {}, 'failed', 'scomo/storage-full', undefined],
    ['the user says No', { answers: ['reject'] }, { consent: true }, 'refused', 'scomo/declined', undefined],
    ['the user is away', { answers: ['timeout'] }, { consent: true }, 'postponed', 'scomo/postponed', undefined],
  ] as const)('ends with one code and keeps the old version when %s', async (_what, choice, how, end, code, result) => {
    const consent = { text: 'Update?', policy: 'required' } as const;
    const bytes = 'bytes' in how ? how.bytes : make();
    const { bench, job } = await session(choice as HandsetChoice, bytes, 'consent' in how ? { consent } : {});
    expect(job).toMatchObject({ state: end, code, resultCode: result });
    expect(job?.difference?.changed.filter(({ field }) => field === 'version')).toEqual([]);
    expect(bench.reports()).toHaveLength(1);
  });
});

describe('a handset that goes away during an update', () => {
  const run = (bench: ReturnType<typeof startBench>, jobs: readonly Job[]) => {
    const { source, opened } = shelf({ id: FIRMWARE, bytes: make() });
    return runJobs({ jobs, store: bench.jobs, packages: source, manage: bench.manage() }).then((outcome) => ({
      ...outcome,
      opened,
    }));
  };

  it('tells in the next session how it ended, whatever that session is for, and is told nothing twice', async () => {
    const bench = startBench();
    const { handset } = await plugIn(bench.bearer, { faults: [{ name: 'firmware-reboots' }] });
    const { source } = shelf({ id: FIRMWARE, bytes: make() });
    const { jobs } = await bench.work([order], source);
    expect(jobs).toMatchObject([{ state: 'waiting', begun: true, accepted: true }]);
    expect(bench.reports()).toEqual([]);
    handset.faults.clear('firmware-reboots');
    const { opened } = await run(bench, []);
    expect(opened).toEqual([]);
    const [job] = bench.jobs.list();
    expect(job).toMatchObject({
      state: 'done',
      resultCode: 200,
      difference: { changed: [state('10', '100'), VERSION] },
    });
    expect(bench.reports()).toMatchObject([{ state: 'done', resultCode: 200 }]);
  });

  it('at any moment is updated once, and reports once', async () => {
    const states: string[] = [];
    for (const message of [3, 10, 13, 14, 15, 16, 17, 18]) {
      const bench = startBench();
      const kept = new HandsetStateFile(undefined);
      const first = await plugIn(bench.bearer, {
        state: kept,
        faults: [{ name: 'vanish', value: String(message) }],
      });
      const { source } = shelf({ id: FIRMWARE, bytes: make() });
      const { jobs } = await bench.work([order], source);
      states.push(jobs[0]?.state ?? 'none');
      await first.unplug();
      const { handset } = await plugIn(bench.bearer, { state: kept });
      await run(bench, bench.jobs.list({ open: true }));
      const [job] = bench.jobs.list();
      expect(['done', 'failed']).toContain(job?.state);
      if (job?.state === 'failed') expect(job.begun).toBe(false);
      // Of a job that ended before its package was looked at there is nothing to report.
      expect(bench.reports()).toHaveLength(job?.packageSha256 === undefined ? 0 : 1);
      expect(handset.device.agent.alerts).toEqual([]);
    }
    expect(states.join(' ')).toMatch(/^(failed )+(waiting )+(done ?)*$/);
  });

  /** A job whose handset had begun, and the session in which it is looked after. */
  async function lookAfter(bench: ReturnType<typeof startBench>) {
    const [job] = await bench.order(order);
    if (job === undefined) throw new Error('there is no job');
    await bench.jobs.start(job.id);
    await bench.jobs.note(job.id, { device: DEVICE, package: { version: '2.0', sha256: 'ab'.repeat(32) } });
    await bench.jobs.begin(job.id, [{ id: 'firmware', version: '1.0', state: '10' }]);
    await bench.jobs.accept(job.id);
    return run(bench, [await bench.jobs.wait(job.id)]);
  }

  it('that has failed says so by its state when its word never comes', async () => {
    const { bench } = await session({ faults: [{ name: 'firmware-fails', value: '410' }] });
    const { jobs, opened } = await lookAfter(bench);
    expect(jobs).toMatchObject([
      { state: 'failed', code: 'fumo/operation-failed', difference: { changed: [state('10', '70')] } },
    ]);
    expect(opened).toEqual([]);
  });

  it('and says nothing is waited for, and told nothing again', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const { jobs, opened } = await lookAfter(bench);
    expect(jobs).toMatchObject([{ state: 'waiting', code: 'scomo/completion-awaited' }]);
    expect(opened).toEqual([]);
    expect(bench.reports()).toEqual([]);
  });
});
