import { plural } from '../../plural.ts';

/** Words of this screen. */
export const settings = {
  language: {
    title: 'Language',
    hint: 'Of this window. The command line speaks English.',
    names: { en: 'English', de: 'Deutsch' },
  },
  appearance: {
    title: 'Appearance',
    hint: 'Light or dark.',
    choices: { auto: 'As the system', light: 'Light', dark: 'Dark' },
  },
  bodies: {
    title: 'Raw messages',
    hint: 'How long the bytes of DM messages are kept. They hold credentials: only your user account can read them, and every view and export masks them. What was said stays in the journal in either case.',
    legend: 'Keep raw messages',
    off: 'Do not keep them',
    keep: 'Keep them for a while',
    days: 'Days',
    megabytes: 'At most, in MB',
    save: 'Save',
    saved: 'Saved.',
    removes: 'Saving removes those that are kept now.',
    shorter: 'Saving removes those that are older or too many.',
    errors: {
      days: 'Give a number from 0 to 3,650.',
      megabytes: 'Give a number from 0 to 1,000,000.',
    },
    now: (days: number, size: string) =>
      plural('en', days, { one: `Now: ${days} day, at most ${size}.`, other: `Now: ${days} days, at most ${size}.` }),
    nowOff: 'Now: not kept.',
    unknown: 'PC Agent does not say how long it keeps them.',
  },
  storage: {
    title: 'Storage',
    hint: 'Where packages lie, and how much room there is.',
    folder: 'Folder',
    packages: 'Packages',
    packagesOf: (count: number, text: string, size: string) =>
      plural('en', count, { one: `${text} package, ${size}`, other: `${text} packages, ${size}` }),
    free: 'Free on this disk',
    freeOf: (free: string, total: string) => `${free} of ${total}`,
    where: 'Where settings and journal lie',
  },
  network: {
    title: 'Network',
    hint: 'The offline switch, and every connection that was opened.',
    on: 'The offline switch is on: no network connection is opened.',
    off: 'The offline switch is off: PC Agent may use the network when you ask it to.',
    link: 'Open the network ledger',
  },
  demo: {
    title: 'Demo phone',
    hint: 'A virtual handset to try things with. No real phone is touched, and it ends with PC Agent.',
    start: 'Start demo phone',
    another: 'Start another demo phone',
    choose: 'Choose its kind…',
    stop: 'Stop',
    stopNamed: (name: string) => `Stop ${name}`,
    none: 'No demo phone runs.',
    started: 'The demo phone runs and is among the handsets.',
    stopped: (name: string) => `${name} was stopped.`,
    see: 'See it among the handsets',
  },
  about: {
    title: 'About',
    hint: 'This PC Agent.',
    version: 'Version',
    contract: 'Contract',
    process: 'Process',
    started: 'Started',
    licences: 'Licences',
    licencesText:
      'PC Agent contains open-source components, each under its own licence; the licence texts come with the program, in the folder of each component.',
    telemetry: 'Telemetry',
    telemetryText: 'There is none: nothing is sent anywhere unless you set a server.',
  },
};
