/**
 * The program's own window in a real Electron, wherever one is found; it is not downloaded. Without one these tests are
 * skipped, also where other programs are required: it is not to be had everywhere, as hardware is not.
 */

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ElectronApplication, _electron as electron, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONTRACT_VERSION } from '../../src-main/contract/version.ts';
import { buildShell } from '../../src-main/launch/build-shell.mjs';
import { findElectron } from '../../src-main/launch/electron.mjs';

const program = findElectron();
const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);

function whyNot(): string | undefined {
  if (program === undefined) return 'no Electron binary: ELECTRON_OVERRIDE_DIST_PATH or npm run setup:electron';
  return display ? undefined : 'no display';
}

const reason = whyNot();
const title = reason === undefined ? 'the window in Electron' : `the window in Electron [skipped: ${reason}]`;

describe.skipIf(reason !== undefined)(title, () => {
  const home = mkdtempSync(join(tmpdir(), 'pc-agent-electron-'));
  let app: ElectronApplication;
  let page: Page;

  beforeAll(async () => {
    if (!existsSync('dist/renderer/index.html')) await build({ logLevel: 'warn' });
    await buildShell();
    app = await electron.launch({
      executablePath: program ?? '',
      // Chromium's sandbox refuses to run as root, which only test machines do.
      args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), resolve('.')],
      env: { ...(process.env as Record<string, string>), PC_AGENT_HOME: home },
    });
    page = await app.firstWindow();
    await page.waitForFunction(() => 'pcAgent' in globalThis);
  });

  afterAll(async () => {
    await app?.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('items 2 to 4: the page has neither Node nor Electron, only the bridge', async () => {
    const seen = await page.evaluate(() => {
      const all = globalThis as Record<string, unknown>;
      return {
        gone: ['require', 'process', 'module', 'Buffer', 'electron', 'ipcRenderer'].filter((name) => name in all),
        bridge: Object.keys(all.pcAgent as object).sort((a, b) => a.localeCompare(b)),
      };
    });
    expect(seen.gone).toEqual([]);
    expect(seen.bridge).toEqual(['onFrame', 'onHostLost', 'onNavigate', 'openExternal', 'pathOf', 'send']);
  });

  it('item 5: devices and places are refused to the page', async () => {
    const states = await page.evaluate(async () => {
      const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi'];
      // The test is compiled without the browser's types.
      const { permissions } = (globalThis as unknown as { navigator: { permissions: PermissionQuery } }).navigator;
      return Promise.all(names.map(async (name) => (await permissions.query({ name })).state));
    });
    expect(new Set(states)).toEqual(new Set(['denied']));
  });

  it('item 7: a script in the page does not run', async () => {
    const ran = await page.evaluate(() => {
      const all = globalThis as unknown as { document: MiniDocument; planted?: boolean };
      const script = all.document.createElement('script');
      script.textContent = 'globalThis.planted = true';
      all.document.body.append(script);
      return all.planted === true;
    });
    expect(ran).toBe(false);
  });

  it('items 13 and 14: the window stays where it is and opens no other', async () => {
    await page.evaluate(() => {
      const all = globalThis as unknown as { location: { href: string }; open(address: string): unknown };
      all.open('https://example.com/');
      all.location.href = 'https://example.com/';
    });
    expect(await page.evaluate(() => (globalThis as unknown as { location: { origin: string } }).location.origin)).toBe(
      'app://pc-agent',
    );
    expect(app.windows()).toHaveLength(1);
  });

  it('item 18: what is not of the page is not served', async () => {
    const status = (path: string) => page.evaluate(async (wanted) => (await fetch(wanted)).status, path);
    expect(await status('app://pc-agent/')).toBe(200);
    expect(await status('app://pc-agent/%2e%2e%2fpackage.json')).toBe(404);
    expect(await status('app://pc-agent/..%5c..%5cpackage.json')).toBe(404);
  });

  it('speaks with its host, and again with the next when that one is killed', async () => {
    const greeting = () =>
      page.evaluate(async (contract) => {
        const { pcAgent } = globalThis as unknown as { pcAgent: Bridge };
        const first = new Promise<string>((done) => {
          const end = pcAgent.onFrame((frame) => {
            // Others may be for the page, whose place as a face this test takes.
            if (!frame.includes('"welcome"')) return;
            end();
            done(frame);
          });
        });
        pcAgent.send(JSON.stringify({ kind: 'hello', contract, version: '0.1.0', face: 'test' }));
        return JSON.parse(await first) as { kind: string; pid: number };
      }, CONTRACT_VERSION);
    const { pid } = await greeting();
    const lost = page.evaluate(
      () => new Promise<void>((done) => void (globalThis as unknown as { pcAgent: Bridge }).pcAgent.onHostLost(done)),
    );
    process.kill(pid, 'SIGKILL');
    await lost;
    const again = await greeting();
    expect(again).toMatchObject({ kind: 'welcome' });
    expect(again.pid).not.toBe(pid);
  });
});

interface PermissionQuery {
  query(wanted: { name: string }): Promise<{ state: string }>;
}
interface MiniDocument {
  createElement(name: string): { textContent: string };
  readonly body: { append(element: unknown): void };
}
interface Bridge {
  send(frame: string): void;
  onFrame(listener: (frame: string) => void): () => void;
  onHostLost(listener: () => void): () => void;
}
