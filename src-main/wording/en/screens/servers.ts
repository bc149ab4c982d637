/** Words of this screen. */
export const servers = {
  title: 'Server profiles',
};
