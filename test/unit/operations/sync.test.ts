import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { carryWishes } from '../../../src-main/operations/carry-wishes.ts';
import type { RelayOutcome } from '../../../src-main/relay/relay-outcome.ts';
import { NOTIFICATION_IGNORED } from '../../../src-main/relay/relay-session.ts';
import { QUIET, testHome } from '../host/home.ts';

const DEVICE = 'IMEI:004999010640000';
/** Nothing listens there (RFC 863, which nobody serves on loopback). */
const NOWHERE = 'tcp:127.0.0.1:9';
const job = { id: 'a', operation: 'install', device: DEVICE, package: 'maps', state: 'queued' };

const home = testHome();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** An answer that is far too long. */
const HUGE = {};

/** A DM server that answers each path so; what is not named it does not have. */
async function dmServer(answers: Readonly<Record<string, object>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(`${pathname}${search}`);
    const answer = answers[pathname];
    if (answer === HUGE) return void response.writeHead(200, { 'content-length': 100_000_000 }).write('[');
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer ?? { code: 'nothing' }));
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`, asked };
}

describe('carrying what a DM server wants', () => {
  it('leaves the handset alone when the server wants nothing, has no list of jobs, or waits for approval of all of them', async () => {
    const { connection } = await home.host(home.places());
    // What it wants of another handset is not for this one.
    const other = { id: 'wish', device: 'IMEI:490154203237518', body: 'AAAA' };
    for (const listed of [
      undefined,
      { jobs: [] },
      { jobs: [{ ...job, approval: 'awaited' }] },
      { jobs: 'none' },
      HUGE,
    ]) {
      const dms = await dmServer({
        '/api/v1/notifications': { notifications: listed === undefined ? [other] : [] },
        ...(listed === undefined ? {} : { '/api/v1/jobs': listed }),
      });
      const result = await connection.request('sync', { handset: NOWHERE, device: DEVICE, dms: dms.url }, QUIET);
      expect(result).toMatchObject({
        ...{ operation: 'sync', device: DEVICE, handset: NOWHERE, virtual: true, dms: dms.url, sessions: [] },
        jobs: [{ state: 'skipped', code: 'dms/no-work' }],
      });
      expect(dms.asked).toContain(`/api/v1/notifications?device=${encodeURIComponent(DEVICE)}&wait=1`);
    }
  });

  it('asks nobody while the offline switch is on, and says so of the list of jobs too', async () => {
    const { connection } = await home.host(home.places());
    const dms = await dmServer({});
    await connection.request('host.offline', { offline: true }, QUIET);
    const offline = expect.objectContaining({ code: 'net/offline' });
    await expect(connection.request('sync', { handset: NOWHERE, dms: dms.url }, QUIET)).rejects.toEqual(offline);
    await expect(connection.request('dms.jobs', { dms: dms.url }, QUIET)).rejects.toEqual(offline);
    await expect(connection.request('dms.watch', { dms: dms.url }, QUIET)).rejects.toEqual(offline);
    expect(dms.asked).toEqual([]);
  });

  it('asks for as many jobs as it looks at', async () => {
    const { connection } = await home.host(home.places());
    const dms = await dmServer({ '/api/v1/jobs': { jobs: [job, { ...job, id: 'b' }] } });
    const { jobs } = await connection.request('dms.jobs', { dms: dms.url, limit: 1 }, QUIET);
    expect([jobs.map(({ id }) => id), dms.asked]).toEqual([['b'], ['/api/v1/jobs?limit=1']]);
  });

  it('says that the handset is not there when the server wants a session, and that the server is not when nobody answers', async () => {
    const { connection } = await home.host(home.places());
    const body = Buffer.from('package 0 of the server').toString('base64');
    const dms = await dmServer({
      '/api/v1/notifications': { notifications: [{ id: 'wish', device: DEVICE, body }] },
      '/api/v1/jobs': { jobs: [job] },
    });
    const params = { handset: NOWHERE, device: DEVICE };
    await expect(connection.request('sync', { ...params, dms: dms.url }, QUIET)).rejects.toMatchObject({
      code: 'bearer/unavailable',
    });
    await expect(connection.request('sync', { ...params, dms: 'http://127.0.0.1:9/dm' }, QUIET)).rejects.toMatchObject({
      code: 'dms/unreachable',
    });
    await expect(connection.request('sync', { ...params, dms: 'nobody' }, QUIET)).rejects.toMatchObject({
      code: 'dms/profile-unknown',
    });
    expect(await connection.request('dms.jobs', { dms: dms.url, device: DEVICE, limit: 1 }, QUIET)).toEqual({
      jobs: [job],
    });
  });
});

describe('one session after the other', () => {
  const wish = { id: 'w', device: DEVICE, body: new Uint8Array(1) };
  const goesOn = async () => false;
  const outcome = (more: object = {}): RelayOutcome =>
    ({ id: 'A1', state: 'done', heard: true, cancelled: false, ...more }) as unknown as RelayOutcome;

  it('is carried until the server wants none, fifty of them at most', async () => {
    let wanted = 3;
    const next = async () => (wanted-- > 0 ? wish : undefined);
    const relay = async () => outcome();
    expect((await carryWishes({ next, relay, goesOn })).outcomes).toHaveLength(3);
    expect((await carryWishes({ next: async () => wish, relay, goesOn })).outcomes).toHaveLength(50);
    const failed = async () => outcome({ state: 'failed', code: 'relay/stalled' });
    expect((await carryWishes({ next: async () => wish, relay: failed, goesOn })).outcomes).toHaveLength(1);
  });

  it('counts although the next one comes to nothing', async () => {
    const offline = new PcAgentError('net/offline', 'offline');
    const stop = new DOMException('stopped', 'AbortError');
    for (const [error, end] of [
      [offline, { cancelled: false, trouble: offline }],
      [stop, { cancelled: true }],
    ] as const) {
      let sessions = 0;
      const next = async () => {
        if (sessions === 2) throw error;
        return wish;
      };
      const relay = async () => {
        sessions += 1;
        return outcome({ id: String(sessions) });
      };
      expect(await carryWishes({ next, relay, goesOn })).toEqual({
        outcomes: [outcome({ id: '1' }), outcome({ id: '2' })],
        ...end,
      });
      await expect(carryWishes({ next, relay, goesOn })).rejects.toBe(error);
    }
  });

  it('follows one whose link was lost, as long as there is another way', async () => {
    const lost = outcome({ state: 'failed', code: 'bearer/lost' });
    const ways = [true, true, false];
    const carried = await carryWishes({
      next: async () => wish,
      relay: async () => lost,
      goesOn: async () => ways.shift() === true,
    });
    expect(carried).toEqual({ outcomes: [lost, lost, lost], cancelled: false });
  });

  it('is tried with each nonce that the server has, where the handset takes no notice', async () => {
    const told: (string | undefined)[] = [];
    const next = async (ignored: string | undefined) => {
      told.push(ignored);
      return wish;
    };
    const relay = async () => outcome({ state: 'failed', code: NOTIFICATION_IGNORED });
    await carryWishes({ next, relay, goesOn });
    expect(told).toEqual([undefined, 'w', 'w']);
  });
});
