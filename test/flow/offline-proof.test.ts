import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hostFace } from '../support/host-face.ts';
import { DEVICE, ourDms, ourHandset } from '../support/our-three.ts';
import { peerTest } from '../support/peers.ts';
import { onStage, type Stage } from '../support/processes.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

const MAPS = 'com.example.maps';
const LAUNCHER = 'src-main/launch/pc-agent.mjs';

/** A namespace of its own is a privilege that some machines withhold; from root it is not withheld but missing. */
const mayIsolate = spawnSync('unshare', ['-rn', 'true']).status === 0;
const mustIsolate = process.env.PC_AGENT_REQUIRE_PEERS === '1' && process.getuid?.() === 0;

describe('without a network', () => {
  const name = 'all acts of the demo are played where there is nothing but lo';
  if (!mayIsolate && !mustIsolate) {
    it.skip(`${name} [skipped: no permission for a network namespace]`, () => undefined);
    return;
  }
  peerTest(name, ['unshare', 'ip'], () =>
    onStage(async (stage) => {
      const inside = `ip link set lo up && cat /proc/net/dev >&2 && exec "${process.execPath}" ${LAUNCHER} demo --json`;
      const demo = stage.program('demo', ['unshare', '-rn', 'sh', '-c', inside]);
      expect(await demo.result()).toMatchObject({
        exit: 0,
        ok: true,
        transparent: true,
        handsets: [{ fromCache: [MAPS], report: { delivered: 1, sent: 1 } }],
      });
      const devices = demo.stderr.split('\n').flatMap((line) => /^ *(\S+):/.exec(line)?.[1] ?? []);
      expect(devices).toEqual(['lo']);
    }),
  );
});

/** A call that goes to the network, as strace wrote it with `-ttt`. */
interface NetworkCall {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly to: string;
}

function networkCalls(trace: string): readonly NetworkCall[] {
  return trace.split('\n').flatMap((line) => {
    const [, at] = /^(?:\d+ +)?(\d+\.\d+) /.exec(line) ?? [];
    const [, port, host] = /sin6?_port=htons\((\d+)\).*?"([^"]+)"/.exec(line) ?? [];
    return at === undefined || port === undefined ? [] : [{ at: Number(at) * 1000, to: `${host}:${port}` }];
  });
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone.
  }
}

/** A DM server, a handset and what the cache needs: where an offline installation starts. */
async function prepared(stage: Stage) {
  const state = join(stage.folder, 'dms');
  const dms = await ourDms(stage, '--state', state);
  const handset = await ourHandset(stage);
  const found = (await dms.client.packages()).find(({ id }) => id === MAPS);
  if (found === undefined) throw new Error('the DM server has no package');
  return { dms, handset, found, state, home: join(stage.folder, 'home') };
}

describe('a host with the offline switch on', () => {
  peerTest(
    'connects to nobody but the handset from the closing of the listener of the DMS until it is back',
    'strace',
    () =>
      onStage(async (stage) => {
        const { dms, handset, found, state, home } = await prepared(stage);
        const trace = join(stage.folder, 'trace');
        const strace = ['strace', '-f', '-ttt', '-e', 'trace=connect,sendto,sendmsg', '-s', '64', '-o', trace];
        const host = stage.program('serve', [...strace, process.execPath, LAUNCHER, 'serve', '--json']);
        // Ending strace would only detach it.
        const { pid } = await host.event('listening', ({ type }) => type === 'listening');
        stage.owns(async () => end(Number(pid), 'SIGKILL'));
        const face = await hostFace(home);
        const manifest = new URL('/packages/index.json', dms.url).href;
        await face.request('packages.fetch', { url: found.url, manifest });
        await face.request('host.offline', { offline: true });
        await dms.program.terminate();
        const closed = Date.now();
        const order = { handset: handset.address, packages: [MAPS], offline: true, reportTo: dms.url };
        expect(await face.request('install', order)).toMatchObject({ jobs: [{ state: 'done', resultCode: 1200 }] });
        // Asked to send, the host does not even try.
        expect(await face.request('reports.send', {})).toEqual({ unsent: 1 });
        expect(await face.request('reports.list', {})).toMatchObject({ reports: [{ state: 'waiting', tries: 0 }] });
        const back = Date.now();
        const again = stage.agent('virtual-dms', '--listen', new URL(dms.url).host, '--state', state);
        expect(await again.address()).toBe(dms.url);
        await face.request('host.offline', { offline: false });
        for (let unsent = 1; unsent > 0; ) ({ unsent } = await face.request('reports.send', {}));
        expect(await dms.client.reports()).toHaveLength(1);
        face.close();
        end(Number(pid), 'SIGTERM');
        expect(await host.result()).toMatchObject({ exit: 0 });

        const calls = networkCalls(await readFile(trace, 'utf8'));
        const to = (from: number, until: number) =>
          new Set(calls.filter(({ at }) => at >= from && at <= until).map((call) => call.to));
        const [phone, server] = [handset.address.replace('tcp:', ''), new URL(dms.url).host];
        // That the trace sees a connection to the DM server is shown before and after.
        expect([...to(0, closed)]).toEqual([server]);
        expect([...to(closed, back)]).toEqual([phone]);
        // By then it may look again at the handset, which is still there.
        expect([...to(back, Date.now())].filter((each) => each !== phone)).toEqual([server]);
      }),
  );
});

describe('a report whose acknowledgement is lost on the wire', () => {
  it('is sent again and is there once', () =>
    onStage(async (stage) => {
      const { dms, handset, found, home } = await prepared(stage);
      let swallowed = 0;
      const proxy = await tcpProxy(stage, dms.url, {
        onAnswer: async (request) => {
          if (!request.startsWith('POST /api/v1/reports') || swallowed > 0) return undefined;
          swallowed += 1;
          return 'cut';
        },
      });
      const host = stage.agent('serve');
      await host.address();
      const face = await hostFace(home);
      await face.request('packages.fetch', {
        url: found.url,
        manifest: new URL('/packages/index.json', dms.url).href,
      });
      const order = { handset: handset.address, packages: [MAPS], reportTo: proxy.url.href };
      const { jobs } = await face.request('install', order);
      expect(jobs).toMatchObject([{ state: 'done' }]);
      // The host goes on by itself after a pause.
      while ((await face.request('reports.list', {})).reports.length > 0) await new Promise(setImmediate);
      expect(swallowed).toBe(1);
      const posts = proxy.requests.filter(({ line }) => line.startsWith('POST /api/v1/reports'));
      expect(posts).toHaveLength(2);
      expect(await dms.client.reports(DEVICE)).toMatchObject([
        { report: { job: jobs[0]?.job, state: 'done', resultCode: 1200, package: { sha256: found.sha256 } } },
      ]);
      face.close();
      expect(await host.terminate()).toMatchObject({ exit: 0 });
    }));
});

describe('a download that breaks half-way', () => {
  peerTest('is gone on with by curl -C - and is the same byte by byte', 'curl', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--fault', 'dms-drop-download');
      const found = (await dms.client.packages()).find(({ id }) => id === MAPS);
      const file = join(stage.folder, 'maps.bin');
      const curl = (...flags: readonly string[]) =>
        stage.program('curl', ['curl', '-sS', ...flags, '-o', file, found?.url ?? '']).ended;
      // 18: a partial file.
      expect(await curl()).toMatchObject({ code: 18 });
      const half = await readFile(file);
      expect(half.length).toBeGreaterThan(0);
      expect(half.length).toBeLessThan(found?.size ?? 0);
      expect(await curl('-C', '-', '-w', '%{http_code} %{size_download}\\n')).toEqual({ code: 0, signal: null });
      const whole = await readFile(file);
      expect(whole.subarray(0, half.length)).toEqual(half);
      expect(createHash('sha256').update(whole).digest('hex')).toBe(found?.sha256);
    }),
  );
});
