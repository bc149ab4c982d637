import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const journal: Catalogue['screens']['journal'] = {
  title: 'Journal',
};
