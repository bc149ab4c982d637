import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { connectObex, type ObexClient } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader, typeHeader } from '../../../src-main/obex/header.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { FOLDER_BROWSING_TARGET, type InboxOptions, inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { inboxName } from '../../../src-main/virtual/handset/inbox-name.ts';

const never = new AbortController().signal;
const cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'inbox-'));
  cleanUp.push(() => rm(folder, { recursive: true }));
  return folder;
}

async function connect(options: InboxOptions, target?: Uint8Array): Promise<ObexClient> {
  const [near, far] = memoryPair();
  serveObex(far, { services: [inboxService(options)], signal: never }).catch(() => undefined);
  const client = await connectObex(near, { signal: never, ...(target && { target }) });
  cleanUp.push(() => client.close());
  return client;
}

function put(client: ObexClient, name: string, body: Uint8Array): Promise<number> {
  return client.put({ headers: [textHeader(HeaderId.Name, name)], body }, never);
}

async function get(client: ObexClient, name: string): Promise<Uint8Array> {
  return (await client.get([textHeader(HeaderId.Name, name)], { signal: never })).body;
}

describe('inbox name', () => {
  it.each([
    ['a.sis', 'a.sis'],
    ['/tmp/x/a.sis', 'a.sis'],
    ['C:\\x\\a.sis', 'a.sis'],
    ['../../etc/passwd', 'passwd'],
    ['..', 'object'],
    ['.', 'object'],
    ['', 'object'],
    ['/', 'object'],
    ['.hidden', 'hidden'],
    ['a\u0000b\u001f:*?.txt', 'a_b____.txt'],
    ['trailing. . ', 'trailing'],
    ['NUL', '_NUL'],
    ['com1.txt', '_com1.txt'],
    ['console.txt', 'console.txt'],
    ['\ud800.txt', '\ufffd.txt'],
  ])('of %j is %j', (wanted, name) => {
    expect(inboxName(wanted)).toBe(name);
  });

  it('is at most 200 octets long, without half characters', () => {
    const name = inboxName('€'.repeat(500));
    expect(utf8(name).length).toBe(198);
    expect(name).toBe('€'.repeat(66));
  });
});

describe('inbox', () => {
  it('gives back by name what was put, from memory and from a folder, with and without Target', async () => {
    const folder = await temporaryFolder();
    const body = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) & 0xff);
    for (const options of [{}, { folder }]) {
      for (const target of [undefined, FOLDER_BROWSING_TARGET]) {
        const client = await connect(options, target);
        expect(await put(client, 'a.sis', body)).toBe(0xa0);
        expect(Buffer.compare(await get(client, 'a.sis'), body)).toBe(0);
      }
    }
    expect(await readdir(folder)).toEqual(['a.sis']);
    expect(Buffer.compare(await readFile(join(folder, 'a.sis')), body)).toBe(0);
  });

  it('says what it stored once it is there', async () => {
    const folder = await temporaryFolder();
    const stored: unknown[] = [];
    const client = await connect({ folder, onStored: (name, size) => void stored.push([name, size]) });
    await put(client, '../x.txt', Uint8Array.of(1, 2));
    expect(stored).toEqual([['x.txt', 2]]);
    expect(await readdir(folder)).toEqual(['x.txt']);
  });

  it('has 0xC4 for what is not there, is no file, or is a link out of the folder', async () => {
    const folder = await temporaryFolder();
    const outside = join(await temporaryFolder(), 'secret');
    await writeFile(outside, 'secret');
    await symlink(outside, join(folder, 'link'));
    const client = await connect({ folder });
    for (const name of ['nothing', 'link', '..']) {
      await expect(get(client, name)).rejects.toMatchObject({ code: 'obex/response', details: { response: 0xc4 } });
    }
    await expect(client.get([typeHeader('x-obex/capability')], { signal: never })).rejects.toMatchObject({
      details: { response: 0xc4 },
    });
  });

  it('lists its root, with names that XML has a meaning for', async () => {
    const client = await connect({});
    await put(client, 'a&"\'b.txt', Uint8Array.of(1, 2, 3));
    const listing = await client.get([typeHeader('x-obex/folder-listing')], { signal: never });
    expect(textOf(listing.body)).toContain('<file name="a&#38;_&#39;b.txt" size="3"/>');
    const below = client.get([typeHeader('x-obex/folder-listing'), textHeader(HeaderId.Name, 'sub')], {
      signal: never,
    });
    await expect(below).rejects.toMatchObject({ details: { response: 0xc4 } });
  });

  it('refuses what is over its capacity: one object by 0xCD, all together by 0xE0', async () => {
    const client = await connect({ capacity: 1000 });
    const refused = put(client, 'big', new Uint8Array(1001));
    await expect(refused).rejects.toMatchObject({ details: { response: 0xcd } });
    await put(client, 'one', new Uint8Array(600));
    await expect(put(client, 'two', new Uint8Array(600))).rejects.toMatchObject({ details: { response: 0xe0 } });
    expect(await put(client, 'one', new Uint8Array(1000))).toBe(0xa0);
  });

  it('[DMP-6-20] hands bootstrap documents on, with the whole text of their Type, and keeps them as it keeps anything', async () => {
    const documents: unknown[] = [];
    const client = await connect({ onDocument: (type, bytes) => void documents.push([type, [...bytes]]) });
    const type = 'application/vnd.wap.connectivity-wbxml; SEC=1; MAC=ABCD';
    await client.put({ headers: [typeHeader(type), textHeader(HeaderId.Name, 'x')], body: Uint8Array.of(3) }, never);
    await put(client, 'plain', Uint8Array.of(4));
    expect(documents).toEqual([[type, [3]]]);
    expect(await get(client, 'x')).toEqual(Uint8Array.of(3));
  });

  it('answers 0xD0 when the folder cannot be written, and goes on', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const client = await connect({ folder: join(folder, 'file') });
    await expect(put(client, 'x', Uint8Array.of(1))).rejects.toMatchObject({ details: { response: 0xd0 } });
    await expect(put(client, 'x', Uint8Array.of(1))).rejects.toMatchObject({ details: { response: 0xd0 } });
  });
});
