/** Defaults of the command line, printed by `--help`; apart from the schemas so that `--help` loads nothing else. */
export const DEFAULTS = {
  auth: 'md5',
  user: 'handset',
  password: 'handset-secret',
  serverId: 'virtual-dms',
  serverPassword: 'server-secret',
  /** Base64 of the octets `nonce`; the first nonce of both ways. */
  nonce: 'bm9uY2U=',
  /** The second account, for the embedded server. */
  agentServerId: 'pc-agent',
  agentPassword: 'agent-secret',
  /** What the person at a handset types to let a bootstrap in. */
  pin: '1234',
  /** Of the network for test equipment, 001-01. */
  imsi: '001010123456789',
  imei: '004999010640000',
  model: 'Virtual Handset',
  encoding: 'wbxml',
  /** With the headers around it, a message of this size fills one OBEX packet of 65535 bytes. */
  maxMessage: 65_000,
  idleSeconds: 120,
} as const;
