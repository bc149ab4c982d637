import { plural } from '../../plural.ts';

/** What other screens add to the card of a handset. */
export const cards = {
  waiting: (server: string, count: number, text: string) =>
    plural('en', count, { one: `${text} job waits at ${server}`, other: `${text} jobs wait at ${server}` }),
  sync: 'Sync',
  syncWith: (server: string) => `Sync with ${server}`,
  syncing: 'Asking the server',
  syncHint: 'Asks the DM server what it wants of this handset, and carries it out.',
  faults: 'Faults…',
  faultsOf: (name: string) => `Faults of ${name}`,
  faultsHint: 'Lets this virtual handset do something wrong on purpose.',
  faultsSet: (count: number, text: string) =>
    plural('en', count, { one: `${text} fault set`, other: `${text} faults set` }),
};
