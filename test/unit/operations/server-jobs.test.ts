import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import type { LocalConnection } from '../../../src-main/host/local-client.ts';
import { QUIET, testHome } from '../host/home.ts';

const home = testHome();
const device = 'IMEI:490154203237518';
const target = { handset: 'tcp:127.0.0.1:9', device };
const PKG = 'com.example.game';

/** A DM server that takes jobs and wants no session; the bodies of the jobs. */
async function strangeServer() {
  const jobs: unknown[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') jobs.push(JSON.parse(await text(request)));
    response.writeHead(request.method === 'POST' ? 201 : 404, { 'content-type': 'application/json' });
    response.end('{"id":"1","state":"queued"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { dms: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`, jobs };
}

type Ask = (host: Pick<LocalConnection, 'request'>, dms: string) => Promise<unknown>;
type Consent = 'required' | 'if-possible' | 'none';

const asked = (consent: Consent | undefined) => ({ ...target, ...(consent === undefined ? {} : { consent }) });
const wish = (policy: Consent, text: string) => ({ consent: { policy, text } });

const ROWS: readonly (readonly [name: string, ask: Ask, body: object])[] = [
  [
    'an installation of which nothing is said',
    (host, dms) => host.request('install', { ...asked(undefined), dms, packages: [PKG] }, QUIET),
    { operation: 'install', package: PKG },
  ],
  [
    'an installation of which nobody is to be asked',
    (host, dms) => host.request('install', { ...asked('none'), dms, packages: [PKG] }, QUIET),
    { operation: 'install', package: PKG },
  ],
  [
    'an installation that is left inactive, and asked for',
    (host, dms) => host.request('install', { ...asked('required'), dms, packages: [PKG], inactive: true }, QUIET),
    { operation: 'install', package: PKG, software: { activate: false, ...wish('required', `Install ${PKG}?`) } },
  ],
  [
    'an update',
    (host, dms) => host.request('update', { ...asked('if-possible'), dms, packages: [PKG] }, QUIET),
    { operation: 'update', package: PKG, software: wish('if-possible', `Update ${PKG}?`) },
  ],
  [
    'an activation',
    (host, dms) => host.request('activate', { ...asked('required'), dms, component: PKG }, QUIET),
    { operation: 'activate', component: PKG, software: wish('required', `Activate ${PKG}?`) },
  ],
  [
    'firmware',
    (host, dms) => host.request('firmware', { ...asked('required'), dms, package: PKG }, QUIET),
    {
      ...{ operation: 'firmware', package: PKG },
      firmware: wish('required', `Update the firmware with ${PKG}? Do not unplug the phone meanwhile.`),
    },
  ],
  [
    'firmware of which nothing is said',
    (host, dms) => host.request('firmware', { ...asked(undefined), dms, package: PKG }, QUIET),
    { operation: 'firmware', package: PKG },
  ],
];

it.each(ROWS)('a DM server gets the job for %s', async (_name, ask, body) => {
  const { dms, jobs } = await strangeServer();
  const { connection } = await home.host(home.places());
  // The server wants no session.
  await expect(ask(connection, dms)).rejects.toThrow();
  expect(jobs).toEqual([{ ...body, device }]);
});
