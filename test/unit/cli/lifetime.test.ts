import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { isOrphaned } from '../../../src-main/cli/ancestors.ts';
import { Lines } from '../../support/lines.ts';

const SERVER = join(import.meta.dirname, 'fixtures', 'server.ts');
const NO_NPM = { npm_lifecycle_event: undefined, PC_AGENT_ANCESTORS: undefined };
const children: ChildProcess[] = [];

function start(file: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const child = spawn(file, args, {
    ...options,
    env: { ...process.env, ...NO_NPM, ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.push(child);
  return { child, lines: new Lines(child.stdout) };
}

/** A package whose script is called like ours and starts the server. */
function packageWith(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-npm-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'pc-agent', scripts: { 'pc-agent': script } }));
  return folder;
}

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('the end of a process', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('is orderly on %s, with the signal as reason', async (signal) => {
    const { child, lines } = start(process.execPath, [SERVER]);
    await lines.matching(/^ready/);
    const exited = once(child, 'exit');
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(await lines.ended()).toContain(`interrupted signal ended by ${signal}`);
  });

  it('takes the same signal twice in a row for one, as npm and the terminal both send it', async () => {
    const { child, lines } = start(process.execPath, [SERVER]);
    await lines.matching(/^ready/);
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect((await lines.ended()).filter((line) => line.startsWith('overdue'))).toEqual([]);
  });

  it('comes by force when the command does not end in time', async () => {
    const { child, lines } = start(process.execPath, [SERVER, 'stubborn']);
    await lines.matching(/^ready/);
    child.kill('SIGTERM');
    await lines.matching(/^overdue did not end within 0.3 s/);
    await lines.ended();
  });
});

describe.runIf(process.platform === 'linux')('a server that npm started', () => {
  it('ends when npm is killed', async () => {
    const cwd = packageWith(`${process.execPath} ${SERVER}`);
    const { child, lines } = start('npm', ['run', '-s', 'pc-agent'], { cwd });
    await lines.matching(/^ready/);
    child.kill('SIGKILL');
    expect(await lines.ended()).toContain('interrupted starter-gone the starting process has gone');
  });

  it('ends when the shell between npm and it is killed', async () => {
    const cwd = packageWith(`${process.execPath} ${SERVER}; exit $?`);
    const { child, lines } = start('npm', ['run', '-s', 'pc-agent'], { cwd });
    const [, shell] = await lines.matching(/^ready \d+ below (\d+)/);
    expect(Number(shell)).not.toBe(child.pid);
    process.kill(Number(shell), 'SIGKILL');
    expect(await lines.ended()).toContain('interrupted starter-gone the starting process has gone');
  });

  it('ends when npm is killed and the shell between lives on', async () => {
    const cwd = packageWith(`${process.execPath} ${SERVER}; exit $?`);
    const { child, lines } = start('npm', ['run', '-s', 'pc-agent'], { cwd });
    await lines.matching(/^ready/);
    child.kill('SIGKILL');
    expect(await lines.ended()).toContain('interrupted starter-gone the starting process has gone');
  });
});

describe.runIf(process.platform === 'linux')('a server that no npm started', () => {
  it('ends when parent and grandparent have both been killed', async () => {
    const parent = `echo parent $$; ${process.execPath} ${SERVER}; exit 0`;
    const { child, lines } = start('sh', ['-c', 'sh -c "$0"; exit 0', parent]);
    const [, pid] = await lines.matching(/^parent (\d+)/);
    await lines.matching(/^ready/);
    process.kill(Number(pid), 'SIGKILL');
    child.kill('SIGKILL');
    expect(await lines.ended()).toContain('interrupted starter-gone the starting process has gone');
  });
});

describe.runIf(process.platform === 'linux')('ancestors', () => {
  const own = { pid: process.pid, start: undefined };
  /** A number that no process has: the largest of Linux is 4,194,304. */
  const gone = { pid: 4_194_305, start: undefined };

  it('are gone together only when all are, or at once when one of those that must stay is', () => {
    expect(isOrphaned({ each: [], all: [gone, own] })).toBe(false);
    expect(isOrphaned({ each: [], all: [gone, gone] })).toBe(true);
    expect(isOrphaned({ each: [own, gone], all: [] })).toBe(true);
    expect(isOrphaned({ each: [own], all: [] })).toBe(false);
    expect(isOrphaned({ each: [], all: [] })).toBe(false);
  });

  it('are gone when a later process has their number', () => {
    expect(isOrphaned({ each: [{ pid: process.pid, start: '1' }], all: [] })).toBe(true);
  });

  it('stay while the first process of the system is the parent', () => {
    expect(isOrphaned({ each: [{ pid: 1, start: undefined }], all: [] })).toBe(false);
  });
});
