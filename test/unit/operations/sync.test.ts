import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
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

/** A DM server that answers each path so; what is not named it does not have. */
async function dmServer(answers: Readonly<Record<string, object>>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    asked.push(`${pathname}${search}`);
    const answer = answers[pathname];
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
    for (const listed of [undefined, { jobs: [] }, { jobs: [{ ...job, approval: 'awaited' }] }, { jobs: 'none' }]) {
      const dms = await dmServer({
        '/api/v1/notifications': { notifications: [] },
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
