import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lines } from '../../support/lines.ts';

const LAUNCHER = resolve('src-main/launch/pc-agent.mjs');
const SERVER = 'test/unit/cli/fixtures/server.ts';

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-launch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A Node of this machine that is older than the product's, if there is one. */
function findOlderNode(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
  return folders
    .map((folder) => join(folder, 'node'))
    .find((path) => {
      try {
        const [, major] = /^v(\d+)/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' })) ?? [];
        return Number(major) >= 18 && Number(major) < 24;
      } catch {
        return false;
      }
    });
}

function start(file: string, args: readonly string[]) {
  const env = { ...process.env, npm_lifecycle_event: undefined, PC_AGENT_ANCESTORS: undefined };
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, out: new Lines(child.stdout), err: new Lines(child.stderr), closed: once(child, 'close') };
}

const olderNode = findOlderNode();

describe('launcher', () => {
  it.runIf(process.platform !== 'win32')('works through a symbolic link from another folder', async () => {
    const link = join(temporaryFolder(), 'pc-agent');
    symlinkSync(LAUNCHER, link);
    const { out, closed } = start(process.execPath, [link, '--help']);
    expect(await closed).toEqual([0, null]);
    expect(out.all[0]).toBe('Usage: pc-agent [options] [command]');
  });

  it('says what is missing when the dependencies are not installed', async () => {
    const root = temporaryFolder();
    cpSync('src-main/launch', join(root, 'src-main/launch'), { recursive: true });
    mkdirSync(join(root, 'src-main/cli'));
    writeFileSync(join(root, 'src-main/cli/main.ts'), "import 'commander';\nexport function main() {}\n");
    const { err, closed } = start(process.execPath, [join(root, 'src-main/launch/pc-agent.mjs'), '--help']);
    expect(await closed).toEqual([1, null]);
    expect(err.all.join('\n')).toMatch(/dependencies are not installed[\s\S]*npm start/);
  });
});

describe.runIf(olderNode !== undefined)('launcher on an older Node', () => {
  const older = olderNode ?? '';
  const run = resolve('src-main/launch/run.mjs');

  it('starts again on the Node of node_modules and passes output and exit code on', async () => {
    const { out, closed } = start(older, [LAUNCHER, 'bogus', '--json']);
    expect(await closed).toEqual([64, null]);
    expect(JSON.parse(out.all.at(-1) ?? '')).toMatchObject({ type: 'result', code: 'cli/usage' });
  });

  it('passes signals on', async () => {
    const { child, out, closed } = start(older, [run, SERVER]);
    await out.matching(/^ready/);
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(out.all).toContain('interrupted signal ended by SIGTERM');
  });

  it('takes the program with it when it is killed', async () => {
    const { child, out } = start(older, [run, SERVER]);
    await out.matching(/^ready/);
    child.kill('SIGKILL');
    expect(await out.ended()).toContain('interrupted starter-gone the starting process has gone');
  });

  it('says what is missing when node_modules holds no Node', async () => {
    const root = temporaryFolder();
    cpSync('src-main/launch', join(root, 'src-main/launch'), { recursive: true });
    const { err, closed } = start(older, [join(root, 'src-main/launch/pc-agent.mjs'), '--help']);
    expect(await closed).toEqual([1, null]);
    expect(err.all.join('\n')).toMatch(/needs Node 24 or newer[\s\S]*npm start/);
  });
});
