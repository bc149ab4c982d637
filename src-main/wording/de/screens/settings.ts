import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const settings: Catalogue['screens']['settings'] = {
  title: 'Einstellungen',
};
