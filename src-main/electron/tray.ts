import type { Menu, MenuItemConstructorOptions, NativeImage, Tray } from 'electron';
import type { Catalogue } from '../wording/catalogue.ts';
import type { Risk } from './risk.ts';

export interface TrayOptions {
  readonly words: Catalogue['shell'];
  readonly icon: NativeImage;
  readonly createTray: (icon: NativeImage) => Pick<Tray, 'setToolTip' | 'setContextMenu' | 'on' | 'destroy'>;
  readonly buildMenu: (template: MenuItemConstructorOptions[]) => Menu;
  readonly onOpen: () => void;
  readonly onQuit: () => void;
}

export interface TrayIcon {
  show(risk: Risk): void;
  destroy(): void;
}

/**
 * The icon among those of the system, where there is such a place: many Linux desktops have none, so nothing may depend
 * on it. Whoever calls keeps the result; an icon that is not referred to vanishes.
 */
export function openTray(options: TrayOptions): TrayIcon | undefined {
  const { words } = options;
  try {
    const tray = options.createTray(options.icon);
    tray.setToolTip(words.product);
    tray.on('click', () => options.onOpen());
    return {
      show: (risk) => tray.setContextMenu(options.buildMenu(trayMenu(options, risk))),
      destroy: () => tray.destroy(),
    };
  } catch {
    return undefined;
  }
}

/** On Linux a changed item is seen only in a new menu, so each change makes one. */
export function trayMenu(
  { words, onOpen, onQuit }: Pick<TrayOptions, 'words' | 'onOpen' | 'onQuit'>,
  { unsafe, busy, tasks }: Risk,
): MenuItemConstructorOptions[] {
  const phones = [...unsafe, ...busy];
  return [
    { label: words.tray.open, click: () => onOpen() },
    { type: 'separator' },
    { label: tasks === 0 ? words.tray.idle : words.tray.running(tasks), enabled: false },
    ...phones.map((label) => ({ label, enabled: false })),
    { type: 'separator' },
    { label: words.menu.quit, click: () => onQuit() },
  ];
}
