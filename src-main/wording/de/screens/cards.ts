import type { FirstWords } from '../../catalogue.ts';
import { plural } from '../../plural.ts';

/** What other screens add to the card of a handset. */
export const cards: FirstWords['screens']['cards'] = {
  waiting: (server, count, text) =>
    plural('de', count, {
      one: `${text} Auftrag wartet bei ${server}`,
      other: `${text} Aufträge warten bei ${server}`,
    }),
  sync: 'Abgleichen',
  syncWith: (server) => `Mit ${server} abgleichen`,
  syncing: 'Der Server wird gefragt',
  syncHint: 'Fragt den DM-Server, was er von diesem Handy will, und führt es aus.',
  faults: 'Störungen …',
  faultsOf: (name) => `Störungen von ${name}`,
  faultsHint: 'Lässt dieses virtuelle Handy absichtlich etwas falsch machen.',
  faultsSet: (count, text) =>
    plural('de', count, { one: `${text} Störung gesetzt`, other: `${text} Störungen gesetzt` }),
};
