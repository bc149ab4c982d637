import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { Lines } from '../../support/lines.ts';
import { thoroughly } from '../../support/thoroughly.ts';

const PROGRAM = resolve('src-main/launch/pc-agent.mjs');

type Fields = Readonly<Record<string, unknown>>;

let folder = '';
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
  folder = '';
});

function home(): string {
  if (folder === '') folder = mkdtempSync(join(tmpdir(), 'pc-agent-cli-'));
  return folder;
}

function launch(args: readonly string[], words: readonly string[] = ['--json']) {
  const child = spawn(process.execPath, [PROGRAM, ...args, ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PC_AGENT_HOME: join(home(), 'home'), INIT_CWD: home() },
  });
  children.push(child);
  return { child, out: new Lines(child.stdout) };
}

/** Runs a command to its end. */
async function run(...args: readonly string[]): Promise<{ code: number | null; result: Fields; events: Fields[] }> {
  const { child, out } = launch(args);
  const [code] = (await once(child, 'close')) as [number | null];
  const events = out.all.map((line) => JSON.parse(line) as Fields);
  return { code, result: events.at(-1) ?? {}, events };
}

/** What a person reads. */
async function read(...args: readonly string[]): Promise<string> {
  const { child, out } = launch(args, []);
  await once(child, 'close');
  return out.all.join('\n');
}

/** Starts something that listens. */
async function start(...args: readonly string[]) {
  const { child, out } = launch(args);
  const { address } = JSON.parse((await out.matching(/"type":"listening"/)).input) as { address: string };
  return { child, out, address };
}

async function addGame(): Promise<void> {
  writeFileSync(join(home(), 'game.bin'), Buffer.alloc(70_000, 7));
  const added = await run('packages', 'add', 'game.bin', '--id', 'com.example.game', '--version', '2.0');
  expect(added).toMatchObject({ code: 0, result: { ok: true, packages: [{ id: 'com.example.game', size: 70_000 }] } });
}

describe('commands that are the host while they run', () => {
  it('say that no handset is known where that is so', async () => {
    const { result } = await run('handsets');
    // Something may be plugged in where the tests run.
    const nothing = (result.attachments as readonly unknown[]).length === 0;
    expect(result.handsets).toEqual([]);
    expect((await read('handsets')).includes('No handset is known, and none is attached.')).toBe(nothing);
  });

  thoroughly('prepare a package, install it offline once, and remove it', async () => {
    await addGame();
    const { address } = await start('virtual-handset', '--listen', 'tcp:127.0.0.1:0');
    const device = 'IMEI:004999010640000';
    const before = await run('inventory', '--handset', address);
    expect(before).toMatchObject({ code: 0, result: { ok: true, device, virtual: true, jobs: [{ state: 'done' }] } });
    expect(before.result.components).not.toContainEqual(expect.objectContaining({ id: 'com.example.game' }));

    const install = ['install', '--handset', address, '--package', 'com.example.game', '--offline'];
    expect(await run(...install)).toMatchObject({
      code: 0,
      result: { ok: true, jobs: [{ package: 'com.example.game', state: 'done', resultCode: 1200 }] },
    });
    expect(await run(...install)).toMatchObject({ code: 2, result: { ok: true, jobs: [{ state: 'skipped' }] } });

    const remove = ['remove', '--handset', device, '--component', 'com.example.game'];
    expect(await run(...remove)).toMatchObject({ code: 0, result: { device, jobs: [{ state: 'done' }] } });
    expect(await run(...remove)).toMatchObject({ code: 2, result: { jobs: [{ state: 'skipped' }] } });
    expect(await run('handsets')).toMatchObject({ code: 0, result: { handsets: [{ device, address }] } });

    const store = openStore({ file: join(home(), 'home/state/pc-agent.db'), clock: nodeClock });
    const sessions = store.read((db) =>
      db.all('SELECT DISTINCT kind, device, virtual, dms, state FROM journal_sessions'),
    );
    await store.close();
    expect(sessions).toEqual([{ kind: 'management-server', device, virtual: 1, dms: 'pc-agent', state: 'done' }]);

    const named = await run('handsets', 'name', device, 'Anna');
    expect(named).toMatchObject({ code: 0, result: { handset: { device, alias: 'Anna' } } });
    expect(await run('handsets', 'forget', 'anna')).toMatchObject({ code: 0, result: { forgotten: device } });
    expect(await run('handsets', 'forget', 'anna')).toMatchObject({ code: 3, result: { code: 'handset/unknown' } });
  });

  thoroughly('tell refusal and postponement by the person at the handset apart, and what is not there', async () => {
    await addGame();
    const { address } = await start(
      ...['virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--answer', 'reject', '--answer', 'cancel'],
    );
    const install = ['install', '--handset', address, '--package', 'com.example.game'];
    expect(await run(...install)).toMatchObject({
      code: 1,
      result: { ok: false, code: 'scomo/declined', jobs: [{ state: 'refused' }] },
    });
    expect(await run(...install)).toMatchObject({
      code: 1,
      result: { ok: false, code: 'scomo/postponed', jobs: [{ state: 'postponed' }] },
    });
    expect(await run(...install, '--package', 'none')).toMatchObject({ code: 3, result: { code: 'cache/absent' } });
    expect(await run('inventory', '--handset', '490154203237518')).toMatchObject({
      code: 3,
      result: { code: 'handset/unknown' },
    });
    expect(await run('inventory', '--handset', 'tcp:127.0.0.1:1')).toMatchObject({
      code: 3,
      result: { code: 'bearer/unavailable' },
    });
  });

  it('come several at once and each is done', async () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) writeFileSync(join(home(), `${name}.bin`), name);
    const added = await Promise.all(names.map((name) => run('packages', 'add', `${name}.bin`)));
    expect(added.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    const { result } = await run('packages', 'list');
    expect(new Set((result.packages as Fields[]).map(({ id }) => id))).toEqual(new Set(names));
  });
});

describe('serve', () => {
  it('answers commands, relays for a DM server, and loses nothing that it confirmed when it is killed', async () => {
    const dms = await start('virtual-dms', '--listen', '127.0.0.1:0');
    const handset = await start('virtual-handset', '--listen', 'tcp:127.0.0.1:0');
    const host = await start('serve');
    const second = await run('serve');
    expect(second).toMatchObject({ code: 1, result: { code: 'host/running' } });
    expect(String(second.result.message)).toContain(`pid ${host.child.pid}`);

    const [tested, relayed] = await Promise.all([
      run('dms', 'test', dms.address),
      run('install', '--handset', handset.address, '--package', 'com.example.game', '--dms', dms.address),
    ]);
    const states = (tested.result.hops as Fields[]).map(({ state }) => state);
    expect(states).toEqual(['ok', 'ok', 'skipped', 'ok', 'ok']);
    expect(relayed).toMatchObject({ code: 0, result: { dms: dms.address, jobs: [{ state: 'done' }] } });
    expect(relayed.events.filter(({ type }) => type === 'message').length).toBeGreaterThan(5);
    await run('dms', 'add', 'http://127.0.0.1:1/dm', '--name', 'old');
    expect(await run('dms', 'edit', 'old', '--name', 'bench', '--url', dms.address)).toMatchObject({
      code: 0,
      result: { profile: { name: 'bench', url: dms.address, isDefault: true } },
    });
    await addGame();

    host.child.kill('SIGKILL');
    await once(host.child, 'exit');
    const again = await start('serve');
    expect(await run('packages', 'verify')).toMatchObject({
      code: 0,
      result: { checks: [{ id: 'com.example.game', ok: true }] },
    });
    expect(await run('dms', 'list')).toMatchObject({ code: 0, result: { profiles: [{ name: 'bench' }] } });
    again.child.kill('SIGTERM');
    const [code] = (await once(again.child, 'close')) as [number | null];
    expect(code).toBe(0);
    expect(JSON.parse(again.out.all.at(-1) ?? '')).toMatchObject({ type: 'result', ok: true });
    expect(existsSync(join(home(), 'home/state/host.json'))).toBe(false);
    expect(readFileSync(join(home(), 'home/state/pc-agent.db')).subarray(0, 6).toString()).toBe('SQLite');
    expect(await run('open')).toMatchObject({ code: 3, result: { code: 'host/not-running' } });
  });

  thoroughly(
    'told to end in the middle of a session breaks it off for everybody: exit code 4, and the work can be done again',
    async () => {
      await addGame();
      const silent = await start('virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--fault', 'stall=3');
      const host = await start('serve');
      const asking = launch(['install', '--handset', silent.address, '--package', 'com.example.game']);
      await asking.out.matching(/"msgId":3,/);
      host.child.kill('SIGTERM');
      const [[hostCode], [askingCode]] = await Promise.all([once(host.child, 'close'), once(asking.child, 'close')]);
      expect(hostCode).toBe(4);
      expect(JSON.parse(host.out.all.at(-1) ?? '')).toMatchObject({ ok: false, message: 'broken off: install' });
      expect(askingCode).toBe(4);
    },
  );

  thoroughly('killed in the middle of an installation leaves an order that is taken up and done once', async () => {
    await addGame();
    const silent = await start('virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--fault', 'stall=3');
    const port = silent.address.split(':').at(-1);
    const host = await start('serve');
    const install = ['install', '--handset', silent.address, '--package', 'com.example.game'];
    const asking = launch(install);
    await asking.out.matching(/"msgId":3,/);
    host.child.kill('SIGKILL');
    const [code] = (await once(asking.child, 'close')) as [number | null];
    expect(code).toBe(1);
    expect(JSON.parse(asking.out.all.at(-1) ?? '')).toMatchObject({ code: 'host/lost' });

    silent.child.kill('SIGKILL');
    await once(silent.child, 'exit');
    await start('virtual-handset', '--listen', `tcp:127.0.0.1:${port}`);
    const report = ['--report-to', 'http://127.0.0.1:1/dm'];
    const done = await run(...install);
    expect(done).toMatchObject({ code: 0, result: { jobs: [{ state: 'done', resultCode: 1200 }] } });
    expect(await run(...install, ...report)).toMatchObject({ code: 2 });
    const { result } = await run('reports', 'list');
    const [first] = done.result.jobs as Fields[];
    expect(result.reports).toMatchObject([
      { job: first?.job, state: 'unaddressed', body: { state: 'done', resultCode: 1200 } },
      { state: 'waiting', origin: 'http://127.0.0.1:1', body: { state: 'skipped' } },
    ]);
    const [, waiting] = result.reports as Fields[];
    expect(await run('reports', 'export', String(waiting?.id))).toMatchObject({
      code: 0,
      result: { id: waiting?.id, origin: 'http://127.0.0.1:1', body: { job: waiting?.job, state: 'skipped' } },
    });
    expect(await run('reports', 'export', 'none')).toMatchObject({ code: 3, result: { code: 'report/absent' } });
    expect(await run('reports', 'send')).toMatchObject({ code: 1, result: { code: 'dms/unreachable', unsent: 1 } });
  });
});
