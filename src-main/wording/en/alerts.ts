/** DM Representation 1.2, alert codes. */
export const alerts = {
  byCode: {
    1100: 'shows a text on the handset',
    1101: 'asks the person at the handset to confirm',
    1102: 'asks the person at the handset for a text',
    1103: 'asks the person at the handset to choose one',
    1104: 'asks the person at the handset to choose several',
    1200: 'session wanted by the server',
    1201: 'session wanted by the handset',
    1222: 'next message, please',
    1223: 'session broken off',
    1224: 'an event on the handset',
    1225: 'the end of a large object is missing',
    1226: 'report',
  },
  unknown: (code: number) => `alert ${code}`,
};
