import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { onStage, type Program, type Stage } from '../support/processes.ts';

/** Accounts of a handset that no server of ours is on; a second server may only read. */
const ACCOUNTS = [
  { serverId: 'virtual-dms', serverPassword: 'server-secret', user: 'handset', password: 'handset-secret' },
  {
    serverId: 'pc-agent',
    serverPassword: 'agent-secret',
    user: 'handset',
    password: 'handset-secret',
    rights: ['Get'],
  },
];

async function handset(stage: Stage, accounts: readonly object[], ...flags: readonly string[]) {
  const file = join(stage.folder, `accounts-${accounts.length}.json`);
  await writeFile(file, JSON.stringify(accounts));
  const listen = ['--listen', 'tcp:127.0.0.1:0', '--accounts', file];
  const process = stage.agent('virtual-handset', ...listen, ...flags);
  return { process, address: await process.address() };
}

const run = (stage: Stage, ...args: readonly string[]) => stage.agent(...args).result();
const own = ACCOUNTS.slice(0, 1);

function saidBy(...programs: readonly Program[]): string {
  return programs.map((program) => JSON.stringify(program.events)).join('\n');
}

describe('bootstrap over OBEX, between processes', () => {
  it('[DMP-4-32] puts the account of our server on a handset, by both profiles and both secrets, and knows when it was not taken', () =>
    onStage(async (stage) => {
      const state = join(stage.folder, 'state');
      const inbox = join(stage.folder, 'inbox');
      const { process: phone, address } = await handset(stage, own, '--state', state, '--inbox', inbox);
      const to = ['--handset', address];
      expect(await run(stage, 'inventory', ...to)).toMatchObject({ exit: 1, code: 'dm/notification-ignored' });
      const wrong = await run(stage, 'bootstrap', ...to, '--pin', '9999');
      expect(wrong).toMatchObject({ exit: 1, ok: false, account: 'unknown', code: 'provisioning/not-taken' });
      expect(phone.events).toContainEqual(expect.objectContaining({ type: 'error', code: 'provisioning/mac-wrong' }));
      const taken = { exit: 0, ok: true, account: 'taken', dms: 'pc-agent', device: 'IMEI:004999010640000' };
      expect(await run(stage, 'bootstrap', ...to)).toMatchObject({ ...taken, profile: 'dm', security: 'userpin' });
      const cp = ['--profile', 'cp', '--sec', 'networkid', '--auth', 'mac'];
      expect(await run(stage, 'bootstrap', ...to, ...cp)).toMatchObject({ ...taken, profile: 'cp' });
      // The nonce that was agreed on is known: the first notification is right.
      const refusals = phone.of('error').length;
      expect(await run(stage, 'inventory', ...to)).toMatchObject({ exit: 0 });
      expect(phone.of('error')).toHaveLength(refusals);
      // One that is not taken leaves the one before as it was.
      expect(await run(stage, 'bootstrap', ...to, '--pin', '9999', '--no-check')).toMatchObject({
        exit: 0,
        account: 'unknown',
      });
      expect(await run(stage, 'inventory', ...to)).toMatchObject({ exit: 0, ok: true });
      expect(await readdir(inbox)).toEqual(['bootstrap.dm', 'bootstrap.prov']);

      await phone.kill();
      const again = await handset(stage, own, '--state', state);
      expect(await run(stage, 'inventory', '--handset', again.address, '--device', taken.device)).toMatchObject({
        exit: 0,
      });
      const tree = await readFile(join(state, 'tree', 'tree-0.journal'), 'latin1');
      const secrets = [...tree.matchAll(/AAuthSecret","state":\{[^}]*"value":"([^"]+)"/g)].map(([, text]) =>
        Buffer.from(text ?? '', 'base64').toString(),
      );
      expect(secrets.length).toBeGreaterThan(2);
      // A password each way, and others for each document: 128 bits, in base64.
      const made = secrets.filter((secret) => Buffer.from(secret, 'base64').length >= 16);
      expect(new Set(made).size).toBeGreaterThanOrEqual(4);
      for (const secret of secrets) expect(saidBy(phone, again.process)).not.toContain(secret);
    }));

  it('ends as the other commands do when the handset is not there or the flags are wrong', () =>
    onStage(async (stage) => {
      const absent = await run(stage, 'bootstrap', '--handset', 'tcp:127.0.0.1:9');
      expect(absent).toMatchObject({ exit: 3, ok: false, code: 'bearer/unavailable' });
      const odd = await run(stage, 'bootstrap', '--handset', 'tcp:127.0.0.1:9', '--password', 'x');
      expect(odd).toMatchObject({ exit: 64, code: 'cli/usage' });
    }));
});

describe('two servers on one handset', () => {
  it('have each its own rights; who is refused is told by its name', () =>
    onStage(async (stage) => {
      const { address } = await handset(stage, ACCOUNTS);
      const file = join(stage.folder, 'tool.bin');
      await writeFile(file, readFileSync(import.meta.filename));
      await run(stage, 'packages', 'add', file, '--id', 'tool');
      expect(await run(stage, 'inventory', '--handset', address)).toMatchObject({ exit: 0 });
      const install = await run(stage, 'install', '--handset', address, '--package', 'tool', '--offline');
      expect(install).toMatchObject({
        exit: 1,
        code: 'dm/not-permitted',
        message: expect.stringMatching(/does not let pc-agent .*425/),
      });
    }));
});
