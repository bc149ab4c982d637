import type * as Electron from 'electron';

/** What the shell takes of Electron. It is handed over, so that nothing else of the shell imports Electron's values. */
export type Pieces = Pick<
  typeof Electron,
  | 'app'
  | 'BrowserWindow'
  | 'crashReporter'
  | 'dialog'
  | 'ipcMain'
  | 'Menu'
  | 'nativeImage'
  | 'nativeTheme'
  | 'powerMonitor'
  | 'powerSaveBlocker'
  | 'protocol'
  | 'screen'
  | 'session'
  | 'shell'
  | 'Tray'
  | 'utilityProcess'
>;

/** Files of the program, beside its bundle. */
export interface ShellFiles {
  /** The built page. */
  readonly renderer: string;
  readonly preload: string;
  /** The host's entry. */
  readonly host: string;
  /** The entry of the process with the native modules. */
  readonly bearers: string;
  readonly icon: string;
}

export interface ShellOptions {
  readonly electron: Pieces;
  readonly files: ShellFiles;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Something for people: one line on standard error. */
  readonly note: (text: string) => void;
}
