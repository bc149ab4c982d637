import { describe, expect, it } from 'vitest';
import type { AlertCommand } from '../../../src-main/syncml/model.ts';
import { FirmwareDesk } from '../../../src-main/virtual/dms/firmware-desk.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';

const DEVICE = 'IMEI:490154203237518';
const PREFIX = 'org.openmobilealliance.dm.firmwareupdate.';

const alertOf = (kind: string, data: string, correlator?: string): AlertCommand => ({
  ...{ kind: 'Alert', cmdId: '1', code: 1226 },
  items: [{ source: { uri: './F/x' }, meta: { type: PREFIX + kind }, data }],
  ...(correlator === undefined ? {} : { correlator }),
});

async function deskOf() {
  const store = await openJobStore();
  const options = { store, device: DEVICE, offered: [], files: new Map(), url: () => 'http://127.0.0.1:1/dm' };
  const job = (update = true) => {
    const { id } = store.add({ device: DEVICE, operation: 'firmware', firmware: { update, descriptor: false } });
    store.start(id);
    return id;
  };
  return { store, desk: new FirmwareDesk(options), job };
}

describe('reports of firmware updates', () => {
  it('end a job once, however often they come and whatever comes after', async () => {
    const { store, desk, job } = await deskOf();
    const id = job();
    for (let count = 0; count < 10; count += 1) expect(desk.take(alertOf('update', '200', id))).toBe(200);
    expect(desk.take(alertOf('update', '410', id))).toBe(200);
    expect(store.get(id)).toMatchObject({ state: 'done', resultCode: 200 });
    expect(desk.reports).toHaveLength(11);
  });

  it('of nothing that was ordered are taken and change nothing', async () => {
    const { store, desk } = await deskOf();
    const other = store.add({ device: DEVICE, operation: 'inventory' });
    store.start(other.id);
    for (const correlator of [undefined, 'nobody', other.id]) {
      expect(desk.take(alertOf('update', '410', correlator))).toBe(200);
    }
    expect(store.list()).toMatchObject([{ state: 'running' }]);
    expect(store.list()).toHaveLength(1);
  });

  it('of another handset, or of what was not begun, change nothing; a wish takes the place of no approval', async () => {
    const { store, desk } = await deskOf();
    const other = store.add({ device: 'IMEI:352099001761481', operation: 'firmware' });
    store.start(other.id);
    const firmware = { device: DEVICE, operation: 'firmware' } as const;
    const waiting = store.add({ ...firmware, approval: 'awaited' });
    for (const { id } of [other, waiting]) expect(desk.take(alertOf('update', '200', id))).toBe(200);
    expect(desk.take(alertOf('userrequest', ''))).toBe(202);
    expect(store.list()).toEqual([{ ...other, state: 'running' }, waiting]);
  });

  it.each([
    ['402', 'failed', 'damaged update package'],
    ['999', 'failed', 'a code that no table has'],
    ['230', 'done', undefined],
    ['0', 'failed', 'a code that no table has'],
  ])('with the code %s leave the job %s', async (code, state, meaning) => {
    const { store, desk, job } = await deskOf();
    const id = job();
    desk.take(alertOf('downloadandupdate', code, id));
    expect(store.get(id)).toMatchObject({ state, resultCode: Number(code) });
    if (meaning !== undefined) expect(store.get(id)?.message).toContain(meaning);
  });

  it('of a download end a job that wants no more, and queue one that wants the update, once', async () => {
    const { store, desk, job } = await deskOf();
    const [only, both] = [job(false), job()];
    desk.take(alertOf('download', '200', only));
    for (let count = 0; count < 3; count += 1) desk.take(alertOf('download', '200', both));
    expect(store.get(only)).toMatchObject({ state: 'done', resultCode: 200 });
    expect(store.get(both)).toMatchObject({ state: 'queued', firmwareFacts: { delivered: true } });
    expect(desk.take(alertOf('userrequest', ''))).toBe(200);
    expect(store.list()).toHaveLength(2);
  });

  it('are told from wishes and from alerts of other kinds', async () => {
    const { store, desk } = await deskOf();
    expect(desk.take({ ...alertOf('x', ''), items: [{ meta: { type: 'urn:other' }, data: '' }] })).toBeUndefined();
    expect(desk.take(alertOf('update', 'nonsense'))).toBeUndefined();
    expect(desk.take(alertOf('devicerequest', ''))).toBe(202);
    expect(store.list()).toEqual([]);
  });
});
