/** Words of this screen. */
export const session = {
  title: 'Session',
};
