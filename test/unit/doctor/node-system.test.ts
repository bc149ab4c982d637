import { ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { findNativeFolder, nodeSystem } from '../../../src-main/doctor/node-system.ts';
import { FILE_LIMIT } from '../../../src-main/doctor/system.ts';

const SIGNAL = new AbortController().signal;
const SH = '/bin/sh';

let folder = '';
afterEach(() => {
  if (folder !== '') rmSync(folder, { recursive: true, force: true });
  folder = '';
});
function temporary(): string {
  folder = mkdtempSync(join(tmpdir(), 'pc-agent-system-'));
  return folder;
}

describe('where the rules of this program are', () => {
  it('is the source tree, or beside the archive of a package', () => {
    expect(nodeSystem().nativeFolder).toBe(resolve('native'));
    const resources = temporary();
    mkdirSync(join(resources, 'native/udev'), { recursive: true });
    expect(findNativeFolder(join(resources, 'app.asar/dist/electron'))).toBeUndefined();
    writeFileSync(join(resources, 'native/udev/70-pc-agent.rules'), '');
    expect(findNativeFolder(join(resources, 'app.asar/dist/electron'))).toBe(join(resources, 'native'));
  });
});

describe.runIf(process.platform === 'linux')('the system', () => {
  it('tells of files what there is, never more than a limit, and nothing of what is not there', async () => {
    const system = nodeSystem();
    const at = (name: string) => join(folder, name);
    temporary();
    writeFileSync(at('long'), Buffer.alloc(FILE_LIMIT + 7, 65));
    chmodSync(at('long'), 0o640);
    symlinkSync('nowhere', at('link'));
    expect((await system.readFile(at('long')))?.length).toBe(FILE_LIMIT);
    expect((await system.readFile('/proc/self/comm'))?.length).toBeGreaterThan(0);
    expect(await system.readFile(folder)).toBeUndefined();
    expect(await system.stat(at('long'))).toMatchObject({ kind: 'file', mode: 0o640 });
    expect(await system.stat('/dev/null')).toMatchObject({ kind: 'device' });
    expect([await system.stat(at('link')), await system.linkTarget(at('link'))]).toMatchObject([
      { kind: 'link' },
      'nowhere',
    ]);
    expect([await system.stat(at('none')), await system.list(at('none'))]).toEqual([undefined, []]);
    expect([await system.access('/dev/null'), await system.access(at('none'))]).toEqual(['allowed', 'absent']);
  });

  it('runs programs with limits, with nothing of the environment that they need not have', async () => {
    const { run } = nodeSystem();
    const options = { signal: SIGNAL, limit: seconds(10) };
    process.env.PC_AGENT_TEST_SECRET = 'x';
    const input = new TextEncoder().encode('in');
    const answer = await run(SH, ['-c', 'cat; echo "$PC_AGENT_TEST_SECRET$LC_ALL"; echo no >&2; exit 3'], {
      ...options,
      input,
    });
    expect(answer).toEqual({ kind: 'ended', code: 3, out: 'inC', err: 'no' });
    delete process.env.PC_AGENT_TEST_SECRET;
    expect(await run(SH, ['-c', '[ "$1" = "; exit 9" ]', 'x', '; exit 9'], options)).toMatchObject({ code: 0 });
    expect(await run('/no/such/program', [], options)).toEqual({ kind: 'absent' });
    expect(await run('sleep', ['9'], { signal: SIGNAL, limit: milliseconds(20) })).toEqual({ kind: 'overdue' });
    const leaving = await run(SH, ['-c', 'sleep 9 & echo left'], options);
    expect(leaving).toEqual({ kind: 'ended', code: 0, out: 'left', err: '' });
    const much = await run(SH, ['-c', 'head -c 100000 /dev/zero | tr "\\0" a'], options);
    expect(much).toEqual({ kind: 'ended', code: 0, out: 'a'.repeat(16 * 1024), err: '' });
    const stop = new AbortController();
    const sleeping = run('sleep', ['9'], { signal: stop.signal, limit: seconds(10) });
    stop.abort();
    await expect(sleeping).rejects.toThrow(/abort/i);
  });

  it('outlives a program that runs as another user by now and may not be ended', async () => {
    const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockImplementation(function (this: ChildProcess) {
      this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM' }));
      return false;
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const stop = new AbortController();
    try {
      const running = nodeSystem().run('cat', [], { signal: stop.signal, limit: seconds(10) });
      stop.abort();
      await expect(running).rejects.toThrow(/abort/i);
      // It is tried again, harder.
      vi.advanceTimersByTime(5_000);
      expect(kill.mock.calls).toEqual([['SIGTERM'], ['SIGKILL']]);
    } finally {
      vi.useRealTimers();
      kill.mockRestore();
    }
  });
});
