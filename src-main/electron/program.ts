import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { plainEnvironment } from '../base/plain-environment.ts';
import { MAX_FACE_FRAME } from '../contract/frames.ts';
import { type Catalogue, catalogue, loadAllWords } from '../wording/catalogue.ts';
import { shell } from '../wording/en/shell.ts';
import { errorText } from '../wording/error-text.ts';
import { type Language, languageOf } from '../wording/language.ts';
import { serveApp } from './app-protocol.ts';
import { type Autostart, autostart } from './autostart.ts';
import { CHANNEL } from './channels.ts';
import { CloseGuard } from './close-guard.ts';
import { crashPage } from './crash-page.ts';
import { openLink } from './external-links.ts';
import { FaceRelay } from './face-relay.ts';
import { HostProcess } from './host-process.ts';
import { HostWatch } from './host-watch.ts';
import { createIpc } from './ipc.ts';
import { MainWindow } from './main-window.ts';
import { applicationMenu } from './menu.ts';
import type { ShellOptions } from './pieces.ts';
import type { Place } from './places.ts';
import { PowerGuard } from './power-guard.ts';
import { NO_RISK, type Risk, riskOf } from './risk.ts';
import { openTray, type TrayIcon } from './tray.ts';

/** Size of the icon among those of the system, in pixels at usual density. */
const TRAY_SIZE = 22;

/** The running program: one window, one host process, and what stands between them and the system. */
export class Program {
  readonly #options: ShellOptions;
  readonly #host: HostProcess;
  readonly #relay: FaceRelay;
  readonly #watch: HostWatch;
  #language: Language = 'en';
  #words: Catalogue['shell'] = shell;
  #window: MainWindow | undefined;
  #tray: TrayIcon | undefined;
  #guard: CloseGuard | undefined;
  #power: PowerGuard | undefined;
  /** The host lives and dies with this program. */
  #ownHost = false;
  #hostEnded = false;
  #crashReason = '';
  #lastFailure = '';

  constructor(options: ShellOptions) {
    this.#options = options;
    const { electron, files, note } = options;
    this.#host = new HostProcess({
      fork: () => electron.utilityProcess.fork(files.host, [], { serviceName: 'PC Agent host' }),
      forkBearers: (env) =>
        electron.utilityProcess.fork(files.bearers, [], {
          serviceName: 'PC Agent bearers',
          env: { ...plainEnvironment(options.env), ...env },
        }),
      onReady: (own) => {
        this.#ownHost = own;
        this.#lastFailure = '';
        this.#relay.hostReady();
      },
      onFrame: (face, text) => this.#relay.give(face, text),
      onDropped: (face) => this.#relay.dropped(face),
      onLost: () => {
        this.#relay.hostLost();
        this.#watch.begin();
      },
      onFailed: (code, message) => this.#tellFailure(code, message),
      onNote: note,
    });
    this.#relay = new FaceRelay({ isReady: () => this.#host.ready, send: (message) => this.#host.send(message) });
    this.#watch = new HostWatch({
      send: (end, text) => this.#relay.take(end, text),
      onState: () => this.#showRisk(),
    });
  }

  async open(place: Place | undefined): Promise<void> {
    const { electron, files } = this.#options;
    this.#language = languageOf(electron.app.getLocale());
    await loadAllWords(this.#language);
    this.#words = catalogue(this.#language).shell;
    serveApp(electron.protocol, {
      folder: files.renderer,
      crashPage: () => crashPage(this.#words, this.#language, this.#crashReason),
    });
    this.#listenToPages();
    // The page paints while the host opens its data folder.
    this.show(place);
    this.#host.start();
    this.#watch.begin();
    this.#guardTheEnd();
    this.#openMenu();
    this.#tray = this.#openTray();
    this.#showRisk();
  }

  /** Brings the window to the front, or makes a new one. */
  show(place: Place | undefined): void {
    if (this.#window !== undefined) return void this.#window.show(place);
    this.#window = new MainWindow({
      shell: this.#options,
      words: this.#words,
      place,
      onGone: (end) => {
        this.#relay.close(end);
        if (this.#window?.window.isDestroyed() === true) this.#window = undefined;
      },
      onCrash: (reason) => {
        this.#crashReason = reason;
        this.#options.note(`the page's process ended: ${reason}`);
      },
      onClose: (event) => this.#guard?.check(event),
    });
  }

  #listenToPages(): void {
    const { ipcMain, shell } = this.#options.electron;
    const ipc = createIpc(ipcMain, (contents) => this.#window?.has(contents) === true);
    ipc.on(CHANNEL.frame, z.string().check(z.maxLength(MAX_FACE_FRAME)), (text) => {
      if (this.#window !== undefined) this.#relay.take(this.#window, text);
    });
    ipc.handle(CHANNEL.openExternal, z.string().check(z.maxLength(2048)), (address) => openLink(shell, address));
  }

  #guardTheEnd(): void {
    const { app, dialog, powerMonitor, powerSaveBlocker } = this.#options.electron;
    const guard = new CloseGuard({
      words: this.#words,
      risk: () => this.#risk(),
      ask: async (question) => (await dialog.showMessageBox(question)).response,
      quit: () => app.quit(),
    });
    this.#guard = guard;
    this.#power = new PowerGuard({
      words: this.#words,
      monitor: powerMonitor,
      blocker: powerSaveBlocker,
      risk: () => this.#risk(),
      tell: (message) => void dialog.showMessageBox(message),
      onShutdown: () => {
        guard.agree();
        app.quit();
      },
    });
    app.on('before-quit', (event) => guard.check(event));
    app.on('will-quit', (event) => this.#endHost(event));
    app.on('activate', () => this.show(undefined));
    app.on('window-all-closed', () => {
      // On macOS a program without windows goes on, as people expect there.
      if (this.#options.platform !== 'darwin') app.quit();
    });
  }

  /** The last thing: the host finishes what it can, then the program ends. */
  #endHost(event: { preventDefault(): void }): void {
    if (this.#hostEnded) return;
    event.preventDefault();
    this.#tray?.destroy();
    this.#tray = undefined;
    void this.#host.end().then(() => {
      this.#hostEnded = true;
      this.#options.electron.app.quit();
    });
  }

  #openMenu(): void {
    const { electron, platform } = this.#options;
    const start = electron.app.isPackaged ? this.#autostart() : undefined;
    const template = applicationMenu({
      words: this.#words,
      platform,
      devTools: !electron.app.isPackaged,
      startsAtLogin: start?.on,
      onStartAtLogin: (on) => start?.set(on),
      onPlace: (place) => this.show(place),
    });
    electron.Menu.setApplicationMenu(electron.Menu.buildFromTemplate(template));
  }

  #autostart(): Autostart {
    const { electron, env, platform } = this.#options;
    const { XDG_CONFIG_HOME: config } = env;
    return autostart({
      app: electron.app,
      platform,
      program: env.APPIMAGE ?? electron.app.getPath('exe'),
      configFolder: config?.startsWith('/') ? config : join(env.HOME ?? homedir(), '.config'),
      name: this.#words.product,
    });
  }

  #openTray(): TrayIcon | undefined {
    const { electron, files } = this.#options;
    const { app, Menu, nativeImage, Tray } = electron;
    return openTray({
      words: this.#words,
      icon: nativeImage.createFromPath(files.icon).resize({ width: TRAY_SIZE, height: TRAY_SIZE }),
      createTray: (icon) => new Tray(icon),
      buildMenu: (template) => Menu.buildFromTemplate(template),
      onOpen: () => this.show(undefined),
      onQuit: () => app.quit(),
    });
  }

  /** A host that outlives the window loses nothing with it. */
  #risk(): Risk {
    return this.#ownHost ? riskOf(this.#watch.state) : NO_RISK;
  }

  #showRisk(): void {
    this.#power?.show(this.#risk());
    this.#tray?.show(riskOf(this.#watch.state));
  }

  #tellFailure(code: string, message: string): void {
    this.#options.note(`the host cannot start: ${message} (${code})`);
    // Each try says the same; a person hears it once.
    if (this.#lastFailure === code) return;
    this.#lastFailure = code;
    const { hostFailed } = this.#words;
    const { what, phoneSafe, next } = errorText(code, this.#language);
    void this.#options.electron.dialog.showMessageBox({
      type: 'error',
      title: hostFailed.title,
      message: what,
      detail: [phoneSafe, next, hostFailed.again, `${code}: ${message}`].join('\n\n'),
      buttons: [hostFailed.ok],
    });
  }
}
