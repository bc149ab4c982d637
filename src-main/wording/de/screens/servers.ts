import type { Catalogue } from '../../catalogue.ts';

/** Words of this screen. */
export const servers: Catalogue['screens']['servers'] = {
  title: 'Serverprofile',
};
