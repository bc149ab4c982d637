/** What goes over the wire, message by message, as the journal of the host shows it. */
import { describe, expect, it } from 'vitest';
import { CLOCK, newerPackages, PACKAGE_SIZE, TOOL } from '../../support/newer-packages.ts';
import { DEVICE, expectTransparent, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type ProgramEvent } from '../../support/processes.ts';
import { expectInOrder, readSessions } from '../../support/read-sessions.ts';
import { tcpProxy } from '../../support/tcp-proxy.ts';
import { openWindowFace } from '../../support/window-face.ts';

const NOTES = 'com.example.notes';

describe('what goes over the wire', () => {
  it('ACT-13 ACT-14 ACT-15 CMP-01 CMP-02 CMP-03 CMP-07 CMP-09 PCA-08 SCOMO-F1-N2 SCOMO-F1-N4 SCOMO-F1-N5 SCOMO-F3-N2 SCOMO-F3-N4 SCOMO-UC2-N2 SCOMO-UC2-N3 SCOMO-UC2-N4 SCOMO-UC2-N5: every operation is ordered, asked for, done and reported in one session, each message of which can be read', () =>
    onStage(async (stage) => {
      await stage.agent('serve').address();
      const window = await openWindowFace(stage);
      const dms = await ourDms(stage, '--packages', newerPackages(stage.folder));
      // Its software object is where nobody looks for it by name.
      const handset = await ourHandset(stage, '--profile', 'scomo-root', '--answer', 'reject', '--answer', 'accept');
      const { client } = dms;
      const post = (operation: string, more: object = {}) => client.post(DEVICE, operation, { ...more });
      const update = () => post('update', { package: CLOCK, software: { consent: { text: 'A newer clock?' } } });
      const install = (software: object) => post('install', { package: TOOL, software });
      const probe = './Software/Inventory/Delivered/probe';
      const declined = await update();
      const jobs = [
        await update(),
        await install({ delivery: 'download', install: false }),
        await install({ delivery: 'present', activate: false }),
        await post('activate', { component: TOOL }),
        await post('deactivate', { component: CLOCK }),
        await post('remove', { component: NOTES }),
        await post('remove', { package: TOOL }),
        await install({ delivery: 'download' }),
        await install({ delivery: 'download', activate: false }),
      ];
      const nodes = await post('commands', {
        commands: [
          { kind: 'Add', target: probe, format: 'node' },
          { kind: 'Add', target: `${probe}/PkgID`, format: 'chr', data: 'a' },
          { kind: 'Replace', target: `${probe}/PkgID`, format: 'chr', data: 'b' },
          { kind: 'Get', target: `${probe}/PkgID` },
          { kind: 'Get', target: `${probe}/Operations/Install` },
          { kind: 'Delete', target: probe },
        ],
      });
      const inventory = await post('inventory');
      await window.request('inventory', { handset: handset.address, dms: dms.url });

      expect(await client.job(declined)).toMatchObject({ state: 'failed', message: expect.stringContaining('304') });
      for (const job of await client.jobs(jobs)) expect(job).toMatchObject({ state: 'done', resultCode: 1200 });
      const { replies = [] } = await client.job(nodes);
      // Nobody may get an operation.
      expect(replies.map(({ code }) => code)).toEqual([200, 200, 200, 200, 405, 200]);
      expect(replies[3]?.items[0]?.data).toBe('b');
      const listed = (await client.job(inventory)).inventory?.map(({ id, version, state }) => [id, version, state]);
      expect(listed?.sort()).toEqual([
        [CLOCK, '1.10', 'inactive'],
        [TOOL, '2.0', 'inactive'],
      ]);

      const [session, ...others] = await readSessions(window, dms);
      expect(others).toEqual([]);
      const { lines = [], xml = [] } = session ?? {};
      // The first one is the notification, which is no SyncML.
      for (const text of xml.slice(1)) expect(text).toMatch(/^<(\?xml|SyncML)/);
      const software = './Software/Inventory';
      const data = `${software}/Delivered/Clock/Data`;
      expectInOrder(lines, [
        ...['up Replace ./DevInfo/DevId', 'up Results ./Software?prop=Type'],
        // Asked, not wanted, and nothing goes out.
        ...['down Alert 1101', 'up Status 304 Alert', 'down Alert 1101', 'up Status 200 Alert'],
        ...[`down Add ${data}`, `up Status 213 Add ${data}`, `down Add ${data}`, `up Status 213 Add ${data}`],
        ...[`down Add ${data}`, `up Status 200 Add ${data}`],
      ]);
      const operations = [
        [`${software}/Delivered/Clock/Operations/Install`, `${software}/Deployed/clock`],
        ['./Software/Download/Tool/Operations/Download', `${software}/Delivered/Tool`],
        [`${software}/Delivered/Tool/Operations/InstallInactive`, `${software}/Deployed/Tool`],
        [`${software}/Deployed/Tool/Operations/Activate`, `${software}/Deployed/Tool`],
        [`${software}/Deployed/clock/Operations/Deactivate`, `${software}/Deployed/clock`],
        [`${software}/Deployed/notes/Operations/Remove`, `${software}/Deployed/notes`],
        [`${software}/Delivered/Tool/Operations/Remove`, `${software}/Delivered/Tool`],
        ['./Software/Download/Tool/Operations/DownloadInstall', `${software}/Deployed/Tool`],
        ['./Software/Download/Tool/Operations/DownloadInstallInactive', `${software}/Deployed/Tool`],
      ];
      expectInOrder(
        lines,
        operations.flatMap(([node = '', result = '']) => [
          ...[`down Exec ${node}`, `up Status 202 Exec ${node}`, `up Alert 1226 1200 ${result}`],
          'down Status 200 Alert',
        ]),
      );
      expect(lines.filter((line) => line.startsWith('down Exec'))).toHaveLength(operations.length);
      // What was on its way was shown by its size.
      const shown = window.changes.flatMap((change) => (change.kind === 'session' ? [change.session.transfer] : []));
      const totals = shown.flatMap((transfer) => (transfer === undefined ? [] : [transfer.total]));
      expect(Math.max(...totals)).toBeGreaterThanOrEqual(PACKAGE_SIZE);
      expectTransparent(handset.program, dms.program, session?.sessionId);
    }));

  it('FUMO-F1-N2 FUMO-F1-N3 FUMO-F1-N4 FUMO-F1-N5 FUMO-F2-N5 FUMO-F2-N6 FUMO-F2-N7 FUMO-F2-N8 FUMO-F2-C1 FUMO-F3-N2 FUMO-F3-N4 FUMO-F3-N5 FUMO-F4-N2 FUMO-F4-N3 FUMO-F4-N4 FUMO-F4-N5: firmware goes every way in one session, with the nodes, states and alerts of the standard', () =>
    onStage(async (stage) => {
      await stage.agent('serve').address();
      const window = await openWindowFace(stage);
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      // The download ends when the server has asked how far it is.
      const isUp = ({ type, direction }: ProgramEvent) => type === 'message' && direction === 'to-dms';
      const slow = await tcpProxy(stage, dms.url, {
        onAnswer: async () => {
          await dms.program.count(dms.program.events.filter(isUp).length + 2, 'a message of the handset', isUp);
          return undefined;
        },
      });
      const url = new URL('/packages/com.example.firmware-2.0.bin', slow.url).href;
      const order = (wish: object) =>
        dms.client.post(DEVICE, 'firmware', { package: 'com.example.firmware', firmware: wish });
      const jobs = [
        await order({ delivery: 'object', update: false }),
        await order({ delivery: 'download', update: false, url }),
        await order({ delivery: 'download-and-update' }),
        await order({ delivery: 'object', update: false }),
        // It is for the firmware that was there before.
        await order({ delivery: 'present' }),
      ];
      await window.request('inventory', { handset: handset.address, dms: dms.url });
      const codes = (await dms.client.jobs(jobs)).map(({ state, resultCode }) => [state, resultCode]);
      expect(codes).toEqual([
        ...[
          ['done', undefined],
          ['done', 200],
          ['done', 200],
        ],
        ...[
          ['done', undefined],
          ['failed', 403],
        ],
      ]);
      const [session] = await readSessions(window, dms);
      const { lines = [], xml = [] } = session ?? {};
      const x = './FwUpdate/Package1';
      const data = `${x}/Update/PkgData`;
      const state = (value: number) => `up Results ${x}/State = ${value}`;
      const done = (operation: string, code: number) => [
        ...[`down Exec ${x}/${operation}`, `up Status 202 Exec ${x}/${operation}`],
        ...[`up Alert 1226 ${code} ${x}`, 'down Status 200 Alert'],
      ];
      expectInOrder(lines, [
        ...['up Replace ./DevInfo/DevId', state(10), 'up Results ./DevDetail/FwV = 1.0'],
        ...[`down Replace ${data}`, `up Status 213 Replace ${data}`, `down Replace ${data}`],
        ...[`up Status 200 Replace ${data}`, state(50), `down Replace ${x}/Download/PkgURL`],
        ...[`down Exec ${x}/Download`, `up Status 202 Exec ${x}/Download`, state(30), `up Alert 1226 200 ${x}`],
        ...[state(50), `down Replace ${x}/DownloadAndUpdate/PkgURL`, ...done('DownloadAndUpdate', 200)],
        ...['up Results ./DevDetail/FwV = 2.0', state(100), `down Replace ${data}`, state(50)],
        ...[...done('Update', 403), state(80)],
      ]);
      const alerts = xml.flatMap((text) => [...text.matchAll(/<Alert>.*?<\/Alert>/gs)].map(([alert]) => alert));
      const said = alerts.filter((alert) => alert.includes('>1226<'));
      const field = (name: string) =>
        said.map((alert) => new RegExp(`<${name}[^>]*>([^<]*)</${name}>`).exec(alert)?.[1]);
      expect(field('Type').map((type) => type?.replace('org.openmobilealliance.dm.firmwareupdate.', ''))).toEqual([
        ...['download', 'downloadandupdate', 'update'],
      ]);
      expect(field('Correlator')).toEqual([jobs[1], jobs[2], jobs[4]]);
      expect(field('Mark')).toEqual(['informational', 'informational', 'critical']);
    }));
});
