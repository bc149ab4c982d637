import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const help: Catalogue['screens']['help'] = {
  title: 'Hilfe',
};
