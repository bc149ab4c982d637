import { type ExecFileException, execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { helperScript } from '../../../src-main/doctor/remedies/helper-script.ts';

const NAME = '70-pc-agent.rules';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pc-agent-helper-'));
  for (const folder of ['bin', 'devices/1-2']) mkdirSync(join(root, folder), { recursive: true });
  for (const program of ['udevadm', 'modprobe']) {
    const file = join(root, 'bin', program);
    writeFileSync(
      file,
      `#!/bin/sh\necho "${program} $*" >>${root}/called\n[ ! -e ${root}/${program}-fails ] || exit 1\n`,
    );
    chmodSync(file, 0o755);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs the helper to its end: its exit code and what it complained of. */
async function help(args: readonly string[], input = ''): Promise<{ code: number; err: string }> {
  const { child, ended } = run(args);
  child.stdin?.end(input);
  return ended;
}

/** Starts it in folders of its own. */
function run(args: readonly string[]) {
  const script = helperScript({
    ...{ rules: join(root, 'rules'), kept: join(root, 'kept'), run: join(root, 'run'), devices: join(root, 'devices') },
    modules: join(root, 'modules'),
    path: `${join(root, 'bin')}:/usr/bin:/bin`,
  });
  const { promise: ended, resolve } = Promise.withResolvers<{ code: number; err: string }>();
  const done = (error: ExecFileException | null, _out: string, err: string) =>
    resolve({ code: error === null ? 0 : Number(error.code), err });
  const child = execFile('/bin/sh', ['-c', script, 'pc-agent-doctor', ...args], done);
  child.stdin?.on('error', () => undefined);
  return { child, ended };
}

const write = (text: string, port = '') => help(['write', NAME, sha256(text), port], text);
const rules = (): string => readFileSync(join(root, 'rules', NAME), 'utf8');
const left = (folder: string): readonly string[] => readdirSync(join(root, folder)).sort();
function called(): readonly string[] {
  const lines = existsSync(join(root, 'called')) ? readFileSync(join(root, 'called'), 'utf8').trim().split('\n') : [];
  rmSync(join(root, 'called'), { force: true });
  return lines;
}

describe.runIf(process.platform === 'linux')('what runs with the administrator’s rights', () => {
  it('writes rules whole, tells udev for the very device, and takes them away again', async () => {
    expect(await write('a\n', '1-2')).toEqual({ code: 0, err: '' });
    expect(rules()).toBe('a\n');
    expect(lstatSync(join(root, 'rules', NAME)).mode & 0o777).toBe(0o644);
    expect(left('rules')).toEqual([NAME]);
    expect(called()).toEqual([
      'udevadm control --reload-rules',
      `udevadm trigger --action=change --parent-match=${root}/devices/1-2`,
      'udevadm settle --timeout=5',
    ]);
    expect(await help(['restore', NAME, ''])).toEqual({ code: 0, err: '' });
    expect([left('rules'), left('kept')]).toEqual([[], []]);
    expect(called()[1]).toBe('udevadm trigger --action=change --subsystem-match=usb --subsystem-match=tty');
  });

  it('keeps what was there before over several versions of its own, and brings it back', async () => {
    mkdirSync(join(root, 'rules'));
    writeFileSync(join(root, 'rules', NAME), 'theirs\n', { mode: 0o600 });
    for (const version of ['one\n', 'two\n', 'two\n']) await write(version);
    expect(rules()).toBe('two\n');
    expect((await help(['restore', NAME, ''])).code).toBe(0);
    expect(rules()).toBe('theirs\n');
    expect(lstatSync(join(root, 'rules', NAME)).mode & 0o777).toBe(0o600);
    // A link that masked the rules comes back as a link.
    rmSync(join(root, 'rules', NAME));
    symlinkSync('/dev/null', join(root, 'rules', NAME));
    await write('one\n');
    expect(lstatSync(join(root, 'rules', NAME)).isFile()).toBe(true);
    await help(['restore', NAME, '']);
    expect(lstatSync(join(root, 'rules', NAME)).isSymbolicLink()).toBe(true);
  });

  it('takes nothing back that it did not write, or that was changed since', async () => {
    expect(await help(['restore', NAME, ''])).toMatchObject({ code: 66 });
    await write('one\n');
    writeFileSync(join(root, 'rules', NAME), 'by hand\n');
    expect(await help(['restore', NAME, ''])).toMatchObject({
      code: 66,
      err: expect.stringContaining('not as the doctor left it'),
    });
    expect(rules()).toBe('by hand\n');
    // Written over, what was changed by hand is what was there before.
    await write('one\n');
    await help(['restore', NAME, '']);
    expect(rules()).toBe('by hand\n');
  });

  it('changes nothing when the octets do not arrive whole, or a folder is in the way', async () => {
    expect(await help(['write', NAME, sha256('whole\n'), ''], 'who')).toMatchObject({ code: 65 });
    expect(left('rules')).toEqual([]);
    mkdirSync(join(root, 'rules', NAME));
    expect(await write('a\n')).toMatchObject({ code: 65 });
    expect(left('rules')).toEqual([NAME]);
    expect(called()).toEqual([]);
  });

  it('says so when udev does not take the rules, and leaves a device alone that has gone', async () => {
    writeFileSync(join(root, 'udevadm-fails'), '');
    expect(await write('a\n')).toMatchObject({ code: 70, err: expect.stringContaining('udev did not read them') });
    rmSync(join(root, 'udevadm-fails'));
    called();
    expect(await help(['again', '1-9'])).toEqual({ code: 0, err: '' });
    expect(called()).toEqual(['udevadm settle --timeout=5']);
  });

  it('loads a driver, and unloads only what it loaded', async () => {
    expect(await help(['unload'])).toMatchObject({ code: 66 });
    expect(await help(['load'])).toEqual({ code: 0, err: '' });
    expect(await help(['unload'])).toEqual({ code: 0, err: '' });
    expect(called()).toEqual(['modprobe cdc_acm', 'udevadm settle --timeout=5', 'modprobe -r cdc_acm']);
    writeFileSync(join(root, 'modprobe-fails'), '');
    expect((await help(['load'])).code).not.toBe(0);
    expect(left('run')).toEqual([]);
    rmSync(join(root, 'modprobe-fails'));
    mkdirSync(join(root, 'modules/cdc_acm'), { recursive: true });
    expect(await help(['load'])).toEqual({ code: 0, err: '' });
    expect(await help(['unload'])).toMatchObject({ code: 66 });
  });

  it('lets only one at a time keep what was there before, and leaves nothing half done when it is ended', async () => {
    mkdirSync(join(root, 'rules'));
    writeFileSync(join(root, 'rules', NAME), 'theirs\n');
    const texts = ['one\n', 'two\n', 'three\n', 'four\n'];
    expect((await Promise.all(texts.map((text) => write(text)))).map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    await help(['restore', NAME, '']);
    expect(rules()).toBe('theirs\n');
    // It waits for octets that do not come.
    const { child, ended } = run(['write', NAME, sha256('late\n'), '']);
    await expect.poll(() => left('rules').length).toBe(2);
    child.kill('SIGTERM');
    child.stdin?.end();
    expect((await ended).code).toBe(75);
    expect([left('rules'), rules()]).toEqual([[NAME], 'theirs\n']);
  });

  it.each([
    [['write', '../passwd', sha256(''), '']],
    [['write', `${NAME}\n`, sha256(''), '']],
    [['write', NAME, 'a'.repeat(63), '']],
    [['write', NAME, `${'a'.repeat(63)}/`, '']],
    [['write', NAME, 'a'.repeat(640), '']],
    [['write', NAME, sha256(''), '../..']],
    [['write', NAME, sha256(''), '1-2/../../x']],
    [['again', '']],
    [['again', '$(reboot)']],
    [['load', 'evil']],
    [['reboot']],
    [[]],
  ])('refuses %j', async (args) => {
    expect((await help(args)).code).toBe(64);
    expect(readdirSync(root).sort()).toEqual(['bin', 'devices']);
  });
});
