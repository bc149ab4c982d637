import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const packages: Catalogue['screens']['packages'] = {
  title: 'Pakete',
};
