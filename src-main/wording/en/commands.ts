type Way = 'to-dms' | 'to-handset';

const who = (way: Way) => (way === 'to-dms' ? 'Handset' : 'Server');

/** One sentence a command; `node` is a name from `nodes` or the node's address. */
export const commands = {
  nodes: {
    identity: 'who it is',
    details: 'its details',
    deployed: 'the installed software',
    delivered: 'the packages that it holds',
    inventory: 'the inventory',
    packageContent: (name: string) => `the content of package “${name}”`,
    packageEntry: (name: string) => `package “${name}”`,
    component: (name: string) => `component “${name}”`,
    job: (name: string) => `download “${name}”`,
    account: 'the management account',
    several: (node: string, more: number) => `${node} and ${more} more`,
  },
  operations: {
    Install: (node: string) => `Server orders: install ${node}`,
    InstallInactive: (node: string) => `Server orders: install ${node}, but do not activate it`,
    Remove: (node: string) => `Server orders: remove ${node}`,
    Activate: (node: string) => `Server orders: activate ${node}`,
    Deactivate: (node: string) => `Server orders: deactivate ${node}`,
    Download: (node: string) => `Server orders: fetch ${node}`,
    DownloadInstall: (node: string) => `Server orders: fetch and install ${node}`,
    DownloadInstallInactive: (node: string) => `Server orders: fetch and install ${node}, but do not activate it`,
    Update: (node: string) => `Server orders: update the firmware with ${node}`,
    DownloadAndUpdate: (node: string) => `Server orders: fetch the firmware and update with ${node}`,
  },
  get: (node: string) => `Server asks for ${node}`,
  identity: 'Handset says who it is',
  add: (node: string) => `Server adds ${node}`,
  chunkFirst: (node: string, size: string) => `Server begins to send ${node}, ${size}`,
  chunk: (node: string, size: string) => `Server sends ${size} more of ${node}`,
  chunkLast: (node: string, size: string) => `Server sends ${node}, ${size}`,
  replace: (node: string, way: Way) => `${who(way)} sets ${node}`,
  delete: (node: string) => `Server deletes ${node}`,
  copy: (node: string) => `Server copies ${node}`,
  exec: (node: string) => `Server starts ${node}`,
  results: (node: string, size: string) => `Handset answers with ${node}, ${size}`,
  resultsText: (node: string, text: string) => `Handset answers: ${node} is “${text}”`,
  status: (answered: string, text: string, way: Way) => `${who(way)} on ${answered}: ${text}`,
  statusHeader: (text: string, way: Way) => `${who(way)} on the message: ${text}`,
  challenge: (way: Way) => `${who(way)} asks the other side to prove who it is`,
  allAccepted: (count: number, way: Way) =>
    count === 1 ? `${who(way)} accepted 1 command` : `${who(way)} accepted ${count} commands`,
  alert: (text: string, way: Way) => `${who(way)}: ${text}`,
  alertResult: (text: string) => `Handset reports: ${text}`,
  group: (count: number, atomic: boolean) =>
    atomic ? `Server orders ${count} commands, all or none` : `Server orders ${count} commands in this order`,
  unknown: (name: string, way: Way) => `${who(way)} sends an unknown command “${name}”`,
  call: 'Server calls the handset to a session',
  signIn: 'Handset opens the session',
  empty: (way: Way) => `${who(way)} has nothing more to say`,
  unreadable: 'A message that PC Agent cannot read; it is passed on unchanged',
};
