/** Words of this screen. */
export const journal = {
  title: 'Journal',
};
