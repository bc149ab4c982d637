import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src-main/virtual/dms/job.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { startDms, temporaryFolder } from './dms-fixture.ts';

const DEVICE = 'IMEI:490154203237518';
const GET = { kind: 'Get', target: './A' };

function inGroups(depth: number): object {
  return depth === 0 ? GET : { kind: 'Sequence', commands: [inGroups(depth - 1)] };
}

describe('the job interface', () => {
  it('queues a job, shows it and shows how it ended', async () => {
    const { post, get, jobs } = await startDms();
    const made = await post('/api/v1/jobs', { device: DEVICE, operation: 'install', package: 'com.example.game' });
    expect(made.status).toBe(201);
    expect(made.json).toEqual({ id: expect.any(String), state: 'queued' });
    const path = made.headers.get('location') ?? '';
    expect((await get(path)).json).toEqual({
      id: made.json.id,
      device: DEVICE,
      operation: 'install',
      package: 'com.example.game',
      state: 'queued',
    });
    jobs.start(made.json.id);
    expect((await get(path)).json.state).toBe('running');
    const inventory = [{ id: 'a', version: '1', state: 'active' }];
    jobs.finish(made.json.id, { state: 'done', resultCode: 1200, inventory });
    expect((await get(path)).json).toMatchObject({ state: 'done', resultCode: 1200, inventory });
  });

  it('keeps a question and commands as they were asked for', async () => {
    const { post, get } = await startDms();
    const question = { kind: 'input', text: 'PIN?', inputType: 'numeric', hidden: true, suggested: '-1.5' };
    const commands = [
      inGroups(3),
      { kind: 'Add', target: './A', data: '' },
      { kind: 'Alert', code: 1100, texts: ['', 'x'] },
    ];
    const made = [
      await post('/api/v1/jobs', { device: DEVICE, operation: 'ask', question }),
      await post('/api/v1/jobs', { device: DEVICE, operation: 'commands', commands }),
    ];
    const kept = await Promise.all(made.map(({ headers }) => get(headers.get('location') ?? '')));
    expect(kept.map(({ json }) => json)).toMatchObject([{ question }, { commands }]);
  });

  it('finds the jobs of a device with and without the prefix of its id', async () => {
    const { post, get } = await startDms();
    await post('/api/v1/jobs', { device: DEVICE, operation: 'inventory' });
    await post('/api/v1/jobs', { device: '490154203237518', operation: 'remove', component: 'x' });
    await post('/api/v1/jobs', { device: 'IMEI:352099001761481', operation: 'inventory' });
    const operations = async (query: string) =>
      (await get(`/api/v1/jobs${query}`)).json.jobs.map((job: Job) => job.operation);
    expect(await operations('?device=imei:490154203237518')).toEqual(['inventory', 'remove']);
    expect(await operations('')).toHaveLength(3);
  });

  it.each<readonly [body: unknown, status: number, code: string]>([
    [{ device: DEVICE, operation: 'explode' }, 400, 'job/invalid'],
    [{ operation: 'inventory' }, 400, 'job/invalid'],
    [{ device: '', operation: 'inventory' }, 400, 'job/invalid'],
    [{ device: 'a\u0000b', operation: 'inventory' }, 400, 'job/invalid'],
    [{ device: { $ne: 1 }, operation: 'inventory' }, 400, 'job/invalid'],
    [{ device: DEVICE, operation: 'install' }, 400, 'job/package-missing'],
    [{ device: DEVICE, operation: 'install', package: 'none.such' }, 400, 'job/package-unknown'],
    [{ device: DEVICE, operation: 'remove' }, 400, 'job/component-missing'],
    [{ device: DEVICE, operation: 'update', component: 'x' }, 400, 'job/package-unknown'],
    [{ device: DEVICE, operation: 'update' }, 400, 'job/package-missing'],
    [{ device: DEVICE, operation: 'activate' }, 400, 'job/component-missing'],
    [{ device: DEVICE, operation: 'deactivate', package: 'x' }, 400, 'job/component-missing'],
    [
      { device: DEVICE, operation: 'install', package: 'com.example.game', software: { delivery: 'pigeon' } },
      400,
      'job/invalid',
    ],
    [{ device: DEVICE, operation: 'firmware', package: 'none.such' }, 400, 'job/package-unknown'],
    [{ device: DEVICE, operation: 'firmware', firmware: { delivery: 'pigeon' } }, 400, 'job/invalid'],
    [{ device: DEVICE, operation: 'firmware', firmware: { url: 'nowhere' } }, 400, 'job/invalid'],
    [{ device: DEVICE, operation: 'firmware', firmware: { colour: 'red' } }, 400, 'job/invalid'],
    [{ device: DEVICE, operation: 'ask' }, 400, 'job/invalid'],
    ...[
      { kind: 'confirm', text: '' },
      { kind: 'confirm', text: 'x'.repeat(1001) },
      { kind: 'confirm', text: 'Q?', maxSeconds: 3601 },
      { kind: 'input', text: 'Q?', inputType: 'numeric', suggested: 'one' },
      { kind: 'input', text: 'Q?', maxLength: 2, suggested: 'abc' },
      { kind: 'choice', text: 'Q?', choices: [] },
      { kind: 'choice', text: 'Q?', choices: ['a', 'b'], suggested: [3] },
      { kind: 'choice', text: 'Q?', choices: ['a', 'b'], suggested: [1, 2] },
    ].map((question) => [{ device: DEVICE, operation: 'ask', question }, 400, 'job/invalid'] as const),
    [{ device: DEVICE, operation: 'commands' }, 400, 'job/invalid'],
    ...[
      [],
      [{ kind: 'Get' }],
      [{ kind: 'Status', target: './A' }],
      [{ kind: 'Copy', target: './A' }],
      [{ kind: 'Atomic', commands: [] }],
      [{ kind: 'Get', target: './A', commands: [GET] }],
      [{ kind: 'Alert' }],
      [{ kind: 'Alert', code: 1101, question: { kind: 'confirm', text: 'Q?' } }],
      [{ kind: 'Get', target: './A', unknown: 1 }],
      [{ kind: 'Get', target: `./${'x'.repeat(1000)}` }],
      Array(201).fill(GET),
      [
        { kind: 'Sequence', commands: Array(100).fill(GET) },
        { kind: 'Sequence', commands: Array(99).fill(GET) },
      ],
      [inGroups(4)],
    ].map((commands) => [{ device: DEVICE, operation: 'commands', commands }, 400, 'job/invalid'] as const),
    ['[]', 400, 'job/invalid'],
    ['null', 400, 'job/invalid'],
    ['{"device":', 400, 'dms/request-invalid'],
    ['', 400, 'dms/request-invalid'],
    ['{"__proto__":{"a":1}}', 400, 'dms/request-invalid'],
  ])('refuses %j', async (body, status, code) => {
    const { post, get } = await startDms();
    const answer = await post('/api/v1/jobs', body);
    expect(answer.json).toEqual({ code, message: expect.any(String) });
    expect(answer.status).toBe(status);
    expect((await get('/api/v1/jobs')).json.jobs).toEqual([]);
  });

  it.each([
    'application/json; charset=utf-8',
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
  ])('takes JSON that is called %s', async (type) => {
    const { post } = await startDms();
    const job = JSON.stringify({ device: DEVICE, operation: 'inventory' });
    expect(await post('/api/v1/jobs', job, { 'Content-Type': type })).toMatchObject({ status: 201 });
  });

  it('takes nothing from web pages, whatever they call it, and says first what is not there', async () => {
    const { post, get } = await startDms();
    const job = JSON.stringify({ device: DEVICE, operation: 'inventory' });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const foreign = { 'Content-Type': type, Origin: 'http://evil.example' };
      expect(await post('/api/v1/jobs', job, foreign)).toMatchObject({ status: 403 });
      expect(await post('/api/v1/none', 'device=1', { 'Content-Type': type })).toMatchObject({ status: 404 });
    }
    expect((await get('/api/v1/jobs')).json.jobs).toEqual([]);
  });

  it('refuses what is not JSON and jobs that do not exist', async () => {
    const { post, get } = await startDms();
    expect(
      await post('/api/v1/jobs', 'device=1', { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ).toMatchObject({
      status: 415,
      json: { code: 'dms/request-not-json' },
    });
    expect(await get('/api/v1/jobs/none')).toMatchObject({ status: 404, json: { code: 'job/unknown' } });
  });
});

describe('openJobStore', () => {
  it('tells about queued jobs, at once about those that are there', async () => {
    const jobs = await openJobStore();
    const first = jobs.add({ device: DEVICE, operation: 'inventory' });
    const told: string[] = [];
    const stop = jobs.onQueued((job) => told.push(job.id));
    const second = jobs.add({ device: DEVICE, operation: 'inventory' });
    stop();
    jobs.add({ device: DEVICE, operation: 'inventory' });
    expect(told).toEqual([first.id, second.id]);
  });

  it('ends a job once and starts only queued ones', async () => {
    const jobs = await openJobStore();
    const { id } = jobs.add({ device: DEVICE, operation: 'inventory' });
    jobs.start(id);
    expect(jobs.queued(DEVICE)).toEqual([]);
    jobs.finish(id, { state: 'failed', message: 'first' });
    jobs.finish(id, { state: 'done' });
    jobs.start(id);
    expect(jobs.get(id)).toMatchObject({ state: 'failed', message: 'first' });
    expect(() => jobs.start('none')).toThrow(TypeError);
  });

  it('keeps jobs over a restart; one that was running is failed', async () => {
    const state = await temporaryFolder();
    const before = await openJobStore({ state });
    const queued = before.add({ device: DEVICE, operation: 'inventory' });
    const running = before.add({ device: DEVICE, operation: 'remove', component: 'x' });
    const done = before.add({ device: DEVICE, operation: 'inventory' });
    before.start(running.id);
    before.finish(done.id, { state: 'done', inventory: [{ id: 'a', version: '1', state: 's' }] });
    const after = await openJobStore({ state });
    expect(after.get(queued.id)).toEqual(queued);
    expect(after.get(running.id)).toMatchObject({ state: 'failed', message: expect.any(String) });
    expect(after.get(done.id)).toEqual(before.get(done.id));
    expect(after.queued(DEVICE).map((job) => job.id)).toEqual([queued.id]);
  });

  it('goes on waiting for the report of what a handset had accepted before a restart, and orders what is due', async () => {
    const state = await temporaryFolder();
    const before = await openJobStore({ state });
    const install = before.add({ device: DEVICE, operation: 'install', package: 'x' });
    const update = before.add({ device: DEVICE, operation: 'firmware' });
    for (const { id } of [install, update]) {
      before.start(id);
      before.amend(id, { accepted: true });
    }
    before.amend(update.id, { firmwareFacts: { delivered: true }, accepted: undefined });
    const after = await openJobStore({ state });
    expect([after.get(install.id)?.state, after.queued(DEVICE).map(({ id }) => id)]).toEqual(['running', [update.id]]);
    expect(after.finish(install.id, { state: 'done', resultCode: 1200 })).toBe(true);
    // The report may be heard before the answer that says that it has begun.
    after.amend(install.id, { accepted: true });
    expect(after.get(install.id)).toEqual({ ...install, state: 'done', resultCode: 1200 });
  });

  it('refuses a state file that it did not write, and leaves it alone', async () => {
    const state = await temporaryFolder();
    await writeFile(join(state, 'jobs.json'), '{"version":2}');
    await expect(openJobStore({ state })).rejects.toMatchObject({ code: 'dms/state-invalid' });
    await writeFile(join(state, 'jobs.json'), '{"half');
    await expect(openJobStore({ state })).rejects.toMatchObject({ code: 'dms/state-invalid' });
  });
});
