/** What the other files of use cases leave: host, DM server and handset as processes of their own. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cableTo } from '../../support/cable.ts';
import { placesOf } from '../../support/host-face.ts';
import { CLOCK, newerPackages, TOOL } from '../../support/newer-packages.ts';
import { DEVICE, GAME, type OurDms, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type ProgramEvent, type Stage } from '../../support/processes.ts';
import { readSessions } from '../../support/read-sessions.ts';
import { openWindowFace } from '../../support/window-face.ts';

const NOTES = 'com.example.notes';

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

  it('ACT-01 ACT-02 ACT-03 ACT-04 CMP-08 PCA-06 SCOMO-UC1-PRE SCOMO-UC1-N1 SCOMO-UC1-N2 SCOMO-UC3-PRE: handsets of two models and three servers, each with its own way to prove itself and its own rights, and no password is seen anywhere', () =>
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
      for (const index of [0, 1] as const) {
        const clock = { id: CLOCK, name: 'Clock', version: '1.4', state: 'active', pkgId: CLOCK };
        const components = expect.arrayContaining([expect.objectContaining(clock)]);
        expect(await look(index)).toMatchObject({ device: `IMEI:${imeis[index]}`, components });
      }
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
    }));
});

describe('work that is stopped', () => {
  it('PCA-05: a stopped job is cancelled at the PC and broken off at the handset (OBEX ABORT), under way by the PC itself and by a relay', () =>
    onStage(async (stage) => {
      await stage.agent('serve').address();
      const window = await openWindowFace(stage);
      const dms = await ourDms(stage, '--packages', newerPackages(stage.folder));
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
    }));
});

describe('what a handset should not say', () => {
  /** One session that a handset with this state starts, through a relay. */
  async function calling(stage: Stage, dms: OurDms, state: string): Promise<void> {
    const relay = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url, '--count', '1');
    const handset = stage.agent('virtual-handset', '--connect', await relay.address(), '--state', state);
    expect(await handset.result()).toMatchObject({ exit: 0, ok: true });
    expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
  }

  it('ends nothing: reports of what was never ordered, codes that no table has, and the same report ten times', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', newerPackages(stage.folder));
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
    }));
});

describe('limits of what belongs together', () => {
  it('ACT-16 REV-1: what is not signed fails as 1407 and 404; a removal stays done though what it was ordered with fails', () =>
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
    }));
});
