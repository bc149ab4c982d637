import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text as textFrom } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../src-main/dlota/read-descriptor.ts';
import { openInstallationStore } from '../../../src-main/virtual/dms/installations.ts';
import { openPackageFolder } from '../../../src-main/virtual/dms/packages.ts';
import { startDms, temporaryFolder } from './dms-fixture.ts';

const FILE = 'com.example.game-2.0.bin';
const PHONE = '004999010640000';

async function descriptorAt(url: string) {
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/vnd.oma.dd+xml']);
  const reading = readDescriptor(new Uint8Array(await answer.arrayBuffer()), { url: 'http://elsewhere.example/' });
  if (reading.kind === 'refused') throw reading.error;
  return reading.descriptor;
}

const notify = (url: string, body: string) => fetch(url, { method: 'POST', body });

describe('GET /packages/NAME.dd', () => {
  it('describes a package by the addresses through which it was asked', async () => {
    const { url, get } = await startDms();
    const [entry] = (await get('/packages/index.json')).json;
    const descriptor = await descriptorAt(`${url}/packages/${FILE}.dd`);
    expect(descriptor).toEqual({
      version: '1.0',
      types: ['application/octet-stream'],
      size: 300_000,
      objectUri: entry.url,
      installNotifyUri: `${url}/notify/${FILE}`,
      name: 'game',
      installParam: `version=2.0;SHA256=${entry.sha256}`,
    });
    const object = await fetch(descriptor.objectUri);
    expect([object.headers.get('content-type'), object.headers.get('content-length')]).toEqual([
      descriptor.types[0],
      '300000',
    ]);
    const other = url.replace('127.0.0.1', 'localhost');
    expect((await descriptorAt(`${other}/packages/${FILE}.dd`)).objectUri).toBe(`${other}/packages/${FILE}`);
    expect((await get('/packages/absent.bin.dd')).status).toBe(404);
    expect((await get(`/packages/${FILE}.dd?device=%00`)).json.code).toBe('package/query-invalid');
  });

  it('says what the sidecar says, and the type by the ending where it says none', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'a & b.jar'), 'abc');
    await writeFile(join(folder, 'c.dd'), 'a package that is called so');
    await writeFile(
      join(folder, 'c.dd.json'),
      '{"type":"Image/PNG","vendor":"V & W","description":"D","infoUrl":"http://p.example/"}',
    );
    await writeFile(join(folder, 'd.bin'), 'x');
    await writeFile(join(folder, 'd.bin.json'), '{"type":"no type"}');
    const { url, get } = await startDms({ packages: await openPackageFolder(folder) });
    const jar = await descriptorAt(`${url}/packages/${encodeURIComponent('a & b.jar.dd')}?device=IMEI:${PHONE}`);
    expect(jar).toMatchObject({ types: ['application/java-archive'], size: 3 });
    expect(await (await fetch(jar.objectUri)).text()).toBe('abc');
    expect((await notify(jar.installNotifyUri ?? '', '900 Success')).status).toBe(200);
    expect((await get(`/api/v1/installations?device=${PHONE}`)).json.installations).toMatchObject([
      { file: 'a & b.jar', device: `IMEI:${PHONE}`, code: 900, success: true },
    ]);
    const own = await fetch(`${url}/packages/c.dd`);
    expect([own.headers.get('content-type'), await own.text()]).toEqual(['image/png', 'a package that is called so']);
    expect(await descriptorAt(`${url}/packages/c.dd.dd`)).toMatchObject({
      types: ['image/png'],
      vendor: 'V & W',
      description: 'D',
      infoUrl: 'http://p.example/',
    });
    expect((await get('/packages/index.json')).json).toHaveLength(2);
  });

  it('gives a client of HTTP/1.0 without Host the address that it reached', async () => {
    const { port } = await startDms();
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /packages/${FILE}.dd HTTP/1.0\r\n\r\n`);
    expect(await textFrom(socket)).toContain(`<objectURI>http://127.0.0.1:${port}/packages/${FILE}</objectURI>`);
  });
});

describe('POST /notify/NAME', () => {
  it('keeps what installers send, of any type, and refuses what is no notification', async () => {
    const folder = await temporaryFolder();
    const { url, port, get } = await startDms({ state: folder });
    const at = `${url}/notify/${FILE}`;
    expect((await notify(at, '900 Success\r\n')).status).toBe(200);
    expect((await notify(`${at}?device=${PHONE}`, '907')).status).toBe(200);
    const bare = await new Promise<number | undefined>((resolve, reject) => {
      const post = request({ host: '127.0.0.1', port, path: `/notify/${FILE}`, method: 'POST' }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      post.on('error', reject).end('902 User Canceled');
    });
    expect(bare).toBe(200);
    expect((await notify(at, 'installed')).status).toBe(400);
    expect((await notify(at, '')).status).toBe(400);
    expect((await notify(at, `900 ${'x'.repeat(5000)}`)).status).toBe(413);
    expect((await notify(`${url}/notify/absent.bin`, '900')).status).toBe(404);
    const { installations } = (await get('/api/v1/installations')).json;
    expect(installations).toMatchObject([
      { file: FILE, code: 900, text: 'Success', success: true },
      { code: 907, text: '', success: false, device: PHONE },
      { code: 902, text: 'User Canceled', success: false },
    ]);
    expect((await get('/api/v1/installations?device=1')).json.installations).toEqual([]);
    const again = await openInstallationStore({ state: folder });
    expect(again.list()).toEqual(installations);
  });
});
