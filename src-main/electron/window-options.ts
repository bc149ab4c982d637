import type { BrowserWindowConstructorOptions } from 'electron';
import type { WindowBounds } from './window-state.ts';

/** The smallest window that the screens are laid out for. */
export const SMALLEST = { width: 900, height: 600 };
const USUAL = { width: 1200, height: 800 };
/** What is seen until the page has painted: the page's own backgrounds. */
const BACKGROUND = { light: '#ffffff', dark: '#16181d' };

export interface WindowLook {
  readonly preload: string;
  readonly title: string;
  readonly dark: boolean;
  readonly bounds?: WindowBounds | undefined;
  /** A packaged program has no developer tools. */
  readonly devTools: boolean;
}

/** The window: a page in a sandbox that sees neither Node nor the preload's world (security guide, items 2 to 4). */
export function windowOptions(look: WindowLook): BrowserWindowConstructorOptions {
  return {
    ...(look.bounds ?? USUAL),
    minWidth: SMALLEST.width,
    minHeight: SMALLEST.height,
    title: look.title,
    // Shown when there is something to see.
    show: false,
    backgroundColor: look.dark ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: look.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      devTools: look.devTools,
    },
  };
}
