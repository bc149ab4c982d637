/** Electron's security guide (docs/tutorial/security), item by item; "in Electron" tells what only a real one can show. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from 'electron';
import { describe, expect, it } from 'vitest';
import { CHANNEL } from '../../../src-main/electron/channels.ts';
import { isAllowedLink } from '../../../src-main/electron/external-links.ts';
import { readConfiguration } from '../../tools/pack-rules.ts';
import { FakeContents, FakeElectron, FakeSession, openShell, Preventable } from './stand-in.ts';

const FOLDER = 'src-main/electron';
const SOURCES = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
const ALL = SOURCES.map(({ text }) => text).join('\n');

async function webPreferences(): Promise<Record<string, unknown>> {
  const { window } = await openShell();
  return window.options.webPreferences as Record<string, unknown>;
}

describe('security checklist', () => {
  it('item 1: loads only its own page, and refers to nothing remote', async () => {
    const { window } = await openShell();
    expect(window.loaded).toEqual(['app://pc-agent/']);
    expect(ALL).not.toMatch(/http:\/\/|loadURL\((?!address)|loadFile/);
  });

  it('item 2: gives the page no Node (in Electron: electron.test.ts)', async () => {
    expect(await webPreferences()).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
    });
  });

  it('item 3: isolates the preload from the page (in Electron: electron.test.ts)', async () => {
    expect(await webPreferences()).toMatchObject({ contextIsolation: true });
  });

  it('item 4: has every process in the sandbox before Electron is ready', async () => {
    const electron = await openShell();
    expect(electron.order.indexOf('enableSandbox')).toBeLessThan(electron.order.indexOf('ready'));
    expect(electron.order).toContain('enableSandbox');
    expect(electron.window.options.webPreferences).toMatchObject({ sandbox: true });
    expect(ALL).not.toMatch(/no-sandbox|disable-web-security/);
  });

  it.each(['geolocation', 'media', 'notifications', 'usb', 'serial', 'hid', 'midi', 'openExternal', 'fileSystem'])(
    'item 5: denies %s to every session, asked and checked',
    async (permission) => {
      const electron = await openShell();
      const later = new FakeSession();
      electron.app.emit('session-created', later as unknown as Session);
      for (const { handlers } of [electron.defaultSession, later]) {
        const granted: boolean[] = [];
        const request = handlers.get('request') as unknown as (...args: unknown[]) => void;
        const contents = { mainFrame: { origin: 'app://pc-agent' } };
        request(contents, permission, (yes: boolean) => granted.push(yes), { isMainFrame: true });
        const check = handlers.get('check') as unknown as (...args: unknown[]) => boolean;
        granted.push(check(contents, permission, 'app://pc-agent/', { isMainFrame: true }));
        expect(granted).toEqual([false, false]);
      }
    },
  );

  it('item 5: lets our own page alone write text to the clipboard', async () => {
    const { defaultSession } = await openShell();
    const check = defaultSession.handlers.get('check') as unknown as (...args: unknown[]) => boolean;
    expect(check(null, 'clipboard-sanitized-write', 'app://pc-agent/', { isMainFrame: true })).toBe(true);
    expect(check(null, 'clipboard-sanitized-write', 'https://pc-agent/', { isMainFrame: true })).toBe(false);
    expect(check(null, 'clipboard-sanitized-write', 'app://pc-agent/', { isMainFrame: false })).toBe(false);
    expect(check(null, 'clipboard-read', 'app://pc-agent/', { isMainFrame: true })).toBe(false);
  });

  it('item 5: offers the page no device', async () => {
    const { defaultSession, window } = await openShell();
    expect((defaultSession.handlers.get('device') as () => boolean)()).toBe(false);
    const chosen: unknown[] = [];
    const choose = (device?: unknown) => chosen.push(device);
    const asked = [new Preventable(), new Preventable(), new Preventable(), new Preventable()] as const;
    defaultSession.emit('select-usb-device', asked[0], {}, choose);
    defaultSession.emit('select-hid-device', asked[1], {}, choose);
    defaultSession.emit('select-serial-port', asked[2], [], {}, choose);
    window.webContents.emit('select-bluetooth-device', asked[3], [], choose);
    expect(asked.every(({ prevented }) => prevented)).toBe(true);
    expect(chosen).toEqual([undefined, null, '', '']);
  });

  it('item 6: leaves web security on', async () => {
    expect(await webPreferences()).not.toHaveProperty('webSecurity');
    expect(ALL).not.toContain('webSecurity');
  });

  it('item 7: sends the content policy as a header of every answer (in Electron: electron.test.ts)', async () => {
    const electron = new FakeElectron();
    writeFileSync(join(electron.userData, 'index.html'), '<!doctype html>');
    await openShell(electron);
    for (const path of ['', 'absent.js', 'crashed']) {
      const { headers } = await electron.fetch(`app://pc-agent/${path}`);
      const policy = headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'; script-src 'self';");
      expect(policy).toContain("connect-src 'self';");
      expect(policy).not.toMatch(/https?:|script-src[^;]*unsafe|\*/);
    }
  });

  it('item 8: allows no insecure content', () => {
    expect(ALL).not.toContain('allowRunningInsecureContent');
  });

  it('item 9: switches no experimental feature on', () => {
    expect(ALL).not.toContain('experimentalFeatures');
  });

  it('item 10: switches no feature of Blink on', () => {
    expect(ALL).not.toMatch(/enableBlinkFeatures|enable-features/);
  });

  it('item 11: has no popups', async () => {
    const { window } = await openShell();
    expect(window.webContents.openHandler?.()).toEqual({ action: 'deny' });
    expect(ALL).not.toContain('allowpopups');
  });

  it('item 12: attaches no webview', async () => {
    const { window } = await openShell();
    const event = new Preventable();
    window.webContents.emit('will-attach-webview', event, {}, {});
    expect(event.prevented).toBe(true);
    expect(window.options.webPreferences).toMatchObject({ webviewTag: false });
  });

  it.each([
    'https://example.com/',
    'app://pc-agent.example/',
    'app://pc-agent/other',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('item 13: does not navigate to %s (in Electron: electron.test.ts)', async (url) => {
    const { window } = await openShell();
    for (const name of ['will-navigate', 'will-redirect']) {
      const event = Object.assign(new Preventable(), { url, isMainFrame: true });
      window.webContents.emit(name, event);
      expect(event.prevented, name).toBe(true);
    }
    const framed = Object.assign(new Preventable(), { url: 'app://pc-agent/', isMainFrame: false });
    window.webContents.emit('will-frame-navigate', framed);
    expect(framed.prevented).toBe(true);
  });

  it('item 14: opens no further window, whoever makes contents (in Electron: electron.test.ts)', async () => {
    const { app } = await openShell();
    const contents = new FakeContents();
    app.emit('web-contents-created', {}, contents);
    expect(contents.openHandler?.()).toEqual({ action: 'deny' });
  });

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://server/share',
    'http://www.rfc-editor.org/',
    'https://example.com/',
    'https://www.rfc-editor.org@example.com/',
    'https://user@www.rfc-editor.org/',
    'https://www.rfc-editor.org:8443/',
    'https://www.rfc-editor.org.example.com/',
    'ms-settings:',
    '',
    `https://www.rfc-editor.org/${'a'.repeat(3000)}`,
  ])('item 15: does not hand %s to the system', async (address) => {
    const electron = await openShell();
    expect(isAllowedLink(address)).toBe(false);
    const answer = Promise.resolve().then(() => electron.pageSays(CHANNEL.openExternal, address));
    await expect(answer.catch(() => false)).resolves.toBe(false);
    expect(electron.opened).toEqual([]);
  });

  it('item 15: opens a link of the list in the browser', async () => {
    const electron = await openShell();
    expect(await electron.pageSays(CHANNEL.openExternal, 'https://www.rfc-editor.org/rfc/rfc9110')).toBe(true);
    expect(electron.opened).toEqual(['https://www.rfc-editor.org/rfc/rfc9110']);
  });

  it('item 16: is built on a pinned Electron whose major line is supported', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    // Supported in November 2026: 43, 44 and 45 (docs/tutorial/electron-timelines).
    expect(devDependencies.electron).toMatch(/^(?:43|44|45)\.\d+\.\d+$/);
  });

  it('item 17: has one way in, and nobody else touches ipcMain', () => {
    const raw = /ipcMain\s*\.\s*(?:handle|handleOnce|on|once|addListener)\b/;
    expect(SOURCES.filter(({ text }) => raw.test(text)).map(({ name }) => name)).toEqual(['ipc.ts']);
    const makers = SOURCES.filter(({ text }) => text.includes('createIpc('));
    expect(makers.map(({ name }) => name).sort()).toEqual(['ipc.ts', 'program.ts']);
  });

  it('item 18: has a scheme of its own with the least privileges, and no file://', async () => {
    const { schemes, order } = await openShell();
    expect(schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
    expect(order.indexOf('registerSchemes')).toBeLessThan(order.indexOf('ready'));
    expect(ALL).not.toContain('file://');
  });

  it('item 19: has its fuses set (in a packed program: npm run pack:check)', () => {
    expect(readConfiguration().electronFuses).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(readConfiguration().asar).toBe(true);
  });

  it('item 20: hands the page named functions only, and no event (the functions: bridge.test.ts)', () => {
    const preload = SOURCES.find(({ name }) => name === 'preload.ts')?.text ?? '';
    expect(preload.match(/exposeInMainWorld\('pcAgent', makeBridge\(ipcRenderer, webUtils\)\)/g)).toHaveLength(1);
    expect(preload.match(/exposeIn/g)).toHaveLength(1);
  });

  it('withholds client certificates, also from requests without a window, and overrides no certificate error', async () => {
    const { app } = await openShell();
    for (const contents of [null, new FakeContents()]) {
      const event = new Preventable();
      const chosen: unknown[] = [];
      app.emit('select-client-certificate', event, contents, 'https://dms.example/', [{}], (...given: unknown[]) =>
        chosen.push(given),
      );
      expect(event.prevented).toBe(true);
      expect(chosen).toEqual([[]]);
    }
    expect(app.listenerCount('certificate-error')).toBe(0);
    expect(ALL).not.toContain('setCertificateVerifyProc');
  });

  it('sends no crash report and has no telemetry', async () => {
    expect((await openShell()).crash).toEqual([{ uploadToServer: false }]);
  });
});
