import type { WebContents } from 'electron';
import { START_PAGE } from './origin.ts';

/** Keeps contents where they are: no other page, no new window, no embedded one (security guide, items 11 to 14). */
export function holdInPlace(contents: Pick<WebContents, 'on' | 'setWindowOpenHandler'>): void {
  contents.on('will-navigate', (event) => {
    // The crash page's way back.
    if (event.url !== START_PAGE || !event.isMainFrame) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
