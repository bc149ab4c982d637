import type { MenuItemConstructorOptions } from 'electron';
import type { Catalogue } from '../wording/catalogue.ts';
import type { Place } from './places.ts';

export interface MenuOptions {
  readonly words: Catalogue['shell'];
  readonly platform: NodeJS.Platform;
  readonly devTools: boolean;
  /** Absent where that cannot be set: a program that is not installed has no place to start from. */
  readonly startsAtLogin: boolean | undefined;
  readonly onStartAtLogin: (start: boolean) => void;
  readonly onPlace: (place: Place) => void;
}

/** Places by their numbers, as browsers number their tabs; settings where people look for them. */
const ACCELERATORS: Readonly<Record<Place, string | undefined>> = {
  handsets: 'CmdOrCtrl+1',
  packages: 'CmdOrCtrl+2',
  journal: 'CmdOrCtrl+3',
  servers: 'CmdOrCtrl+4',
  listening: 'CmdOrCtrl+5',
  network: 'CmdOrCtrl+6',
  demo: 'CmdOrCtrl+7',
  doctor: 'CmdOrCtrl+8',
  settings: 'CmdOrCtrl+,',
  help: 'F1',
};
const GO: readonly Place[] = ['handsets', 'packages', 'journal', 'servers', 'listening', 'network', 'demo', 'doctor'];

/** The application menu. What has a role is worded and done by the system. */
export function applicationMenu(options: MenuOptions): MenuItemConstructorOptions[] {
  const { words, platform } = options;
  const isMac = platform === 'darwin';
  return [
    ...(isMac ? [macMenu(options)] : []),
    { label: words.menu.file, submenu: fileMenu(options, isMac) },
    { label: words.menu.edit, role: 'editMenu' },
    { label: words.menu.view, submenu: viewMenu(options.devTools) },
    { label: words.menu.go, submenu: GO.map((place) => placeItem(options, place)) },
    { label: words.menu.window, role: 'windowMenu' },
    { label: words.menu.help, role: 'help', submenu: [placeItem(options, 'help'), ...(isMac ? [] : [about()])] },
  ];
}

function macMenu(options: MenuOptions): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      about(),
      { type: 'separator' },
      placeItem(options, 'settings'),
      ...startAtLogin(options),
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function fileMenu(options: MenuOptions, isMac: boolean): MenuItemConstructorOptions[] {
  if (isMac) return [{ role: 'close' }];
  return [
    placeItem(options, 'settings'),
    ...startAtLogin(options),
    { type: 'separator' },
    { label: options.words.menu.quit, role: 'quit', accelerator: 'CmdOrCtrl+Q' },
  ];
}

function viewMenu(devTools: boolean): MenuItemConstructorOptions[] {
  return [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(devTools
      ? [{ type: 'separator' } as const, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]
      : []),
  ];
}

function placeItem({ words, onPlace }: MenuOptions, place: Place): MenuItemConstructorOptions {
  const accelerator = ACCELERATORS[place];
  return {
    id: place,
    label: words.menu.places[place],
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => onPlace(place),
  };
}

function startAtLogin({ words, startsAtLogin, onStartAtLogin }: MenuOptions): MenuItemConstructorOptions[] {
  if (startsAtLogin === undefined) return [];
  return [
    {
      id: 'start-at-login',
      label: words.menu.startAtLogin,
      type: 'checkbox',
      checked: startsAtLogin,
      click: ({ checked }) => onStartAtLogin(checked),
    },
  ];
}

function about(): MenuItemConstructorOptions {
  return { role: 'about' };
}
