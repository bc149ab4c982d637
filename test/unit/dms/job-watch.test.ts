import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { createJobList, type ListedJob } from '../../../src-main/dms/job-list.ts';
import { watchJobs } from '../../../src-main/dms/job-watch.ts';
import { createHttpAgent, type HttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger, type MemoryLedger } from '../../../src-main/net/ledger.ts';
import { httpAnswer, type ScriptedRequest, type ScriptedServer, startScripted } from '../net/scripted-server.ts';

const DEVICE = 'IMEI:004999010640000';
const STREAM_HEAD =
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n';

type Answer = (request: ScriptedRequest, path: string) => void;

const json = (value: unknown, status = '200 OK') =>
  httpAnswer(status, ['Content-Type: application/json'], JSON.stringify(value));
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const job = (id: string, more: Partial<ListedJob> = {}): ListedJob => ({
  ...{ id, operation: 'install', device: DEVICE, state: 'queued' },
  ...more,
});
const coded = (code: string) => expect.objectContaining({ code });

/** A clock on which a pause takes no time, and is written down; the offline switch is looked at as often as can be. */
class QuickClock implements Clock {
  readonly pauses: number[] = [];
  #now = 0;
  now = () => new Date(0);
  monotonic = () => this.#now;
  async sleep(duration: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    // Those of one second are between two looks at the switch.
    if (duration !== 1000) {
      this.pauses.push(duration);
      this.#now += duration;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
    signal.throwIfAborted();
  }
}

describe('the jobs of a DM server', () => {
  let server: ScriptedServer;
  let agent: HttpAgent;
  let ledger: MemoryLedger;
  let clock: QuickClock;
  let told: ListedJob[];
  let stop: AbortController;
  afterEach(async () => {
    stop.abort();
    await agent.close();
    await server.close();
  });

  /** @returns what the watch ends with; it is ended when `enough` says so */
  async function watch(answer: Answer, enough: () => boolean, device: string | undefined = DEVICE): Promise<unknown> {
    server = await startScripted((request) => answer(request, request.head.split(' ', 2)[1] ?? ''));
    agent = createHttpAgent();
    ledger = createMemoryLedger();
    clock = new QuickClock();
    told = [];
    stop = new AbortController();
    const options = { dms: server.url, agent, ledger, initiator: 'test' };
    const { signal } = stop;
    const onJob = (each: ListedJob): void => {
      told.push(each);
      if (enough()) stop.abort();
    };
    return watchJobs({ ...options, jobs: createJobList(options), clock, device, onJob, signal }).catch(
      (error: unknown) => error,
    );
  }

  it('are told oldest first, then each change once, from a stream that stands before the list is read', async () => {
    const paths: string[] = [];
    let state: ListedJob = job('b');
    const ended = await watch(
      ({ socket }, path) => {
        paths.push(path);
        if (path.startsWith('/api/v1/events')) {
          socket.write(STREAM_HEAD);
          const say = (id: number, event: object) => `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
          state = job('b', { state: 'running' });
          socket.write(chunk(`: hello\n\n${say(1, { job: 'b', state: 'running' })}`));
          socket.write(chunk(say(2, { job: 'b', state: 'running', done: 10, total: 40 })));
          socket.write(chunk(say(3, { job: 'b', state: 'running', done: 40, total: 40 })));
          socket.write(chunk(say(4, { what: 'another kind' })));
          setTimeout(() => {
            state = job('b', { state: 'done', resultCode: 1200 });
            socket.write(chunk(say(5, { job: 'b', state: 'done' })));
            // An end is for ever, whatever is said again.
            socket.write(chunk(say(6, { job: 'b', state: 'running', done: 1, total: 40 })));
            socket.write(chunk(say(7, { job: 'c', state: 'queued' })));
          }, 50);
        } else if (path.startsWith('/api/v1/jobs?')) {
          socket.write(
            json({ jobs: [job('x', { device: 'IMEI:004999010640018' }), job('a', { state: 'failed' }), job('b')] }),
          );
        } else socket.write(json(path.endsWith('/c') ? job('c') : state));
      },
      () => told.at(-1)?.id === 'c',
    );
    expect(ended).toMatchObject({ name: 'AbortError' });
    expect(paths.slice(0, 2)).toEqual([
      `/api/v1/events?device=${encodeURIComponent(DEVICE)}`,
      `/api/v1/jobs?device=${encodeURIComponent(DEVICE)}&limit=500`,
    ]);
    expect(told.map(({ id, state: now, progress }) => [id, now, progress?.done])).toEqual([
      ['a', 'failed', undefined],
      ['b', 'queued', undefined],
      ['b', 'running', undefined],
      ['b', 'running', 40],
      ['b', 'done', undefined],
      ['c', 'queued', undefined],
    ]);
    expect(ledger.entries().every(({ purpose }) => purpose === 'job')).toBe(true);
  });

  it('are followed over a lost connection, after the last event that was seen, with growing pauses', async () => {
    const heads: string[] = [];
    await watch(
      ({ socket, head }, path) => {
        if (path.startsWith('/api/v1/jobs?')) return socket.write(json({ jobs: [job(`seen-${heads.length}`)] }));
        if (path.startsWith('/api/v1/jobs/')) return socket.write(json({}, '404 Not Found'));
        heads.push(head);
        if (heads.length === 3) return socket.end(json({ code: 'busy' }, '503 Busy'));
        socket.write(STREAM_HEAD);
        socket.write(
          chunk(`retry: 3000\nid: e-${heads.length}\ndata: ${JSON.stringify({ job: 'gone', state: 'failed' })}\n\n`),
        );
        if (heads.length < 4) setTimeout(() => socket.end(chunk('data: cut off').slice(0, -4)), 10);
        return undefined;
      },
      () => heads.length === 4,
    );
    const ids = heads.map((head) => /^last-event-id: *(.*)$/im.exec(head)?.[1]);
    expect(ids).toEqual([undefined, 'e-1', 'e-2', 'e-2']);
    expect(clock.pauses).toEqual([2000, 4000, 8000]);
  });

  it('are asked for again and again where the server has no events, and each is told once', async () => {
    let lists = 0;
    for (const nothing of ['404 Not Found', '200 OK']) {
      lists = 0;
      await watch(
        ({ socket }, path) => {
          if (path.startsWith('/api/v1/events')) return socket.write(json({}, nothing));
          lists += 1;
          return socket.write(json({ jobs: lists < 3 ? [job('a')] : [job('a'), job('b', { state: 'running' })] }));
        },
        () => told.at(-1)?.id === 'b',
      );
      expect(told.map(({ id }) => id)).toEqual(['a', 'b']);
      expect(clock.pauses).toEqual([5000, 5000]);
      if (nothing.startsWith('404')) {
        await agent.close();
        await server.close();
      }
    }
  });

  it('end with the offline switch, even where the stream stands and is silent', async () => {
    const ended = await watch(
      ({ socket }, path) => {
        if (path.startsWith('/api/v1/events')) return socket.write(STREAM_HEAD);
        setTimeout(() => ledger.setOffline(true), 20);
        return socket.write(json({ jobs: [] }));
      },
      () => false,
    );
    expect(ended).toEqual(coded('net/offline'));
  });

  it('are given up at once when the first connection fails, when the server forbids it, and when it answers nonsense', async () => {
    const cases: readonly (readonly [string, Answer])[] = [
      ['dms/http-status', ({ socket }) => socket.write(json({}, '503 Busy'))],
      ['dms/http-status', ({ socket }) => socket.write(json({}, '403 Forbidden'))],
      ['dms/http-status', ({ socket }) => socket.write(json({}, '302 Found'))],
      ['dms/answer-truncated', ({ socket }) => socket.destroy()],
      [
        'dms/answer-unexpected',
        ({ socket }, path) =>
          socket.write(path.startsWith('/api/v1/events') ? STREAM_HEAD : json({ jobs: [{ id: 1 }] })),
      ],
      [
        'dms/answer-unexpected',
        ({ socket }, path) => {
          if (!path.startsWith('/api/v1/events')) return socket.write(json({ jobs: [] }));
          socket.write(STREAM_HEAD);
          return socket.write(chunk(`data: ${'x'.repeat(70_000)}`));
        },
      ],
    ];
    for (const [code, answer] of cases) {
      expect(await watch(answer, () => false)).toEqual(coded(code));
      if (answer !== cases.at(-1)?.[1]) {
        await agent.close();
        await server.close();
      }
    }
  });
});
