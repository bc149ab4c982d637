import { plural } from '../../plural.ts';

const LANGUAGE = 'en';

/** Words of this screen. */
export const install = {
  on: (name: string) => `Install on ${name}`,
  steps: { choose: 'Choose packages', plan: 'Look at the plan' },
  step: (number: number, text: string) => `Step ${number} of 2: ${text}`,
  choose: {
    search: 'Search packages',
    empty: 'There is no package yet.',
    emptyLink: 'Add a package',
    noMatch: 'No package has this in its name.',
    suitable: 'For this handset',
    others: 'For other models, or not usable',
    forModel: (model: string) => `for ${model}`,
    forAny: 'for any model',
    otherModel: (model: string) => `Only for ${model}`,
    quarantined: 'Taken out of use: it cannot be installed.',
    more: (text: string) => `${text} more: type a part of the name to narrow the list.`,
    chosen: (count: number, size: string) =>
      plural(LANGUAGE, count, { one: `1 package, ${size}`, other: `${count} packages, ${size}` }),
    none: 'Nothing chosen',
    next: 'Make the plan',
  },
  making: (name: string) => `Asking ${name} what is on it`,
  makingHint: 'Nothing is changed yet. It is safe to unplug.',
  plan: {
    items: 'What will happen',
    actions: { install: 'Install', update: 'Update', skip: 'Skip', refuse: 'Refuse' },
    versions: (before: string, after: string) => `${before} → ${after}`,
    package: 'Package',
    version: 'Version',
    size: 'Size',
    why: 'What and why',
    phone: 'Phone',
    bytes: 'To send, and how long',
    aboutTime: (text: string) => `about ${text}`,
    noEstimate: 'no estimate yet',
    manager: 'Managed by',
    ownServer: 'PC Agent itself, from what this computer keeps',
    report: 'Who is told',
    reportTo: (server: string) => `${server}, now or as soon as it can be reached`,
    reportNone: 'no DM server',
    cable: 'If the cable is pulled',
    cableText: [
      'Now: safe, nothing is on the phone yet.',
      'While it sends: safe; the package then begins anew.',
      'While it installs: not safe. The card always says which.',
    ] as readonly string[],
    person: 'Who is asked',
    personText: 'The person at the phone is asked there, if it can ask.',
    personVirtual: 'The demo phone asks in this window.',
    nothing: (name: string) => `Nothing to do: ${name} has it already`,
    nothingText: 'Nothing was changed, and nothing needs to be done.',
    allRefused: (name: string) => `Nothing of this can be installed on ${name}`,
    unverified: (count: number) =>
      plural(LANGUAGE, count, {
        one: 'Nobody vouches for 1 of these packages. Install it all the same.',
        other: `Nobody vouches for ${count} of these packages. Install them all the same.`,
      }),
    tickFirst: 'Tick the box above, or go back and leave unverified packages out.',
    back: 'Choose again',
    again: 'Make the plan again',
    consent: (name: string) => `Install on ${name}`,
    starting: (name: string) => `Starting on ${name}`,
  },
};
