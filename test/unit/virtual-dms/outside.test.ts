import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { temporaryFolder } from './dms-fixture.ts';
import { CLOCK, MODEL, NOTES, startOutside } from './outside-fixture.ts';

const ONE = '004999010640000';
const TWO = '004999010640018';
const MAPS = 'com.example.maps';

describe('work for a model', () => {
  it('is a job for each handset that is known, and one for each that comes while the order is open', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS);
    const [one, two] = [dms.handset(ONE), dms.handset(TWO)];
    const other = dms.handset('004999010640026', { model: 'Other' });
    for (const each of [one, other]) expect(await each.come()).toEqual({ ok: true });
    const made = await dms.send('POST', '/api/v1/jobs', { model: MODEL, operation: 'install', package: MAPS });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ id: expect.any(String), state: 'queued', order: made.json.id });
    expect(made.json.jobs).toHaveLength(1);
    expect([await dms.called(one.id), await dms.called(other.id)]).toEqual([1, 0]);
    for (const each of [one, two, other, two]) expect(await each.come()).toEqual({ ok: true });
    const order = (await dms.get(`/api/v1/orders/${made.json.id}`)).json;
    expect(order).toMatchObject({ model: MODEL, state: 'open', operation: 'install', package: MAPS });
    expect(order.jobs).toMatchObject([
      { device: one.id, state: 'done', resultCode: 1200 },
      { device: two.id, state: 'done', resultCode: 1200 },
    ]);
    expect((await dms.get(`/api/v1/jobs?order=${order.id}`)).json.jobs).toMatchObject([
      { model: MODEL, order: order.id },
      { model: MODEL, device: two.id },
    ]);
    // What the session of its own accord has done calls nobody.
    expect(await dms.called(two.id)).toBe(0);
    expect((await dms.send('DELETE', `/api/v1/orders/${order.id}`)).json.state).toBe('closed');
    const late = dms.handset('004999010640034');
    await late.come();
    expect(dms.jobsOf(late.id)).toEqual([]);
  });

  it('waits for one approval, and is over by its date or when it is refused', async () => {
    const dms = await startOutside();
    const [one, two] = [dms.handset(ONE), dms.handset(TWO)];
    await one.come();
    const ask = { model: MODEL, operation: 'inventory', approval: 'required', requestedBy: 'Shop' };
    const granted = (await dms.send('POST', '/api/v1/jobs', ask)).json;
    expect(granted).toMatchObject({ state: 'queued', approval: 'awaited', order: granted.id });
    const until = new Date(dms.clock.now().getTime() + 1000).toISOString();
    const refused = (await dms.send('POST', '/api/v1/jobs', { ...ask, until })).json;
    await two.come();
    expect(dms.jobsOf(two.id)).toEqual(['inventory queued awaited', 'inventory queued awaited']);
    const verdict = { authority: 'Operator', verdict: 'grant' };
    expect((await dms.send('POST', `/api/v1/orders/${granted.id}/approval`, verdict)).json).toMatchObject({
      ...{ approval: 'granted', state: 'open', judgement: verdict, requestedBy: 'Shop' },
      jobs: [{ approval: 'granted' }, { approval: 'granted' }],
    });
    expect((await dms.send('POST', `/api/v1/orders/${granted.id}/approval`, verdict)).status).toBe(409);
    // By the way of jobs it is told apart, and decided the same.
    expect(await dms.send('GET', `/api/v1/jobs/${refused.id}`)).toMatchObject({
      ...{ status: 404, json: { code: 'job/unknown' } },
      text: expect.stringContaining(`/api/v1/orders/${refused.id}`),
    });
    const refusal = { ...verdict, verdict: 'refuse' };
    expect(await dms.send('POST', `/api/v1/jobs/${refused.id}/approval`, refusal)).toMatchObject({
      ...{
        status: 200,
        json: { id: refused.id, approval: 'refused', jobs: [{ state: 'failed' }, { state: 'failed' }] },
      },
    });
    expect((await dms.send('POST', `/api/v1/jobs/${refused.id}/approval`, refusal)).status).toBe(409);
    expect((await dms.send('POST', '/api/v1/jobs/none/approval', refusal)).json.code).toBe('job/unknown');
    await two.come();
    expect(dms.jobsOf(two.id)).toEqual(['inventory done granted', 'inventory failed refused']);
    const late = dms.handset('004999010640034');
    await late.come();
    expect(dms.jobsOf(late.id)).toEqual(['inventory done granted']);
    await dms.send('POST', '/api/v1/jobs', { model: MODEL, operation: 'inventory', until });
    await dms.clock.pass(2000);
    const last = dms.handset('004999010640042');
    await last.come();
    expect(dms.jobsOf(last.id)).toEqual(['inventory done granted']);
  });
});

describe('an order', () => {
  it('whose jobs could not be decided waits for its approval as they do', async () => {
    const state = await temporaryFolder();
    const dms = await startOutside({ state });
    for (const imei of [ONE, TWO]) dms.outside.book.met(imei, { model: MODEL });
    const ask = { model: MODEL, operation: 'inventory', approval: 'required' };
    const { id } = (await dms.send('POST', '/api/v1/jobs', ask)).json;
    const file = join(state, 'jobs.json');
    await rename(file, `${file}.aside`);
    await mkdir(file);
    const verdict = { authority: 'Operator', verdict: 'grant' };
    expect((await dms.send('POST', `/api/v1/orders/${id}/approval`, verdict)).status).toBe(500);
    await rmdir(file);
    expect((await dms.get(`/api/v1/orders/${id}`)).json).toMatchObject({ approval: 'awaited', state: 'open' });
    expect((await dms.send('POST', `/api/v1/orders/${id}/approval`, verdict)).status).toBe(200);
    expect([dms.jobsOf(ONE), dms.jobsOf(TWO)]).toEqual(Array(2).fill(['inventory queued granted']));
  });

  it('whose jobs find no room is none', async () => {
    const dms = await startOutside();
    for (const imei of [ONE, TWO]) dms.outside.book.met(imei, { model: MODEL });
    dms.jobs.addAll(Array.from({ length: 9_999 }, () => ({ device: ONE, operation: 'inventory' as const })));
    const refused = await dms.send('POST', '/api/v1/jobs', { model: MODEL, operation: 'inventory' });
    expect([refused.status, refused.json.code]).toEqual([503, 'job/too-many']);
    expect((await dms.get('/api/v1/orders')).json.orders).toEqual([]);
    expect(dms.jobs.list()).toHaveLength(9_999);
  });
});

describe('a server whose jobs have no room', () => {
  it('goes on with the sessions of handsets that have some', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS);
    const one = dms.handset(ONE);
    await dms.send('POST', '/api/v1/jobs', { model: MODEL, operation: 'inventory' });
    await dms.send('PUT', `/api/v1/rules/${MODEL}`, { packages: [MAPS] });
    dms.jobs.add({ device: ONE, operation: 'inventory' });
    dms.jobs.addAll(Array.from({ length: 9_999 }, () => ({ device: TWO, operation: 'inventory' as const })));
    one.made.beginSoftware('want', MAPS);
    expect(await one.come()).toEqual({ ok: true });
    // In the place of the job that it has done.
    expect(dms.jobsOf(one.id)).toEqual([`install ${MAPS} done`]);
    expect(await one.come()).toEqual({ ok: true });
    expect(dms.jobsOf(one.id)).toEqual(['inventory done']);
  });
});

describe('a job that needs approval', () => {
  it('calls nobody and is done in no session until another authority grants it', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS);
    const one = dms.handset(ONE);
    const ask = { device: one.id, operation: 'install', package: MAPS, approval: 'required', requestedBy: 'Shop' };
    const { id, ...said } = (await dms.send('POST', '/api/v1/jobs', ask)).json;
    expect(said).toEqual({ state: 'queued', approval: 'awaited' });
    const path = `/api/v1/jobs/${id}`;
    await one.come();
    // A wish of the handset does not take its place.
    one.made.beginSoftware('want', MAPS);
    await one.come();
    expect((await dms.get(path)).json).toMatchObject({ state: 'queued', approval: 'awaited', requestedBy: 'Shop' });
    expect(dms.jobsOf(one.id)).toHaveLength(1);
    expect(await dms.called(one.id)).toBe(0);
    for (const authority of ['Shop', ' sHoP ', 'Ｓｈｏｐ']) {
      const self = await dms.send('POST', `${path}/approval`, { authority, verdict: 'grant' });
      expect([self.status, self.json.code]).toEqual([409, 'approval/same-authority']);
    }
    const granted = await dms.send('POST', `${path}/approval`, { authority: 'Operator', verdict: 'grant' });
    expect(granted.json).toMatchObject({ state: 'queued', approval: 'granted', judgement: { authority: 'Operator' } });
    expect(await dms.called(one.id)).toBe(1);
    const again = await dms.send('POST', `${path}/approval`, { authority: 'Operator', verdict: 'refuse' });
    expect([again.status, again.json.code]).toEqual([409, 'approval/not-awaited']);
    await one.come();
    expect((await dms.get(path)).json).toMatchObject({ state: 'done', resultCode: 1200, approval: 'granted' });
  });

  it('fails when it is refused, with the reason', async () => {
    const dms = await startOutside();
    const one = dms.handset(ONE);
    const ask = { device: one.id, operation: 'remove', component: CLOCK, approval: 'required' };
    const { id } = (await dms.send('POST', '/api/v1/jobs', ask)).json;
    const verdict = { authority: 'Works council', verdict: 'refuse', reason: 'it is in use' };
    await dms.send('POST', `/api/v1/jobs/${id}/approval`, verdict);
    await one.come();
    expect(dms.jobs.get(id)).toMatchObject({
      ...{ state: 'failed', approval: 'refused', message: 'Works council refused it: it is in use' },
    });
    expect(one.made.device.agent.components).toHaveLength(2);
  });
});

describe('rules', () => {
  const rule = (packages: readonly unknown[], more: object = {}) => ({ packages, ...more });
  const PATH = `/api/v1/rules/${MODEL}`;

  it('bring what a handset lacks or has in an older version, in the session in which it comes, and nothing else', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS);
    await dms.offer(CLOCK, { version: '1.5' });
    await dms.offer(NOTES, { version: '1.0' });
    expect((await dms.send('PUT', PATH, rule([MAPS, { package: CLOCK, urgency: 'high' }, NOTES]))).status).toBe(201);
    const [one, other] = [dms.handset(ONE), dms.handset(TWO, { model: 'Other' })];
    for (const each of [one, other]) expect(await each.come()).toEqual({ ok: true });
    expect(dms.jobsOf(one.id)).toEqual([`install ${MAPS} done`, `update ${CLOCK} done`]);
    expect(dms.jobs.list(one.id)[0]).toMatchObject({ rule: MODEL, model: MODEL, resultCode: 1200 });
    await one.come();
    expect(dms.jobsOf(one.id)).toHaveLength(2);
    expect([dms.jobsOf(other.id), await dms.called(one.id)]).toEqual([[], 0]);
    // A newer version is found when the known handsets are looked at, and calls for a session.
    await dms.offer(MAPS, { version: '1.1', bytes: new Uint8Array(2001) });
    await dms.outside.review();
    expect(dms.jobsOf(one.id).at(-1)).toBe(`update ${MAPS} queued`);
    expect(await dms.called(one.id)).toBe(1);
    await one.come();
    expect(dms.jobsOf(one.id).slice(2)).toEqual([`update ${MAPS} done`]);
    // What was there and is gone is brought again; with the rule dropped nothing is.
    for (const _ of [1, 2]) {
      one.made.beginSoftware('remove', MAPS);
      await one.come();
      expect(one.made.device.agent.components.some(({ id }) => id === MAPS)).toBe(true);
    }
    expect((await dms.send('DELETE', PATH)).status).toBe(204);
    one.made.beginSoftware('remove', MAPS);
    await one.come();
    expect(dms.jobsOf(one.id)).toHaveLength(5);
  });

  it('try a version once on a handset where it fails, until they are said anew or there is another', async () => {
    const state = await temporaryFolder();
    const dms = await startOutside({ state });
    await dms.offer(MAPS);
    const one = dms.handset(ONE, { faults: [{ name: 'install-fails', value: '1405' }] });
    await one.come();
    await dms.send('PUT', PATH, rule([MAPS]));
    expect(await dms.called(one.id)).toBe(1);
    for (let count = 0; count < 3; count += 1) await one.come();
    expect(dms.jobsOf(one.id)).toEqual([`install ${MAPS} failed`]);
    // Also after a restart of the server.
    const { outside } = await startOutside({ state });
    expect(outside.rules.apply(outside.book.get(one.id) ?? fail(), await dms.packages.list())).toEqual([]);
    await dms.send('PUT', PATH, rule([MAPS]));
    await one.come();
    await dms.offer(MAPS, { version: '1.1', bytes: new Uint8Array(2001) });
    for (let count = 0; count < 3; count += 1) await one.come();
    expect(dms.jobsOf(one.id)).toHaveLength(3);
  });

  it('ask a handset of which nothing comes to be known a few times, and not for ever', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS);
    dms.outside.book.met(ONE, { model: MODEL });
    await dms.send('PUT', PATH, rule([MAPS]));
    for (let count = 0; count < 10; count += 1) {
      for (const job of dms.jobs.queued(ONE)) dms.jobs.finish(job.id, { state: 'failed', message: 'no SCOMO object' });
      await dms.outside.review();
    }
    expect(dms.jobsOf(ONE)).toEqual(Array(3).fill('inventory failed'));
  });

  it('may demand approval, and ask a handset of which nothing is known', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS);
    const one = dms.handset(ONE);
    dms.outside.book.met(one.id, { model: MODEL });
    await dms.send('PUT', PATH, rule([MAPS], { approval: 'required', requestedBy: 'Shop' }));
    await dms.outside.review();
    expect(dms.jobsOf(one.id)).toEqual(['inventory queued']);
    for (const _ of [1, 2]) await one.come();
    expect(dms.jobsOf(one.id)).toEqual(['inventory done', `install ${MAPS} queued awaited`]);
    const { id } = dms.jobs.list(one.id)[1] ?? fail();
    await dms.send('POST', `/api/v1/jobs/${id}/approval`, { authority: 'Operator', verdict: 'grant' });
    await one.come();
    expect(dms.jobsOf(one.id)[1]).toBe(`install ${MAPS} done granted`);
    expect((await dms.get('/api/v1/rules')).json.rules).toEqual([
      { model: MODEL, packages: [{ package: MAPS }], approval: 'required', requestedBy: 'Shop' },
    ]);
    expect((await dms.get(PATH)).json.packages).toEqual([{ package: MAPS }]);
  });
});

describe('checks by schedule', () => {
  it('read the inventory each time they are due, never twice at once, and compare it with what is wanted', async () => {
    const dms = await startOutside();
    await dms.offer(MAPS, { urgency: 'low' });
    await dms.offer(CLOCK, { version: '2.0', urgency: 'critical' });
    const ending = new AbortController();
    const running = dms.outside.run(ending.signal, fail);
    const one = dms.handset(ONE);
    await one.come();
    const wanted = [MAPS, { id: CLOCK }, { id: 'com.example.gone', version: '3' }, { id: NOTES, version: '0.9' }];
    const made = await dms.send('POST', '/api/v1/schedules', { model: MODEL, every: 60, wanted, urgency: 'normal' });
    expect(made.json).toMatchObject({ id: expect.any(String), model: MODEL, every: 60 });
    await dms.clock.pass(1);
    expect(dms.jobsOf(one.id)).toEqual(['inventory queued']);
    await dms.clock.pass(180_000);
    expect(dms.jobsOf(one.id)).toEqual(['inventory queued']);
    await one.come();
    await dms.clock.pass(60_000);
    expect(dms.jobsOf(one.id)).toEqual(['inventory done', 'inventory queued']);
    expect(dms.jobs.list(one.id)[1]?.schedule).toBe(made.json.id);
    const path = `/api/v1/comparisons?device=${one.id}`;
    const readAt = (await dms.get(path)).json.comparisons[0].readAt;
    expect((await dms.get(path)).json.comparisons).toEqual([
      {
        ...{ device: one.id, model: MODEL, readAt, wanted: 4 },
        missing: [
          { id: MAPS, version: '1.0', urgency: 'normal', package: MAPS },
          { id: 'com.example.gone', version: '3', urgency: 'normal' },
        ],
        outdated: [{ id: CLOCK, has: '1.4', wanted: '2.0', urgency: 'normal', package: CLOCK }],
        extra: [],
      },
    ]);
    const csv = (await dms.send('GET', `${path}&format=csv`)).text.split('\r\n');
    expect(csv).toEqual([
      'device,model,readAt,finding,component,has,wanted,urgency,package',
      `${one.id},V1,${readAt},missing,${MAPS},,1.0,normal,${MAPS}`,
      `${one.id},V1,${readAt},missing,com.example.gone,,3,normal,`,
      `${one.id},V1,${readAt},outdated,${CLOCK},1.4,2.0,normal,${CLOCK}`,
      '',
    ]);
    const install = await dms.send('POST', `/api/v1/comparisons/${one.id}/install-missing`);
    expect(install.status).toBe(201);
    expect(install.json).toMatchObject({
      jobs: [
        { operation: 'install', package: MAPS },
        { operation: 'update', package: CLOCK },
      ],
      without: ['com.example.gone'],
    });
    const twice = await dms.send('POST', `/api/v1/comparisons/${one.id}/install-missing`, { approval: 'required' });
    expect([twice.status, twice.json.jobs]).toEqual([200, []]);
    expect(twice.json.waiting).toEqual([
      { package: MAPS, job: install.json.jobs[0].id },
      { package: CLOCK, job: install.json.jobs[1].id },
    ]);
    expect((await dms.send('POST', `/api/v1/comparisons/${one.id}/install-missing`, '')).status).toBe(200);
    await one.come();
    expect((await dms.get('/api/v1/comparisons')).json.comparisons).toMatchObject([
      { missing: [{ id: 'com.example.gone' }], outdated: [], extra: [] },
    ]);
    await dms.send('DELETE', `/api/v1/schedules/${made.json.id}`);
    const before = dms.jobsOf(one.id).length;
    await dms.clock.pass(600_000);
    expect(dms.jobsOf(one.id)).toHaveLength(before);
    ending.abort();
    await running;
  });

  it('name what is too much, and make no formula of what a handset calls itself', async () => {
    const dms = await startOutside();
    await dms.send('POST', '/api/v1/schedules', { device: '=SUM(A1)', every: 1, wanted: [{ id: CLOCK }] });
    dms.outside.book.sawInventory('=SUM(A1)', [
      { id: CLOCK, version: '1', state: 'active' },
      { id: '@a,"b"\nc', version: '-1', state: 'active' },
    ]);
    const { text } = await dms.send('GET', '/api/v1/comparisons?format=csv');
    expect(text.slice(text.indexOf('\r\n') + 2)).toMatch(/^'=SUM\(A1\),,[^,]+,extra,"'@a,""b""\nc",'-1,,,\r\n$/);
  });

  it('go on when the clock was set back', async () => {
    const state = await temporaryFolder();
    const ahead = await startOutside({ state });
    await ahead.clock.pass(1_000_000_000);
    await ahead.send('POST', '/api/v1/schedules', { device: ONE, every: 10 });
    ahead.outside.schedules.tick();
    ahead.jobs.finish(ahead.jobs.list()[0]?.id ?? '', { state: 'done' });
    const dms = await startOutside({ state });
    expect(dms.outside.schedules.tick()).toBe(10_000);
    await dms.clock.pass(10_000);
    dms.outside.schedules.tick();
    expect(dms.jobsOf(ONE)).toEqual(['inventory done', 'inventory queued']);
  });

  it('are made up for once after the server was away', async () => {
    const state = await temporaryFolder();
    const before = await startOutside({ state });
    await before.send('POST', '/api/v1/schedules', { device: ONE, every: 10 });
    before.outside.schedules.tick();
    const after = await startOutside({ state });
    expect(after.jobsOf(ONE)).toEqual(['inventory queued']);
    await after.clock.pass(1_000_000);
    after.jobs.start(after.jobs.list()[0]?.id ?? '');
    after.jobs.finish(after.jobs.list()[0]?.id ?? '', { state: 'done' });
    expect(after.outside.schedules.tick()).toBe(10_000);
    expect(after.jobsOf(ONE)).toEqual(['inventory done', 'inventory queued']);
    // Of many checks the last are kept.
    for (let count = 0; count < 20; count += 1) {
      const { id } = after.jobs.list(ONE).at(-1) ?? fail();
      after.jobs.finish(id, { state: 'done' });
      await after.clock.pass(10_000);
      after.outside.schedules.tick();
    }
    expect(after.jobsOf(ONE)).toHaveLength(11);
    expect((await after.get('/api/v1/jobs?limit=1')).json.jobs).toMatchObject([{ state: 'queued' }]);
  });
});

describe('what is known of a handset', () => {
  it('is its model, firmware, last session, components, what they are outdated by, and what was removed', async () => {
    const state = await temporaryFolder();
    const dms = await startOutside({ state });
    await dms.offer(CLOCK, { version: '2.0', urgency: 'critical' });
    await dms.offer('for-others', { model: 'Other' });
    const one = dms.handset(ONE);
    await one.come();
    one.made.beginSoftware('remove', NOTES);
    await one.come();
    const { json } = await dms.get(`/api/v1/devices/${ONE}`);
    expect(json).toMatchObject({
      ...{ device: one.id, model: MODEL, firmware: '1.0', outdated: 1, missing: 0, urgency: 'critical' },
      lastSession: { state: 'done', at: expect.any(String) },
      readAt: expect.any(String),
      removed: [{ id: NOTES, version: '1.0' }],
    });
    expect(json.components).toMatchObject([
      { id: CLOCK, version: '1.4', state: 'active', newer: { version: '2.0', urgency: 'critical', package: CLOCK } },
    ]);
    const row = (await dms.get('/api/v1/devices')).json.devices;
    expect(row).toMatchObject([{ device: one.id, outdated: 1, urgency: 'critical' }]);
    expect(Object.keys(row[0])).not.toContain('components');
    const after = await startOutside({ state });
    expect((await after.get(`/api/v1/devices/${one.id}`)).json).toMatchObject({ firmware: '1.0', model: MODEL });
  });

  it('is the firmware that a PC reports when it was seen later, with a time of its own', async () => {
    const dms = await startOutside();
    dms.outside.book.met(ONE, { model: MODEL });
    dms.outside.book.sawFirmware(ONE, '1.0');
    const seenAt = (await dms.get(`/api/v1/devices/${ONE}`)).json.firmwareReadAt;
    const later = (seconds: number) => new Date(Date.parse(seenAt) + seconds * 1000).toISOString();
    const report = async (key: string, at: string, version: string, more: object = {}) => {
      const changed = [{ id: 'firmware', field: 'version', before: '1.0', after: version }];
      const difference = { added: [], removed: [], changed };
      const body = { job: key, device: ONE, operation: 'firmware', state: 'done', at, difference, ...more };
      expect((await dms.post('/api/v1/reports', body, { 'Idempotency-Key': key })).status).toBe(201);
      const { firmware, firmwareReadAt } = (await dms.get(`/api/v1/devices/${ONE}`)).json;
      return [firmware, firmwareReadAt];
    };
    expect(await report('old', later(-1), '0.9')).toEqual(['1.0', seenAt]);
    expect(await report('failed', later(1), '2.0', { state: 'failed' })).toEqual(['1.0', seenAt]);
    expect(await report('new', later(2), '2.0')).toEqual(['2.0', later(2)]);
    expect(await report('late', later(1), '1.5')).toEqual(['2.0', later(2)]);
    // A clock that is ahead counts as when the report came.
    const [version, readAt] = await report('ahead', '2999-01-01T00:00:00Z', '3.0');
    expect([version, Date.parse(readAt) <= Date.now()]).toEqual(['3.0', true]);
    await report('stranger', later(3), '2.0', { device: TWO });
    expect((await dms.get(`/api/v1/devices/${TWO}`)).status).toBe(404);
  });

  it('is nothing of one that has not proved itself', async () => {
    const dms = await startOutside();
    const stranger = dms.handset(ONE, { faults: [{ name: 'wrong-password' }] });
    expect(await stranger.come()).toMatchObject({ ok: false });
    expect((await dms.get('/api/v1/devices')).json.devices).toEqual([]);
  });
});

describe('the list of packages', () => {
  it('shows what a package of several components needs, and which package on offer brings it', async () => {
    const dms = await startOutside();
    const content = new Uint8Array(10);
    const component = (id: string, needs: readonly { id: string; version?: string }[]) => ({
      ...{ id, name: id, version: '2.0', content, needs },
    });
    const bytes = writeSoftware(
      [component('a', [{ id: 'b' }, { id: 'jvm', version: '1.2' }]), component('b', [{ id: 'jvm' }, { id: 'x' }])],
      { digest: nodeDigest },
    );
    await dms.offer('suite', { bytes });
    await dms.offer('jvm', { version: '1.3' });
    const [jvm, suite] = (await dms.get('/packages/index.json')).json;
    expect(suite).toMatchObject({
      components: [
        { id: 'a', needs: [{ id: 'b' }, { id: 'jvm', version: '1.2' }] },
        { id: 'b', needs: [{ id: 'jvm' }, { id: 'x' }] },
      ],
      needs: [{ id: 'jvm', version: '1.2', package: 'jvm' }, { id: 'x' }],
    });
    expect(jvm).not.toHaveProperty('needs');
  });
});

function fail(error?: unknown): never {
  throw error instanceof Error ? error : new Error('this was not to happen');
}
