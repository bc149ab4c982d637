import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDescriptor } from '../../../src-main/dlota/read-descriptor.ts';
import { DEVICE, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type Stage } from '../../support/processes.ts';

const BODY = randomBytes(2_000_000);
const SHA256 = createHash('sha256').update(BODY).digest('hex');
const JAR = 'application/java-archive';
const ABOUT = {
  id: 'com.example.maps',
  name: 'Maps',
  version: '3.1',
  vendor: 'Example Software',
  description: 'Maps of the whole world',
  infoUrl: 'http://shop.example/maps/price',
};

/** A DM server that offers a package by descriptor too. */
async function shop(stage: Stage, ...flags: readonly string[]) {
  const packages = join(stage.folder, 'packages');
  await mkdir(packages);
  await writeFile(join(packages, 'maps.jar'), BODY);
  await writeFile(join(packages, 'maps.jar.json'), JSON.stringify(ABOUT));
  const dms = await ourDms(stage, '--packages', packages, ...flags);
  const origin = new URL(dms.url).origin;
  const installations = async () => {
    const answer = await fetch(`${origin}/api/v1/installations`);
    return ((await answer.json()) as { installations: readonly object[] }).installations;
  };
  return { ...dms, origin, installations, descriptor: `${origin}/packages/maps.jar.dd?device=${DEVICE}` };
}

const download = (stage: Stage, url: string, ...flags: readonly string[]) =>
  stage.agent('virtual-handset', '--download', url, ...flags);

async function listening(server: Server, port = 0): Promise<number> {
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

async function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

describe('Download OTA, between processes', () => {
  it('SCOMO-UC3-A2: the page before a download tells vendor, size, type and what it is, and what comes is reported', () =>
    onStage(async (stage) => {
      const { descriptor, installations } = await shop(stage, '--fault', 'dms-drop-download');
      const no = download(stage, descriptor, '--answer', 'reject');
      expect(await no.result()).toMatchObject({ exit: 1, ok: false, code: 'dlota/cancelled' });
      const [asked] = no.of('handset');
      expect(asked).toMatchObject({ state: 'asked', answer: 'reject', question: { kind: 'confirm' } });
      const { text } = (asked as unknown as { question: { text: string } }).question;
      for (const part of [
        ...['Maps', 'Vendor: Example Software', 'Size: 2000000 bytes', `Type: ${JAR}`],
        ...['Maps of the whole world', 'Licence and price: see http://shop.example/maps/price'],
      ]) {
        expect(text).toContain(part);
      }
      const inbox = join(stage.folder, 'inbox');
      // Its server breaks the first download off; the rest comes with Range.
      const yes = await download(stage, descriptor, '--inbox', inbox).result();
      expect(yes).toMatchObject({
        exit: 0,
        ok: true,
        download: {
          notification: { code: 900, report: 'delivered' },
          object: { name: 'Maps', type: JAR, size: BODY.length, sha256: SHA256, file: 'maps.jar' },
        },
      });
      expect(Buffer.compare(await readFile(join(inbox, 'maps.jar')), BODY)).toBe(0);
      const full = await download(stage, descriptor, '--fault', 'storage-full=1999999').result();
      expect(full).toMatchObject({ exit: 1, code: 'dlota/memory-full', download: { notification: { code: 901 } } });
      expect(await installations()).toMatchObject(
        [902, 900, 901].map((code) => ({ file: 'maps.jar', device: DEVICE, code, success: code === 900 })),
      );
    }));

  it('a notification that cannot be delivered is owed over restarts, and sent when its server is back', () =>
    onStage(async (stage) => {
      const dd = (objectURI: string, port: number) =>
        `<media><type>${JAR}</type><size>${BODY.length}</size><objectURI>${objectURI}</objectURI><installNotifyURI>http://127.0.0.1:${port}/n</installNotifyURI></media>`;
      const told: string[] = [];
      const found: string[] = [];
      const inbox = join(stage.folder, 'inbox');
      const counter = createServer(async (request, answer) => {
        for await (const chunk of request) told.push(String(chunk));
        found.push(...(await readdir(inbox).catch(() => [])).filter((name) => !name.startsWith('.')));
        answer.end();
      });
      const port = await listening(counter);
      await stopped(counter);
      const files = createServer((request, answer) => {
        if (request.url === '/maps.jar') answer.setHeader('content-type', JAR).end(BODY);
        else answer.setHeader('content-type', 'application/vnd.oma.dd+xml').end(dd('/maps.jar', port));
      });
      const origin = `http://127.0.0.1:${await listening(files)}`;
      stage.owns(() => stopped(files));
      const state = join(stage.folder, 'state');
      const first = await download(stage, `${origin}/maps.dd`, '--state', state).result();
      expect(first).toMatchObject({ exit: 0, download: { notification: { code: 900, report: 'pending' } } });
      expect(JSON.parse(await readFile(join(state, 'handset.json'), 'utf8'))).toMatchObject({
        owed: [{ uri: `http://127.0.0.1:${port}/n`, code: 900 }],
      });
      await listening(counter, port);
      stage.owns(() => stopped(counter));
      await download(stage, `${origin}/maps.dd`, '--state', state, '--answer', 'reject').result();
      expect(told).toEqual(['900 Success\r\n', '902 User Cancelled\r\n']);
      // The user gets a thing only when that was reported.
      const kept = await download(stage, `${origin}/maps.dd`, '--inbox', inbox).result();
      expect(kept).toMatchObject({ exit: 0, download: { object: { file: 'maps.jar' } } });
      expect(told).toHaveLength(3);
      expect(found).toEqual([]);
      expect(await readdir(inbox)).toEqual(['maps.jar']);
      expect(JSON.parse(await readFile(join(state, 'handset.json'), 'utf8'))).toMatchObject({ owed: [] });
    }));

  it('CMP-04: a package of the PC is fetched by descriptor from the PC itself; where it is not there that is said', () =>
    onStage(async (stage) => {
      const file = join(stage.folder, 'maps.jar');
      await writeFile(file, BODY);
      const host = stage.agent('serve');
      await host.address();
      expect(await stage.agent('packages', 'add', file, '--id', ABOUT.id, '--version', '3.1').result()).toMatchObject({
        ok: true,
      });
      const offer = stage.agent('packages', 'offer', ABOUT.id);
      const address = await offer.address();
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}\/maps\.jar\.dd$/);
      const got = await download(stage, address).result();
      expect(got).toMatchObject({
        exit: 0,
        download: { object: { type: JAR, sha256: SHA256 }, notification: { code: 900, report: 'delivered' } },
      });
      expect(await offer.result()).toMatchObject({
        exit: 0,
        ok: true,
        package: { id: ABOUT.id, sha256: SHA256 },
        notification: { code: 900, success: true },
      });
      // It was there once.
      expect(await download(stage, address).result()).toMatchObject({
        exit: 1,
        code: 'dlota/unreachable',
        download: { notification: { code: 954, report: 'none' } },
      });
      const refused = stage.agent('packages', 'offer', ABOUT.id);
      expect(await download(stage, await refused.address(), '--answer', 'reject').result()).toMatchObject({
        exit: 1,
      });
      expect(await refused.result()).toMatchObject({
        exit: 1,
        code: 'dlota/not-installed',
        notification: { code: 902, success: false },
      });
      expect(await stage.agent('packages', 'offer', 'com.example.absent').result()).toMatchObject({
        ok: false,
        code: 'cache/absent',
      });
    }));

  it('CMP-04 PCA-02 SCOMO-F2-N5 SCOMO-F2-N6 SCOMO-F2-N7: a package comes into the cache of the PC by its descriptor, and goes on to a handset by one of the PC, which a DM server tells it of', () =>
    onStage(async (stage) => {
      const { descriptor, installations, client, url } = await shop(stage);
      const host = stage.agent('serve');
      await host.address();
      const fetched = await stage.agent('packages', 'fetch', descriptor, '--id', ABOUT.id).result();
      const kept = { id: ABOUT.id, name: 'Maps', version: '3.1', sha256: SHA256, trust: 'verified' };
      expect(fetched).toMatchObject({ exit: 0, package: kept });
      const offer = stage.agent('packages', 'offer', ABOUT.id);
      const got = await download(stage, await offer.address()).result();
      expect(got).toMatchObject({ exit: 0, download: { object: { name: 'Maps', type: JAR, sha256: SHA256 } } });
      expect(await offer.result()).toMatchObject({ exit: 0, package: kept });
      // A DM server that knows the address lets the handset fetch it there.
      const again = stage.agent('packages', 'offer', ABOUT.id);
      const software = { delivery: 'download', url: await again.address() };
      const job = await client.post(DEVICE, 'install', { package: ABOUT.id, software });
      const handset = await ourHandset(stage);
      const trigger = ['--trigger', client.triggerUrl(DEVICE), '--count', '1'];
      const relay = stage.agent('relay', '--handset', handset.address, '--dms', url, ...trigger);
      expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
      expect(await again.result()).toMatchObject({ exit: 0, notification: { code: 900, success: true } });
      expect(await client.job(job)).toMatchObject({ state: 'done', resultCode: 1200 });
      const component = expect.objectContaining({ id: ABOUT.id, sha256: SHA256 });
      expect(await handset.program.terminate()).toMatchObject({ components: expect.arrayContaining([component]) });
      expect(await installations()).toEqual([]);
      const lying = createServer((request, answer) => {
        if (request.url === '/a.jar') answer.end('abc');
        else answer.end('<media><type>a/b</type><size>4</size><objectURI>a.jar</objectURI></media>');
      });
      const origin = `http://127.0.0.1:${await listening(lying)}`;
      stage.owns(() => stopped(lying));
      expect(await stage.agent('packages', 'fetch', `${origin}/a.dd`).result()).toMatchObject({
        ok: false,
        code: 'cache/size-mismatch',
      });
    }));

  it('the descriptor is one that another reader of XML understands', () =>
    onStage(async (stage) => {
      const { descriptor, origin } = await shop(stage);
      const answer = await fetch(descriptor);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      expect(readDescriptor(bytes, { url: descriptor })).toMatchObject({
        kind: 'descriptor',
        descriptor: { objectUri: `${origin}/packages/maps.jar`, vendor: 'Example Software' },
      });
      const file = join(stage.folder, 'maps.dd');
      await writeFile(file, bytes);
      const script = [
        'import sys, json, xml.etree.ElementTree as E',
        'root = E.parse(sys.argv[1]).getroot()',
        'ns = "{http://www.openmobilealliance.org/xmlns/dd}"',
        'assert root.tag == ns + "media", root.tag',
        'print(json.dumps({"type": "result", **{"dd_" + e.tag.replace(ns, ""): e.text for e in root}}))',
      ].join('\n');
      const read = await stage.program('python', ['python3', '-c', script, file]).result();
      expect(read).toMatchObject({
        exit: 0,
        dd_type: JAR,
        dd_size: String(BODY.length),
        dd_objectURI: `${origin}/packages/maps.jar`,
        dd_name: 'Maps',
        dd_DDVersion: '1.0',
      });
    }));
});
