import { createHash, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { peerTest } from '../support/peers.ts';
import { onStage, type Stage } from '../support/processes.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { nginx } from './support/nginx.ts';

const BODY = randomBytes(3_000_000);
const SHA256 = createHash('sha256').update(BODY).digest('hex');

const download = (stage: Stage, url: string, ...flags: readonly string[]) =>
  stage.agent('virtual-handset', '--download', url, ...flags).result();

/** The connection breaks twice after about a megabyte. */
async function downloadOverBrokenWire(
  stage: Stage,
  url: string,
  put: (descriptor: string) => Promise<void>,
  descriptor: string,
) {
  let passed = 0;
  let cuts = 0;
  const wire = await tcpProxy(stage, url, {
    piece: 100_000,
    onAnswer: async (request) => {
      if (!request.includes('maps.jar')) return undefined;
      passed += 1;
      if (cuts === 2 || passed % 10 !== 0) return undefined;
      cuts += 1;
      return 'cut';
    },
  });
  await put(descriptor.replaceAll(`<objectURI>${url}/`, `<objectURI>${wire.url.origin}/`));
  const { exit, download: ended } = await download(stage, `${url}/cut.dd`);
  expect(exit).toBe(0);
  return { object: (ended as { object: object }).object, ranges: wire.requests.map(({ range }) => range) };
}

describe('Download OTA with strangers', () => {
  peerTest('nginx serves package and descriptor to our handset, and hears how each download ended', 'nginx', () =>
    onStage(async (stage) => {
      const { url, put, descriptor, log } = await nginx(stage);
      await put('maps.jar', BODY);
      await put('maps.dd', descriptor('maps.jar', BODY.length));
      await put('wrong-size.dd', descriptor('maps.jar', 1000));
      await put('wrong-type.dd', descriptor('wrong-type.jar', BODY.length));
      await put('absent.dd', descriptor('absent.jar', BODY.length));
      await put('version.dd', descriptor('maps.jar', BODY.length, { more: '<DDVersion>2.0</DDVersion>' }));
      const inbox = join(stage.folder, 'inbox');
      const got = await download(stage, `${url}/moved.dd`, '--inbox', inbox);
      expect(got).toMatchObject({
        exit: 0,
        download: {
          notification: { code: 900, report: 'delivered' },
          object: { type: 'application/java-archive', size: BODY.length, sha256: SHA256, file: 'maps.jar' },
        },
      });
      expect(Buffer.compare(await readFile(join(inbox, 'maps.jar')), BODY)).toBe(0);
      const ends: readonly (readonly [string, number, string])[] = [
        ['wrong-size.dd', 905, 'delivered'],
        ['wrong-type.dd', 905, 'delivered'],
        ['absent.dd', 954, 'delivered'],
        ['version.dd', 951, 'delivered'],
        ['loop.dd', 954, 'none'],
        ['absent-too.dd', 954, 'none'],
      ];
      const came = await Promise.all(ends.slice(0, 3).map(async ([name]) => download(stage, `${url}/${name}`)));
      for (const [name] of ends.slice(3)) came.push(await download(stage, `${url}/${name}`));
      expect(came.map(({ exit, download: ended }) => [exit, (ended as { notification: object }).notification])).toEqual(
        ends.map(([, code, report]) => [1, { code, report }]),
      );
      const plain = await download(stage, `${url}/maps.jar`);
      expect(plain).toMatchObject({
        exit: 0,
        download: { notification: { report: 'none' }, object: { sha256: SHA256 } },
      });
      const cut = await downloadOverBrokenWire(
        stage,
        url,
        (dd) => put('cut.dd', dd),
        descriptor('maps.jar', BODY.length),
      );
      expect(cut.object).toMatchObject({ size: BODY.length, sha256: SHA256 });
      const rest = expect.stringMatching(/^bytes=[1-9]\d*-$/);
      expect(cut.ranges).toEqual([undefined, rest, rest]);
      const said = (await log()).filter((line) => line.startsWith('POST /notify'));
      expect(said.map((line) => line.slice(line.indexOf('"') + 1, line.indexOf('"') + 4)).sort()).toEqual([
        '900',
        '900',
        '905',
        '905',
        '951',
        '954',
      ]);
      expect(said[0]).toBe('POST /notify/42 200 [-] "900 Success\\x0D\\x0A"');
    }),
  );

  peerTest(
    'curl and wget fetch a package of the PC, in parts too, and curl says that it is installed',
    ['curl', 'wget'],
    () =>
      onStage(async (stage) => {
        const file = join(stage.folder, 'maps.jar');
        await writeFile(file, BODY);
        const host = stage.agent('serve');
        await host.address();
        await stage.agent('packages', 'add', file, '--id', 'com.example.maps').result();
        const offer = stage.agent('packages', 'offer', 'com.example.maps');
        const address = await offer.address();
        const { object } = offer.of('listening')[0] as unknown as { object: string };
        const run = async (...command: readonly string[]) => {
          const program = stage.program(command[0] ?? '', command);
          expect(await program.ended, program.describe()).toMatchObject({ code: 0 });
          return program.stdout;
        };
        const at = (name: string) => join(stage.folder, name);
        const head = await run('curl', '-sS', '--max-time', '20', '-D', '-', '-o', at('maps.dd'), address);
        expect(head).toContain('content-type: application/vnd.oma.dd+xml');
        const descriptor = await readFile(at('maps.dd'), 'utf8');
        expect(descriptor).toContain(`<objectURI>${object}</objectURI>`);
        await run('wget', '-q', '--timeout=20', '-O', at('whole.jar'), object);
        expect(Buffer.compare(await readFile(at('whole.jar')), BODY)).toBe(0);
        await run('curl', '-sS', '--max-time', '20', '-r', '0-999999', '-o', at('part.jar'), object);
        await run('wget', '-q', '--timeout=20', '-c', '-O', at('part.jar'), object);
        expect(Buffer.compare(await readFile(at('part.jar')), BODY)).toBe(0);
        const notify = /<installNotifyURI>(.*)<\/installNotifyURI>/.exec(descriptor)?.[1] ?? '';
        await run('curl', '-sS', '-f', '--max-time', '20', '--data', '900 Success', notify);
        expect(await offer.result()).toMatchObject({ exit: 0, notification: { code: 900, success: true } });
      }),
  );
});
