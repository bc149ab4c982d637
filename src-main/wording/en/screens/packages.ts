/** Words of this screen. */
export const packages = {
  title: 'Packages',
};
