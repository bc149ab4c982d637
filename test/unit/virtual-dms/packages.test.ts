import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, open, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createDemoPackages, openPackageFolder, type PackageSource } from '../../../src-main/virtual/dms/packages.ts';
import { startDms, temporaryFolder } from './dms-fixture.ts';

const run = promisify(execFile);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = async (answer: Response) => new Uint8Array(await answer.arrayBuffer());

async function demo() {
  const dms = await startDms();
  const [entry] = (await dms.get('/packages/index.json')).json;
  return { ...dms, entry };
}

/** Sends a path as it is; `fetch` would tidy it up first. */
function statusOf(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    })
      .on('error', reject)
      .end();
  });
}

/** The content, read as a session reads it. */
async function contentOf(packages: PackageSource, id: string): Promise<Uint8Array> {
  const content = await packages.open(id);
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 65_000) {
    await content.refill();
    pieces.push(content.subarray(at, at + 65_000));
  }
  return Buffer.concat(pieces);
}

describe('the built-in package', () => {
  it('has the same bytes everywhere', async () => {
    const { url, entry } = await demo();
    expect(entry).toMatchObject({ id: 'com.example.game', name: 'game', version: '2.0', model: '', size: 300_000 });
    expect(entry.sha256).toBe('cf57206a1caaa8bc5a8d6ac9d4b9d0e3ad5a855d143fe25225af1ca233fc5824');
    expect(entry.url).toMatch(new RegExp(`^${url}/packages/`));
    expect(sha256(await bytesOf(await fetch(entry.url)))).toBe(entry.sha256);
    expect(sha256(await contentOf(createDemoPackages(), 'com.example.game'))).toBe(entry.sha256);
  });
});

describe('GET /packages/NAME', () => {
  it.each([
    ['bytes=0-0', 206, 'bytes 0-0/300000', 1],
    ['bytes=299999-', 206, 'bytes 299999-299999/300000', 1],
    ['bytes=100000-400000', 206, 'bytes 100000-299999/300000', 200_000],
    ['bytes=-5', 206, 'bytes 299995-299999/300000', 5],
    ['bytes=-999999', 206, 'bytes 0-299999/300000', 300_000],
    ['bytes=300000-', 416, 'bytes */300000', undefined],
    ['bytes=-0', 416, 'bytes */300000', undefined],
    ['bytes=5-4', 200, null, 300_000],
    ['bytes=0-1,5-6', 200, null, 300_000],
    ['lines=1-2', 200, null, 300_000],
    ['bytes=-', 200, null, 300_000],
  ])('answers Range %s', async (range, status, contentRange, length) => {
    const { entry } = await demo();
    const answer = await fetch(entry.url, { headers: { Range: range } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-range')).toBe(contentRange);
    const body = await bytesOf(answer);
    if (length !== undefined) expect(body.length).toBe(length);
  });

  it('gives a range only of the package that the client has the beginning of', async () => {
    const { entry } = await demo();
    const whole = await fetch(entry.url);
    const etag = whole.headers.get('etag') ?? '';
    const all = await bytesOf(whole);
    const ask = (ifRange: string) => fetch(entry.url, { headers: { Range: 'bytes=250000-', 'If-Range': ifRange } });
    const rest = await ask(etag);
    expect(rest.status).toBe(206);
    expect(await bytesOf(rest)).toEqual(all.subarray(250_000));
    expect((await ask('"other"')).status).toBe(200);
    expect((await fetch(entry.url, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  });

  it('answers HEAD with the size and no body', async () => {
    const { entry } = await demo();
    const answer = await fetch(entry.url, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '300000']);
  });

  it('lets curl resume a download that broke off', async () => {
    const { entry } = await demo();
    const folder = await temporaryFolder();
    const file = join(folder, 'part');
    await run('curl', ['-sS', '--max-time', '10', '-r', '0-99999', '-o', file, entry.url]);
    expect((await readFile(file)).length).toBe(100_000);
    await run('curl', ['-sS', '--max-time', '10', '-C', '-', '-o', file, entry.url]);
    expect(sha256(await readFile(file))).toBe(entry.sha256);
  });
});

describe('openPackageFolder', () => {
  it('describes plain files by their names or sidecars, and nothing else', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'plain.bin'), 'abc');
    await writeFile(join(folder, 'maps & more.pkg'), 'defg');
    await writeFile(
      join(folder, 'maps & more.pkg.json'),
      '{"id":"com.example.maps","name":"Maps","version":"3.1","model":"X1","extra":1}',
    );
    await writeFile(join(folder, 'broken.bin'), 'x');
    await writeFile(join(folder, 'broken.bin.json'), '{"id":7}');
    await writeFile(join(folder, '.hidden'), 'x');
    await mkdir(join(folder, 'below'));
    await symlink('/etc/passwd', join(folder, 'link'));
    const notes: string[] = [];
    const packages = await openPackageFolder(folder, (text) => notes.push(text));
    const { get, url, port } = await startDms({ packages });
    const maps = {
      id: 'com.example.maps',
      name: 'Maps',
      version: '3.1',
      model: 'X1',
      size: 4,
      sha256: sha256(Buffer.from('defg')),
    };
    const plain = {
      id: 'plain',
      name: 'plain',
      version: '1.0',
      model: '',
      size: 3,
      sha256: sha256(Buffer.from('abc')),
    };
    const index = (await get('/packages/index.json')).json;
    expect(index).toEqual([
      { ...maps, url: `${url}/packages/maps%20%26%20more.pkg` },
      { ...plain, url: `${url}/packages/plain.bin` },
    ]);
    expect(await (await fetch(index[0].url)).text()).toBe('defg');
    expect(Buffer.from(await contentOf(packages, 'plain')).toString()).toBe('abc');
    expect(notes).toHaveLength(1);
    for (const path of [
      '/packages/link',
      '/packages/.hidden',
      '/packages/below',
      '/packages/broken.bin',
      '/packages/plain.bin%00',
      '/packages/..%2f..%2fetc%2fpasswd',
      '/packages/%2e%2e/%2e%2e/etc/passwd',
      '/packages/../../../etc/passwd',
      '/packages/below%2f..%2fplain.bin',
      '/packages//etc/passwd',
      '/packages/',
    ]) {
      expect(await statusOf(port, path), path).toBe(404);
    }
  });

  it('computes a digest again when the file changes, and takes files that come later', async () => {
    const folder = await temporaryFolder();
    const packages = await openPackageFolder(folder);
    expect(await packages.list()).toEqual([]);
    const path = join(folder, 'a.bin');
    await writeFile(path, 'one');
    expect((await packages.find('a'))?.sha256).toBe(sha256(Buffer.from('one')));
    await writeFile(path, 'two');
    await utimes(path, 1, 1);
    expect((await packages.find('a'))?.sha256).toBe(sha256(Buffer.from('two')));
  });

  it('delivers a package from its file, until that is another one', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'big.bin');
    const file = await open(path, 'w');
    await file.truncate(8 * 1024 * 1024);
    await file.write(Buffer.from('end'), 0, 3, 8 * 1024 * 1024 - 3);
    await file.close();
    const packages = await openPackageFolder(folder);
    await expect(packages.open('none')).rejects.toMatchObject({ code: 'package/absent' });
    const content = await packages.open('big');
    expect(Buffer.from((await contentOf(packages, 'big')).subarray(-3)).toString()).toBe('end');
    await utimes(path, 1, 1);
    await expect(content.refill()).rejects.toMatchObject({ code: 'package/changed' });
  });

  it('says so when there is no such folder', async () => {
    await expect(openPackageFolder('/nowhere/at/all')).rejects.toMatchObject({ code: 'package/folder-unreadable' });
  });
});
