import { join } from 'node:path';
import type { BrowserWindow, WebContents } from 'electron';
import type { Catalogue } from '../wording/catalogue.ts';
import { CHANNEL } from './channels.ts';
import type { FaceEnd } from './face-relay.ts';
import { CRASH_PAGE, START_PAGE } from './origin.ts';
import type { ShellOptions } from './pieces.ts';
import { addressOf, type Place } from './places.ts';
import { windowOptions } from './window-options.ts';
import { keepWindowState, readWindowState, visibleBounds } from './window-state.ts';

export interface MainWindowOptions {
  readonly shell: ShellOptions;
  readonly words: Catalogue['shell'];
  readonly place: Place | undefined;
  /** The page begins anew, or has died: its face is no more. */
  readonly onGone: (end: FaceEnd) => void;
  readonly onCrash: (reason: string) => void;
  readonly onClose: (event: { preventDefault(): void }) => void;
}

/** The one window, and the page in it as an end of the contract. */
export class MainWindow implements FaceEnd {
  readonly window: BrowserWindow;
  readonly #contents: WebContents;

  constructor(options: MainWindowOptions) {
    const { electron, files } = options.shell;
    const { app, BrowserWindow, nativeTheme, screen } = electron;
    const file = join(app.getPath('userData'), 'window.json');
    const state = readWindowState(file);
    const displays = screen.getAllDisplays().map(({ workArea }) => workArea);
    this.window = new BrowserWindow(
      windowOptions({
        preload: files.preload,
        title: options.words.product,
        dark: nativeTheme.shouldUseDarkColors,
        bounds: state === undefined ? undefined : visibleBounds(state, displays),
        devTools: !app.isPackaged,
      }),
    );
    this.#contents = this.window.webContents;
    this.window.once('ready-to-show', () => {
      if (state?.maximized === true) this.window.maximize();
      this.window.show();
    });
    keepWindowState(this.window, file);
    this.#watch(options);
    void this.#load(options.place === undefined ? START_PAGE : `${START_PAGE}${addressOf(options.place)}`);
  }

  /** Its page is the sender. */
  has(contents: WebContents): boolean {
    return contents === this.#contents;
  }

  frame(text: string): void {
    this.#say(CHANNEL.hostFrame, text);
  }

  lost(): void {
    this.#say(CHANNEL.hostLost);
  }

  /** Brings it to the front, at a place of the page when one is asked for. */
  show(place: Place | undefined): void {
    if (this.window.isMinimized()) this.window.restore();
    this.window.show();
    this.window.focus();
    if (place !== undefined) this.#say(CHANNEL.navigate, addressOf(place));
  }

  #watch({ onClose, onCrash, onGone }: MainWindowOptions): void {
    this.window.on('close', (event) => onClose(event));
    this.window.on('query-session-end', (event) => onClose(event));
    this.window.on('closed', () => onGone(this));
    this.#contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
      if (isMainFrame && !isSameDocument) onGone(this);
    });
    this.#contents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return;
      onGone(this);
      onCrash(reason);
      void this.#load(CRASH_PAGE);
    });
  }

  async #load(address: string): Promise<void> {
    // A window that was closed meanwhile, or a page that was left again at once, loads nothing.
    await this.window.loadURL(address).catch(() => undefined);
  }

  #say(channel: string, ...payload: readonly string[]): void {
    if (!this.#contents.isDestroyed()) this.#contents.send(channel, ...payload);
  }
}
