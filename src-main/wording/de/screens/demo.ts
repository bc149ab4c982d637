import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const demo: Catalogue['screens']['demo'] = {
  title: 'Vorführung',
};
