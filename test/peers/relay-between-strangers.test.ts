import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { httpRecorder } from '../support/http-recorder.ts';
import { MessageRecord } from '../support/message-record.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { someOf, THOROUGH } from '../support/thoroughness.ts';
import {
  dumpFlag,
  ENCODINGS,
  expectSameMessages,
  hostAndPort,
  installedIn,
  keepDump,
  strangersTest,
  testPackage,
} from './support/strangers.ts';

const record = new MessageRecord();
const NONCE = 'bm9uY2U=';

interface Play {
  readonly dms: Program;
  readonly handset: Program;
  readonly relay: Program;
}

interface Cast {
  readonly shared: readonly string[];
  readonly dms?: readonly string[];
  readonly handset?: readonly string[];
  readonly relay?: readonly string[];
}

type Start = 'the DM server' | 'the handset over OBEX' | 'the handset over HTTP';
const STARTS: readonly Start[] = ['the DM server', 'the handset over OBEX', 'the handset over HTTP'];

function startDms(stage: Stage, file: string, cast: Cast): Program {
  const flags = ['--package', file, '--package-id', 'com.example.peer', ...dumpFlag(stage, 'dms')];
  // The encoding is the handset's choice.
  const shared = withoutEncoding(cast.shared);
  return stage.peer('dms.py', '--listen', '127.0.0.1:0', ...flags, ...shared, ...(cast.dms ?? []));
}

function withoutEncoding(flags: readonly string[]): readonly string[] {
  const at = flags.indexOf('--encoding');
  return at < 0 ? flags : flags.toSpliced(at, 2);
}

/** Relay and handset for a DM server that listens already; the notification is ready when it does. */
async function joinThem(stage: Stage, start: Start, dmsUrl: string, cast: Cast): Promise<Omit<Play, 'dms'>> {
  const handset = (...where: readonly string[]) =>
    stage.peer('handset.py', ...where, ...dumpFlag(stage, 'handset'), ...cast.shared, ...(cast.handset ?? []));
  const relay = (...where: readonly string[]) =>
    stage.agent('relay', ...where, '--dms', dmsUrl, '--timeout', '20', ...(cast.relay ?? []));
  switch (start) {
    case 'the DM server': {
      const called = handset('--listen', '127.0.0.1:0');
      return { handset: called, relay: relay('--handset', await called.address()) };
    }
    case 'the handset over OBEX': {
      const listening = relay('--listen', 'tcp:127.0.0.1:0', '--count', '1');
      return { relay: listening, handset: handset('--connect', hostAndPort(await listening.address())) };
    }
    case 'the handset over HTTP': {
      const listening = relay('--listen', 'http://127.0.0.1:0/dm', '--count', '1');
      return { relay: listening, handset: handset('--http', await listening.address()) };
    }
  }
}

/** The package arrived whole, the DM server knows it, and both ends saw the same messages. */
async function expectInstalled({ dms, handset, relay }: Play, sha256: string): Promise<void> {
  const [carried, served, held] = await Promise.all([relay.result(), dms.result(), handset.result()]);
  expect(carried).toMatchObject({ exit: 0, ok: true, state: 'done', sessionCount: 1 });
  expect(served).toMatchObject({ exit: 0, ok: true, code: 'done' });
  expect(served.alerts).toMatchObject([{ resultCode: 1200, correlator: 'peer-1' }]);
  expect(held).toMatchObject({ exit: 0, ok: true, code: 'done', problems: [] });
  expect(installedIn(held)).toMatchObject([{ id: 'com.example.peer', sha256 }]);
  expectSameMessages(handset, dms);
}

describe('the relay between a handset and a DM server that are not ours', () => {
  const profiles = ENCODINGS.flatMap((encoding) => ['md5', 'mac'].map((auth) => ({ encoding, auth })));
  const rows = profiles.flatMap((profile) => STARTS.map((start) => ({ ...profile, start })));
  for (const [seed, { encoding, auth, start }] of someOf([...rows.entries()], 7)) {
    const own = seed + 2;
    strangersTest(`carries a session in ${encoding} with ${auth}, started by ${start}`, () =>
      onStage(async (stage) => {
        const { file, sha256 } = await testPackage(stage, 100_000, own);
        const note = join(stage.folder, 'package-0');
        const byServer = start === 'the DM server';
        const cast: Cast = {
          shared: ['--encoding', encoding, '--auth', auth],
          dms: byServer ? ['--notification-out', note] : [],
          relay: byServer ? ['--notification', note] : [],
        };
        const dms = startDms(stage, file, cast);
        const play = { dms, ...(await joinThem(stage, start, await dms.address(), cast)) };
        await expectInstalled(play, sha256);
        const name = `${encoding}, ${auth}, started by ${start}`;
        await keepDump(stage, 'handset', record, name);
      }),
    );
  }

  for (const start of someOf(STARTS.slice(0, 2), 2)) {
    strangersTest(`cuts messages into OBEX packets of 300 bytes, started by ${start}`, () =>
      onStage(async (stage) => {
        const { file, sha256 } = await testPackage(stage, 100_000, 99);
        const note = join(stage.folder, 'package-0');
        const cast: Cast = {
          shared: ['--auth', 'mac'],
          dms: ['--notification-out', note],
          handset: ['--obex-packet', '300'],
          relay: start === 'the DM server' ? ['--notification', note] : [],
        };
        const dms = startDms(stage, file, cast);
        await expectInstalled({ dms, ...(await joinThem(stage, start, await dms.address(), cast)) }, sha256);
        await keepDump(stage, 'handset', record, 'packets of 300 bytes');
      }),
    );
  }
});

describe('RespURI of a DM server that is not ours', () => {
  strangersTest('is followed when it leads to the same origin', () =>
    onStage(async (stage) => {
      const { file, sha256 } = await testPackage(stage, 20_000, 7);
      const door = await httpRecorder(stage);
      const cast: Cast = { shared: ['--auth', 'md5'], dms: ['--respuri', `${door.url}?session=7&part=a%20b`] };
      const dms = startDms(stage, file, cast);
      door.target = await dms.address();
      const play = { dms, ...(await joinThem(stage, 'the handset over OBEX', door.url, cast)) };
      await expectInstalled(play, sha256);
      expect(door.paths[0]).toBe('/dm');
      expect(new Set(door.paths.slice(1))).toEqual(new Set(['/dm?session=7&part=a%20b']));
    }),
  );

  for (const start of someOf(STARTS, 3)) {
    strangersTest(`of another origin ends a session started by ${start}, and nothing arrives there`, () =>
      onStage(async (stage) => {
        const { file } = await testPackage(stage, 1000, 8);
        const note = join(stage.folder, 'package-0');
        const elsewhere = await countConnections(stage);
        const cast: Cast = {
          shared: ['--auth', 'md5'],
          dms: ['--respuri', elsewhere.url, '--notification-out', note],
          relay: start === 'the DM server' ? ['--notification', note] : [],
        };
        const dms = startDms(stage, file, cast);
        const { relay, handset } = await joinThem(stage, start, await dms.address(), cast);
        expect(await relay.result()).toMatchObject({ exit: 1, ok: false, code: 'relay/respuri-refused' });
        expect(relay.of('session').at(-1)).toMatchObject({ state: 'failed', code: 'relay/respuri-refused' });
        expect(await handset.result()).toMatchObject({ exit: 1, ok: false });
        expect(dms.of('message').filter(({ direction }) => direction === 'to-dms')).toHaveLength(1);
        expect(elsewhere.connections()).toBe(0);
      }),
    );
  }

  strangersTest('of another origin is followed when that origin is allowed', () =>
    onStage(async (stage) => {
      const { file, sha256 } = await testPackage(stage, 1000, 9);
      const other = await httpRecorder(stage);
      const cast: Cast = {
        shared: ['--auth', 'md5'],
        dms: ['--respuri', other.url],
        relay: ['--allow-origin', new URL(other.url).origin],
      };
      const dms = startDms(stage, file, cast);
      other.target = await dms.address();
      const play = { dms, ...(await joinThem(stage, 'the handset over OBEX', other.target, cast)) };
      await expectInstalled(play, sha256);
      expect(other.paths.length).toBeGreaterThan(1);
    }),
  );
});

describe('package 0 that the relay builds from delegated credentials', () => {
  const FORMS = [
    { form: 'stored', nonce: ['--server-nonce', NONCE], served: [] },
    { form: 'zero', nonce: [], served: ['--notification-nonce', 'zero'] },
  ] as const;
  for (const { form, nonce, served } of FORMS) {
    strangersTest(`is accepted by a handset that is not ours, with the ${form} nonce`, () =>
      onStage(async (stage) => {
        const { file, sha256 } = await testPackage(stage, 1000, 10);
        const password = join(stage.folder, 'password');
        await writeFile(password, 'server-secret\n');
        const cast: Cast = {
          shared: ['--auth', 'md5'],
          dms: ['--notification-out', join(stage.folder, 'unused'), ...served],
          relay: ['--server-id', 'virtual-dms', '--server-password-file', password, ...nonce],
        };
        const dms = startDms(stage, file, cast);
        const play = { dms, ...(await joinThem(stage, 'the DM server', await dms.address(), cast)) };
        await expectInstalled(play, sha256);
        expect(play.handset.of('notification')).toMatchObject([{ ok: true, nonce: form, server: 'virtual-dms' }]);
        expect(play.relay.stdout + play.relay.stderr).not.toContain('server-secret');
      }),
    );
  }

  strangersTest('is ignored when no credentials were delegated, and the relay says so', () =>
    onStage(async (stage) => {
      const { file } = await testPackage(stage, 1000, 11);
      const cast: Cast = { shared: ['--auth', 'md5'], handset: ['--sessions', '0'] };
      const dms = startDms(stage, file, cast);
      const { relay, handset } = await joinThem(stage, 'the DM server', await dms.address(), cast);
      expect(await relay.result()).toMatchObject({ exit: 1, ok: false, code: 'relay/notification-ignored' });
      expect(relay.stderr).toContain('will ignore it');
      const notes = handset.of('notification');
      expect(notes.map(({ ok, server }) => [ok, server])).toEqual([
        [false, 'pc-agent'],
        [false, 'pc-agent'],
      ]);
    }),
  );
});

describe('the messages of these sessions', () => {
  strangersTest('are read by libwbxml as we read them', async () => {
    expect(record.size).toBeGreaterThan(THOROUGH ? 150 : 40);
    expect(await record.disagreements()).toEqual([]);
  });
});

/** A place where nobody should come. */
async function countConnections(stage: Stage): Promise<{ readonly url: string; connections(): number }> {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stage.owns(() => new Promise((done) => server.close(done)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`, connections: () => count };
}
