import { plural } from '../../plural.ts';

/** Words of the demo: its screen, and what the command says of its result. */
export const demo = {
  hint: 'Handset and DM server are virtual: no real phone is touched.',
  run: 'Run the demo',
  runAgain: 'Run the demo again',
  running: 'The demo is running',
  about: {
    title: 'What the demo does',
    text: 'A virtual handset and a virtual DM server run in processes of their own. PC Agent works between them as it does with real ones, with a temporary data folder of its own: your handsets, packages and journal stay as they are.',
  },
  empty: {
    title: 'See PC Agent at work',
    text: 'A virtual handset and a virtual DM server run in processes of their own, with a temporary data folder: no phone, no network and nothing of yours is needed. It takes less than a minute.',
  },
  acts: 'Acts',
  act: {
    relay: {
      title: 'Relay',
      text: 'The DM server installs a package over PC Agent, which passes on every byte unchanged.',
    },
    cache: { title: 'Cache', text: 'PC Agent fetches packages from the DM server and keeps them on this computer.' },
    bootstrap: {
      title: 'Account',
      text: 'PC Agent puts the account of its own DM server on the handset, whose owner lets it in with a PIN.',
    },
    offline: {
      title: 'Offline',
      text: 'With the DM server gone, PC Agent installs from what it keeps, and reports when the server is back.',
    },
  },
  sessions: {
    title: 'Sessions',
    empty: 'Sessions appear here as soon as they begin.',
    session: 'Session',
    phase: 'Phase',
    toServer: 'To the server',
    toHandset: 'To the handset',
    state: 'State',
  },
  latest: (id: string) => `Steps of session ${id}`,
  errors: 'Problems',
  result: {
    title: 'Result',
    okHeading: 'Done: the package is installed',
    okPlain: 'Done',
    failedHeading: 'The demo failed',
    transparentYes: 'Relayed unchanged',
    transparentNo: 'Not relayed unchanged',
    transparentNull: 'Nothing to compare',
    transparentYesText: (messages: string) =>
      `${messages} compared, one by one: the SHA-256 in the handset’s own record is the same as in the server’s own record. PC Agent’s word does not count. The call is not compared; it goes another way.`,
    transparentNoText:
      'The handset’s own record and the server’s own record differ: a SHA-256 is another, or a message is missing on one side.',
    transparentNullText: 'No message was recorded on both sides, so nothing can be said.',
    comparedMessages: (count: number) =>
      plural('en', count, { one: `${count} message was`, other: `${count} messages were` }),
    components: 'Software on the handset',
    component: 'Component',
    before: 'Before',
    after: 'After',
    change: 'Change',
    absent: 'not there',
    added: 'Added',
    removed: 'Removed',
    changed: 'Changed',
    same: 'Same',
    active: 'active',
    inactive: 'inactive',
    noComponents: 'No software was reported.',
    alerts: 'Reports of the handset',
    noAlerts: 'The handset sent no report.',
    offline: 'Work with no network',
    noOffline: 'Nothing was installed with no network.',
    fromCache: (names: string) => `Installed with no network: ${names}.`,
    reportDelivered: (count: number) =>
      plural('en', count, {
        one: 'The DM server has the report of it, once.',
        other: `The DM server has ${count} reports of it.`,
      }),
    handset: (device: string) => `Handset ${device}`,
  },
  say: {
    act: (name: string) => `Act ${name} begins.`,
    ok: 'The demo is done.',
    failed: 'The demo failed.',
  },
};
