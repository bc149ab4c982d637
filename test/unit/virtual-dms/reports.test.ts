import { describe, expect, it } from 'vitest';
import { boundedDifference } from '../../../src-main/jobs/bounded-difference.ts';
import { startDms, temporaryFolder } from './dms-fixture.ts';

const report = {
  job: 'job-1',
  device: 'IMEI:490154203237518',
  operation: 'install',
  package: { id: 'com.example.game', sha256: 'ab'.repeat(32) },
  state: 'done',
  resultCode: 1200,
  alert: 'AAH+/w==',
  at: '2026-03-04T05:06:07Z',
};
const key = (value: string) => ({ 'Idempotency-Key': value });

describe('the report interface', () => {
  it('takes a report once, however often it is sent', async () => {
    const { post, get } = await startDms();
    expect((await post('/api/v1/reports', report, key('k1'))).status).toBe(201);
    expect((await post('/api/v1/reports', report, key('k1'))).status).toBe(200);
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(report).reverse()));
    expect((await post('/api/v1/reports', reordered, key('k1'))).status).toBe(200);
    const { json } = await get('/api/v1/reports?device=490154203237518');
    expect(json.reports).toEqual([{ key: 'k1', receivedAt: expect.any(String), report }]);
    expect((await get('/api/v1/reports?device=other')).json.reports).toEqual([]);
  });

  it('refuses another report under a key that was used, and keeps the first', async () => {
    const { post, get } = await startDms();
    await post('/api/v1/reports', report, key('k1'));
    const other = await post('/api/v1/reports', { ...report, resultCode: 1400 }, key('k1'));
    expect(other).toMatchObject({ status: 409, json: { code: 'report/key-reused' } });
    expect((await post('/api/v1/reports', { ...report, resultCode: 1400 }, key('k2'))).status).toBe(201);
    const codes = (await get('/api/v1/reports')).json.reports.map(
      (each: { report: typeof report }) => each.report.resultCode,
    );
    expect(codes).toEqual([1200, 1400]);
  });

  it('knows a repeat after a restart', async () => {
    const state = await temporaryFolder();
    const before = await startDms({ state });
    await before.post('/api/v1/reports', report, key('k1'));
    await before.server.close();
    const after = await startDms({ state });
    expect((await after.post('/api/v1/reports', report, key('k1'))).status).toBe(200);
    expect((await after.get('/api/v1/reports')).json.reports).toHaveLength(1);
  });

  it.each([
    ['no key', report, {}, 'report/key-missing'],
    ['an empty key', report, key(''), 'report/key-invalid'],
    ['an overlong key', report, key('k'.repeat(256)), 'report/key-invalid'],
    ['no device', { ...report, device: undefined }, key('k'), 'report/invalid'],
    ['an install without package', { ...report, package: undefined }, key('k'), 'report/invalid'],
    ['a digest that is none', { ...report, package: { id: 'x', sha256: 'zz' } }, key('k'), 'report/invalid'],
    ['an alert that is not base64', { ...report, alert: '###' }, key('k'), 'report/invalid'],
    ['a state that is not an end', { ...report, state: 'running' }, key('k'), 'report/invalid'],
    ['a time that is none', { ...report, at: 'yesterday' }, key('k'), 'report/invalid'],
  ])('refuses %s', async (_what, body, headers, code) => {
    const { post, get } = await startDms();
    expect(await post('/api/v1/reports', body, headers)).toMatchObject({ status: 400, json: { code } });
    expect((await get('/api/v1/reports')).json.reports).toEqual([]);
  });

  it('takes the largest differences that a PC reports', async () => {
    const { post } = await startDms();
    const component = (id: number) => ({ id: String(id), version: '', state: '' });
    const many = boundedDifference({
      added: Array.from({ length: 5000 }, (_, id) => component(id)),
      ...{ removed: [], changed: [] },
    });
    const changed = [{ id: 'x'.repeat(20_000), field: 'version', before: 'y'.repeat(20_000), after: 2 }];
    const long = boundedDifference({ added: [], removed: [], changed });
    expect([many.added.length > 1000, long.changed]).toEqual([true, changed]);
    for (const [index, difference] of [many, long].entries())
      expect((await post('/api/v1/reports', { ...report, difference }, key(`k${index}`))).status).toBe(201);
  });

  it('takes a report of a job that came to nothing: no package, no code, no alert', async () => {
    const { post } = await startDms();
    const { job, device, at } = report;
    const body = { job, device, at, operation: 'remove', state: 'expired', resultCode: null };
    expect((await post('/api/v1/reports', body, key('k'))).status).toBe(201);
  });
});
