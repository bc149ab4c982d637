import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DMS_PROFILES } from '../../../src-main/virtual/dms/profiles.ts';
import { FAULTS } from '../../../src-main/virtual/handset/faults.ts';
import { PROFILES } from '../../../src-main/virtual/handset/profiles.ts';
import { Lines } from '../../support/lines.ts';

const PROGRAM = resolve('src-main/launch/pc-agent.mjs');

async function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [new Lines(child.stdout), new Lines(child.stderr)];
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: out.all, err: err.all };
}

describe('pc-agent', () => {
  it('lists its commands and exit codes', async () => {
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const name of ['demo', 'virtual-handset', 'virtual-dms', 'relay', 'syncml', 'doctor']) {
      expect(out.some((line) => line.startsWith(`  ${name} `))).toBe(true);
    }
    expect(out.join('\n')).toContain('64 wrong usage');
  });

  it('ends quietly when nobody reads its help any more', async () => {
    const child = spawn(process.execPath, [PROGRAM, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    const err = new Lines(child.stderr);
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(err.all).toEqual([]);
  });

  it('tells the defaults of a virtual DMS', async () => {
    const { out } = await run('virtual-dms', '--help');
    const text = out.join(' ').replace(/\s+/g, ' ');
    for (const value of ['md5', 'handset-secret', 'virtual-dms', 'server-secret', 'bm9uY2U=']) {
      expect(text).toContain(`(default: ${value})`);
    }
    expect(out).toContain('Profiles:');
    for (const { name, help } of DMS_PROFILES) expect(text).toContain(`${name} ${help}`);
  });

  it('lists every fault and profile in the help of the virtual handset', async () => {
    const { code, out } = await run('virtual-handset', '--help');
    expect(code).toBe(0);
    expect(out).toContain('Faults:');
    expect(out).toContain('Profiles:');
    const text = out.join(' ').replace(/\s+/g, ' ');
    for (const { name, help } of [...FAULTS, ...PROFILES]) expect(text).toContain(`${name} ${help}`);
  });

  it.each([
    [['doctor', '--apply', 'a', '--undo', 'a'], 'cli/usage', /^takes --apply or --undo, not both/],
    [['doctor', '--yes'], 'cli/usage', /^--yes goes with --apply/],
    [['packages', 'add'], 'cli/usage', /missing required argument 'file'/],
    [['packages', 'add', 'a', 'b', '--id', '7'], 'cli/usage', /^--id, --name, --version and --model go with one file/],
    [['packages', 'eat', 'file.bin'], 'cli/usage', /unknown command 'eat'/],
    [['handsets', 'join', 'a'], 'cli/usage', /^join and differ take two handsets/],
    [['virtual-dms', '--listen', ':0', '--state', PROGRAM], 'cli/usage', /^--state needs a folder/],
    [
      ['virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--state', '/proc/none'],
      'cli/usage',
      /^--state needs a folder/,
    ],
    [['handsets', 'forget'], 'cli/usage', /^name and forget take a handset/],
    [['install', '--handset', 'tcp:127.0.0.1:1'], 'cli/usage', /--package <id...>' not specified/],
    [['firmware', '--handset', 'tcp:127.0.0.1:1'], 'cli/usage', /--package <id>' not specified/],
    [['activate', '--handset', 'tcp:127.0.0.1:1'], 'cli/usage', /--component <id>' not specified/],
    [['update', '--handset', 'tcp:127.0.0.1:1', '--dms', 'x', '--offline'], 'cli/usage', /not both/],
    [
      ['inventory', '--handset', 'tcp:127.0.0.1:1', '--dms', 'http://127.0.0.1:1/dm', '--offline'],
      'cli/usage',
      /^takes --dms or --offline, not both/,
    ],
    [['demo', '--bearer', 'usb'], 'cli/not-built', /^demo with usb is not part/],
    [['demo', '--acts', 'dance'], 'cli/usage', /^--acts /],
    [['demo', '--fault', 'no-such-fault'], 'cli/usage', /^no fault is called no-such-fault/],
    [['virtual-dms', '--listen', ':0', '--profile', 'xml-only'], 'cli/usage', /^no profile is called xml-only/],
    [['relay', '--dms', 'http://127.0.0.1:1/dm'], 'cli/usage', /^needs either --handset/],
    [['demo', '--bogus'], 'cli/usage', /unknown option '--bogus'/],
    [['bogus'], 'cli/usage', /unknown command 'bogus'/],
    [['inventroy'], 'cli/usage', /^unknown command 'inventroy' \(Did you mean inventory\?\)$/],
    [['dms', 'add', 'ftp://x/dm'], 'cli/usage', /^url must be an address such as/],
    [[], 'cli/usage', /a command is needed/],
  ])('ends %j with 64 and %s, as error and result', async (args, code, message) => {
    const ended = await run(...args, '--json');
    expect(ended.code).toBe(64);
    expect(ended.err).toEqual([]);
    const events = ended.out.map((line) => JSON.parse(line) as Record<string, unknown>);
    const text = expect.stringMatching(message);
    expect(events).toMatchObject([
      { type: 'error', code, message: text },
      { type: 'result', ok: false, code, message: text },
    ]);
  });

  it('says wrong usage once, on standard error, without --json', async () => {
    expect(await run('bogus')).toEqual({
      code: 64,
      out: [],
      err: ["The command line is not right. (cli/usage) – unknown command 'bogus'"],
    });
  });
});
