import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcp, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { QUIET, testHome } from '../host/home.ts';

const home = testHome();
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** `hop state code` of each hop. */
async function hopsTo(dms: string): Promise<readonly string[]> {
  const host = await home.host(home.places());
  const parts: unknown[] = [];
  const { hops } = await host.connection.request(
    'dms.test',
    { dms },
    { ...QUIET, part: (part) => void parts.push(part) },
  );
  expect(parts).toEqual(hops);
  expect(hops.every(({ why }) => why !== '')).toBe(true);
  return hops.map(({ hop, state, code }) => [hop, state, code].filter((part) => part !== undefined).join(' '));
}

const http = (answer: RequestListener) => listening(createHttp(answer));

describe('the test of a DM server', () => {
  it('finds the hop at which nobody speaks DM', async () => {
    const port = await http((_request, response) => void response.end('<p>hello'));
    expect(await hopsTo(`http://127.0.0.1:${port}/dm`)).toEqual([
      'name ok',
      'tcp ok',
      'tls skipped',
      'http ok',
      'dm failed dms/answer-unexpected',
    ]);
  });

  it('tells a DM server that refuses from one that is not there', async () => {
    const port = await http((request, response) => {
      response.statusCode = request.method === 'HEAD' ? 405 : 503;
      response.end();
    });
    expect(await hopsTo(`http://127.0.0.1:${port}/dm`)).toEqual([
      'name ok',
      'tcp ok',
      'tls skipped',
      'http ok',
      'dm failed dms/http-status',
    ]);
  });

  it('finds the hop at which there is no HTTP', async () => {
    const port = await listening(createTcp((socket) => void socket.on('error', () => undefined).end('SSH-2.0-x\r\n')));
    const hops = await hopsTo(`http://127.0.0.1:${port}/dm`);
    expect(hops.slice(0, 3)).toEqual(['name ok', 'tcp ok', 'tls skipped']);
    expect(hops[3]).toMatch(/^http failed dms\/answer-/);
    expect(hops[4]).toBe('dm skipped');
  });

  it('finds the hop at which there is no TLS', async () => {
    const port = await http((_request, response) => void response.end());
    expect(await hopsTo(`https://127.0.0.1:${port}/dm`)).toEqual([
      'name ok',
      'tcp ok',
      expect.stringMatching(/^tls failed/),
      'http skipped',
      'dm skipped',
    ]);
  });

  it('needs a profile or an address', async () => {
    const host = await home.host(home.places());
    const tested = host.connection.request('dms.test', { dms: 'nobody' }, QUIET);
    await expect(tested).rejects.toMatchObject({ code: 'dms/profile-unknown' });
  });
});
