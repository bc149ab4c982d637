/** Words of this screen. */
export const settings = {
  title: 'Settings',
};
