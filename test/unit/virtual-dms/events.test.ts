import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { createEventHub } from '../../../src-main/virtual/dms/event-hub.ts';
import { openJobStore } from '../../../src-main/virtual/dms/job-store.ts';
import { startDms } from './dms-fixture.ts';

const ONE = 'IMEI:490154203237518';
const TWO = 'IMEI:352099001761481';

/** Reads a stream of events until so many have come, or to its end. */
async function follow(url: string, headers: Record<string, string> = {}) {
  const ending = new AbortController();
  const answer = await fetch(url, { headers, signal: ending.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const events = () =>
    text
      .split('\n\n')
      .slice(0, -1)
      .filter((block) => block.includes('data:'));
  return {
    answer,
    stop: () => ending.abort(),
    async alive() {
      while (!text.includes(': still here')) text += (await reader?.read())?.value ?? '';
    },
    async take(count = Number.POSITIVE_INFINITY) {
      while (events().length < count) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) break;
        text += piece.value;
      }
      return events().map((block) => {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        return { id: field('id'), event: field('event'), data: JSON.parse(field('data') ?? 'null') };
      });
    },
  };
}

describe('server-sent events', () => {
  it('tell of each change of the jobs that are wanted, and of large objects', async () => {
    const dms = await startDms();
    const all = await follow(`${dms.url}/api/v1/events`);
    const ofOne = await follow(`${dms.url}/api/v1/events?device=${ONE.slice(5)}`);
    expect(all.answer.headers.get('content-type')).toBe('text/event-stream');
    const two = dms.jobs.add({ device: TWO, operation: 'inventory', approval: 'awaited' });
    const one = dms.jobs.add({ device: ONE, operation: 'install', package: 'p' });
    dms.jobs.start(one.id);
    dms.jobs.amend(one.id, { softwareFacts: { before: [] } });
    dms.jobs.advance(one.id, { done: 5, total: 10 });
    dms.jobs.advance(two.id, { done: 5, total: 10 });
    expect((await dms.get(`/api/v1/jobs/${one.id}`)).json.progress).toEqual({ done: 5, total: 10 });
    dms.jobs.finish(one.id, { state: 'failed', resultCode: 1405, message: 'm'.repeat(1000) });
    expect((await dms.get(`/api/v1/jobs/${one.id}`)).json).not.toHaveProperty('progress');
    const about = { job: one.id, device: ONE, operation: 'install', package: 'p' };
    const told = (await ofOne.take(4)).map(({ data }) => data);
    expect(told).toEqual([
      { ...about, state: 'queued' },
      { ...about, state: 'running' },
      { ...about, state: 'running', done: 5, total: 10 },
      { ...about, state: 'failed', resultCode: 1405, message: 'm'.repeat(300) },
    ]);
    const [first] = await all.take(5);
    expect(first?.data).toMatchObject({ job: two.id, state: 'queued', approval: 'awaited' });
    for (const each of [all, ofOne]) each.stop();
  });

  it('of one job begin with how it stands and end with it', async () => {
    const dms = await startDms();
    const { id } = dms.jobs.add({ device: ONE, operation: 'inventory' });
    const path = `${dms.url}/api/v1/jobs/${id}/events`;
    const one = await follow(path);
    expect(await one.take(1)).toMatchObject([{ data: { job: id, state: 'queued' } }]);
    dms.jobs.add({ device: ONE, operation: 'inventory' });
    dms.jobs.start(id);
    dms.jobs.finish(id, { state: 'done' });
    expect((await one.take()).map(({ data }) => data.state)).toEqual(['queued', 'running', 'done']);
    expect((await (await follow(path)).take()).map(({ data }) => data.state)).toEqual(['done']);
  });

  it('come again after the one that a reader names, and say so when some are kept no longer', async () => {
    const dms = await startDms();
    const url = `${dms.url}/api/v1/events`;
    const { id } = dms.jobs.add({ device: ONE, operation: 'inventory' });
    dms.jobs.start(id);
    for (let done = 1; done <= 3000; done += 1) dms.jobs.advance(id, { done, total: 3000 });
    dms.jobs.finish(id, { state: 'done' });
    const everything = await (await follow(url, { 'last-event-id': 'of-another-run' })).take(5);
    expect(everything[0]).toMatchObject({ event: 'gap', data: { lost: true } });
    // A package of any size leaves room for what else was told.
    expect(everything.slice(1).map(({ data }) => data.done ?? data.state)).toEqual(['queued', 'running', 3000, 'done']);
    const rest = await (await follow(url, { 'last-event-id': everything[2]?.id ?? '' })).take(2);
    expect(rest.map(({ data, event }) => event ?? data.done ?? data.state)).toEqual([3000, 'done']);
    for (let count = 0; count < 1001; count += 1) dms.jobs.add({ device: TWO, operation: 'inventory' });
    const late = await follow(`${url}?device=${ONE}`, { 'last-event-id': everything[2]?.id ?? '' });
    expect(await late.take(1)).toMatchObject([{ event: 'gap' }]);
    late.stop();
  });

  it('are told to no more than a hundred, show signs of life, and end with the server', async () => {
    const dms = await startDms({ heartbeat: milliseconds(5) });
    const url = `${dms.url}/api/v1/events`;
    const readers = await Promise.all(Array.from({ length: 100 }, () => follow(url)));
    const refused = await dms.get('/api/v1/events');
    expect([refused.status, refused.json.code]).toEqual([503, 'events/too-many-listeners']);
    readers[1]?.stop();
    await readers[0]?.alive();
    // Who has left makes room for another.
    let again = await fetch(url);
    while (again.status === 503) again = await fetch(url);
    expect(again.status).toBe(200);
    await dms.server.close();
    for (const reader of readers.slice(2)) await reader.take();
  });

  it('drop who does not read', async () => {
    const dms = await startDms();
    const socket = connect(dms.port, '127.0.0.1');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.write('GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const { id } = dms.jobs.add({ device: ONE, operation: 'install', package: 'p'.repeat(256) });
    dms.jobs.start(id);
    for (let done = 0; done < 20_000; done += 1) dms.jobs.advance(id, { done, total: 20_000 });
    socket.resume();
    await closed;
    expect(socket.bytesRead).toBeLessThan(20_000 * 400);
  });
});

describe('the hub of events', () => {
  it('knows its own numbers, and takes none from the future', async () => {
    const jobs = await openJobStore();
    const hub = createEventHub(jobs, 'run');
    jobs.add({ device: ONE, operation: 'inventory' });
    const lost = (lastId: string): boolean => {
      const { lost: said, stop } = hub.listen({}, () => undefined, lastId);
      stop();
      return said;
    };
    expect(['run-0', 'run-1', 'run-2', 'run--1', 'run-', 'run-x', 'ran-1', ''].map(lost)).toEqual([
      ...[false, false, true, true, true, true, true, true],
    ]);
  });
});
