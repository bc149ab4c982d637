import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lines } from '../../support/lines.ts';

/** What npm does for us, as far as set-up can see; it appends its arguments to `calls`. */
const FAKE_NPM = `
const fs = require('node:fs');
fs.appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n');
console.log('words of npm');
if (fs.existsSync('npm-fails')) process.exit(7);
fs.rmSync('node_modules', { recursive: true, force: true });
fs.mkdirSync('node_modules/vite/bin', { recursive: true });
fs.copyFileSync('fake-vite.js', 'node_modules/vite/bin/vite.js');
`;
const FAKE_VITE = `
const fs = require('node:fs');
fs.appendFileSync('calls', 'vite ' + process.argv[2] + '\\n');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(out + '/index.html', '');
`;

class Tree {
  readonly root = mkdtempSync(join(tmpdir(), 'pc-agent-setup-'));

  constructor() {
    onTestFinished(() => rmSync(this.root, { recursive: true, force: true }));
    cpSync('src-main/launch', join(this.root, 'src-main/launch'), { recursive: true });
    this.write('package.json', '{"type":"commonjs"}');
    this.write('package-lock.json', '{"version":1}');
    this.write('npm-cli.js', FAKE_NPM);
    this.write('fake-vite.js', FAKE_VITE);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  get calls(): readonly string[] {
    const path = join(this.root, 'calls');
    return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
  }

  async setUp(...args: readonly string[]) {
    const env = { ...process.env, npm_execpath: join(this.root, 'npm-cli.js'), npm_node_execpath: process.execPath };
    const child = spawn(process.execPath, [join(this.root, 'src-main/launch/setup.mjs'), ...args], {
      cwd: tmpdir(),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, err] = [new Lines(child.stdout), new Lines(child.stderr)];
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out: out.all, err: err.all.join('\n') };
  }
}

describe('set-up', () => {
  it('installs dependencies once, in the tree that it belongs to, and is silent afterwards', async () => {
    const tree = new Tree();
    const first = await tree.setUp();
    expect(first).toMatchObject({ code: 0, out: [], err: expect.stringContaining('npm ci') });
    expect(await tree.setUp()).toEqual({ code: 0, out: [], err: '' });
    expect(tree.calls).toHaveLength(1);
    expect(tree.calls[0]).toMatch(/^ci --loglevel=error .*--include=optional/);
  });

  it('installs again when the lock file has changed', async () => {
    const tree = new Tree();
    await tree.setUp();
    tree.write('package-lock.json', '{"version":2}');
    await tree.setUp();
    expect(tree.calls).toHaveLength(2);
  });

  it('lets all others wait for the first of several at once', async () => {
    const tree = new Tree();
    const ended = await Promise.all(Array.from({ length: 4 }, () => tree.setUp()));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(tree.calls).toHaveLength(1);
  });

  it('takes the lock of a dead process over, once among several', async () => {
    const tree = new Tree();
    tree.write('.pc-agent/setup.lock', '4194305 1 dead');
    const ended = await Promise.all([tree.setUp(), tree.setUp(), tree.setUp()]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(tree.calls).toHaveLength(1);
    expect(existsSync(join(tree.root, '.pc-agent/setup.lock'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'takes over from a dead process whose number another one has now',
    async () => {
      const tree = new Tree();
      tree.write('.pc-agent/setup.lock', `${process.pid} 1 dead`);
      expect((await tree.setUp()).code).toBe(0);
    },
  );

  it('ends with 1 and a clear sentence when npm fails twice, and tries again the next time', async () => {
    const tree = new Tree();
    tree.write('npm-fails', '');
    const failed = await tree.setUp();
    expect(failed).toMatchObject({ code: 1, out: [] });
    expect(failed.err).toMatch(/words of npm[\s\S]*PC Agent set-up failed: npm ci ended with 7/);
    rmSync(join(tree.root, 'npm-fails'));
    expect((await tree.setUp()).code).toBe(0);
    expect(tree.calls).toHaveLength(3);
  });

  it('builds the page when asked, and again only when something that it is made of has changed', async () => {
    const tree = new Tree();
    tree.write('src-renderer/index.html', '<html>');
    await tree.setUp();
    expect(tree.calls).toHaveLength(1);
    await tree.setUp('--renderer');
    await tree.setUp('--renderer');
    expect(tree.calls.slice(1)).toEqual(['vite build']);
    tree.write('src-main/contract/events.ts', '');
    expect(await tree.setUp('--renderer')).toMatchObject({ code: 0, out: [] });
    expect(tree.calls.slice(1)).toEqual(['vite build', 'vite build']);
  });
});
