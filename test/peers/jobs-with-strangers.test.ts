/**
 * A job of commands, sent by our DM server through our relay to a handset that is not ours: Atomic with roll back,
 * a right that the server has not, Copy, large objects both ways, and a challenge for a stronger proof each way.
 */
import { describe, expect } from 'vitest';
import type { Message } from '../../src-main/syncml/model.ts';
import { DmsClient, type JobReply } from '../support/dms-client.ts';
import { MessageRecord } from '../support/message-record.ts';
import { onStage } from '../support/processes.ts';
import { dumpFlag, ENCODINGS, expectSameMessages, keepDump, readDump, strangersTest } from './support/strangers.ts';

const record = new MessageRecord();
const DEVICE = 'IMEI:490154203237518';
const FOLDER = './SCM/Inventory/Delivered';
const CLOSED = './SCM/Download';
const BLOB = './DevDetail/Ext/Blob';
const BLOB_SIZE = 40_000;
/** What `--blob` puts into the leaf. */
const BLOB_BYTES = Uint8Array.from({ length: BLOB_SIZE }, (_, index) => (index * index) % 251);
/** Many messages of 6000 octets in either encoding. */
const LONG = 'abc'.repeat(10_000);

const get = (target: string) => ({ kind: 'Get', target });
const node = (target: string) => ({ kind: 'Add', target, format: 'node' });
const text = (target: string, data: string) => ({ kind: 'Add', target, format: 'chr', type: 'text/plain', data });

const JOBS = [
  [
    node(`${FOLDER}/one`),
    text(`${FOLDER}/one/Name`, 'one <&> "é"'),
    { kind: 'Copy', source: `${FOLDER}/one/Name`, target: `${FOLDER}/one/Description` },
    get(`${FOLDER}/one/Description`),
  ],
  [
    {
      kind: 'Atomic',
      commands: [
        { kind: 'Replace', target: `${FOLDER}/one/Name`, format: 'chr', data: 'changed' },
        node(`${FOLDER}/gone`),
        { kind: 'Delete', target: './Nowhere' },
        text(`${FOLDER}/gone/Name`, 'never'),
      ],
    },
  ],
  [get(FOLDER), get(`${FOLDER}/one/Name`)],
  [get(CLOSED), node(`${CLOSED}/mine`)],
  [get(BLOB), text(`${FOLDER}/one/PkgID`, LONG), get(`${FOLDER}/one/PkgID`)],
];

const codesOf = (replies: readonly JobReply[] = []): readonly unknown[] =>
  replies.map(({ code, children }) => (children === undefined ? code : [code, codesOf(children)]));

/** Who was not content without a MAC, and by which Status. */
function challengesIn(messages: readonly Message[]): readonly unknown[] {
  return messages.flatMap(({ header, commands }) =>
    commands.flatMap((command) => {
      const refused = command.kind === 'Status' && (command.code === 401 || command.code === 407);
      const wanted = refused ? command.chal?.type?.toLowerCase() : undefined;
      return refused && wanted === 'syncml:auth-mac' ? [[header.source.uri, command.code]] : [];
    }),
  );
}

describe('jobs of our DM server for a handset that is not ours', () => {
  for (const encoding of ENCODINGS) {
    // Either begins with less than the other asks for: the handset once, our server once.
    const challenger = encoding === 'wbxml' ? 'server' : 'handset';
    strangersTest(`are answered in ${encoding}, through the relay, once the ${challenger} has had its MAC`, () =>
      onStage(async (stage) => {
        const dms = stage.agent(
          'virtual-dms',
          '--listen',
          '127.0.0.1:0',
          '--auth',
          challenger === 'server' ? 'mac' : 'md5',
        );
        const client = new DmsClient(await dms.address());
        const ids: string[] = [];
        for (const commands of JOBS) ids.push(await client.post(DEVICE, 'commands', { commands }));
        const handset = stage.peer(
          'handset.py',
          ...['--listen', '127.0.0.1:0', '--sessions', '1', '--encoding', encoding, '--max-message', '6000'],
          ...['--auth', 'md5', '--demand', 'mac', '--blob', String(BLOB_SIZE), '--acl', `${CLOSED}=Get=*`],
          ...dumpFlag(stage, 'handset'),
        );
        const trigger = ['--trigger', client.triggerUrl(DEVICE), '--count', '1'];
        const relay = stage.agent(
          'relay',
          ...['--handset', await handset.address(), ...trigger, '--dms', await dms.address()],
        );
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
        expect(await handset.result()).toMatchObject({ exit: 0, ok: true, problems: [] });
        const [copy, failing, after, rights, large] = await client.jobs(ids);

        expect(codesOf(copy?.replies)).toEqual([200, 200, 200, 200]);
        expect(copy?.replies?.[3]?.items).toMatchObject([{ data: 'one <&> "é"' }]);
        expect(codesOf(failing?.replies)).toEqual([[507, [216, 216, 404, 215]]]);
        expect(failing).toMatchObject({
          state: 'failed',
          message: 'the handset refused Delete of ./Nowhere (status 404, Not found)',
        });
        expect(after?.replies?.map(({ items }) => items[0]?.data)).toEqual(['one', 'one <&> "é"']);
        expect(codesOf(rights?.replies)).toEqual([200, 425]);
        expect(rights?.message).toBe(
          `the handset does not allow Add of ${CLOSED}/mine to the server virtual-dms (status 425, Permission denied)`,
        );
        expect(codesOf(large?.replies)).toEqual([200, 200, 200]);
        const [blob, , echo] = large?.replies ?? [];
        expect(Buffer.from(blob?.items[0]?.data ?? '', 'base64').equals(BLOB_BYTES)).toBe(true);
        expect(echo?.items[0]?.data).toBe(LONG);

        expectSameMessages(handset, dms);
        const messages = await readDump(stage, 'handset');
        // Credentials of another kind are wrong ones, no MAC at all is a missing one.
        const challenge = challenger === 'server' ? [await dms.address(), 401] : [DEVICE, 407];
        expect(challengesIn(messages)).toEqual([challenge]);
        await keepDump(stage, 'handset', record, `jobs for a stranger, ${encoding}`);
      }),
    );
  }

  strangersTest('are written in messages that libwbxml reads as we read them', async () => {
    expect(record.size).toBeGreaterThan(40);
    expect(await record.disagreements()).toEqual([]);
  });
});
