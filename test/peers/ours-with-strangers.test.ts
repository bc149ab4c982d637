import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { DmsClient } from '../support/dms-client.ts';
import { MessageRecord } from '../support/message-record.ts';
import { onStage, type Program, type ProgramEvent, type Stage } from '../support/processes.ts';
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
const AUTHS = ['none', 'basic', 'md5', 'mac'] as const;
const DEVICE = 'IMEI:490154203237518';
const GAME = 'com.example.game';

/** The ways that our handset takes to a DM server; each is tried in both encodings, not with everything. */
const WAYS = ['listens', 'calls over OBEX', 'calls over HTTP'] as const;
type Way = (typeof WAYS)[number];

function componentsOf(result: ProgramEvent): readonly ProgramEvent[] {
  return result.components as readonly ProgramEvent[];
}

/** Our handset, reaching a DM server by one of its ways, through our relay where that is OBEX. */
async function handsetOnItsWay(
  stage: Stage,
  way: Way,
  dms: string,
  flags: readonly string[],
  notification: string,
): Promise<{ readonly handset: Program; readonly relay?: Program }> {
  const handset = (...where: readonly string[]) => stage.agent('virtual-handset', ...where, ...flags);
  switch (way) {
    case 'listens': {
      const called = handset('--listen', 'tcp:127.0.0.1:0');
      const where = ['--handset', await called.address(), '--notification', notification];
      return { handset: called, relay: stage.agent('relay', ...where, '--dms', dms) };
    }
    case 'calls over OBEX': {
      const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--count', '1', '--dms', dms);
      return { handset: handset('--connect', await relay.address(), '--initiate'), relay };
    }
    case 'calls over HTTP':
      return { handset: handset('--connect', dms) };
  }
}

describe('our handset with a DM server that is not ours', () => {
  let turn = 0;
  for (const encoding of ENCODINGS) {
    for (const auth of AUTHS) {
      const way = WAYS[turn % WAYS.length] ?? WAYS[0];
      turn += 1;
      const seed = turn;
      strangersTest(`installs a package in ${encoding} with ${auth} when it ${way}`, () =>
        onStage(async (stage) => {
          const { file, sha256 } = await testPackage(stage, 60_000, seed);
          const note = join(stage.folder, 'package-0');
          const dms = stage.peer(
            'dms.py',
            ...['--auth', auth, '--package', file, '--package-id', 'com.example.peer'],
            ...['--notification-out', note, '--quirks', 'reread,devdetail', ...dumpFlag(stage, 'dms')],
          );
          const flags = ['--encoding', encoding, '--auth', auth];
          const { handset, relay } = await handsetOnItsWay(stage, way, await dms.address(), flags, note);
          if (relay !== undefined) expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
          expect(await dms.result()).toMatchObject({
            exit: 0,
            ok: true,
            alerts: [{ resultCode: 1200, correlator: 'peer-1' }],
            inventory: [{ id: 'com.example.clock' }, { id: 'com.example.notes' }],
            inventoryAfter: [{ id: 'com.example.clock' }, { id: 'com.example.notes' }, { id: 'com.example.peer' }],
          });
          const held = await (way === 'listens' ? handset.terminate() : handset.result());
          expect(held).toMatchObject({ exit: 0, ok: true });
          expect(componentsOf(held).find(({ id }) => id === 'com.example.peer')).toMatchObject({ sha256 });
          expectSameMessages(withoutPackage0(handset), dms);
          await keepDump(stage, 'dms', record, `our handset, ${encoding}, ${auth}, ${way}`);
        }),
      );
    }
  }

  strangersTest('removes a component that the server names', () =>
    onStage(async (stage) => {
      const dms = stage.peer('dms.py', '--remove', 'com.example.notes', ...dumpFlag(stage, 'dms'));
      const handset = stage.agent('virtual-handset', '--connect', await dms.address());
      expect(await dms.result()).toMatchObject({ exit: 0, ok: true, alerts: [{ resultCode: 1200 }] });
      const held = await handset.result();
      expect(componentsOf(held).map(({ id }) => id)).toEqual(['com.example.clock']);
      await keepDump(stage, 'dms', record, 'our handset, removal');
    }),
  );

  strangersTest('takes a raw package in WBXML that says it is binary', () =>
    onStage(async (stage) => {
      const { file, sha256 } = await testPackage(stage, 60_000, 77);
      const dms = stage.peer('dms.py', '--package', file, '--quirks', 'raw-bin', ...dumpFlag(stage, 'dms'));
      const handset = stage.agent('virtual-handset', '--connect', await dms.address(), '--max-message', '9000');
      expect(await dms.result()).toMatchObject({ exit: 0, ok: true, alerts: [{ resultCode: 1200 }] });
      expect(componentsOf(await handset.result()).at(-1)).toMatchObject({ sha256 });
      await keepDump(stage, 'dms', record, 'our handset, raw package');
    }),
  );

  strangersTest('refuses a server with a wrong password, in code and exit', () =>
    onStage(async (stage) => {
      const dms = stage.peer('dms.py', '--server-password', 'wrong');
      const handset = stage.agent('virtual-handset', '--connect', await dms.address());
      expect(await handset.result()).toMatchObject({ exit: 1, ok: false, code: 'dm/server-not-authenticated' });
      // It serves one session and ends; a signal now would meet it on its way out.
      expect(await dms.result()).toMatchObject({ exit: 1, ok: false });
    }),
  );
});

/** Our handset tells of package 0 as well, which never passes the server's `/dm`. */
function withoutPackage0(handset: Program): Pick<Program, 'of'> {
  return { of: (type) => handset.of(type).filter((event) => event.package !== 0) };
}

const STRANGER_WAYS = ['over HTTP', 'as OBEX client', 'as OBEX server'] as const;
type StrangerWay = (typeof STRANGER_WAYS)[number];

/** Their handset, reaching our DM server by one of its ways. */
async function strangerOnItsWay(
  stage: Stage,
  way: StrangerWay,
  dms: string,
  flags: readonly string[],
): Promise<{ readonly handset: Program; readonly relay?: Program }> {
  const handset = (...where: readonly string[]) =>
    stage.peer('handset.py', ...where, ...flags, ...dumpFlag(stage, 'handset'));
  switch (way) {
    case 'over HTTP':
      return { handset: handset('--http', dms) };
    case 'as OBEX client': {
      const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--count', '1', '--dms', dms);
      return { handset: handset('--connect', hostAndPort(await relay.address())), relay };
    }
    case 'as OBEX server': {
      const called = handset('--listen', '127.0.0.1:0');
      const trigger = ['--trigger', new DmsClient(dms).triggerUrl(DEVICE), '--count', '1'];
      return {
        handset: called,
        relay: stage.agent('relay', '--handset', await called.address(), ...trigger, '--dms', dms),
      };
    }
  }
}

describe('our DM server with a handset that is not ours', () => {
  let turn = 0;
  for (const encoding of ENCODINGS) {
    for (const auth of AUTHS) {
      const way = STRANGER_WAYS[turn % STRANGER_WAYS.length] ?? STRANGER_WAYS[0];
      turn += 1;
      strangersTest(`reads, installs and removes in ${encoding} with ${auth}, ${way}`, () =>
        onStage(async (stage) => {
          const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0', '--auth', auth);
          const client = new DmsClient(await dms.address());
          const ids = [
            await client.post(DEVICE, 'inventory'),
            await client.post(DEVICE, 'install', { package: GAME }),
            await client.post(DEVICE, 'remove', { component: 'com.example.clock' }),
            await client.post(DEVICE, 'inventory'),
          ];
          const flags = ['--encoding', encoding, '--auth', auth];
          const { handset, relay } = await strangerOnItsWay(stage, way, await dms.address(), flags);
          const held = await handset.result();
          expect(held).toMatchObject({ exit: 0, ok: true, code: 'done', problems: [], pendingAlerts: 0 });
          if (relay !== undefined) expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
          const [before, install, removal, after] = await client.jobs(ids);
          expect(before).toMatchObject({ state: 'done', inventory: [{ id: 'com.example.clock' }] });
          expect(install).toMatchObject({ state: 'done', resultCode: 1200 });
          expect(removal).toMatchObject({ state: 'done', resultCode: 1200 });
          expect(after).toMatchObject({ state: 'done', inventory: [{ id: GAME }] });
          const [game] = await client.packages();
          expect(installedIn(held)).toMatchObject([{ id: GAME, sha256: game?.sha256 }]);
          expectSameMessages(handset, dms);
          await keepDump(stage, 'handset', record, `our DM server, ${encoding}, ${auth}, ${way}`);
        }),
      );
    }
  }

  strangersTest('offers the packages of a folder, and installs the bytes of the file', () =>
    onStage(async (stage) => {
      const { file, sha256 } = await testPackage(stage, 40_000, 5);
      const folder = stage.folder;
      await writeFile(`${file}.json`, JSON.stringify({ id: 'com.example.file', name: 'file', version: '3.1' }));
      const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0', '--packages', folder);
      const client = new DmsClient(await dms.address());
      const id = await client.post(DEVICE, 'install', { package: 'com.example.file' });
      const handset = stage.peer('handset.py', '--http', await dms.address(), ...dumpFlag(stage, 'handset'));
      expect(installedIn(await handset.result())).toMatchObject([{ id: 'com.example.file', sha256 }]);
      expect(await client.job(id)).toMatchObject({ state: 'done', resultCode: 1200 });
      await keepDump(stage, 'handset', record, 'our DM server, a folder');
    }),
  );

  strangersTest('takes an alert that the handset sends in its next session only', () =>
    onStage(async (stage) => {
      const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0');
      const client = new DmsClient(await dms.address());
      const id = await client.post(DEVICE, 'install', { package: GAME });
      const flags = ['--late-alert', '--sessions', '2', ...dumpFlag(stage, 'handset')];
      const handset = stage.peer('handset.py', '--http', await dms.address(), ...flags);
      expect(await handset.result()).toMatchObject({ exit: 0, ok: true, pendingAlerts: 0 });
      expect(await client.job(id)).toMatchObject({ state: 'done', resultCode: 1200 });
      await keepDump(stage, 'handset', record, 'our DM server, a late alert');
    }),
  );

  strangersTest('tells a failed installation with the result code of the handset', () =>
    onStage(async (stage) => {
      const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0');
      const client = new DmsClient(await dms.address());
      const id = await client.post(DEVICE, 'install', { package: GAME });
      const handset = stage.peer('handset.py', '--http', await dms.address(), '--install-result', '1405');
      await handset.result();
      expect(await client.job(id)).toMatchObject({ state: 'failed', resultCode: 1405 });
    }),
  );

  strangersTest('refuses a handset with a wrong password, and its jobs wait for one with the right one', () =>
    onStage(async (stage) => {
      const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0');
      const client = new DmsClient(await dms.address());
      const id = await client.post(DEVICE, 'inventory');
      const wrong = stage.peer('handset.py', '--http', await dms.address(), '--password', 'wrong');
      expect(await wrong.result()).toMatchObject({ exit: 1, ok: false });
      await dms.event('the refusal', ({ type, code }) => type === 'error' && code === 'dm/auth-refused');
      expect(await client.job(id)).toMatchObject({ state: 'queued' });
      const right = stage.peer('handset.py', '--http', await dms.address());
      expect(await right.result()).toMatchObject({ exit: 0, ok: true });
      expect(await client.job(id)).toMatchObject({ state: 'done' });
    }),
  );
});

describe('the messages of these sessions', () => {
  strangersTest('are read by libwbxml as we read them', async () => {
    expect(record.size).toBeGreaterThan(150);
    expect(await record.disagreements()).toEqual([]);
  });
});
