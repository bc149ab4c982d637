import { plural } from '../../plural.ts';

/** Words of the dialogs of virtual handsets. */
export const virtual = {
  faults: {
    title: (name: string) => `Faults of ${name}`,
    intro:
      'What is switched on here the virtual handset does wrong from now on. No real handset is touched, and clearing it makes it well again.',
    search: 'Search faults',
    searchHint: 'Such as cable, reboot or nonce',
    list: 'Faults',
    count: (count: number, text: string) => plural('en', count, { one: `${text} fault`, other: `${text} faults` }),
    noMatch: 'No fault matches.',
    none: 'This virtual handset knows no faults.',
    value: 'Value',
    valueOf: (fault: string) => `Value of ${fault}`,
    valueHint: (what: string) => `${what}; empty: its default`,
    set: (count: number, text: string) =>
      plural('en', count, { one: `${text} switched on`, other: `${text} switched on` }),
    apply: 'Apply',
    clear: 'Clear all',
    applied: (name: string, count: number, text: string) =>
      plural('en', count, {
        one: `${name} does ${text} thing wrong from now on.`,
        other: `${name} does ${text} things wrong from now on.`,
      }),
    cleared: (name: string) => `${name} does nothing wrong any more.`,
  },
  start: {
    title: 'Start a demo phone of your choice',
    intro: 'Each kind behaves like handsets that there are. It is a virtual one, and ends with PC Agent.',
    kind: 'Kind of handset',
    standard: 'As the standard says',
    model: 'Model',
    modelHint: 'What it says it is; empty: Virtual Handset',
    start: 'Start demo phone',
    noKinds: 'Only the standard kind can be started.',
  },
};
