/** The virtual DMS's account on the demo's handsets: what both sides have by default (`src-main/cli/defaults.ts`). */
export const DEMO_ACCOUNT = {
  serverId: 'virtual-dms',
  serverPassword: 'server-secret',
  user: 'handset',
  password: 'handset-secret',
  auth: 'md5',
  nonce: 'bm9uY2U=',
} as const;

/** What the person at a handset of the demo types to let a bootstrap in. */
export const DEMO_PIN = '1234';
