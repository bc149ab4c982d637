/** Words of this screen. */
export const handsets = {
  title: 'Handsets',
};
