import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  crashReporter,
  dialog,
  ipcMain,
  Menu,
  nativeImage,
  nativeTheme,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  screen,
  session,
  shell,
  Tray,
  utilityProcess,
} from 'electron';
import { runShell } from './shell.ts';

const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const note = (text: string) => void process.stderr.write(`${text}\n`);

// Not awaited: Electron becomes ready only when this module has been evaluated.
runShell({
  electron: {
    ...{ app, BrowserWindow, crashReporter, dialog, ipcMain, Menu, nativeImage, nativeTheme },
    ...{ powerMonitor, powerSaveBlocker, protocol, screen, session, shell, Tray, utilityProcess },
  },
  files: {
    renderer: beside('../renderer'),
    preload: beside('preload.cjs'),
    host: beside('host.js'),
    bearers: beside('bearer.js'),
    icon: beside('icon.png'),
  },
  args: process.argv.slice(1),
  env: process.env,
  platform: process.platform,
  note,
}).catch((error: unknown) => {
  note(`PC Agent cannot open its window: ${error instanceof Error ? error.message : String(error)}`);
  app.exit(1);
});
