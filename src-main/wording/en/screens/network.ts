/** Words of this screen. */
export const network = {
  title: 'Network ledger',
};
