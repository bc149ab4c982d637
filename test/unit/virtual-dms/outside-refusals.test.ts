import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeDigest, nodeRandom } from '../../../src-main/base/node/digest.ts';
import { DmService } from '../../../src-main/virtual/dms/dm-service.ts';
import { openInstallationStore } from '../../../src-main/virtual/dms/installations.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { openKnownDevices } from '../../../src-main/virtual/dms/known-devices.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { openOutside } from '../../../src-main/virtual/dms/outside.ts';
import { createDemoPackages } from '../../../src-main/virtual/dms/packages.ts';
import { openReportStore } from '../../../src-main/virtual/dms/reports.ts';
import { createDmsServer } from '../../../src-main/virtual/dms/server.ts';
import { byHand, gist } from '../../support/dm-pair.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { ACCOUNT } from '../virtual-handset/handset-fixture.ts';

const ONE = 'IMEI:490154203237518';
const TWO = 'IMEI:352099001761481';
const GAME = 'com.example.game';
const LONG = 'x'.repeat(10 * 1024 * 1024);
const NAME = 'x'.repeat(129);

/** Nothing of what is refused changes anything, so that one server is enough for all of it. */
async function serverOf() {
  const jobs = await openJobStore();
  const packages = createDemoPackages();
  const outside = await openOutside({ jobs, packages, clock: new HandClock() });
  const server = createDmsServer({
    ...{ jobs, packages, outside, version: '0', dm: { handle: async (envelope) => envelope } },
    notifications: createNotificationQueue(),
    reports: await openReportStore(),
    installations: await openInstallationStore(),
  });
  return { jobs, outside, server, url: await server.listen({ host: '127.0.0.1', port: 0 }) };
}

describe('what outside systems are refused', () => {
  let dms: Awaited<ReturnType<typeof serverOf>>;
  let waiting = '';
  let plain = '';
  let order = '';
  beforeAll(async () => {
    dms = await serverOf();
    plain = dms.jobs.add({ device: ONE, operation: 'inventory' }).id;
    waiting = dms.jobs.add({ device: ONE, operation: 'inventory', approval: 'awaited', requestedBy: 'Shop' }).id;
    order = dms.outside.orders.add('V1', { operation: 'inventory' }, undefined, []).id;
    dms.outside.book.met(ONE, { model: 'V1' });
  });
  afterAll(() => dms.server.close());

  const wanted = (...all: readonly unknown[]) => ({ device: ONE, every: 60, wanted: all });
  it.each<readonly [request: string, body: unknown, status: number, code: string]>([
    ['POST /jobs', { model: '', operation: 'inventory' }, 400, 'job/invalid'],
    ['POST /jobs', { model: NAME, operation: 'inventory' }, 400, 'job/invalid'],
    ['POST /jobs', { model: 'a\u0007', operation: 'inventory' }, 400, 'job/invalid'],
    ['POST /jobs', { model: ['V1'], operation: 'inventory' }, 400, 'job/invalid'],
    ['POST /jobs', { model: 'V1', device: ONE, operation: 'inventory' }, 400, 'job/invalid'],
    ['POST /jobs', { model: 'V1', operation: 'install', package: 'none' }, 400, 'job/package-unknown'],
    ['POST /jobs', { model: 'V1', operation: 'remove' }, 400, 'job/component-missing'],
    ['POST /jobs', { model: 'V1', operation: 'inventory', until: 'tomorrow' }, 400, 'job/invalid'],
    ['POST /jobs', { model: 'V1', operation: 'inventory', until: '1999-01-01T00:00:00Z' }, 400, 'job/invalid'],
    ['POST /jobs', { device: ONE, operation: 'inventory', approval: true }, 400, 'job/invalid'],
    ['POST /jobs', { device: ONE, operation: 'inventory', approval: 'granted' }, 400, 'job/invalid'],
    ['POST /jobs', { device: ONE, operation: 'inventory', requestedBy: ' ' }, 400, 'job/invalid'],
    ['POST /jobs', { device: ONE, operation: 'inventory', requestedBy: NAME }, 400, 'job/invalid'],
    ['POST /jobs', { device: ONE, operation: LONG }, 413, 'dms/request-too-large'],
    ['POST /jobs/WAITING/approval', {}, 400, 'approval/invalid'],
    ['POST /jobs/WAITING/approval', { authority: 'O', verdict: 'maybe' }, 400, 'approval/invalid'],
    ['POST /jobs/WAITING/approval', { authority: 1, verdict: 'grant' }, 400, 'approval/invalid'],
    ['POST /jobs/WAITING/approval', { authority: '', verdict: 'grant' }, 400, 'approval/invalid'],
    ['POST /jobs/WAITING/approval', { authority: 'O', verdict: 'grant', reason: '' }, 400, 'approval/invalid'],
    ['POST /jobs/WAITING/approval', { authority: 'O', verdict: 'grant', force: true }, 400, 'approval/invalid'],
    ['POST /jobs/WAITING/approval', { authority: 'Shop', verdict: 'grant' }, 409, 'approval/same-authority'],
    ['POST /jobs/WAITING/approval', { authority: 'shop ', verdict: 'refuse' }, 409, 'approval/same-authority'],
    ['POST /jobs/WAITING/approval', { authority: 'O', verdict: 'grant', reason: LONG }, 413, 'dms/request-too-large'],
    ['POST /jobs/PLAIN/approval', { authority: 'O', verdict: 'grant' }, 409, 'approval/not-awaited'],
    ['POST /jobs/none/approval', { authority: 'O', verdict: 'grant' }, 404, 'job/unknown'],
    ['POST /orders/ORDER/approval', { authority: 'O', verdict: 'grant' }, 409, 'approval/not-awaited'],
    ['POST /orders/ORDER/approval', [], 400, 'approval/invalid'],
    ['POST /orders/none/approval', { authority: 'O', verdict: 'grant' }, 404, 'order/unknown'],
    ['GET /orders/none', undefined, 404, 'order/unknown'],
    ['DELETE /orders/none', undefined, 404, 'order/unknown'],
    ['GET /jobs?device=', undefined, 400, 'job/query-invalid'],
    ['GET /jobs?device=a&device=b', undefined, 400, 'job/query-invalid'],
    ['GET /jobs?limit=0', undefined, 400, 'job/query-invalid'],
    ['GET /devices?limit=many', undefined, 400, 'device/query-invalid'],
    ['GET /comparisons?model=%07', undefined, 400, 'comparison/query-invalid'],
    ['GET /events?device=%00', undefined, 400, 'events/query-invalid'],
    ['GET /events?job=none', undefined, 404, 'job/unknown'],
    ['GET /jobs/none/events', undefined, 404, 'job/unknown'],
    ['PUT /rules/V1', {}, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: [] }, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: GAME }, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: [1] }, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: [{ package: GAME, urgency: 'soon' }] }, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: [{ package: GAME, version: '1' }] }, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: Array(65).fill(GAME) }, 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: ['none'] }, 400, 'rule/package-unknown'],
    ['PUT /rules/V1', { packages: ['com.example.firmware'] }, 400, 'rule/package-unknown'],
    ['PUT /rules/V1', 'null', 400, 'rule/invalid'],
    ['PUT /rules/V1', { packages: [LONG] }, 413, 'dms/request-too-large'],
    ['PUT /rules/%07', { packages: [GAME] }, 400, 'rule/model-invalid'],
    [`PUT /rules/${NAME}`, { packages: [GAME] }, 400, 'rule/model-invalid'],
    ['PUT /rules/%ff', { packages: [GAME] }, 400, 'dms/request-invalid'],
    ['GET /rules/V1', undefined, 404, 'rule/unknown'],
    ['DELETE /rules/V1', undefined, 404, 'rule/unknown'],
    ['POST /schedules', { every: 60 }, 400, 'schedule/invalid'],
    ['POST /schedules', { device: ONE, model: 'V1', every: 60 }, 400, 'schedule/invalid'],
    ...[0, -1, 0.5, 1e12, '60', null].map(
      (every) => ['POST /schedules', { device: ONE, every }, 400, 'schedule/invalid'] as const,
    ),
    ['POST /schedules', wanted({ id: '' }), 400, 'schedule/invalid'],
    ['POST /schedules', wanted({ id: 'a', package: 'b' }), 400, 'schedule/invalid'],
    ['POST /schedules', wanted({ id: 'a', version: 'x'.repeat(65) }), 400, 'schedule/invalid'],
    ['POST /schedules', wanted(...Array(65).fill({ id: 'a' })), 400, 'schedule/invalid'],
    ['POST /schedules', wanted('none'), 400, 'schedule/package-unknown'],
    ['POST /schedules', wanted(LONG), 413, 'dms/request-too-large'],
    ['GET /schedules/none', undefined, 404, 'schedule/unknown'],
    ['DELETE /schedules/none', undefined, 404, 'schedule/unknown'],
    ['GET /devices/none', undefined, 404, 'device/unknown'],
    ['GET /devices/a%20b', undefined, 400, 'device/invalid'],
    ['GET /comparisons?device=none', undefined, 404, 'device/unknown'],
    ['GET /comparisons?format=xml', undefined, 400, 'comparison/query-invalid'],
    [`GET /comparisons?device=${ONE}`, undefined, 409, 'comparison/not-read'],
    [`POST /comparisons/${ONE}/install-missing`, {}, 409, 'comparison/not-read'],
    [`POST /comparisons/${ONE}/install-missing`, { package: GAME }, 400, 'comparison/invalid'],
    ['POST /comparisons/none/install-missing', undefined, 404, 'device/unknown'],
  ])('%s with %.60j', async (request, body, status, code) => {
    const [method = '', path = ''] = request.split(' ');
    const named = path.replace('WAITING', waiting).replace('PLAIN', plain).replace('ORDER', order);
    const answer = await fetch(`${dms.url}/api/v1${named}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    });
    expect(await answer.json()).toEqual({ code, message: expect.any(String) });
    expect(answer.status).toBe(status);
    expect(dms.jobs.list().map(({ state, approval }) => approval ?? state)).toEqual(['queued', 'awaited']);
    expect([dms.outside.rules.list(), dms.outside.schedules.list()]).toEqual([[], []]);
  });
});

describe('what a handset reports that nobody ordered of it', () => {
  const complete = (code: string, correlator?: string) =>
    `<Alert><CmdID>2</CmdID><Data>1226</Data>${correlator === undefined ? '' : `<Correlator>${correlator}</Correlator>`}` +
    '<Item><Source><LocURI>./SCM/Download/a/Operations/DownloadInstall</LocURI></Source>' +
    '<Meta><Type xmlns="syncml:metinf">urn:oma:at:scomo:1.0:OperationComplete</Type></Meta>' +
    `<Data>&lt;ResultCode&gt;${code}&lt;/ResultCode&gt;&lt;Identifier&gt;a&lt;/Identifier&gt;</Data></Item></Alert>`;

  async function said(...alerts: readonly ((id: (name: string) => string) => string)[]) {
    const account = { ...ACCOUNT, auth: 'none' as const };
    const jobs = await openJobStore();
    const ids = new Map<string, string>();
    for (const [name, device] of [
      ['queued', ONE],
      ['own', ONE],
      ['other', TWO],
    ] as const) {
      const { id } = jobs.add({ device, operation: 'install', package: GAME });
      if (name !== 'queued') jobs.start(id);
      ids.set(name, id);
    }
    let ends = 0;
    jobs.onChange(({ state }) => {
      if (state === 'done' || state === 'failed') ends += 1;
    });
    const service = new DmService({
      ...{ accounts: [account], jobs, notifications: createNotificationQueue(), packages: createDemoPackages() },
      ...{ devices: await openKnownDevices({}), faults: [], digest: nodeDigest, random: nodeRandom },
      ...{ emit: () => undefined, url: () => 'http://127.0.0.1:1/dm' },
    });
    const body = alerts.map((alert) => alert((name) => ids.get(name) ?? name)).join('');
    const greeting = '<Alert><CmdID>1</CmdID><Data>1201</Data></Alert>';
    const answer = await service.handle(byHand(greeting + body, { source: ONE }), new AbortController().signal);
    const job = (name: string) => jobs.get(ids.get(name) ?? '');
    return { gist: gist('body' in answer ? answer : undefined), job, ends: () => ends };
  }

  it('is taken and changes nothing: no job, another handset’s, or one that was never begun', async () => {
    const {
      gist: answered,
      job,
      ends,
    } = await said(
      () => complete('1200'),
      () => complete('1200', 'nobody'),
      (id) => complete('1200', id('other')),
      (id) => complete('1405', id('queued')),
    );
    expect(answered.filter((line) => line.includes('Alert') && line.endsWith('200'))).toHaveLength(5);
    expect([job('other')?.state, job('own')?.state, job('queued')?.state]).toEqual(['running', 'running', 'queued']);
    expect(ends()).toBe(0);
  });

  it('ten times is one end', async () => {
    const again = Array.from({ length: 10 }, (_, index) => (id: (name: string) => string) => {
      return complete(index === 0 ? '1200' : '1405', id('own'));
    });
    const { job, ends } = await said(...again);
    expect(job('own')).toMatchObject({ state: 'done', resultCode: 1200 });
    expect(ends()).toBe(1);
  });

  it.each([
    ['1999', 'failed', 'a code that no table has'],
    ['0', 'failed', 'a code that no table has'],
    ['99999', 'failed', 'a code that no table has'],
    ['1275', 'done', undefined],
    ['100000', 'running', undefined],
    ['-1200', 'running', undefined],
    ['12e2', 'running', undefined],
    ['', 'running', undefined],
  ])('with the result code %j leaves its job %s', async (code, state, message) => {
    const { job } = await said((id) => complete(code, id('own')));
    expect(job('own')?.state).toBe(state);
    if (message === undefined) expect(job('own')?.message).toBeUndefined();
    else expect(job('own')?.message).toContain(message);
  });
});
