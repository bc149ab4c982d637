import { plural } from '../../plural.ts';

const LANGUAGE = 'en';

/** Words of this screen. */
export const handsets = {
  hint: 'Everything that is attached to this computer.',
  startDemo: 'Start a demo phone',
  tryDemo: 'Try with a demo phone',
  starting: 'Starting the demo phone',
  addByAddress: 'Add by address',
  empty: {
    title: 'Plug in a phone',
    text: 'Connect it with its USB or serial cable and switch it on; it appears here by itself. A phone on the network is added by its address. With no phone at hand, try with a demo phone: no real phone is touched.',
  },
  add: {
    title: 'Add a handset by its address',
    label: 'Address',
    hint: 'tcp:HOST:PORT or serial:PATH, such as serial:/dev/ttyACM0',
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
  notLookedFor: 'Not looked for yet',
  notLookedForHint: 'PC Agent cannot tell whether it is here before it is asked.',
  lastSeen: (when: string) => `Last seen ${when}`,
  awayHint: 'Plug it in and switch it on to work with it.',
  newThing: 'Not known yet',
  newThingHint: 'Something is attached here. Ask it who it is.',
  ask: 'Ask who it is',
  asking: 'Asking who it is',
  queued: 'About to begin',
  interrupted: {
    title: 'The link was lost.',
    plugIn: (name: string) => `Plug ${name} in again: the work goes on by itself.`,
    safeInstall: 'The phone is safe and nothing was installed. A package that was on its way begins anew.',
    safe: 'The phone is safe. What was asked for begins anew.',
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
    inventory: 'Show what is installed',
    openSession: 'Open session',
    lastSession: 'Open last session',
    rename: (name: string) => `Rename ${name}`,
    forget: (name: string) => `Forget ${name}`,
    stop: 'Stop the demo phone',
    cancel: 'Cancel the work',
    tryAgain: 'Try again',
    retry: {
      inventory: 'Retry reading',
      install: (count: number) =>
        plural(LANGUAGE, count, { one: 'Retry this package', other: `Retry ${count} packages` }),
      remove: 'Retry removing',
    },
    dismiss: 'Dismiss',
    readMore: 'Read more',
  },
  rename: {
    label: 'Name',
    save: 'Save name',
    hint: 'An empty name brings back make and model.',
  },
  outcome: {
    installed: (things: string) => `Installed ${things}.`,
    removed: (things: string) => `Removed ${things}.`,
    read: 'Read what is installed.',
    nothing: (things: string) => `Nothing to do: ${things} is there already.`,
    cancelled: {
      inventory: 'Reading was broken off.',
      install: (things: string) => `Installing ${things} was broken off.`,
      remove: (things: string) => `Removing ${things} was broken off.`,
    },
    alsoDone: (things: string) => `Finished before that: ${things}.`,
    thing: (name: string, version: string) => (version === '' ? name : `${name} ${version}`),
    list: (things: readonly string[]) => new Intl.ListFormat(LANGUAGE).format(things),
    on: (name: string, sentence: string) => `${name}: ${sentence}`,
  },
  inventory: {
    title: (name: string) => `Installed on ${name}`,
    reading: (name: string) => `Reading what is installed on ${name}`,
    component: 'Component',
    version: 'Version',
    state: 'State',
    action: 'Action',
    active: 'active',
    inactive: 'inactive',
    none: 'No software is reported by this handset.',
    remove: 'Remove…',
    removeThis: (component: string) => `Remove ${component}`,
    again: 'Read again',
    caption: (count: number, text: string) =>
      plural(LANGUAGE, count, { one: '1 component', other: `${text} components` }),
  },
  remove: {
    title: (component: string, name: string) => `Remove ${component} from ${name}?`,
    what: 'What happens',
    whatText: (component: string) => `${component} is taken off the handset. What else is installed stays.`,
    cable: 'If the cable is pulled',
    cableText: 'Not safe while it removes; before and after that it is. The card always says which.',
    who: 'Who is asked',
    whoText: 'The person at the handset is asked there, if it can ask.',
    consent: (component: string, name: string) => `Remove ${component} from ${name}`,
    back: 'Back to the list',
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
