import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const network: Catalogue['screens']['network'] = {
  title: 'Netzwerkbuch',
};
