import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isAlive, ownIdentity, type ProcessIdentity } from '../../../src-main/base/node/process-identity.ts';
import { readOwner, takeHostLock } from '../../../src-main/host/lock.ts';
import { Lines } from '../../support/lines.ts';
import { testHome } from './home.ts';

const OWNER = join(import.meta.dirname, 'fixtures/owner.ts');
const home = testHome();
const children: ReturnType<typeof spawn>[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function other(...args: readonly string[]) {
  const child = spawn(process.execPath, [OWNER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await new Lines(child.stdout).matching(/^{.*}$/);
  return { child, identity: JSON.parse(line) as ProcessIdentity };
}

function writeOwner(folder: string, owner: object | string): void {
  const text = typeof owner === 'string' ? owner : JSON.stringify({ since: '2026-01-01T00:00:00.000Z', ...owner });
  writeFileSync(join(folder, 'host.json'), text);
}

describe('the lock of the data folder', () => {
  it('says who holds it, lets nobody else in, and the next after it was released', () => {
    const { state } = home.places();
    const lock = takeHostLock(state, new Date(), true);
    expect(readOwner(state)).toEqual({ ...ownIdentity(), stays: true });
    expect(() => takeHostLock(state, new Date())).toThrow(
      expect.objectContaining({ code: 'host/running', retry: 'later', details: { pid: process.pid, stays: true } }),
    );
    lock.release();
    lock.release();
    expect(existsSync(join(state, 'host.json'))).toBe(false);
    takeHostLock(state, new Date()).release();
  });

  it.skipIf(process.platform === 'win32')('is made of files that only the owner may read', () => {
    const { state } = home.places();
    const lock = takeHostLock(state, new Date());
    const modes = readdirSync(state).map((name) => `${name} ${(statSync(join(state, name)).mode & 0o777).toString(8)}`);
    lock.release();
    expect(modes.length).toBeGreaterThan(1);
    expect(modes.filter((mode) => !mode.endsWith(' 600'))).toEqual([]);
  });

  it('names the process that holds it, and is free at once when that is killed', async () => {
    const { state } = home.places();
    const { child, identity } = await other(state);
    expect(() => takeHostLock(state, new Date())).toThrow(
      expect.objectContaining({ code: 'host/running', details: { pid: identity.pid, stays: false } }),
    );
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = takeHostLock(state, new Date());
    expect(readOwner(state)?.pid).toBe(process.pid);
    lock.release();
  });

  it('is taken over from a dead process, also when another has its number now', async () => {
    const { state } = home.places();
    const { child, identity } = await other();
    writeOwner(state, { pid: identity.pid, start: 'another-boot:1' });
    takeHostLock(state, new Date()).release();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isAlive(identity)).toBe(false);
    writeOwner(state, identity);
    takeHostLock(state, new Date()).release();
  });

  it('is not taken from a living process where the file system does not lock', async () => {
    const { state } = home.places();
    const { identity } = await other();
    expect(isAlive(identity)).toBe(true);
    writeOwner(state, identity);
    expect(() => takeHostLock(state, new Date())).toThrow(
      expect.objectContaining({ code: 'host/running', details: { pid: identity.pid, stays: false } }),
    );
  });

  it.each(['', '{', 'null', '{"pid":"7"}', '{"pid":-1,"since":""}', '\u0000'])(
    'is taken where the file of the owner holds %j',
    (text) => {
      const { state } = home.places();
      writeOwner(state, text);
      const lock = takeHostLock(state, new Date());
      expect(JSON.parse(readFileSync(join(state, 'host.json'), 'utf8'))).toMatchObject({ pid: process.pid });
      lock.release();
    },
  );

  it('says that the folder cannot be written', () => {
    const { state } = home.places();
    expect(() => takeHostLock(join(state, 'absent'), new Date())).toThrow(
      expect.objectContaining({ code: 'store/read-only', retry: 'after-operator' }),
    );
  });
});
