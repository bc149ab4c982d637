/** Words of this screen. */
export const help = {
  title: 'Help',
};
