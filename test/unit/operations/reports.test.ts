import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { Engine } from '../../../src-main/operations/engine.ts';
import { exportReport, listReports } from '../../../src-main/operations/reports.ts';
import { DEVICE, reported, startBench } from '../jobs/bench.ts';

const DMS = 'http://dms.example:8080';

describe('reports that wait', () => {
  it('say when they are tried again, and are exported as they would be sent', async () => {
    const { jobs, outbox } = startBench();
    const engine = { outbox } as unknown as Engine;
    const { id: job } = await reported(jobs, DMS);
    const [first] = outbox.list();
    if (first === undefined) throw new Error('no report');
    const pause = milliseconds(60_000);
    await outbox.setBack(first, { state: 'waiting', code: 'dms/timeout', message: 'm', pause, originPause: pause });
    const { reports } = listReports(engine);
    expect(reports).toMatchObject([{ id: first.id, virtual: true, tries: 1, nextTryAt: '2026-01-01T00:01:00.000Z' }]);
    expect(reports[0]?.body).not.toHaveProperty('alert');
    expect(exportReport(engine, { id: first.id })).toEqual({
      id: first.id,
      origin: DMS,
      virtual: true,
      body: expect.objectContaining({ job, device: DEVICE, state: 'done', alert: 'AQID' }),
    });
  });

  it('are not tried again when the DM server will not have them, and gone when it has them', async () => {
    const { jobs, outbox } = startBench();
    const engine = { outbox } as unknown as Engine;
    await reported(jobs, DMS);
    const [first] = outbox.list();
    if (first === undefined) throw new Error('no report');
    const none = milliseconds(0);
    await outbox.setBack(first, { state: 'rejected', code: 'dms/x', message: 'm', pause: none, originPause: none });
    expect(listReports(engine).reports[0]).not.toHaveProperty('nextTryAt');
    expect(exportReport(engine, { id: first.id }).id).toBe(first.id);
    await outbox.acknowledge(first.id);
    for (const id of [first.id, 'nothing']) {
      expect(() => exportReport(engine, { id })).toThrow(expect.objectContaining({ code: 'report/absent' }));
    }
  });
});
