import { plural } from '../../plural.ts';

const LANGUAGE = 'en';

/** Words of this screen. */
export const handsets = {
  hint: 'Phones at this computer.',
  startDemo: 'Start a demo phone',
  tryDemo: 'Try with a demo phone',
  starting: 'Starting the demo phone',
  addByAddress: 'Add by address',
  empty: {
    title: 'Plug in a phone',
    text: 'Connect it with its USB or serial cable and switch it on; it appears here by itself. A phone nearby is paired under Bluetooth, one on the network is added by its address. With no phone at hand, try with a demo phone: no real phone is touched.',
  },
  add: {
    title: 'Add a handset by its address',
    label: 'Address',
    hint: 'tcp:HOST:PORT, serial:PATH such as serial:/dev/ttyACM0, usb:VENDOR:PRODUCT, or bluetooth:ADDRESS',
    submit: 'Ask who it is',
    working: (address: string) => `Asking who is at ${address}`,
    added: (name: string) => `${name} is added.`,
  },
  sections: {
    here: 'Attached',
    away: 'Not here now',
  },
  /** Heading of a section with how many are in it. */
  section: (name: string, count: string) => `${name} (${count})`,
  /** What became of several at once: "7 done, 1 needs you". */
  batch: (working: number, done: number, needsYou: number) =>
    [
      working > 0 ? `${working} working` : '',
      done > 0 ? `${done} done` : '',
      needsYou > 0 ? plural(LANGUAGE, needsYou, { one: '1 needs you', other: `${needsYou} need you` }) : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  unknownModel: 'Make and model not known yet',
  firmware: (version: string) => `Firmware ${version}`,
  speaksDm: {
    yes: 'Speaks device management',
    no: 'Does not speak device management',
    unknown: 'Not known yet whether it speaks device management',
  },
  way: { attached: 'attached', near: 'in range', away: 'away', unusable: (why: string) => `Cannot be used: ${why}` },
  notLookedFor: 'Not looked for yet',
  notLookedForHint: 'PC Agent cannot tell whether it is here before it is asked.',
  callsItself: 'Calls by itself',
  calledLast: (when: string) => `Calls by itself, last at ${when}. It cannot be reached from here.`,
  lastSeen: (when: string) => `Last seen ${when}`,
  awayHint: 'Plug it in and switch it on to work with it.',
  awayHintAir: 'Plug it in, or switch Bluetooth on at the phone and keep it near.',
  unknownName: (port: string) => `Something at ${port}`,
  newThing: 'Not known yet',
  newThingHint: 'Something is attached here. Ask it who it is.',
  ask: 'Ask who it is',
  asking: 'Asking who it is',
  held: (program: string, pid: number) => `${program} (process ${pid}) uses it.`,
  heldNext: 'Close that program, then try again.',
  queued: 'About to begin',
  interrupted: {
    title: 'The link was lost.',
    plugIn: (name: string) => `Plug ${name} in again: the work goes on by itself.`,
    safeInstall: 'The phone is safe and nothing was installed. A package that was on its way begins anew.',
    safe: 'The phone is safe. What was asked for begins anew.',
    restart:
      'If the phone restarts, that is part of the update: leave it plugged in and wait. If the cable was pulled, plug it in again.',
    waits: (text: string) => `PC Agent waits ${text} more.`,
    said: (name: string) => `${name}: the link was lost. The phone is safe. Plug it in again.`,
  },
  noSession: 'The handset is not in use.',
  phase: (phase: string) => `Phase: ${phase}`,
  transfer: (name: string) => `Progress on ${name}`,
  answerHere: 'Answer for the demo phone',
  answerThere: 'Look at the phone: its owner is asked.',
  actions: {
    of: (name: string) => `Actions for ${name}`,
    install: 'Install…',
    software: 'Software',
    openSession: 'Open session',
    lastSession: 'Open last session',
    rename: (name: string) => `Rename ${name}`,
    forget: (name: string) => `Forget ${name}`,
    stop: 'Stop the demo phone',
    cancel: 'Cancel the work',
    tryAgain: 'Try again',
    dismiss: 'Dismiss',
    openDoctor: 'Open doctor',
    readMore: 'Read more',
  },
  rename: {
    label: 'Name',
    save: 'Save name',
    hint: 'An empty name brings back make and model.',
  },
  forget: {
    title: (name: string) => `Forget ${name}?`,
    text: 'It is taken off this list, with the name that you gave it. What was done with it stays in the journal, and it comes back when it is plugged in again. Nothing changes on the phone.',
    consent: (name: string) => `Forget ${name}`,
  },
  say: {
    phase: (name: string, phase: string, unplug: string) => `${name}: ${phase}. ${unplug}.`,
  },
};
