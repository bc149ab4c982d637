import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION } from '../../../src-main/contract/version.ts';
import { CHANNEL } from '../../../src-main/electron/channels.ts';
import { hostShows, stateIn } from './host-samples.ts';
import { FakeContents, FakeElectron, openShell, Preventable } from './stand-in.ts';

const HELLO = JSON.stringify({ kind: 'hello', contract: CONTRACT_VERSION, version: '0.1.0', face: 'window' });
const settled = () => new Promise((resolve) => setImmediate(resolve));

function itemsOf(menu: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return menu.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? itemsOf(item.submenu) : [])]);
}

describe('the window', () => {
  it('is shown when there is something to see, in the system’s colours, no smaller than its screens', async () => {
    const { window } = await openShell();
    expect(window.options).toMatchObject({ show: false, minWidth: 900, minHeight: 600, backgroundColor: '#16181d' });
    expect(window.calls).toEqual([]);
    window.emit('ready-to-show');
    expect(window.calls).toEqual(['show']);
  });

  it('opens at the place that the command line names, and nowhere else', async () => {
    const opened = async (args: readonly string[]) => (await openShell(undefined, { args })).window.loaded;
    expect(await opened(['.', '--show=packages'])).toEqual(['app://pc-agent/#/packages']);
    expect(await opened(['.', '--show=packages/remove'])).toEqual(['app://pc-agent/']);
    expect(await opened(['.', '--show=https://example.com/'])).toEqual(['app://pc-agent/']);
  });

  it('shows a page when its process died, with one way back, and forgets its face', async () => {
    const electron = await openShell();
    electron.host.says({ kind: 'ready', own: true });
    electron.pageSays(CHANNEL.frame, HELLO);
    const { webContents, loaded } = electron.window;
    webContents.emit('render-process-gone', {}, { reason: 'oom <b>' });
    expect(loaded.at(-1)).toBe('app://pc-agent/crashed');
    expect(electron.host.got.at(-1)).toMatchObject({ kind: 'gone' });
    const page = await (await electron.fetch('app://pc-agent/crashed')).text();
    expect(page).toContain('<a href="app://pc-agent/">');
    expect(page).toContain('oom &lt;b&gt;');
    expect(page).not.toContain('<script');
    const back = Object.assign(new Preventable(), { url: 'app://pc-agent/', isMainFrame: true });
    webContents.emit('will-navigate', back);
    expect(back.prevented).toBe(false);
  });

  it('begins a new face when its page is loaded anew', async () => {
    const electron = await openShell();
    electron.host.says({ kind: 'ready', own: true });
    electron.pageSays(CHANNEL.frame, HELLO);
    electron.window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true });
    expect(electron.host.got.at(-1)).toMatchObject({ kind: 'frame' });
    electron.window.webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    expect(electron.host.got.at(-1)).toMatchObject({ kind: 'gone' });
  });

  it('tells its page when the host was lost', async () => {
    const electron = await openShell();
    electron.host.says({ kind: 'ready', own: true });
    electron.pageSays(CHANNEL.frame, HELLO);
    electron.host.emit('exit', 1);
    expect(electron.window.webContents.sent).toEqual([[CHANNEL.hostLost]]);
  });

  it('speaks the person’s language', async () => {
    const electron = new FakeElectron();
    electron.locale = 'de-AT';
    await openShell(electron);
    expect(itemsOf(electron.menu).map(({ label }) => label)).toContain('Pakete');
  });
});

describe('one program', () => {
  it('ends at once when another runs', async () => {
    const electron = new FakeElectron();
    electron.first = false;
    await openShell(electron);
    expect([electron.quits, electron.windows.length, electron.hosts.length]).toEqual([1, 0, 0]);
  });

  it('comes to the front at the place that a second start asks for', async () => {
    const electron = await openShell();
    electron.app.emit('second-instance', {}, [], '/', { place: 'journal' });
    expect(electron.window.webContents.sent).toEqual([[CHANNEL.navigate, '#/journal']]);
    expect(electron.window.calls).toEqual(['show', 'focus']);
  });

  it.each([undefined, null, 'journal', { place: 'install' }, { place: ['journal'] }, { place: '../x' }])(
    'takes nothing but a place from a second start: %j',
    async (data) => {
      const electron = await openShell();
      electron.app.emit('second-instance', {}, ['--show=journal'], '/', data);
      expect(electron.window.webContents.sent).toEqual([]);
      expect(electron.window.calls).toEqual(['show', 'focus']);
    },
  );

  it('is another one with another data folder', async () => {
    const { order } = await openShell(undefined, { env: { PC_AGENT_HOME: '/data/two' } });
    expect(order).toContain('setPath userData /data/two/window');
    expect(order.indexOf('setPath userData /data/two/window')).toBeLessThan(order.indexOf('ready'));
  });
});

describe('the end of the program', () => {
  it('is held back while a phone must not lose its link, and names it', async () => {
    const electron = await openShell();
    hostShows(electron, stateIn('installing', 'unsafe'));
    const event = new Preventable();
    electron.window.emit('close', event);
    electron.app.emit('before-quit', new Preventable());
    await settled();
    expect(event.prevented).toBe(true);
    expect(electron.questions).toHaveLength(1);
    expect(electron.questions[0]).toMatchObject({ defaultId: 0, cancelId: 0, buttons: ['Keep running', 'End anyway'] });
    expect(electron.questions[0]?.detail).toContain('Not safe to unplug now: Bench 1.');
    expect(electron.quits).toBe(0);
  });

  it('comes when the person insists', async () => {
    const electron = await openShell();
    electron.answer = 1;
    hostShows(electron, stateIn('installing', 'unsafe'));
    electron.window.emit('close', new Preventable());
    await settled();
    expect(electron.quits).toBe(1);
    const event = new Preventable();
    electron.app.emit('before-quit', event);
    expect(event.prevented).toBe(false);
  });

  it.each([
    ['nothing is under way', stateIn('over', 'safe'), true],
    ['the host is another program’s, which goes on', stateIn('installing', 'unsafe'), false],
  ])('asks nobody when %s', async (_name, state, own) => {
    const electron = await openShell();
    hostShows(electron, state, own);
    const event = new Preventable();
    electron.window.emit('close', event);
    expect([event.prevented, electron.questions]).toEqual([false, []]);
  });

  it('counts tasks that are under way, with or without a phone', async () => {
    const electron = await openShell();
    const task = { id: 't', name: 'packages.fetch', startedAt: '2026-01-01T00:00:00.000Z' };
    hostShows(electron, stateIn('over', 'safe', [task]));
    electron.window.emit('close', new Preventable());
    await settled();
    expect(electron.questions[0]?.detail).toBe('1 task would be broken off.');
  });

  it('waits for the host to finish, then comes', async () => {
    const electron = await openShell();
    electron.host.says({ kind: 'ready', own: true });
    const first = new Preventable();
    electron.app.emit('will-quit', first);
    expect(first.prevented).toBe(true);
    expect(electron.host.got.at(-1)).toEqual({ kind: 'end' });
    electron.host.emit('exit', 0);
    await settled();
    expect(electron.quits).toBe(1);
    const second = new Preventable();
    electron.app.emit('will-quit', second);
    expect(second.prevented).toBe(false);
  });

  it('asks nobody when the machine shuts down, and asks for a moment', async () => {
    const electron = await openShell();
    hostShows(electron, stateIn('delivering', 'safe'));
    const event = new Preventable();
    electron.power.emit('shutdown', event);
    expect([event.prevented, electron.quits, electron.questions]).toEqual([true, 1, []]);
  });
});

describe('the machine', () => {
  it('is kept awake while a phone is worked with, and no longer', async () => {
    const electron = await openShell();
    expect(electron.blocking).toBe(0);
    hostShows(electron, stateIn('delivering', 'safe'));
    expect(electron.blocking).toBe(1);
    hostShows(electron, stateIn('installing', 'unsafe'));
    expect(electron.blocking).toBe(1);
    electron.host.emit('exit', 1);
    expect(electron.blocking).toBe(0);
  });

  it('that slept all the same has the phones named whose link it cut', async () => {
    const electron = await openShell();
    hostShows(electron, stateIn('installing', 'unsafe'));
    electron.power.emit('suspend');
    electron.power.emit('resume');
    electron.power.emit('resume');
    expect(electron.questions.map(({ detail }) => detail)).toEqual([expect.stringContaining('Bench 1')]);
  });

  it('that slept in peace is not spoken of', async () => {
    const electron = await openShell();
    electron.power.emit('suspend');
    electron.power.emit('resume');
    expect(electron.questions).toEqual([]);
  });
});

describe('menus', () => {
  it('has each place once, with keys of its own', async () => {
    const electron = await openShell();
    const items = itemsOf(electron.menu);
    const keys = items.map(({ accelerator }) => accelerator).filter((key) => key !== undefined);
    expect(new Set(keys).size).toBe(keys.length);
    const journal = items.find(({ id }) => id === 'journal');
    journal?.click?.({} as never, undefined, {} as never);
    expect(electron.window.webContents.sent).toEqual([[CHANNEL.navigate, '#/journal']]);
  });

  it('of a packed program has no developer tools and no reload', async () => {
    const electron = await openShell();
    const roles = itemsOf(electron.menu).map(({ role }) => role);
    expect(roles).not.toContain('toggleDevTools');
    expect(roles).not.toContain('reload');
    expect(roles).toContain('quit');
    expect(electron.window.options.webPreferences).toMatchObject({ devTools: false });
  });

  it('of the tray names what is under way, whoever is the host', async () => {
    const electron = await openShell();
    expect(electron.trayMenus.at(-1)?.map(({ label }) => label)).toContain('Nothing is under way');
    const task = { id: 't', name: 'install', startedAt: '2026-01-01T00:00:00.000Z', device: 'IMEI:004999010640000' };
    hostShows(electron, stateIn('installing', 'unsafe', [task]), false);
    const labels = electron.trayMenus.at(-1)?.map(({ label }) => label);
    expect(labels).toEqual(expect.arrayContaining(['1 task is under way', 'Bench 1', 'Quit']));
  });

  it('goes without a tray where the system has none', async () => {
    const electron = new FakeElectron();
    electron.hasTray = false;
    await openShell(electron);
    expect(electron.windows).toHaveLength(1);
    electron.app.emit('window-all-closed');
    expect(electron.quits).toBe(1);
  });
});

describe('a host that cannot start', () => {
  it('says what happened and what to do, once for each reason', async () => {
    const electron = await openShell();
    const failed = { kind: 'failed', code: 'store/newer', message: 'version 9' } as const;
    electron.host.says(failed);
    electron.host.says(failed);
    electron.host.says({ ...failed, code: 'store/full' });
    expect(electron.questions.map(({ message }) => message)).toEqual([
      'A newer PC Agent wrote the database.',
      'The disk of the database is full.',
    ]);
    expect(electron.questions[0]?.detail).toContain('store/newer');
  });

  it('leaves contents that are not its window alone', async () => {
    const { app } = await openShell();
    const stranger = new FakeContents();
    app.emit('web-contents-created', {}, stranger);
    expect(stranger.sent).toEqual([]);
  });
});
