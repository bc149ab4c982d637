import { describe, expect, it } from 'vitest';
import type { CommandReport, PackageReport, WantedCommand } from '../../../src-main/dm/server/work.ts';
import type { StatusCommand } from '../../../src-main/syncml/model.ts';
import type { NewJob } from '../../../src-main/virtual/dms/job.ts';
import type { JobQuestion } from '../../../src-main/virtual/dms/job-question.ts';
import { type JobStore, openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { jobWork } from '../../../src-main/virtual/dms/job-work.ts';

const DEVICE = 'IMEI:490154203237518';

function report(code: number, more: Partial<CommandReport> = {}): CommandReport {
  return { code, statuses: [], results: [], children: [], ...more };
}

function answer(code: number, ...texts: readonly string[]): CommandReport {
  const items = texts.map((data) => ({ data }));
  const status: StatusCommand = {
    ...{ kind: 'Status', cmdId: '2', msgRef: 1, cmdRef: '3', cmd: 'Alert', code, items },
    ...{ targetRefs: [], sourceRefs: [] },
  };
  return report(code, { statuses: [status] });
}

/** What one session does of the jobs that wait. */
function workOn(store: JobStore) {
  const packages = new Map<string, never>();
  return jobWork({
    ...{ jobs: store.queued(DEVICE), store, packages, server: 'dms.example', onInventory: () => {} },
    ...{ asksFirmware: () => false, onFirmware: () => {}, isRuled: () => false, due: () => [] },
    forSoftware: { reported: [], onAccepted: () => {} },
    onStart: () => {},
    forFirmware: {
      reported: [],
      facts: { device: DEVICE, devInfo: new Map(), alert: 1200 },
      firmware: [],
      urlOf: () => undefined,
      onAccepted: () => {},
      onWatch: () => {},
    },
  });
}

/** The one package of a job, answered so, and the job after it. */
async function worked(job: Omit<NewJob, 'device'>, reports: readonly CommandReport[]) {
  const store = await openJobStore();
  const { id } = store.add({ device: DEVICE, ...job });
  const work = workOn(store);
  const first = work.next();
  const asked = first.done === true ? [] : (first.value as readonly WantedCommand[]);
  const given: PackageReport = { reports, alerts: [] };
  expect(work.next(given).done).toBe(true);
  return { asked, job: store.get(id) };
}

describe('a job that asks', () => {
  it.each<readonly [JobQuestion, number, string | undefined, CommandReport, object]>([
    [{ kind: 'display', text: 'D', minSeconds: 3 }, 1100, 'MINDT=3', answer(200), { code: 200 }],
    [{ kind: 'confirm', text: 'C?', suggested: 'reject' }, 1101, 'DR=0', answer(304), { code: 304 }],
    [
      { kind: 'input', text: 'I?', inputType: 'phone', hidden: true, maxLength: 20, maxSeconds: 30, suggested: '+49' },
      1102,
      'MAXDT=30&DR=%2B49&MAXLEN=20&IT=P&ET=P',
      answer(200, '+4930'),
      { code: 200, text: '+4930' },
    ],
    [
      { kind: 'choice', text: 'W?', choices: ['a', 'b'], multiple: false, suggested: [2] },
      1103,
      'DR=2',
      answer(200, ' 2 '),
      { code: 200, chosen: [2] },
    ],
    [
      { kind: 'choice', text: 'W?', choices: ['a', 'b'], multiple: true },
      1104,
      undefined,
      answer(200, '2', 'x', '1', '1e300'),
      { code: 200, chosen: [2, 1] },
    ],
  ])('sends %j as alert %i with %s', async (question, code, parameters, answered, kept) => {
    const { asked, job } = await worked({ operation: 'ask', question }, [answered]);
    const [first, text, ...choices] = asked[0]?.kind === 'Alert' ? asked[0].items : [];
    expect(asked).toMatchObject([{ kind: 'Alert', code }]);
    expect(first?.data).toBe(parameters);
    expect(text).toEqual({ data: question.text });
    expect(choices).toEqual('choices' in question ? [{ data: 'a' }, { data: 'b' }] : []);
    expect(job).toMatchObject({ state: 'done', answer: kept });
  });

  it.each([214, 406, 408, 0])('fails when nobody answered (%i)', async (code) => {
    const question = { kind: 'confirm', text: 'C?' } as const;
    const { job } = await worked({ operation: 'ask', question }, [answer(code)]);
    expect(job).toMatchObject({ state: 'failed', answer: { code }, message: expect.stringContaining(String(code)) });
  });
});

describe('a job of commands', () => {
  it('sends them as they are wanted', async () => {
    const { asked } = await worked(
      {
        operation: 'commands',
        commands: [
          { kind: 'Get', target: './A?list=TNDS', type: 'application/vnd.syncml.dmtnds+xml' },
          { kind: 'Add', target: './A/B', format: 'chr', type: 'text/plain', data: '' },
          { kind: 'Copy', source: './A/B', target: './A/C' },
          { kind: 'Exec', target: './A/D', correlator: 'c1', data: 'now' },
          { kind: 'Alert', code: 1100, texts: ['', 'Hello'] },
          { kind: 'Atomic', commands: [{ kind: 'Delete', target: './A/B' }] },
        ],
      },
      [200, 200, 200, 202, 200, 200].map((code) => report(code, { children: [report(200)] })),
    );
    expect(asked).toEqual([
      {
        kind: 'Get',
        items: [{ target: { uri: './A?list=TNDS' }, meta: { type: 'application/vnd.syncml.dmtnds+xml' } }],
      },
      { kind: 'Add', items: [{ target: { uri: './A/B' }, meta: { format: 'chr', type: 'text/plain' }, data: '' }] },
      { kind: 'Copy', items: [{ target: { uri: './A/C' }, source: { uri: './A/B' } }] },
      { kind: 'Exec', correlator: 'c1', items: [{ target: { uri: './A/D' }, data: 'now' }] },
      { kind: 'Alert', code: 1100, items: [{}, { data: 'Hello' }] },
      { kind: 'Atomic', commands: [{ kind: 'Delete', cmdId: '', items: [{ target: { uri: './A/B' } }] }] },
    ]);
  });

  it('keeps values as text, what is none as base64, and no more than there is room for', async () => {
    const get = (target: string) => ({ kind: 'Get', target }) as const;
    const item = (uri: string, format: string, data: string | Uint8Array) => ({
      source: { uri },
      meta: { format },
      data,
    });
    const { job } = await worked(
      {
        operation: 'commands',
        commands: [get('./A'), get('./B'), get('./C'), { kind: 'Alert', code: 1102, texts: [''] }],
      },
      [
        report(200, {
          results: [
            { source: { uri: './A' }, meta: { format: 'node' }, data: 'x/y' },
            item('./A/x', 'chr', 'héllo'),
            item('./A/y', 'b64', 'AP8='),
            item('./A/z', 'b64', '!'),
            item('./A/b', 'bin', new Uint8Array([65])),
            { source: { uri: './A/n' } },
          ],
        }),
        report(200, { results: [{ source: { uri: './B' }, stored: new Uint8Array(600_000).fill(65) }] }),
        report(404),
        answer(200, 'typed'),
      ],
    );
    const [first, second, third, fourth] = job?.replies ?? [];
    expect(first).toEqual({
      kind: 'Get',
      code: 200,
      items: [
        { uri: './A', data: 'x/y', format: 'node' },
        { uri: './A/x', data: 'héllo', format: 'chr' },
        { uri: './A/y', data: 'AP8=', format: 'b64', base64: true },
        { uri: './A/z', data: '!', format: 'b64' },
        { uri: './A/b', data: 'QQ==', format: 'bin', base64: true },
        { uri: './A/n' },
      ],
    });
    expect(second?.items).toMatchObject([{ uri: './B', cut: true }]);
    expect(second?.items[0]?.data?.length).toBeLessThanOrEqual(512 * 1024);
    expect(third).toEqual({ kind: 'Get', code: 404, items: [] });
    expect(fourth?.items).toEqual([{ data: 'typed' }]);
    expect(job).toMatchObject({ state: 'failed', message: 'the handset refused Get of ./C (status 404, Not found)' });
  });

  it('calls a code that no table has by its class', async () => {
    const { job } = await worked({ operation: 'commands', commands: [{ kind: 'Get', target: './A' }] }, [report(499)]);
    expect(job?.message).toBe('the handset refused Get of ./A (status 499, Bad request)');
  });

  it('names the reason of a group that failed, and the server that may not', async () => {
    const replace = { kind: 'Replace', target: './A' } as const;
    const remove = { kind: 'Delete', target: './B' } as const;
    const children = [report(216), report(425), report(215)];
    const { job } = await worked(
      { operation: 'commands', commands: [{ kind: 'Atomic', commands: [replace, remove, replace] }] },
      [report(507, { children })],
    );
    expect(job?.replies).toMatchObject([{ code: 507, children: [{ code: 216 }, { code: 425 }, { code: 215 }] }]);
    expect(job?.message).toBe(
      'the handset does not allow Delete of ./B to the server dms.example (status 425, Permission denied)',
    );
    const silent = await worked({ operation: 'commands', commands: [replace] }, [report(0)]);
    expect(silent.job?.message).toBe('the handset said nothing of Replace of ./A');
  });
});

describe('jobs of a handset that has two sessions at once', () => {
  it('are done in one of them each', async () => {
    const store = await openJobStore();
    const [first, second] = ['./A', './B'].map((target) =>
      store.add({ device: DEVICE, operation: 'commands', commands: [{ kind: 'Get', target }] }),
    );
    const sessions = [workOn(store), workOn(store)];
    const asked = sessions.map((session) => session.next().value);
    expect(asked).toMatchObject([[{ items: [{ target: { uri: './A' } }] }], [{ items: [{ target: { uri: './B' } }] }]]);
    for (const session of sessions) expect(session.next({ reports: [report(200)], alerts: [] }).done).toBe(true);
    for (const job of [first, second]) expect(store.get(job?.id ?? '')).toMatchObject({ state: 'done' });
  });
});
