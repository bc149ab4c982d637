import { describe, expect } from 'vitest';
import { DmsClient } from '../support/dms-client.ts';
import { MessageRecord } from '../support/message-record.ts';
import { onStage } from '../support/processes.ts';
import {
  dumpFlag,
  ENCODINGS,
  expectSameMessages,
  installedIn,
  keepDump,
  readDump,
  strangersTest,
} from './support/strangers.ts';

const record = new MessageRecord();
const DEVICE = 'IMEI:490154203237518';
const GAME = 'com.example.game';

/** What each style says of itself on the wire; the client asks for credentials, or gives none. */
const STYLES = [
  { style: 'recorder', auth: 'md5', contentType: (encoding: string) => `application/vnd.syncml+${encoding}` },
  { style: 'recorder', auth: 'mac', contentType: (encoding: string) => `application/vnd.syncml+${encoding}` },
  {
    style: 'loose',
    auth: 'none',
    contentType: (encoding: string) => `application/vnd.syncml.dm+${encoding}; charset=utf-8`,
  },
] as const;

describe('our DM server with clients in the style of clients in the wild', () => {
  for (const { style, auth, contentType } of STYLES) {
    for (const encoding of ENCODINGS) {
      strangersTest(`installs a package in a ${style} client, in ${encoding} with ${auth}`, () =>
        onStage(async (stage) => {
          const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0', '--auth', auth);
          const client = new DmsClient(await dms.address());
          const ids = [
            await client.post(DEVICE, 'inventory'),
            await client.post(DEVICE, 'install', { package: GAME }),
            await client.post(DEVICE, 'inventory'),
          ];
          const flags = ['--style', style, '--encoding', encoding, '--auth', auth, ...dumpFlag(stage, style)];
          const wild = stage.peer('wild_clients.py', '--http', await dms.address(), ...flags);
          const held = await wild.result();
          expect(held).toMatchObject({ exit: 0, ok: true, problems: [], pendingAlerts: 0 });
          const [game] = await client.packages();
          expect(installedIn(held)).toMatchObject([{ id: GAME, sha256: game?.sha256 }]);
          const [before, install, after] = await client.jobs(ids);
          expect(before).toMatchObject({ state: 'done', inventory: [{ id: 'com.example.clock' }] });
          expect(install).toMatchObject({ state: 'done', resultCode: 1200 });
          expect(after).toMatchObject({ state: 'done', inventory: [{ id: 'com.example.clock' }, { id: GAME }] });
          expectSameMessages(wild, dms);
          const sent = dms.of('message').filter(({ direction }) => direction === 'to-dms');
          expect(new Set(sent.map((event) => event.contentType))).toEqual(new Set([contentType(encoding)]));
          // Ours never send the data synchronisation type, whatever they were asked with.
          const answered = dms.of('message').filter(({ direction }) => direction === 'to-handset');
          const own = `application/vnd.syncml.dm+${encoding}`;
          expect(new Set(answered.map((event) => event.contentType))).toEqual(new Set([own]));
          expect(await dms.terminate()).toMatchObject({ exit: 0, failedSessions: 0 });
          const [first] = await readDump(stage, style);
          const replace = first?.commands.find((command) => command.kind === 'Replace');
          expect(replace).toMatchObject({ items: { length: style === 'recorder' ? 13 : 5 } });
          await keepDump(stage, style, record, `${style}, ${encoding}, ${auth}`);
        }),
      );
    }
  }

  strangersTest('loses a recorder client, which wants the server to prove itself, when it cannot', () =>
    onStage(async (stage) => {
      const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0', '--server-password', 'wrong');
      const wild = stage.peer('wild_clients.py', '--style', 'recorder', '--http', await dms.address());
      expect(await wild.result()).toMatchObject({ exit: 1, ok: false, code: 'server-not-authenticated' });
    }),
  );

  strangersTest('is told to go on sending by a client that waits for it', () =>
    onStage(async (stage) => {
      const dms = stage.agent('virtual-dms', '--listen', '127.0.0.1:0', '--auth', 'none');
      const wild = stage.peer('wild_clients.py', '--style', 'loose', '--http', await dms.address());
      expect(await wild.result()).toMatchObject({ exit: 0, ok: true });
      const waits = wild.of('expect');
      expect(waits.length).toBeGreaterThan(1);
      expect(new Set(waits.map(({ answered }) => answered))).toEqual(new Set([true]));
    }),
  );
});

describe('the messages of these sessions', () => {
  strangersTest('are read by libwbxml as we read them', async () => {
    expect(record.size).toBeGreaterThan(80);
    expect(await record.disagreements()).toEqual([]);
  });
});
