/**
 * A DM server that is not ours drives the software and the firmware of our handset, through our relay: it finds the
 * objects by their Type, delivers by large object and by download, and hears from completion alerts how all ended.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { MessageRecord } from '../support/message-record.ts';
import { onStage, type Program, type ProgramEvent, type Stage } from '../support/processes.ts';
import {
  DELIVERED,
  DOWNLOAD,
  download,
  END,
  ended,
  exec,
  FIND,
  firmwareUrl,
  get,
  scriptedServer,
  value,
} from './support/scripts.ts';
import { expectSameMessages, hostAndPort, keepDump, strangersTest } from './support/strangers.ts';

const record = new MessageRecord();
const SCOMO_ALERT = 'urn:oma:at:scomo:1.0:OperationComplete';
const FIRMWARE_ALERT = 'org.openmobilealliance.dm.firmwareupdate.';
const PACKAGE = randomBytes(30_000);
const MEMBERS = 200;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A package of components that all need their neighbour, written by hand. */
function bundle(): Uint8Array {
  const id = (n: number) => `com.example.member.${n % MEMBERS}`;
  const contents = Array.from({ length: MEMBERS }, (_, n) => Buffer.from(`content ${n}\n`));
  const components = contents.map((content, n) => ({
    ...{ id: id(n), name: `Member ${n}`, version: `1.${n}`, size: content.length, sha256: sha256(content) },
    needs: [{ id: id(n + 1) }],
  }));
  return Buffer.concat([Buffer.from(`PC-AGENT-SOFTWARE 1\n${JSON.stringify({ components })}\n\n`), ...contents]);
}

function firmware(from: string, to: string): Uint8Array {
  const payload = randomBytes(2_000);
  const facts = { model: 'Virtual Handset', from: [from], to, size: payload.length, sha256: sha256(payload) };
  return Buffer.concat([Buffer.from(`PC-AGENT-FIRMWARE 1\n${JSON.stringify(facts)}\n`), payload]);
}

const descriptor = (name: string, size: number, type = 'application/octet-stream') =>
  `<?xml version="1.0"?><media xmlns="http://www.openmobilealliance.org/xmlns/dd"><name>A &amp; B</name><type>${type}</type><size>${size}</size><objectURI>{files}/${name}</objectURI></media>`;

/** Our handset, session after session, each a process of its own with the state of the one before. */
async function calls(
  stage: Stage,
  dms: Program,
  sessions: readonly (readonly string[])[],
  ...flags: readonly string[]
) {
  const relay = stage.agent(
    'relay',
    ...['--listen', 'tcp:127.0.0.1:0', '--count', String(sessions.length), '--dms', await dms.address()],
  );
  const address = `tcp:${hostAndPort(await relay.address())}`;
  const handsets: Program[] = [];
  for (const more of sessions) {
    const state = ['--state', join(stage.folder, 'phone')];
    const handset = stage.agent('virtual-handset', '--connect', address, '--initiate', ...state, ...flags, ...more);
    await handset.result();
    handsets.push(handset);
  }
  expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
  const said = await dms.result();
  expect(said).toMatchObject({ exit: 0, ok: true });
  expectSameMessages({ of: (type) => handsets.flatMap((handset) => handset.of(type)) }, dms);
  return { said, handsets, script: said.script as readonly unknown[], alerts: said.alerts as readonly ProgramEvent[] };
}

const delivery = (node: string, id: string, file: string) => [
  { name: 'Add', uri: `${DELIVERED}/${node}` },
  value(`${DELIVERED}/${node}/PkgID`, id),
  value(`${DELIVERED}/${node}/Name`, `${node}-3.1`),
  { name: 'Add', uri: `${DELIVERED}/${node}/Data`, file: `{folder}/${file}` },
];
const SOFTWARE = [
  FIND,
  { task: 'inventory', by: 'nodes' },
  delivery('a', 'com.example.a', 'a.bin'),
  [get(`${DELIVERED}/a/Data`), get(`${DELIVERED}/a/Operations/Install`), get(`${DELIVERED}/a/State`)],
  [exec(`${DELIVERED}/a/Operations/InstallInactive`, 'inactive')],
  ended('inactive'),
  [get('{target:inactive}/State'), get('{target:inactive}/PkgIDRef'), get(`${DELIVERED}/a/State`)],
  [exec('{target:inactive}/Operations/Activate', 'on')],
  ended('on'),
  [get('{target:inactive}/State')],
  [exec('{target:inactive}/Operations/Deactivate', 'off')],
  ended('off'),
  [get('{target:inactive}/State')],
  [exec(`${DELIVERED}/a/Operations/Remove`, 'package-gone')],
  ended('package-gone'),
  [get('{target:inactive}/State'), exec('{target:inactive}/Operations/Remove', 'gone')],
  ended('gone'),
  [...delivery('b', 'com.example.b', 'a.bin'), exec(`${DELIVERED}/b/Operations/Install`)],
  { task: 'await', uri: `${DELIVERED}/b/State`, value: '20' },
  // Not there, no operation, no data.
  [
    exec(`${DELIVERED}/none/Operations/Install`),
    exec(`${DELIVERED}/b`),
    { name: 'Add', uri: `${DELIVERED}/empty` },
    exec(`${DELIVERED}/empty/Operations/Install`, 'empty'),
  ],
  ended('empty'),
  [...download('d1', 'com.example.d1', '{files}/a.bin'), exec(`${DOWNLOAD}/d1/Operations/DownloadInstall`, 'd1')],
  ended('d1'),
  [
    ...download('d2', 'com.example.d2', '{files}/a.dd'),
    exec(`${DOWNLOAD}/d2/Operations/DownloadInstallInactive`, 'd2'),
  ],
  ended('d2'),
  [...download('d3', 'com.example.d3', '{files}/a.bin'), exec(`${DOWNLOAD}/d3/Operations/Download`, 'd3')],
  ended('d3'),
  [...download('d4', 'com.example.d4', '{files}/none'), exec(`${DOWNLOAD}/d4/Operations/DownloadInstall`, 'd4')],
  ended('d4'),
  [get(`${DOWNLOAD}/d4/Status`), get('{target:d3}/State')],
  // As drafts and implementations have it.
  [
    ...download('d5', 'com.example.d5', '{files}/short.dd'),
    exec(`${DOWNLOAD}/d5/Operations/DownlaodInstallInactive`, 'd5'),
    exec('{target:d1}/Operations/Deactive', 'draft'),
  ],
  ended('draft'),
  ended('d5'),
  [...delivery('all', 'com.example.all', 'bundle.bin'), exec(`${DELIVERED}/all/Operations/Install`, 'bundle')],
  ended('bundle'),
  [...delivery('bad', 'com.example.bad', 'lying.bin'), exec(`${DELIVERED}/bad/Operations/Install`, 'bad')],
  ended('bad'),
  { task: 'alerts', refuse: 2 },
  [exec('{target:d1}/Operations/Remove', 'refused')],
  ended('refused'),
  END,
  [get(`${DELIVERED}/bad/Status`)],
  END,
  { task: 'inventory', by: 'StructData' },
];

const X = './Phone/Package1';
const STATE = get('{fumo}/State');
const VERSION = get('./DevDetail/FwV');

const FIRMWARE = [
  FIND,
  [STATE, VERSION, exec('{fumo}/Update', 'nothing'), exec('{fumo}/Download', 'nowhere')],
  [{ name: 'Replace', uri: '{fumo}/Update/PkgData', file: '{folder}/1.1.fw' }],
  [STATE, get('{fumo}/Update/PkgData'), exec('{fumo}/Update', 'update')],
  ended('update'),
  [STATE, VERSION],
  [firmwareUrl('Download', '{files}/fw.dd'), exec('{fumo}/Download', 'download')],
  ended('download'),
  [STATE, VERSION, exec('{fumo}/Update')],
  { task: 'await', uri: './DevDetail/FwV', value: '1.2' },
  [STATE],
  [firmwareUrl('DownloadAndUpdate', '{files}/none'), exec('{fumo}/DownloadAndUpdate', 'absent')],
  ended('absent'),
  [STATE],
  [firmwareUrl('DownloadAndUpdate', '{files}/rubbish.fw'), exec('{fumo}/DownloadAndUpdate', 'rubbish')],
  ended('rubbish'),
  [STATE, VERSION],
  END,
  [firmwareUrl('DownloadAndUpdate', '{files}/1.3.fw'), exec('{fumo}/DownloadAndUpdate', 'reboot')],
  { task: 'await', uri: '{fumo}/State', value: '60' },
  [VERSION],
  END,
  [STATE, VERSION, firmwareUrl('DownloadAndUpdate', '{files}/1.4.fw'), exec('{fumo}/DownloadAndUpdate', 'last')],
  ended('last'),
  [STATE, VERSION],
];

/** Results of one step, in its order. */
const seenIn = (step: unknown) =>
  (step as readonly { code: number; results?: Record<string, string> }[]).map(({ code, results }) =>
    results === undefined ? code : Object.values(results)[0],
  );

describe('a DM server that is not ours', () => {
  strangersTest('drives the software of our handset, which it finds by type, in WBXML', () =>
    onStage(async (stage) => {
      const lying = bundle();
      lying[lying.length - 2] = 0x58;
      const files = {
        ...{
          'a.bin': PACKAGE,
          'a.dd': descriptor('a.bin', PACKAGE.length),
          'bundle.bin': bundle(),
          'lying.bin': lying,
        },
        'short.dd': descriptor('a.bin', PACKAGE.length - 1),
      };
      const dms = await scriptedServer(stage, SOFTWARE, files, 3);
      const { script, alerts, handsets } = await calls(
        stage,
        dms,
        [[], ['--software', 'deactivate=com.example.clock'], []],
        ...['--profile', 'scomo-root', '--max-message', '20000'],
      );
      expect(script[0]).toEqual({ scomo: './Software', fumo: './FwUpdate/Package1' });
      expect(script[1]).toEqual({
        delivered: {},
        deployed: {
          clock: expect.objectContaining({ ID: 'com.example.clock', Version: '1.4', Status: '10', State: '20' }),
          notes: expect.objectContaining({ ID: 'com.example.notes', Version: '1.0', Status: '10', State: '10' }),
        },
      });
      expect(script.slice(2, 15).map(seenIn)).toEqual([
        [200, 200, 200, 200],
        [405, 405, '10'],
        [202],
        ['10', 'com.example.a', '20'],
        [202],
        ['20'],
        [202],
        ['10'],
        [202],
        ['10', 202],
        [200, 200, 200, 200, 202],
        [404, 405, 200, 202],
        [200, 200, 200, 200, 202],
      ]);
      expect(script.slice(17, 19).map(seenIn)).toEqual([
        [200, 200, 200, 200, 202],
        ['20', '10'],
      ]);
      const deployed = (name: string) => `./Software/Inventory/Deployed/${name}`;
      const [a, b] = [alerts[0]?.target, alerts[5]?.target].map(String);
      const told = (
        correlator: string | null,
        uri: string,
        resultCode: number,
        target: string,
        identifier: string,
      ) => ({
        ...{ type: SCOMO_ALERT, format: 'xml', mark: resultCode === 1200 ? 'informational' : 'warning' },
        ...{ correlator, uri: uri.replace('./', './Software/'), resultCode, target, identifier },
      });
      const component = (node: string, operation: string) =>
        `${node.replace('./Software', '.')}/Operations/${operation}`;
      const package_ = (node: string, operation: string) => `./Inventory/Delivered/${node}/Operations/${operation}`;
      const job = (node: string, operation: string) => `./Download/${node}/Operations/${operation}`;
      const removed = told('refused', component(deployed('d1'), 'Remove'), 1200, deployed('d1'), 'com.example.d1');
      expect(alerts.map(({ session: _, ...rest }) => rest)).toEqual([
        told('inactive', package_('a', 'InstallInactive'), 1200, a ?? '', 'com.example.a'),
        told('on', component(a ?? '', 'Activate'), 1200, a ?? '', 'com.example.a'),
        told('off', component(a ?? '', 'Deactivate'), 1200, a ?? '', 'com.example.a'),
        told('package-gone', package_('a', 'Remove'), 1200, './Software/Inventory/Delivered/a', 'com.example.a'),
        told('gone', component(a ?? '', 'Remove'), 1200, a ?? '', 'com.example.a'),
        told(null, package_('b', 'Install'), 1200, b ?? '', 'com.example.b'),
        expect.objectContaining({ correlator: 'empty', resultCode: 1405, mark: 'warning' }),
        told('d1', job('d1', 'DownloadInstall'), 1200, deployed('d1'), 'com.example.d1'),
        told('d2', job('d2', 'DownloadInstallInactive'), 1200, deployed('d2'), 'com.example.d2'),
        told('d3', job('d3', 'Download'), 1200, './Software/Inventory/Delivered/d3', 'com.example.d3'),
        expect.objectContaining({ correlator: 'd4', resultCode: 1402, mark: 'warning' }),
        expect.objectContaining({
          correlator: 'd5',
          resultCode: 1402,
          uri: `./Software${job('d5', 'DownlaodInstallInactive').slice(1)}`,
        }),
        told('draft', component(deployed('d1'), 'Deactive'), 1200, deployed('d1'), 'com.example.d1'),
        expect.objectContaining({ correlator: 'bundle', resultCode: 1200, identifier: 'com.example.all' }),
        expect.objectContaining({ correlator: 'bad', resultCode: 1407, mark: 'warning' }),
        // The server takes it only in the third session.
        { ...removed, refused: true },
        { ...removed, refused: true },
        // What its owner does has no Correlator and was not ordered.
        told(null, component(deployed('clock'), 'Deactivate'), 1200, deployed('clock'), 'com.example.clock'),
        removed,
      ]);
      expect(new Set(alerts.map(({ session }) => session)).size).toBe(3);
      expect(seenIn(script.at(-2))).toEqual([expect.stringMatching(/^[56]0$/)]);
      const last = script.at(-1) as { delivered: Record<string, object>; deployed: Record<string, { ID: string }> };
      expect(last.delivered).toMatchObject({
        b: { State: '20' },
        d3: { State: '10' },
        all: { State: '20', Status: '10' },
      });
      const components = Object.values(last.deployed);
      const members = components.filter(({ ID }) => ID.startsWith('com.example.member.'));
      expect(new Set(members.map(({ ID }) => ID)).size).toBe(MEMBERS);
      for (const member of members)
        expect(member).toMatchObject({ State: '20', Status: '10', PkgIDRef: 'com.example.all' });
      expect(last.deployed).toMatchObject({ clock: { State: '10' }, 'Member-7': { Version: '1.7', Name: 'Member 7' } });
      expect(
        components
          .map(({ ID }) => ID)
          .filter((id) => !id.includes('member'))
          .sort(),
      ).toEqual(['b', 'clock', 'd2', 'notes'].map((name) => `com.example.${name}`));
      const held = (await handsets[2]?.result())?.components as readonly ProgramEvent[];
      expect(held.find(({ id }) => id === 'com.example.d2')).toMatchObject({ sha256: sha256(PACKAGE) });
      await keepDump(stage, 'dms', record, 'software from a stranger');
    }),
  );

  strangersTest('drives the firmware of our handset, which it finds by type, in XML', () =>
    onStage(async (stage) => {
      const files = {
        ...{ '1.1.fw': firmware('1.0', '1.1'), '1.2.fw': firmware('1.1', '1.2'), '1.3.fw': firmware('1.2', '1.3') },
        ...{ '1.4.fw': firmware('1.3', '1.4'), 'rubbish.fw': PACKAGE },
        'fw.dd': descriptor('1.2.fw', firmware('1.1', '1.2').length),
      };
      const dms = await scriptedServer(stage, FIRMWARE, files, 3);
      const { script, alerts, handsets } = await calls(
        stage,
        dms,
        [[], ['--firmware', 'ask-as-user', '--fault', 'firmware-reboots'], ['--firmware', 'ask-as-device']],
        ...['--profile', 'fumo-root', '--encoding', 'xml'],
      );
      expect(script[0]).toEqual({ scomo: './SCM', fumo: X });
      expect(script.slice(1).map(seenIn)).toEqual([
        ['10', '1.0', 405, 405],
        [200],
        ['50', 405, 202],
        [expect.stringMatching(/^(?:90|100)$/), '1.1'],
        [200, 202],
        ['50', '1.1', 202],
        [expect.stringMatching(/^(?:90|100)$/)],
        [200, 202],
        ['20'],
        [200, 202],
        [expect.stringMatching(/^[78]0$/), '1.2'],
        [200, 202],
        ['1.2'],
        [expect.stringMatching(/^(?:90|100|10)$/), '1.3', 200, 202],
        [expect.stringMatching(/^(?:90|100)$/), '1.4'],
      ]);
      const told = (name: string, correlator: string | null, resultCode: number) => ({
        ...{ uri: X, correlator, resultCode, type: `${FIRMWARE_ALERT}${name}` },
        ...{ format: 'int', mark: resultCode === 200 ? 'informational' : 'critical' },
      });
      const asked = (who: string) => ({ correlator: null, resultCode: null, type: `${FIRMWARE_ALERT}${who}request` });
      expect(alerts).toMatchObject([
        told('update', 'update', 200),
        told('download', 'download', 200),
        // The Exec had no Correlator, so the alert has none.
        told('update', null, 200),
        told('downloadandupdate', 'absent', 411),
        told('downloadandupdate', 'rubbish', 402),
        asked('user'),
        // It went down in the middle, went on at its next start, and said so in that session.
        told('downloadandupdate', 'reboot', 200),
        asked('device'),
        told('downloadandupdate', 'last', 200),
      ]);
      expect(await handsets[2]?.result()).toMatchObject({ firmware: { version: '1.4' } });
      await keepDump(stage, 'dms', record, 'firmware from a stranger');
    }),
  );

  strangersTest('writes and gets messages that libwbxml reads as we read them', async () => {
    expect(record.size).toBeGreaterThan(60);
    expect(await record.disagreements()).toEqual([]);
  });
});
