import { plural } from '../plural.ts';

const list = (names: readonly string[]) => new Intl.ListFormat('en', { type: 'conjunction' }).format(names);

/** Words of the program's own window: menus, the tray, questions before it closes, the page after a crash. */
export const shell = {
  product: 'PC Agent',
  menu: {
    file: '&File',
    edit: '&Edit',
    view: '&View',
    go: '&Go',
    window: '&Window',
    help: '&Help',
    startAtLogin: 'Start when I sign in',
    quit: 'Quit',
    places: {
      handsets: 'Handsets',
      packages: 'Packages',
      journal: 'Journal',
      servers: 'Server profiles',
      listening: 'Listening',
      network: 'Network',
      demo: 'Demo',
      doctor: 'Doctor',
      settings: 'Settings',
      help: 'Help',
    },
  },
  tray: {
    open: 'Open PC Agent',
    idle: 'Nothing is under way',
    running: (count: number) =>
      plural('en', count, { one: '1 task is under way', other: `${count} tasks are under way` }),
  },
  close: {
    title: 'Work is under way',
    unsafe: (names: readonly string[]) =>
      `Not safe to unplug now: ${list(names)}. Ending PC Agent cuts the link, as pulling the cable would.`,
    busy: (names: readonly string[]) => `In a session: ${list(names)}. It would have to be started again.`,
    tasks: (count: number) =>
      plural('en', count, { one: '1 task would be broken off.', other: `${count} tasks would be broken off.` }),
    stay: 'Keep running',
    leave: 'End anyway',
  },
  slept: {
    title: 'The computer slept during work',
    text: (names: readonly string[]) =>
      `While it slept the link was cut to: ${list(names)}. Read the inventory before you go on, to be sure what is installed.`,
    ok: 'OK',
  },
  hostFailed: {
    title: 'PC Agent cannot work',
    again: 'It is tried again as long as this window is open.',
    ok: 'OK',
  },
  crash: {
    title: 'The window stopped working',
    text: 'What was under way goes on: phones are spoken with by another process. Nothing was sent to anybody.',
    back: 'Show the window again',
    code: (reason: string) => `Reason: ${reason}`,
  },
};
