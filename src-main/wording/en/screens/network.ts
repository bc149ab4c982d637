import { plural } from '../../plural.ts';

/** Words of this screen. */
export const network = {
  hint: 'Every connection to the network, and calls at the network link. No other links to phones.',
  switch: {
    title: 'Offline switch',
    on: 'On: no network connection is opened',
    off: 'Off: the network may be used',
    explain:
      'With the switch on, PC Agent opens no connection to any server, until you switch it off, also after a restart.',
    turnOn: 'Go offline',
    turnOff: 'Allow the network',
    goesOn: 'Goes on working',
    rests: 'Rests until the switch is off',
    works: [
      'Handsets on a cable, a serial line or a local link',
      'Inventory, installing and removing by this computer, with packages that are here',
      'Demo phones and the demo, which stay on this computer',
      'Journal, packages and help',
    ],
    waits: ['Relaying sessions to a remote DM server', 'Fetching packages from an address', 'Testing server profiles'],
    reports: (count: number, text: string) =>
      count === 0
        ? 'Reports to DM servers, which wait in the outbox'
        : plural('en', count, {
            one: `Reports to DM servers: ${text} waits in the outbox`,
            other: `Reports to DM servers: ${text} wait in the outbox`,
          }),
  },
  emptyTitle: 'No connection has been made',
  empty:
    'PC Agent has opened no network connection since it started. Each one will be listed here, with who wanted it.',
  connections: 'Connections',
  recent: (text: string) => `The last ${text}; older ones are no longer listed.`,
  totals: {
    title: 'By host',
    host: 'Host',
    connections: 'Connections',
    only: (host: string) => `Show only ${host}`,
    sum: 'All hosts',
  },
  columns: {
    at: 'When',
    host: 'Host and port',
    purpose: 'What for',
    initiator: 'Who wanted it',
    out: 'Sent',
    in: 'Received',
  },
  filter: 'Filter by host, purpose or who wanted it',
  clear: 'Clear filter',
  shown: (count: number, text: string, all: string) =>
    plural('en', count, { one: `${text} of ${all} connections`, other: `${text} of ${all} connections` }),
  noneShown: 'No connection matches the filter.',
  purposes: {
    'dm-session': 'DM session',
    job: 'Job at the DM server',
    trigger: 'Waiting for a call of the DM server',
    fetch: 'Package download',
    'handset-call': 'Call of a phone',
    manifest: 'List of packages',
    packages: 'List of packages',
    report: 'Report to the DM server',
    reports: 'Reports that the DM server has',
    test: 'Test of a server profile',
  },
  initiators: {
    operator: 'You',
    outbox: 'Outbox',
    relay: 'Relay',
    handset: 'The phone',
    server: 'This computer’s own server',
    'dms-test': 'Test of a server profile',
    'virtual-handset': 'Virtual handset',
    demo: 'Demo',
    plan: 'Install plan',
    inventory: 'Inventory',
    install: 'Install',
    remove: 'Remove',
  },
  say: {
    on: 'Offline: no network connection is opened.',
    off: 'The network may be used again.',
  },
};
