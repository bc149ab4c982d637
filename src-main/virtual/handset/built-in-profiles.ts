import type { ProfileData } from './profile-file.ts';

/** The program's own kinds of handset, as a file of a person's own would have them. */
export const BUILT_IN_PROFILES: readonly ProfileData[] = [
  { name: 'standard', help: 'as the DM 1.2 texts say (default)' },
  {
    name: 'decimal-session',
    help: 'writes the SessionID of a notification in decimal, as Symbian handsets do',
    habits: { decimalSession: true },
  },
  { name: 'small-packets', help: 'OBEX packets of at most 1024 bytes', limits: { maxPacket: 1024 } },
  { name: 'at-only', help: 'on a serial line: no OBEX before AT+CPROT=0', habits: { atOnly: true } },
  {
    name: 'scomo-root',
    help: 'keeps its SCOMO object at ./Software, so that it must be found by its type',
    habits: { scomoRoot: 'Software' },
  },
  {
    name: 'fumo-root',
    help: 'keeps its update object at ./Phone/Package1, so that it must be found by its type',
    habits: { firmwareParent: 'Phone' },
  },
  { name: 'no-user', help: 'nobody can be asked: alert 1101 is answered with 406', habits: { nobodyThere: true } },
  {
    name: 'md5-without-nonce',
    help: 'makes its MD5 proofs with an empty nonce until a challenge brings one',
    habits: { withoutNonce: true },
  },
  {
    name: 'forgets-after-auth',
    help: 'after a challenge proves itself, but does not say again why it calls and what it is',
    habits: { forgetsSetup: true },
  },
  {
    name: 'cdata-first-chunk',
    help: 'the first chunk of a large result is in CDATA (WBXML: opaque), the others are escaped (inline)',
    habits: { messages: 'odd-first-chunk' },
  },
  {
    name: 'empty-end',
    help: 'ends OBEX objects with an empty packet, which alone has the final bit',
    habits: { emptyEnd: true },
  },
  {
    name: 'connection-id-always',
    help: 'wants the Connection Id in every OBEX packet',
    habits: { idInEveryPacket: true },
  },
  {
    name: 'keeps-session',
    help: 'keeps its session when the link is lost, and goes on over any other one when the last message is repeated',
    identity: { model: 'Session Keeper' },
    habits: { keepsSession: true },
  },
  {
    name: 'xml-only',
    help: 'writes and takes XML, whatever --encoding says and whatever it is asked for',
    habits: { encoding: 'xml' },
  },
  {
    name: 'status-order',
    help: 'alerts first, commands and Statuses from the last to the first, that of the header at the end',
    habits: { messages: 'odd-order' },
  },
  {
    name: 'data-before-refs',
    help: 'children in odd order: Data before TargetRef and SourceRef, Meta behind Data, CmdID last',
    habits: { messages: 'odd-children' },
  },
  {
    name: 'old-phone',
    help: 'a small phone of years ago: messages of 4000 bytes, values up to 300000, no more than one game on it',
    identity: { manufacturer: 'Example', model: 'Old Phone', language: 'en' },
    details: { oem: 'Example', firmware: '0.9', software: '0.9', hardware: 'rev-b' },
    limits: { maxMessage: 4000, maxObject: 300_000, maxPacket: 2048 },
    components: [{ id: 'com.example.snake', name: 'Snake', version: '1.0' }],
  },
];
