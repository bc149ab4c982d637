/** Words of this screen. */
export const demo = {
  title: 'Demo',
};
