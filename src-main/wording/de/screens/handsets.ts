import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const handsets: Catalogue['screens']['handsets'] = {
  title: 'Handys',
};
