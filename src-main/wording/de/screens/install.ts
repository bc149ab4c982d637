import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const install: Catalogue['screens']['install'] = {
  title: 'Installieren',
};
