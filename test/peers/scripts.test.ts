/**
 * One script of commands, sent by a DM server that is not ours through our relay: to a handset that is not ours, and to
 * ours. Both answer alike, command by command: Atomic with roll back, rights, Copy, a question, a large object, and a
 * challenge for a stronger proof each way.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { MessageRecord } from '../support/message-record.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { someOf, THOROUGH } from '../support/thoroughness.ts';
import { dumpFlag, ENCODINGS, expectSameMessages, hostAndPort, keepDump, strangersTest } from './support/strangers.ts';

const record = new MessageRecord();
const DELIVERED = './SCM/Inventory/Delivered';

const SCRIPT = [
  [{ name: 'Get', uri: DELIVERED }],
  [
    {
      name: 'Atomic',
      commands: [
        { name: 'Add', uri: `${DELIVERED}/x` },
        { name: 'Add', uri: `${DELIVERED}/x/PkgID`, data: 'com.example.x' },
        { name: 'Replace', uri: './SCM/none', data: 'v' },
        { name: 'Add', uri: `${DELIVERED}/y` },
      ],
    },
  ],
  [{ name: 'Get', uri: DELIVERED }],
  [
    {
      name: 'Atomic',
      commands: [
        { name: 'Add', uri: `${DELIVERED}/one` },
        { name: 'Add', uri: `${DELIVERED}/one/Name`, data: 'one' },
      ],
    },
    { name: 'Copy', source: `${DELIVERED}/one/Name`, uri: `${DELIVERED}/one/Description` },
    { name: 'Get', uri: `${DELIVERED}/one/Description` },
    { name: 'Copy', source: DELIVERED, uri: `${DELIVERED}/one/PkgType` },
    { name: 'Add', uri: `${DELIVERED}/one`, format: 'node' },
    // Several messages long in either encoding: a large object.
    { name: 'Add', uri: `${DELIVERED}/one/Data`, data: 'QUJD'.repeat(10_000), format: 'b64' },
  ],
  [
    {
      name: 'Sequence',
      commands: [
        { name: 'Alert', alert: 1101, texts: ['Go on?'] },
        { name: 'Replace', uri: `${DELIVERED}/one/Name`, data: 'two' },
        { name: 'Get', uri: `${DELIVERED}/one/Name` },
      ],
    },
  ],
  [{ name: 'Replace', uri: `${DELIVERED}?prop=ACL`, data: 'Get=*&Replace=somebody-else' }],
  [
    { name: 'Add', uri: `${DELIVERED}/z` },
    { name: 'Replace', uri: `${DELIVERED}/one/Name`, data: 'three' },
    { name: 'Delete', uri: `${DELIVERED}/one` },
    { name: 'Get', uri: `${DELIVERED}?prop=ACL` },
    { name: 'Get', uri: `${DELIVERED}/one?prop=ACL` },
    { name: 'Get', uri: `${DELIVERED}/one/Name` },
  ],
];

const ANSWERS = [
  [{ code: 200, results: { [DELIVERED]: '' } }],
  [{ code: 507, commands: [{ code: 216 }, { code: 216 }, { code: 404 }, { code: 215 }] }],
  [{ code: 200, results: { [DELIVERED]: '' } }],
  [
    { code: 200, commands: [{ code: 200 }, { code: 200 }] },
    { code: 200 },
    { code: 200, results: { [`${DELIVERED}/one/Description`]: 'one' } },
    { code: 403 },
    { code: 418 },
    { code: 200 },
  ],
  [
    {
      code: 200,
      commands: [{ code: 200 }, { code: 200 }, { code: 200, results: { [`${DELIVERED}/one/Name`]: 'two' } }],
    },
  ],
  [{ code: 200 }],
  [
    { code: 425 },
    { code: 425 },
    { code: 425 },
    { code: 200, results: { [`${DELIVERED}?prop=ACL`]: 'Get=*&Replace=somebody-else' } },
    { code: 200, results: { [`${DELIVERED}/one?prop=ACL`]: '' } },
    { code: 200, results: { [`${DELIVERED}/one/Name`]: 'two' } },
  ],
];

/** Both begin with less than the other side asks for: each is challenged for MAC. */
const CHALLENGED = ['--auth', 'md5', '--demand', 'mac'];

async function server(stage: Stage, ...flags: readonly string[]): Promise<Program> {
  const file = join(stage.folder, 'script.json');
  await writeFile(file, JSON.stringify(SCRIPT));
  return stage.peer('dms.py', '--script', file, ...flags, ...dumpFlag(stage, 'dms'));
}

describe('a script of a DM server that is not ours', () => {
  for (const encoding of someOf(ENCODINGS, 2)) {
    strangersTest(`is answered by a handset that is not ours, through the relay, in ${encoding}`, () =>
      onStage(async (stage) => {
        const note = join(stage.folder, 'package-0');
        const blob = './DevDetail/Ext/Blob';
        const dms = await server(stage, ...CHALLENGED, '--notification-out', note, '--read', blob);
        const flags = ['--encoding', encoding, ...CHALLENGED, '--blob', '70000', '--max-message', '6000'];
        const handset = stage.peer('handset.py', '--listen', '127.0.0.1:0', ...flags);
        const relay = stage.agent(
          'relay',
          ...['--handset', await handset.address(), '--dms', await dms.address(), '--notification', note],
        );
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
        const said = await dms.result();
        expect(said).toMatchObject({ exit: 0, ok: true, read: [{ uri: blob, code: 200, bytes: 70_000 }] });
        expect(said.script).toMatchObject(ANSWERS);
        expect(await handset.result()).toMatchObject({ exit: 0, ok: true, problems: [] });
        expectSameMessages(handset, dms);
        await keepDump(stage, 'dms', record, `a script between strangers, ${encoding}`);
      }),
    );

    strangersTest(`is answered by our handset in the same words, through the relay, in ${encoding}`, () =>
      onStage(async (stage) => {
        // Ours demands of the server what it shows itself.
        const dms = await server(stage, '--auth', 'md5', '--demand', 'mac');
        const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--count', '1', '--dms', await dms.address());
        const flags = ['--encoding', encoding, '--max-message', '6000', '--auth', 'md5'];
        const handset = stage.agent(
          'virtual-handset',
          '--connect',
          `tcp:${hostAndPort(await relay.address())}`,
          ...flags,
        );
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
        const said = await dms.result();
        expect(said).toMatchObject({ exit: 0, ok: true });
        expect(said.script).toMatchObject(ANSWERS);
        expect(await handset.result()).toMatchObject({ exit: 0, ok: true });
        expectSameMessages(handset, dms);
        await keepDump(stage, 'dms', record, `a script for our handset, ${encoding}`);
      }),
    );
  }

  strangersTest('is written in messages that libwbxml reads as we read them', async () => {
    expect(record.size).toBeGreaterThan(THOROUGH ? 40 : 20);
    expect(await record.disagreements()).toEqual([]);
  });
});
