/** What the other files of use cases leave: host, DM server and handset as processes of their own. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandSummary } from '../../../src-main/contract/message-summary.ts';
import { cableTo } from '../../support/cable.ts';
import { placesOf } from '../../support/host-face.ts';
import { DEVICE, expectTransparent, GAME, type OurDms, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type ProgramEvent, type Stage } from '../../support/processes.ts';
import { tcpProxy } from '../../support/tcp-proxy.ts';
import { openWindowFace, type WindowFace } from '../../support/window-face.ts';

const LIMIT = 60_000;
const CLOCK = 'com.example.clock';
const NOTES = 'com.example.notes';
const TOOL = 'com.example.tool';
/** Octets of a package: more than fits a message. */
const SIZE = 150_000;

/** A newer clock, and something new. */
function packagesIn(folder: string): string {
  const packages = join(folder, 'packages');
  mkdirSync(packages);
  const all = [
    { id: CLOCK, name: 'Clock', version: '1.10' },
    { id: TOOL, name: 'Tool', version: '2.0' },
  ];
  for (const about of all) {
    writeFileSync(join(packages, `${about.name}.bin`), randomBytes(SIZE));
    writeFileSync(join(packages, `${about.name}.bin.json`), JSON.stringify(about));
  }
  return packages;
}

/** The sessions with a DM server, oldest first, with their messages as they can be read in the journal. */
async function readSessions(window: WindowFace, dms: OurDms) {
  const { sessions } = await window.request('sessions.list', {});
  const own = sessions.filter((each) => each.kind === 'relay' && each.dms === dms.url).reverse();
  return Promise.all(
    own.map(async ({ key, sessionId }) => {
      const xml: string[] = [];
      const lines: string[] = [];
      const proofs = new Set<string>();
      for (let number = 1; ; number += 1) {
        const found = await window.request('sessions.message', { session: key, number }).catch(() => undefined);
        if (found === undefined) {
          return { sessionId, xml, lines, credentials: [...proofs].filter((proof) => proof !== 'none').join() };
        }
        const { summary } = found.detail;
        xml.push(found.detail.xml);
        proofs.add(summary.credentials);
        lines.push(...summary.commands.map((each) => `${summary.source === DEVICE ? 'up' : 'down'} ${lineOf(each)}`));
      }
    }),
  );
}

/** `Status 202 Exec URI`, `Alert 1226 1200 URI`, `Exec URI`; `Results URI = 50` of a state or a version. */
function lineOf({ kind, code, answers, resultCode, uri, text }: CommandSummary): string {
  const value = kind === 'Results' && /\/(?:State|FwV)$/.test(uri ?? '') ? `= ${text}` : undefined;
  return [kind, code, answers, resultCode, uri, value].filter((part) => part !== undefined).join(' ');
}

/** Each of them is there, behind the one before it. */
function expectInOrder(lines: readonly string[], wanted: readonly string[]): void {
  let at = -1;
  for (const line of wanted) {
    const next = lines.indexOf(line, at + 1);
    expect(next, `${line} behind line ${at} of\n${lines.join('\n')}`).toBeGreaterThan(at);
    at = next;
  }
}

describe('what goes over the wire', () => {
  it(
    'ACT-13 ACT-14 ACT-15 CMP-01 CMP-02 CMP-03 CMP-07 CMP-09 PCA-08 SCOMO-F1-N2 SCOMO-F1-N4 SCOMO-F1-N5 SCOMO-F3-N2 SCOMO-F3-N4 SCOMO-UC2-N2 SCOMO-UC2-N3 SCOMO-UC2-N4 SCOMO-UC2-N5: every operation is ordered, asked for, done and reported in one session, each message of which can be read',
    () =>
      onStage(async (stage) => {
        await stage.agent('serve').address();
        const window = await openWindowFace(stage);
        const dms = await ourDms(stage, '--packages', packagesIn(stage.folder));
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
        expect(Math.max(...totals)).toBeGreaterThanOrEqual(SIZE);
        expectTransparent(handset.program, dms.program, session?.sessionId);
      }),
    LIMIT,
  );

  it(
    'FUMO-F1-N2 FUMO-F1-N3 FUMO-F1-N4 FUMO-F1-N5 FUMO-F2-N5 FUMO-F2-N6 FUMO-F2-N7 FUMO-F2-N8 FUMO-F2-C1 FUMO-F3-N2 FUMO-F3-N4 FUMO-F3-N5 FUMO-F4-N2 FUMO-F4-N3 FUMO-F4-N4 FUMO-F4-N5: firmware goes every way in one session, with the nodes, states and alerts of the standard',
    () =>
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
      }),
    LIMIT,
  );
});

describe('who speaks with whom', () => {
  /** Every password has it in it. */
  const SECRET = 'Zq7secret';
  const SCHEMES = { op: 'basic', shop: 'md5', firm: 'mac' } as const;

  /** Three servers, each with its own scheme and passwords, and the accounts that a handset has with them. */
  async function servers(stage: Stage) {
    const accounts = Object.entries(SCHEMES).map(([serverId, auth]) => ({
      ...{ serverId, serverPassword: `${SECRET}-s-${serverId}`, auth },
      ...{ user: `user-${serverId}`, password: `${SECRET}-c-${serverId}` },
      ...(serverId === 'firm' ? { rights: ['Get'] } : {}),
    }));
    const [op, shop, firm] = await Promise.all(
      accounts.map((account) => {
        const { serverId, serverPassword, user, password, auth } = account;
        const own = ['--server-id', serverId, '--server-password', serverPassword, '--auth', auth];
        return ourDms(stage, ...own, '--user', user, '--password', password);
      }),
    );
    if (op === undefined || shop === undefined || firm === undefined) throw new Error('a server is missing');
    return { accounts, op, shop, firm };
  }

  function accountFile(stage: Stage, name: string, accounts: readonly object[]): string {
    const file = join(stage.folder, `${name}.json`);
    writeFileSync(file, JSON.stringify(accounts));
    return file;
  }

  function phone(stage: Stage, model: string, imei: string, accounts: readonly object[]) {
    const own = { serverId: 'pc-agent', serverPassword: 'agent-secret', user: 'handset', password: 'handset-secret' };
    const file = accountFile(stage, model, [...accounts, own]);
    return ourHandset(stage, '--model', model, '--imei', imei, '--accounts', file);
  }

  it(
    'ACT-01 ACT-02 ACT-03 ACT-04 CMP-08 PCA-06 SCOMO-UC1-PRE SCOMO-UC3-PRE: handsets of two models and three servers, each with its own way to prove itself and its own rights, and no password is seen anywhere',
    () =>
      onStage(async (stage) => {
        const host = stage.agent('serve');
        await host.address();
        const window = await openWindowFace(stage);
        const { accounts, op, shop, firm } = await servers(stage);
        const imeis = ['004999010640000', '004999010640018'] as const;
        const { state } = placesOf(join(stage.folder, 'home'));
        const [alpha, beta] = await Promise.all([
          phone(stage, 'Alpha', imeis[0], accounts),
          phone(stage, 'Beta', imeis[1], accounts),
        ]);
        const look = (index: 0 | 1, dms?: OurDms) => {
          const handset = index === 0 ? alpha.address : beta.address;
          return window.request('inventory', {
            handset,
            ...(dms === undefined ? { offline: true } : { dms: dms.url }),
          });
        };
        // Who they are the PC learns from their DevInfo.
        for (const index of [0, 1] as const)
          expect(await look(index)).toMatchObject({ device: `IMEI:${imeis[index]}` });
        for (const dms of [op, shop]) expect(await look(0, dms)).toMatchObject({ jobs: [{ state: 'done' }] });
        const removal = await firm.client.post(DEVICE, 'remove', { component: NOTES });
        await look(0, firm);
        expect(await firm.client.job(removal)).toMatchObject({
          state: 'failed',
          message: expect.stringMatching(/to the server firm .*425/),
        });
        // The operator knows it by another password.
        const odd = accountFile(stage, 'Odd', [{ ...accounts[0], password: `${SECRET}-odd` }]);
        const stranger = stage.agent('virtual-handset', '--connect', op.url, '--accounts', odd);
        expect(await stranger.result()).toMatchObject({
          ...{ exit: 1, ok: false, code: 'dm/auth-refused' },
          message: expect.stringMatching(/credentials/),
        });
        expect(op.program.of('error')).toContainEqual(expect.objectContaining({ code: 'dm/auth-refused' }));
        expect(await look(1, shop)).toMatchObject({ jobs: [{ state: 'done' }] });

        for (const [name, dms] of Object.entries({ op, shop, firm })) {
          await window.request('dms.add', { name, url: dms.url });
        }
        const listed = await stage.agent('handsets').result();
        const models = (listed.handsets as readonly { readonly device: string; readonly model: string }[]).map(
          ({ device, model }) => [device, model],
        );
        // The agent itself is none of them.
        expect(models.sort()).toEqual([
          [`IMEI:${imeis[0]}`, 'Alpha'],
          [`IMEI:${imeis[1]}`, 'Beta'],
        ]);
        const profiles = (await stage.agent('dms', 'list').result()).profiles as readonly { readonly name: string }[];
        expect(profiles.map(({ name }) => name).sort()).toEqual(['firm', 'op', 'shop']);
        const sessions = (await Promise.all([op, shop, firm].map((dms) => readSessions(window, dms)))).flat();
        expect(sessions.map(({ credentials }) => credentials)).toEqual(['basic', 'md5', 'md5', 'mac']);

        const parts: string[] = [];
        const keep = (part: unknown) => void parts.push(JSON.stringify(part));
        await window.request('sessions.export', { format: 'json', unmask: true }, undefined, keep);
        await window.request('jobs.export', { format: 'csv', unmask: true }, undefined, keep);
        expect(parts.join('').length).toBeGreaterThan(1000);
        const programs = [host, stranger, op.program, shop.program, firm.program, alpha.program, beta.program];
        const said = [
          ...programs.flatMap(({ stdout, stderr }) => [stdout, stderr]),
          ...sessions.flatMap(({ xml }) => xml),
        ];
        const kept = readdirSync(state).filter((name) => name.startsWith('pc-agent.db'));
        expect(kept).toContain('pc-agent.db');
        const seen = [...said, ...parts, ...kept.map((name) => readFileSync(join(state, name), 'latin1'))].join('\n');
        const basic = accounts.map(({ user, password }) => Buffer.from(`${user}:${password}`).toString('base64'));
        for (const secret of [SECRET, ...basic]) expect(seen.includes(secret), secret).toBe(false);
      }),
    LIMIT,
  );
});

describe('work that is stopped', () => {
  it(
    'PCA-05: a stopped job is cancelled at the PC and broken off at the handset (OBEX ABORT), under way by the PC itself and by a relay',
    () =>
      onStage(async (stage) => {
        await stage.agent('serve').address();
        const window = await openWindowFace(stage);
        const dms = await ourDms(stage, '--packages', packagesIn(stage.folder));
        const file = join(stage.folder, 'packages', 'Tool.bin');
        await stage.agent('packages', 'add', file, '--id', TOOL, '--version', '2.0').result();
        const handset = await ourHandset(stage);
        const cable = await cableTo(stage, handset.address, 400_000);
        const isBroken = ({ type, code }: ProgramEvent) => type === 'session' && code === 'obex/aborted';
        for (const [index, way] of [{ offline: true }, { dms: dms.url, device: DEVICE }].entries()) {
          const cancel = new AbortController();
          const more = { handset: cable.address, packages: [TOOL], ...way };
          const order = window.request('install', more, cancel.signal);
          await cable.passed(cable.carried + 80_000);
          cancel.abort();
          expect(await order).toMatchObject({ jobs: [{ package: TOOL, state: 'cancelled' }] });
          await handset.program.count(index + 1, 'the end of a session', isBroken);
        }
        expect(handset.program.of('handset').filter(({ installed }) => installed !== undefined)).toEqual([]);
        expect(await handset.program.terminate()).toMatchObject({
          exit: 0,
          components: [{ id: CLOCK }, { id: NOTES }],
        });
      }),
    LIMIT,
  );
});

describe('what a handset should not say', () => {
  /** One session that a handset with this state starts, through a relay. */
  async function calling(stage: Stage, dms: OurDms, state: string): Promise<void> {
    const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url, '--count', '1');
    const handset = stage.agent('virtual-handset', '--connect', await relay.address(), '--state', state);
    expect(await handset.result()).toMatchObject({ exit: 0, ok: true });
    expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
  }

  it(
    'ends nothing: reports of what was never ordered, codes that no table has, and the same report ten times',
    () =>
      onStage(async (stage) => {
        const dms = await ourDms(stage, '--packages', packagesIn(stage.folder));
        const state = join(stage.folder, 'handset');
        const file = join(state, 'handset.json');
        mkdirSync(state);
        const report = (id: string, data: string, more: object = {}) => ({
          ...{ id, source: './SCM/Inventory/Delivered/x/Operations/Install', format: 'xml', mark: 'warning' },
          ...{ type: 'urn:oma:at:scomo:1.0:OperationComplete', data },
          ...more,
        });
        const ended = (code: number) => `<ResultCode>${code}</ResultCode><Identifier>x</Identifier>`;
        const fumo = { type: 'org.openmobilealliance.dm.firmwareupdate.update', source: './FwUpdate/x', format: 'int' };
        const unread = ['firmware ', 'firmware x', 'no code ', 'no code <!', 'no code <ResultCode>x</ResultCode>'];
        const odd = (correlator: string) => [
          ...Array.from({ length: 10 }, (_, index) => report(`again ${index}`, ended(1405), { correlator })),
          report('nobody ordered it', ended(1200), { correlator: 'never' }),
          ...[4711, 0, 99999].map((code) => report(`odd ${code}`, ended(code), { correlator: 'never' })),
          ...['', '<ResultCode>x</ResultCode>', '<!'].map((data) => report(`no code ${data}`, data, { correlator })),
          ...['7', '', 'x'].map((data) => report(`firmware ${data}`, data, { ...fumo, correlator })),
        ];
        // Its job is not begun yet when they come, and over when they come again.
        const job = await dms.client.post(DEVICE, 'install', { package: TOOL });
        const inventory = await dms.client.post(DEVICE, 'inventory');
        for (const round of [1, 2]) {
          const before = round === 1 ? { version: 1 } : JSON.parse(readFileSync(file, 'utf8'));
          writeFileSync(file, JSON.stringify({ ...before, alerts: odd(job) }));
          await calling(stage, dms, state);
          expect(await dms.client.job(job), `round ${round}`).toMatchObject({ state: 'done', resultCode: 1200 });
          // What was read was acknowledged and is not said again; what has no code was not taken.
          const left = JSON.parse(readFileSync(file, 'utf8')).alerts as readonly { readonly id: string }[];
          expect(left.map(({ id }) => id).sort()).toEqual(unread);
        }
        const ids = (await dms.client.job(inventory)).inventory?.map(({ id }) => id);
        expect(ids?.filter((id) => id === TOOL)).toHaveLength(1);
        expect(await dms.program.terminate()).toMatchObject({ exit: 0, failedSessions: 0 });
      }),
    LIMIT,
  );
});

describe('limits of what belongs together', () => {
  it(
    'ACT-16 REV-1: what is not signed fails as 1407 and 404; a removal stays done though what it was ordered with fails',
    () =>
      onStage(async (stage) => {
        const pem = join(stage.folder, 'key.pem');
        const { publicKey } = generateKeyPairSync('ed25519');
        writeFileSync(pem, publicKey.export({ type: 'spki', format: 'pem' }));
        const dms = await ourDms(stage);
        const handset = await ourHandset(stage, '--package-key', pem);
        const { client } = dms;
        const software = await client.post(DEVICE, 'install', { package: GAME });
        const firmware = await client.post(DEVICE, 'firmware', { firmware: { delivery: 'object' } });
        const deployed = './SCM/Inventory/Deployed';
        const exec = (node: string, correlator: string) => {
          return { kind: 'Exec', target: `${deployed}/${node}`, correlator };
        };
        const both = await client.post(DEVICE, 'commands', {
          commands: [
            {
              kind: 'Atomic',
              commands: [exec('notes/Operations/Remove', 'gone'), exec('notes/Operations/Activate', 'late')],
            },
          ],
        });
        const after = await client.post(DEVICE, 'inventory');
        const trigger = ['--trigger', client.triggerUrl(DEVICE), '--count', '1'];
        const relay = stage.agent('relay', '--handset', handset.address, '--dms', dms.url, ...trigger);
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
        expect(await client.job(software)).toMatchObject({
          ...{ state: 'failed', resultCode: 1407 },
          softwareFacts: { problem: expect.stringContaining('not signed') },
        });
        expect(await client.job(firmware)).toMatchObject({
          ...{ state: 'failed', resultCode: 404, message: expect.stringContaining('signature') },
          firmwareFacts: { before: '1.0', after: '1.0' },
        });
        expect(await client.job(both)).toMatchObject({ replies: [{ code: 200 }] });
        const alerts = dms.program.of('session').flatMap((session) => (session.alerts as readonly object[]) ?? []);
        expect(alerts).toContainEqual(expect.objectContaining({ correlator: 'gone', resultCode: 1200 }));
        expect(alerts).toContainEqual(expect.objectContaining({ correlator: 'late', resultCode: 1409 }));
        expect((await client.job(after)).inventory?.map(({ id }) => id)).toEqual([CLOCK]);
      }),
    LIMIT,
  );
});
