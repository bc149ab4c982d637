import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import type { MessageSummary } from '../../../src-main/contract/message-summary.ts';
import type { Direction } from '../../../src-main/dm/watcher/watcher.ts';
import type { NewOrder } from '../../../src-main/jobs/job.ts';
import { runJobs } from '../../../src-main/offline/run-jobs.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { HandsetStateFile } from '../../../src-main/virtual/handset/handset-state.ts';
import { DEVICE, type HandsetChoice, plugIn, shelf, startBench } from './bench.ts';

const CLOCK = 'com.example.clock';
const NOTES = 'com.example.notes';
const ZONES = 'com.example.zones';
const SUITE = 'com.example.suite';
const UNCHANGED = { added: [], removed: [], changed: [] };
const octets = (text: string): Uint8Array => new TextEncoder().encode(text.repeat(2000));

/** Two components that need each other, of the format that is installed whole. */
function suite({ version = '2.0', need = '1.0' } = {}): Uint8Array {
  return writeSoftware(
    [
      { id: CLOCK, name: 'Clock', version, needs: [{ id: ZONES }], content: octets('clock') },
      { id: ZONES, name: 'Zones', version: '1.0', needs: [{ id: CLOCK, version: need }], content: octets('zones') },
    ],
    { digest: nodeDigest },
  );
}

const stock = () =>
  shelf(
    { id: SUITE, bytes: suite() },
    { id: NOTES, bytes: octets('notes') },
    { id: CLOCK, bytes: octets('old clock'), version: '1.3' },
    {
      id: 'com.example.lone',
      bytes: writeSoftware(
        [
          {
            id: 'com.example.lone',
            name: 'Lone',
            version: '1.0',
            needs: [{ id: 'com.example.jvm', version: '2' }],
            content: octets('x'),
          },
        ],
        { digest: nodeDigest },
      ),
    },
    { id: 'com.example.torn', bytes: suite().subarray(0, 100) },
    { id: 'com.example.short', bytes: suite().subarray(0, -1) },
  );

/** A handset as it leaves the factory, with clock 1.4 active and notes 1.0 inactive, and one session with it. */
async function session(orders: readonly Partial<NewOrder>[], choice: HandsetChoice = {}, source = stock().source) {
  const bench = startBench();
  const phone = await plugIn(bench.bearer, choice);
  const { session: met, jobs, after } = await bench.work(orders, source);
  expect(met).toMatchObject({ ok: true });
  const states = Object.fromEntries((after ?? []).map(({ id, version, state }) => [id, `${version} ${state}`]));
  return { bench, phone, jobs, states };
}

describe('a package of several components', () => {
  it('is installed by one operation, and what changed is kept and reported', async () => {
    const { jobs, states, bench } = await session([{ package: SUITE }]);
    const difference = {
      added: [{ id: ZONES, version: '1.0', state: 'active', pkgId: SUITE }],
      removed: [],
      changed: [
        { id: CLOCK, field: 'pkgId', before: CLOCK, after: SUITE },
        { id: CLOCK, field: 'version', before: '1.4', after: '2.0' },
      ],
    };
    expect(jobs).toMatchObject([{ state: 'done', resultCode: 1200, difference }]);
    expect(states).toEqual({ [CLOCK]: '2.0 active', [NOTES]: '1.0 inactive', [ZONES]: '1.0 active' });
    expect(bench.reports()).toMatchObject([{ state: 'done', resultCode: 1200, difference }]);
    const { jobs: again } = await bench.work([{ package: SUITE }], stock().source);
    expect(again).toMatchObject([{ state: 'skipped', code: 'offline/nothing-to-do' }]);
  });

  it('is left inactive when that is ordered', async () => {
    const { states } = await session([{ package: SUITE, inactive: true }]);
    expect(states).toMatchObject({ [CLOCK]: '2.0 inactive', [ZONES]: '1.0 inactive' });
  });

  it.each([
    [
      'the first of them fails',
      { faults: [{ name: 'component-fails', value: '1' }] },
      'scomo/operation-failed',
      1405,
      CLOCK,
    ],
    [
      'the second of them fails',
      { faults: [{ name: 'component-fails', value: '2' }] },
      'scomo/operation-failed',
      1405,
      ZONES,
    ],
    [
      'there is no room for them',
      { faults: [{ name: 'install-room', value: '100' }] },
      'scomo/operation-failed',
      1406,
      'room',
    ],
    [
      'the signature is not believed',
      { faults: [{ name: 'bad-signature' }] },
      'scomo/operation-failed',
      1407,
      'not signed',
    ],
    ['the handset refuses the content', { faults: [{ name: 'storage-full' }] }, 'scomo/storage-full', undefined, '420'],
  ])('leaves the inventory as it was, field by field, when %s', async (_what, choice, code, resultCode, named) => {
    const { jobs, states, bench } = await session([{ package: SUITE }], choice);
    expect(jobs).toMatchObject([{ state: 'failed', code, resultCode, difference: UNCHANGED }]);
    // What was in the way is named, to the person and to the DM server.
    expect(jobs[0]?.message).toContain(named);
    expect(states).toEqual({ [CLOCK]: '1.4 active', [NOTES]: '1.0 inactive' });
    expect(bench.reports()).toMatchObject([{ state: 'failed', difference: UNCHANGED, message: jobs[0]?.message }]);
  });

  it('is not installed when the user says No, and nothing is different', async () => {
    const consent = { text: 'Install?', policy: 'required' } as const;
    const { jobs } = await session([{ package: SUITE, consent }], { answers: ['reject'] });
    expect(jobs).toMatchObject([{ state: 'refused', code: 'scomo/declined', begun: false, difference: UNCHANGED }]);
  });

  it('is refused before anything is sent when it is damaged, for another model, or needs what is not there', async () => {
    const orders = ['com.example.torn', 'com.example.short', 'com.example.lone'].map((id) => ({ package: id }));
    const { jobs, phone } = await session(orders);
    expect(jobs).toMatchObject([
      { state: 'failed', code: 'offline/package-damaged', begun: false },
      { state: 'failed', code: 'offline/package-damaged', begun: false },
      { state: 'failed', code: 'offline/needs-missing', message: expect.stringContaining('com.example.jvm 2') },
    ]);
    expect(phone.handset.device.agent.components).toHaveLength(2);
    const { source, opened } = shelf({
      id: SUITE,
      bytes: writeSoftware([{ id: CLOCK, name: 'Clock', version: '2', needs: [], content: octets('c') }], {
        digest: nodeDigest,
        model: 'V9',
      }),
    });
    expect((await session([{ package: SUITE }], {}, source)).jobs).toMatchObject([{ code: 'offline/wrong-model' }]);
    expect(opened).toEqual([]);
  });

  it('is believed to be there when all of it is seen, and not when a part is', async () => {
    const bench = startBench();
    const state = new HandsetStateFile(undefined);
    await plugIn(bench.bearer, { state });
    const [job] = await bench.order({ package: SUITE });
    if (job === undefined) throw new Error('there is no job');
    // It died when the handset may have been told to begin.
    await bench.jobs.start(job.id);
    await bench.jobs.note(job.id, { device: DEVICE, package: { version: '2.0', sha256: 'ab'.repeat(32) } });
    await bench.jobs.begin(job.id, [{ id: CLOCK, version: '1.4', state: 'active' }]);
    await bench.jobs.wait(job.id);
    const look = () => runJobs({ jobs: [], store: bench.jobs, packages: stock().source, manage: bench.manage() });
    await look();
    expect(bench.jobs.get(job.id)).toMatchObject({ state: 'waiting' });
    await bench.work([{ package: SUITE }], stock().source);
    await look();
    expect(bench.jobs.get(job.id)).toMatchObject({
      state: 'done',
      message: 'seen in the inventory',
      difference: { added: expect.arrayContaining([expect.objectContaining({ id: ZONES })]) },
    });
    expect(bench.reports()).toHaveLength(2);
  });
});

describe('an update', () => {
  it('takes what is newer than what is installed, leaves the rest alone, and inactive what was inactive', async () => {
    const orders = [SUITE, NOTES, CLOCK, 'com.example.lone'].map(
      (id) => ({ operation: 'update', package: id }) as const,
    );
    const { source, opened } = stock();
    const { jobs, states } = await session(orders, {}, source);
    expect(jobs).toMatchObject([
      { state: 'done', resultCode: 1200 },
      { state: 'done', resultCode: 1200, difference: { changed: [{ id: NOTES }, { id: NOTES, field: 'version' }] } },
      { state: 'skipped', code: 'offline/nothing-to-do', message: `${CLOCK} is up to date`, begun: false },
      { state: 'skipped', code: 'offline/nothing-to-do', message: 'com.example.lone is not installed', begun: false },
    ]);
    expect(states).toMatchObject({ [CLOCK]: '2.0 active', [NOTES]: '2.0 inactive', [ZONES]: '1.0 active' });
    expect(opened).toHaveLength(2);
  });

  it('of what is up to date sends no command that changes anything', async () => {
    const bench = startBench();
    await plugIn(bench.bearer);
    const sent: string[] = [];
    const onPassing = (direction: Direction, { commands }: MessageSummary): void => {
      if (direction === 'to-handset') sent.push(...commands.map(({ kind }) => kind));
    };
    await bench.work([{ operation: 'update', package: CLOCK }], stock().source, { onPassing });
    expect([...new Set(sent)].sort()).toEqual(['Get', 'Status']);
  });
});

describe('a component', () => {
  it('is activated, deactivated and removed, each with the difference that it made', async () => {
    const { jobs, states } = await session([
      { operation: 'activate', component: NOTES },
      { operation: 'deactivate', component: CLOCK },
      { operation: 'activate', component: NOTES },
      { operation: 'remove', component: NOTES },
      { operation: 'deactivate', component: 'com.example.nothing' },
    ]);
    const change = (id: string, before: string, after: string) => ({
      ...UNCHANGED,
      changed: [{ id, field: 'state', before, after }],
    });
    expect(jobs).toMatchObject([
      { state: 'done', resultCode: 1200, difference: change(NOTES, 'inactive', 'active') },
      { state: 'done', resultCode: 1200, difference: change(CLOCK, 'active', 'inactive') },
      { state: 'skipped', code: 'offline/nothing-to-do', difference: undefined },
      { state: 'done', resultCode: 1200, difference: { ...UNCHANGED, removed: [{ id: NOTES, state: 'active' }] } },
      { state: 'failed', code: 'offline/not-installed', begun: false },
    ]);
    expect(states).toEqual({ [CLOCK]: '1.4 inactive' });
  });

  it.each(['activate', 'deactivate', 'remove'] as const)(
    'that vanishes at any moment of %s is changed once',
    async (operation) => {
      const component = operation === 'activate' ? NOTES : CLOCK;
      const states: string[] = [];
      for (let message = 3; message <= 7; message += 1) {
        const bench = startBench();
        const state = new HandsetStateFile(undefined);
        const first = await plugIn(bench.bearer, { state, faults: [{ name: 'vanish', value: String(message) }] });
        const { jobs } = await bench.work([{ operation, component }]);
        await first.unplug();
        states.push(jobs[0]?.state ?? 'none');
        const second = await plugIn(bench.bearer, { state });
        const open = bench.jobs.list({ open: true });
        await runJobs({ jobs: open, store: bench.jobs, packages: stock().source, manage: bench.manage() });
        const [job] = bench.jobs.list();
        const isThere = second.handset.device.agent.components.some(({ id }) => id === component);
        if (job?.state !== 'failed') expect(job).toMatchObject({ state: 'done' });
        expect(bench.reports()).toHaveLength(1);
        if (operation === 'remove') expect(isThere).toBe(job?.state === 'failed');
        expect(second.handset.device.agent.alerts).toEqual([]);
      }
      expect(new Set(states)).toEqual(new Set(['failed', 'waiting', 'done']));
    },
  );
});

describe('an alert of a later session', () => {
  const alert = (id: string, code: number, identifier = CLOCK) => ({
    id: `${id}-${identifier}`,
    source: './SCM/Inventory/Delivered/suite/Operations/Install',
    type: 'urn:oma:at:scomo:1.0:OperationComplete',
    format: 'xml',
    mark: 'warning',
    correlator: id,
    data: `<ResultCode>${code}</ResultCode><Identifier>${identifier}</Identifier>`,
  });

  async function waitingJob() {
    const bench = startBench();
    const [job] = await bench.order({ package: SUITE });
    if (job === undefined) throw new Error('there is no job');
    await bench.jobs.start(job.id);
    await bench.jobs.note(job.id, { device: DEVICE, package: { version: '2.0', sha256: 'ab'.repeat(32) } });
    await bench.jobs.begin(job.id, [
      { id: CLOCK, version: '1.4', state: 'active', name: 'Clock', pkgId: CLOCK, status: 10 },
      { id: NOTES, version: '1.0', state: 'inactive', name: 'Notes', pkgId: NOTES, status: 10 },
    ]);
    await bench.jobs.wait(job.id);
    return { bench, id: job.id };
  }

  it('that is told ten times, and of components apart, has one end, one report, and the difference since it began', async () => {
    const { bench, id } = await waitingJob();
    for (let times = 0; times < 10; times += 1) {
      const state = new HandsetStateFile(undefined);
      state.change({ alerts: [alert(id, 1405, ZONES), alert(id, 1200, CLOCK), alert('nobody-ordered-this', 1200)] });
      const { handset, unplug } = await plugIn(bench.bearer, { state });
      await runJobs({ jobs: [], store: bench.jobs, packages: stock().source, manage: bench.manage() });
      expect(handset.device.agent.alerts).toEqual([]);
      await unplug();
    }
    // One component that failed makes the whole a failure.
    expect(bench.jobs.get(id)).toMatchObject({ state: 'failed', resultCode: 1405, difference: UNCHANGED });
    expect(bench.reports()).toMatchObject([{ job: id, state: 'failed', difference: UNCHANGED }]);
  });

  it.each([999, 2600, 1700])('with the code %i, outside every table, is a failure that says so', async (code) => {
    const { bench, id } = await waitingJob();
    const state = new HandsetStateFile(undefined);
    state.change({ alerts: [alert(id, code)] });
    await plugIn(bench.bearer, { state });
    await runJobs({ jobs: [], store: bench.jobs, packages: stock().source, manage: bench.manage() });
    expect(bench.jobs.get(id)).toMatchObject({ state: 'failed', resultCode: code });
    expect(bench.jobs.get(id)?.message).toContain('a code that no table has');
  });
});
