import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ForkOptions, MenuItemConstructorOptions, MessageBoxOptions } from 'electron';
import { onTestFinished } from 'vitest';
import type { FromHostProcess, ToHostProcess } from '../../../src-main/contract/shell-messages.ts';
import type { Pieces } from '../../../src-main/electron/pieces.ts';

/** An event that can be prevented, as Electron's are. */
export class Preventable {
  prevented = false;
  preventDefault(): void {
    this.prevented = true;
  }
}

type Handler = (...args: readonly never[]) => unknown;

/** A session that remembers what it was told to allow. */
export class FakeSession extends EventEmitter {
  readonly handlers = new Map<string, Handler | null>();
  setPermissionRequestHandler = (handler: Handler | null) => void this.handlers.set('request', handler);
  setPermissionCheckHandler = (handler: Handler | null) => void this.handlers.set('check', handler);
  setDevicePermissionHandler = (handler: Handler | null) => void this.handlers.set('device', handler);
}

export interface FakeFrame {
  detached: boolean;
  parent: unknown;
  origin: string;
  url: string;
}

export class FakeContents extends EventEmitter {
  readonly sent: unknown[][] = [];
  readonly mainFrame: FakeFrame = {
    detached: false,
    parent: null,
    origin: 'app://pc-agent',
    url: 'app://pc-agent/',
  };
  openHandler: (() => { action: string }) | undefined;
  destroyed = false;
  send(...args: unknown[]): void {
    this.sent.push(args);
  }
  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly loaded: string[] = [];
  readonly calls: string[] = [];
  readonly options: Record<string, unknown>;
  constructor(options: Record<string, unknown>) {
    super();
    this.options = options;
  }
  async loadURL(address: string): Promise<void> {
    this.loaded.push(address);
  }
  show(): void {
    this.calls.push('show');
  }
  focus(): void {
    this.calls.push('focus');
  }
  restore(): void {
    this.calls.push('restore');
  }
  maximize(): void {
    this.calls.push('maximize');
  }
  isMinimized(): boolean {
    return false;
  }
  isMaximized(): boolean {
    return false;
  }
  isDestroyed(): boolean {
    return this.webContents.destroyed;
  }
  getNormalBounds() {
    return { x: 10, y: 20, width: 1000, height: 700 };
  }
}

export class FakeHost extends EventEmitter {
  readonly got: ToHostProcess[] = [];
  killed = false;
  postMessage(message: ToHostProcess): void {
    this.got.push(message);
  }
  kill(): boolean {
    this.killed = true;
    return true;
  }
  says(message: FromHostProcess): void {
    this.emit('message', message);
  }
}

/** Electron as far as the shell uses it, in plain sight. */
export class FakeElectron {
  readonly order: string[] = [];
  readonly app = new EventEmitter();
  readonly defaultSession = new FakeSession();
  readonly windows: FakeWindow[] = [];
  readonly hosts: FakeHost[] = [];
  readonly forked: {
    readonly file: string;
    readonly args: readonly string[];
    readonly options: ForkOptions;
    readonly child: FakeHost;
  }[] = [];
  readonly questions: MessageBoxOptions[] = [];
  readonly opened: string[] = [];
  readonly power = new EventEmitter();
  readonly trayMenus: MenuItemConstructorOptions[][] = [];
  readonly handled = new Map<string, (event: unknown, ...payload: unknown[]) => unknown>();
  readonly listened = new Map<string, (event: unknown, ...payload: unknown[]) => void>();
  readonly schemes: { scheme: string; privileges: Record<string, boolean> }[] = [];
  readonly crash: unknown[] = [];
  menu: MenuItemConstructorOptions[] = [];
  scheme: ((request: Request) => Promise<Response>) | undefined;
  blocking = 0;
  quits = 0;
  locale = 'en-GB';
  first = true;
  hasTray = true;
  /** The button that a person presses. */
  answer = 0;
  readonly userData = mkdtempSync(join(tmpdir(), 'pc-agent-shell-'));

  constructor() {
    onTestFinished(() => rmSync(this.userData, { recursive: true, force: true }));
  }

  get window(): FakeWindow {
    const window = this.windows.at(-1);
    if (window === undefined) throw new Error('no window was opened');
    return window;
  }

  get host(): FakeHost {
    const host = this.hosts.at(-1);
    if (host === undefined) throw new Error('no host was started');
    return host;
  }

  /** What the window's own scheme answers. */
  async fetch(address: string): Promise<Response> {
    if (this.scheme === undefined) throw new Error('the scheme is not served');
    return this.scheme(new Request(address));
  }

  /** A message of the page, with the frame that it comes from. */
  pageSays(channel: string, payload: unknown, frame: FakeFrame | null = this.window.webContents.mainFrame): unknown {
    const event = { sender: this.window.webContents, senderFrame: frame };
    this.listened.get(channel)?.(event, payload);
    return this.handled.get(channel)?.(event, payload);
  }

  get pieces(): Pieces {
    const done = (name: string) => void this.order.push(name);
    Object.assign(this.app, {
      isPackaged: true,
      enableSandbox: () => done('enableSandbox'),
      setPath: (name: string, path: string) => done(`setPath ${name} ${path}`),
      getPath: () => this.userData,
      getLocale: () => this.locale,
      requestSingleInstanceLock: () => this.first,
      whenReady: async () => done('ready'),
      getLoginItemSettings: () => ({ openAtLogin: false }),
      setLoginItemSettings: () => undefined,
      exit: () => undefined,
      quit: () => {
        this.quits += 1;
      },
    });
    const fake = this;
    const pieces = {
      app: this.app,
      BrowserWindow: class extends FakeWindow {
        constructor(options: Record<string, unknown>) {
          super(options);
          fake.windows.push(this);
          fake.app.emit('web-contents-created', {}, this.webContents);
        }
      },
      crashReporter: { start: (options: unknown) => void this.crash.push(options) },
      dialog: {
        showMessageBox: async (question: MessageBoxOptions) => {
          this.questions.push(question);
          return { response: this.answer };
        },
      },
      ipcMain: {
        handle: (channel: string, run: never) => void this.handled.set(channel, run),
        on: (channel: string, run: never) => void this.listened.set(channel, run),
      },
      Menu: {
        buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (template: MenuItemConstructorOptions[]) => {
          this.menu = template;
        },
      },
      nativeImage: { createFromPath: () => ({ resize: () => ({}) }) },
      nativeTheme: { shouldUseDarkColors: true },
      powerMonitor: this.power,
      powerSaveBlocker: {
        start: () => {
          this.blocking += 1;
          return 7;
        },
        stop: () => {
          this.blocking -= 1;
        },
        isStarted: () => this.blocking > 0,
      },
      protocol: {
        registerSchemesAsPrivileged: (schemes: typeof this.schemes) => {
          done('registerSchemes');
          this.schemes.push(...schemes);
        },
        handle: (_scheme: string, run: NonNullable<typeof this.scheme>) => {
          this.scheme = run;
        },
      },
      screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
      session: { defaultSession: this.defaultSession },
      shell: { openExternal: async (address: string) => void this.opened.push(address) },
      Tray: class extends EventEmitter {
        constructor() {
          super();
          if (!fake.hasTray) throw new Error('no tray');
        }
        setToolTip(): void {}
        setContextMenu(menu: MenuItemConstructorOptions[]): void {
          fake.trayMenus.push(menu);
        }
        destroy(): void {}
      },
      utilityProcess: {
        fork: (file: string, args: readonly string[], options: ForkOptions) => {
          const child = new FakeHost();
          this.forked.push({ file, args, options, child });
          if (file.endsWith('host.js')) this.hosts.push(child);
          return child;
        },
      },
    };
    return pieces as unknown as Pieces;
  }
}

/** Runs the whole shell on a stand-in. */
export async function openShell(
  electron = new FakeElectron(),
  options: { readonly args?: readonly string[]; readonly env?: Record<string, string>; readonly page?: string } = {},
): Promise<FakeElectron> {
  const { runShell } = await import('../../../src-main/electron/shell.ts');
  await runShell({
    electron: electron.pieces,
    files: {
      renderer: options.page ?? electron.userData,
      preload: '/p/preload.cjs',
      host: '/p/host.js',
      bearers: '/p/bearer.js',
      icon: '/p/icon.png',
    },
    args: options.args ?? [],
    env: options.env ?? {},
    platform: 'linux',
    note: () => undefined,
  });
  return electron;
}
