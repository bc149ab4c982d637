/** Words of this screen. */
export const install = {
  title: 'Install',
};
