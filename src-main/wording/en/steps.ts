/** Steps of a session, as `contract/session-steps` finds them. */
export const steps = {
  call: 'Server calls the handset',
  'sign-in': 'Handset and server prove who they are',
  identify: 'Server asks which handset it is',
  inventory: 'Server asks for the inventory',
  read: 'Server reads the handset’s tree',
  deliver: 'Server sends the package',
  download: 'Handset fetches the package',
  install: 'Handset installs the package',
  activate: 'Handset activates a component',
  deactivate: 'Handset deactivates a component',
  remove: 'Handset removes software',
  change: 'Server changes settings',
  'ask-person': 'Server asks the person at the handset',
  report: 'Handset reports the outcome',
  abort: 'Session is broken off',
};
