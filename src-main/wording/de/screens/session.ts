import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const session: Catalogue['screens']['session'] = {
  title: 'Sitzung',
};
