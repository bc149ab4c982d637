/**
 * Packages that are longer than a process should hold: fetched by our handset from nginx as a DM server that is not ours
 * orders it, and with `PC_AGENT_LONG=1` delivered from what this PC keeps, as a large object and by download. Long runs
 * have 500 MB, and compare the memory of every process with what it is for a fifth of that.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MessageRecord } from '../support/message-record.ts';
import { peerTest } from '../support/peers.ts';
import { onStage, type Program, type ProgramEvent, type Stage } from '../support/processes.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';
import { LONG } from '../support/thoroughness.ts';
import { MemoryWatch } from './support/memory-watch.ts';
import { nginx } from './support/nginx.ts';
import { DOWNLOAD, download, ended, exec, FIND, firmwareUrl, get, scriptedServer } from './support/scripts.ts';
import { expectSameMessages, keepDump } from './support/strangers.ts';

const MB = 1024 * 1024;
const SIZES = LONG ? [100 * MB, 500 * MB] : [20 * MB];
const LIMIT = 300_000;
const OCTETS = 'application/octet-stream';
const GAME = 'com.example.game';

const sizeOf = async (file: string): Promise<number> => (await stat(file)).size;

/** A file with octets of its own at both ends and a hole between them, so that it costs no room on the disk. */
async function sparse(file: string, size: number, head: Uint8Array = randomBytes(MB)): Promise<void> {
  const handle = await open(file, 'w');
  await handle.write(head, 0, head.length, 0);
  await handle.write(randomBytes(MB), 0, MB, size - MB);
  await handle.close();
}

async function hashed(file: string, from = 0): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file, { start: from, highWaterMark: MB })) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Firmware for our handset: two lines of a length that is known before, then the payload. */
async function firmwareFile(file: string, size: number): Promise<void> {
  const lines = (sha256: string) => {
    const facts = { model: 'Virtual Handset', from: ['1.0'], to: '1.1', size, sha256 };
    return Buffer.from(`PC-AGENT-FIRMWARE 1\n${JSON.stringify(facts)}\n`);
  };
  const { length } = lines('0'.repeat(64));
  await sparse(file, length + size, lines('0'.repeat(64)));
  const handle = await open(file, 'r+');
  const head = lines(await hashed(file, length));
  await handle.write(head, 0, head.length, 0);
  await handle.close();
}

/** Peaks of memory by program, in MiB. */
type Peaks = Map<string, number>;

/** Plays it with each size; five times the package is nowhere near five times the memory. */
async function eachSize(play: (stage: Stage, size: number, peaks: Peaks) => Promise<void>): Promise<void> {
  const seen: Peaks[] = [];
  for (const size of SIZES) {
    const peaks: Peaks = new Map();
    await onStage((stage) => play(stage, size, peaks));
    seen.push(peaks);
  }
  const [small, large] = seen;
  if (small === undefined || large === undefined) return;
  process.stderr.write(`peaks in MiB, 100 and 500 MB: ${JSON.stringify(seen.map((peaks) => [...peaks]))}\n`);
  for (const [name, peak] of small) expect((large.get(name) ?? 0) / peak, name).toBeLessThan(2);
}

const run = (stage: Stage, ...args: readonly string[]) => stage.agent(...args).result();

/** The program's end; its memory and that of others is watched on the way. */
async function watched(peaks: Peaks, program: Program, ...others: readonly Program[]) {
  const watch = new MemoryWatch([program, ...others]);
  const result = await program.result();
  for (const [name, peak] of watch.stop()) peaks.set(name, Math.max(peak, peaks.get(name) ?? 0));
  return result;
}

describe('packages of hundreds of megabytes', () => {
  const record = new MessageRecord();

  peerTest(
    'are fetched from nginx by our handset, by descriptor and over a broken wire, as a server that is not ours orders',
    ['nginx', 'python3', 'wbxml2xml', 'xml2wbxml'],
    () =>
      eachSize(async (stage, size, peaks) => {
        const { url, root, put, descriptor, log } = await nginx(stage);
        await sparse(join(root, 'game.bin'), size);
        await firmwareFile(join(root, 'fw.bin'), size);
        const ddOf = async (name: string) => descriptor(name, await sizeOf(join(root, name)), { type: OCTETS });
        // The connection of each breaks once on its way.
        const cut = new Set<string>();
        const passed = new Map<string, number>();
        const wire = await tcpProxy(stage, url, {
          piece: 256 * 1024,
          onAnswer: async (request) => {
            const seen = (passed.get(request) ?? 0) + 1;
            passed.set(request, seen);
            if (!request.includes('.bin') || seen < 20 || cut.has(request)) return undefined;
            cut.add(request);
            return 'cut';
          },
        });
        const broken = (text: string) => text.replace(`<objectURI>${url}/`, `<objectURI>${wire.url.origin}/`);
        await put('game.dd', await ddOf('game.bin'));
        await put('cut.dd', broken(await ddOf('game.bin')));
        await put('fw.dd', broken(await ddOf('fw.bin')));
        const operation = (node: string, name: string) => `${DOWNLOAD}/${node}/Operations/${name}`;
        const dms = await scriptedServer(stage, [
          FIND,
          [...download('game', GAME, `${url}/game.dd`), exec(operation('game', 'DownloadInstall'), 'game')],
          ended('game'),
          [...download('cut', 'com.example.cut', `${url}/cut.dd`), exec(operation('cut', 'Download'), 'cut')],
          ended('cut'),
          [firmwareUrl('Download', `${url}/fw.dd`), exec('{fumo}/Download', 'fetched')],
          ended('fetched'),
          [get('{fumo}/State'), exec('{fumo}/Update', 'updated')],
          ended('updated'),
          [get('./DevDetail/FwV')],
        ]);
        const handset = stage.agent('virtual-handset', '--connect', await dms.address(), '--encoding', 'xml');
        const held = await watched(peaks, handset, dms);
        const said = await dms.result();
        expect(said).toMatchObject({ exit: 0, ok: true });
        expect((said.alerts as readonly ProgramEvent[]).map((alert) => [alert.correlator, alert.resultCode])).toEqual([
          ['game', 1200],
          ['cut', 1200],
          ['fetched', 200],
          ['updated', 200],
        ]);
        expect(held).toMatchObject({
          ...{ exit: 0, ok: true, firmware: { version: '1.1' } },
          components: expect.arrayContaining([
            expect.objectContaining({ id: GAME, sha256: await hashed(join(root, 'game.bin')) }),
          ]),
        });
        const rest = expect.stringMatching(/^bytes=[1-9]\d*-$/);
        expect(wire.requests.map(({ line, range }) => [line.split(' ')[1], range])).toEqual([
          ['/game.bin', undefined],
          ['/game.bin', rest],
          ['/fw.bin', undefined],
          ['/fw.bin', rest],
        ]);
        const told = (await log()).filter((line) => line.startsWith('POST /notify'));
        expect(told).toEqual(Array(3).fill('POST /notify/42 200 [-] "900 Success\\x0D\\x0A"'));
        expectSameMessages(handset, dms);
        await keepDump(stage, 'dms', record, 'downloads from nginx');
        expect(await record.disagreements()).toEqual([]);
      }),
    LIMIT,
  );

  // Not a test that was skipped: half a gigabyte is for long runs.
  if (LONG)
    it(
      'are delivered from what this PC keeps, as a large object and by download in parts',
      () =>
        eachSize(async (stage, size, peaks) => {
          const file = join(stage.folder, 'game.bin');
          await sparse(file, size);
          const sha256 = await hashed(file);
          await watched(peaks, stage.agent('packages', 'add', file, '--id', GAME));
          const handset = stage.agent('virtual-handset', '--listen', 'tcp:127.0.0.1:0');
          const at = ['--handset', await handset.address(), '--package', GAME, '--offline'];
          const installed = await watched(peaks, stage.agent('install', ...at), handset);
          expect(installed).toMatchObject({ exit: 0, ok: true, jobs: [{ resultCode: 1200 }] });
          expect(await handset.terminate()).toMatchObject({
            components: expect.arrayContaining([expect.objectContaining({ id: GAME, sha256 })]),
          });
          const host = stage.agent('serve');
          await host.address();
          const offer = stage.agent('packages', 'offer', GAME);
          const fetching = stage.agent('virtual-handset', '--download', await offer.address());
          expect(await watched(peaks, fetching, host)).toMatchObject({
            exit: 0,
            download: { notification: { code: 900, report: 'delivered' }, object: { size, sha256 } },
          });
          expect(await offer.result()).toMatchObject({ exit: 0, notification: { code: 900, success: true } });
          expect(await run(stage, 'packages', 'verify', GAME)).toMatchObject({ exit: 0, ok: true });
        }),
      LIMIT,
    );
});
