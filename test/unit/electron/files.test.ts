import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { autostart } from '../../../src-main/electron/autostart.ts';
import { keepWindowState, readWindowState, visibleBounds } from '../../../src-main/electron/window-state.ts';
import { findElectron } from '../../../src-main/launch/electron.mjs';
import { FakeElectron, FakeWindow, openShell } from './stand-in.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'pc-agent-shell-files-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const SCREEN = { x: 0, y: 0, width: 1920, height: 1080 };
const LEFT = { x: 100, y: 50, width: 1000, height: 700, maximized: false };

describe('how the window was left', () => {
  it('is kept and found again', async () => {
    const file = join(folder(), 'window.json');
    const window = new FakeWindow({});
    keepWindowState(window as never, file);
    window.emit('close');
    expect(readWindowState(file)).toEqual({ x: 10, y: 20, width: 1000, height: 700, maximized: false });
  });

  it.each(['', '{', 'null', '[]', '{"x":1}', '{"x":1e99,"y":0,"width":1,"height":1,"maximized":false}'])(
    'says nothing where the file is broken: %s',
    async (text) => {
      const electron = new FakeElectron();
      writeFileSync(join(electron.userData, 'window.json'), text);
      expect(readWindowState(join(electron.userData, 'window.json'))).toBeUndefined();
      const { window } = await openShell(electron);
      expect(window.options).toMatchObject({ width: 1200, height: 800 });
    },
  );

  it('does not hinder the window when it cannot be written', () => {
    const window = new FakeWindow({});
    keepWindowState(window as never, join(folder(), 'absent', 'window.json'));
    expect(() => window.emit('close')).not.toThrow();
  });

  it.each([
    ['where it was', LEFT, [SCREEN], { x: 100, y: 50, width: 1000, height: 700 }],
    ['on a second display', { ...LEFT, x: -1500 }, [SCREEN, { ...SCREEN, x: -1920 }], { ...LEFT, x: -1500 }],
    ['no larger than the display', { ...LEFT, width: 9000, height: 9000 }, [SCREEN], { width: 1920, height: 1080 }],
    ['no smaller than its screens', { ...LEFT, width: 10, height: 10, x: 0 }, [SCREEN], undefined],
    ['nowhere on a display that has gone', { ...LEFT, x: 2500 }, [SCREEN], undefined],
    ['nowhere with its title bar above the display', { ...LEFT, y: -200 }, [SCREEN], undefined],
    ['nowhere without a display', LEFT, [], undefined],
  ])('opens %s', (_name, state, displays, expected) => {
    const bounds = visibleBounds(state, displays);
    if (expected === undefined) return expect(bounds).toBeUndefined();
    const { maximized: _maximized, ...wanted } = { maximized: false, ...expected };
    expect(bounds).toMatchObject(wanted);
    return undefined;
  });
});

describe('start with the session', () => {
  const linux = (configFolder: string, program = '/opt/PC "Agent"/100%$x') =>
    autostart({ app: {} as never, platform: 'linux', program, configFolder, name: 'PC Agent' });

  it('is off until it is switched on, and is a file of the desktop on Linux', () => {
    const config = folder();
    const start = linux(config);
    expect(start.on).toBe(false);
    start.set(true);
    expect(start.on).toBe(true);
    const text = readFileSync(join(config, 'autostart/pc-agent.desktop'), 'utf8');
    // Desktop Entry Specification 1.5: the argument's quoting, then the escapes of every string.
    expect(text).toContain('Exec="/opt/PC \\\\"Agent\\\\"/100%%\\\\$x"\n');
    start.set(false);
    expect([start.on, existsSync(join(config, 'autostart/pc-agent.desktop'))]).toEqual([false, false]);
  });

  it('is the system’s own setting elsewhere', () => {
    const given: unknown[] = [];
    const app = {
      getLoginItemSettings: () => ({ openAtLogin: given.length > 0 }),
      setLoginItemSettings: (settings: unknown) => given.push(settings),
    };
    const start = autostart({ app: app as never, platform: 'win32', program: 'x', configFolder: '', name: 'x' });
    expect(start.on).toBe(false);
    start.set(true);
    expect([start.on, given]).toEqual([true, [{ openAtLogin: true }]]);
  });

  it('is touched by nobody when the program starts', async () => {
    const config = folder();
    await openShell(undefined, { env: { XDG_CONFIG_HOME: config } });
    expect(existsSync(join(config, 'autostart'))).toBe(false);
  });
});

describe('Electron’s program', () => {
  it('is found where it is, and nowhere else', () => {
    const root = folder();
    expect(findElectron({}, root, 'linux')).toBeUndefined();
    writeFileSync(join(root, 'electron'), '');
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: root }, '/absent', 'linux')).toBe(join(root, 'electron'));
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: root }, '/absent', 'win32')).toBeUndefined();
    expect(findElectron({ ELECTRON_OVERRIDE_DIST_PATH: root }, '/absent', 'aix')).toBeUndefined();
  });
});
