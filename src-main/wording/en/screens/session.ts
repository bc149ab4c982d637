import { plural } from '../../plural.ts';

const messagesText = (count: number, text: string) =>
  plural('en', count, { one: `${text} message`, other: `${text} messages` });

/** Words of the session screen. */
export const session = {
  title: 'Session',
  heading: (handset: string) => `Session with ${handset}`,
  id: (id: string) => `Session ${id}`,
  noId: 'No session number yet',
  kinds: { relay: 'Relayed', 'management-server': 'By PC Agent itself' },
  parts: { handset: 'Handset', agent: 'PC Agent', server: 'DM server' },
  unknownHandset: 'Unknown handset',
  agentRelays: 'passes on every byte unchanged',
  ownServer: 'PC Agent itself',
  ownServerHint: 'From what the PC keeps, with no network',
  toServer: 'To the server',
  toHandset: 'To the handset',
  messages: messagesText,
  states: {
    unread: 'Ended; PC Agent could not read what was said',
  },
  times: { started: 'Started', ended: 'Ended', duration: 'Duration', running: 'Running for' },
  transfer: 'Package on its way',
  transferDone: 'Package sent',
  steps: 'Steps',
  stepsEmpty: 'Steps appear here as soon as handset and server begin to talk.',
  stepState: { working: 'Working', done: 'Done', failed: 'Failed' },
  evidence: {
    title: 'Passed on unchanged?',
    yes: { ends: 'Every byte unchanged', agent: 'Unchanged, by PC Agent’s own word' },
    no: 'Not unchanged',
    open: 'Nothing to compare yet',
    nothing: 'Nothing to compare',
    none: 'Nothing was relayed',
    unknown: 'Not compared',
    compared: (count: number, text: string) => `${messagesText(count, text)} compared`,
    endsYes:
      'The SHA-256 in the handset’s own record is the same as in the server’s own record, one by one. PC Agent’s word does not count here. The call is not compared; it goes another way.',
    endsNo:
      'The handset’s own record and the server’s own record differ: a SHA-256 is another, or a message is missing on one side.',
    endsOpen: 'No message is in both records yet, that of the handset and that of the server.',
    agentYes:
      'The SHA-256 of what PC Agent took in is the same as of what it passed on, one by one. This is PC Agent’s own word: what the two ends have recorded is not known here.',
    agentNo:
      'The SHA-256 of what PC Agent took in is another than of what it passed on. Do not trust this session; export it and tell who looks after PC Agent.',
    agentOpen: 'PC Agent has passed on no message yet.',
    ownServer: 'PC Agent was the DM server of this session itself, so no message was passed on.',
    journal: 'The comparison is kept only until PC Agent ends. The SHA-256 of every message is in the journal.',
  },
  timeline: {
    title: 'Messages',
    hint: 'Arrow keys move, Enter opens, Escape closes.',
    label: (count: string) => `Messages of the session, ${count}`,
    empty: 'No message yet. The first one will be the server’s call to the handset.',
    emptyOver: 'This session ended before there was a message.',
    dropped: (count: number, text: string) =>
      plural('en', count, {
        one: `${text} earlier message is no longer kept.`,
        other: `${text} earlier messages are no longer kept.`,
      }),
    follow: 'Follow the newest',
    more: (text: string) => `${text} more`,
  },
  direction: { 'to-dms': 'Handset → server', 'to-handset': 'Server → handset' },
  package: (number: number) => `Step ${number} of 4`,
  packageCall: 'Call',
  unreadPackage: 'Unreadable',
  detail: {
    title: (number: string) => `Message ${number}`,
    views: 'Views of the message',
    words: 'In words',
    xml: 'XML',
    bytes: 'Bytes',
    facts: {
      direction: 'Direction',
      time: 'Time',
      msgId: 'MsgID',
      from: 'From',
      to: 'To',
      type: 'Content type',
      sha256: 'SHA-256',
      size: 'Size',
      credentials: 'Credentials',
    },
    credentials: {
      none: 'none',
      basic: 'user and password',
      md5: 'digest (MD5)',
      mac: 'digest of the whole message (MAC)',
    },
    masked: (count: number, text: string) =>
      plural('en', count, { one: `${text} secret is hidden.`, other: `${text} secrets are hidden.` }),
    noCommands: 'This message holds no command.',
    noXml: 'This message has no XML: PC Agent cannot read it, or it is a call.',
    bodyTitle: { removed: 'Bytes removed', off: 'Bytes not kept', missing: 'Bytes missing', damaged: 'Bytes damaged' },
    body: {
      removed:
        'The bytes of this message were removed when their time was over, as the settings say. Size and SHA-256 stay.',
      off: 'The bytes of this message were not kept: the settings say that none are. Size and SHA-256 stay.',
      missing:
        'The bytes of this message are gone from the disk, though PC Agent had kept them. Size and SHA-256 stay.',
      damaged:
        'The bytes on the disk are not those that passed: their SHA-256 is another. They are not shown as the message.',
    },
  },
  export: {
    open: 'Export',
    title: 'Export this session',
    text: 'The session and its messages as a file. Passwords, digests and nonces are masked always.',
    unmask: 'With whole equipment numbers (IMEI) of real handsets',
    unmaskHint: 'They name a person’s phone. Leave it off for a file that goes to others.',
    json: 'Save as JSON',
    csv: 'Save as CSV',
    saving: 'Reading the session',
  },
  problem: 'Problem',
  back: 'Go to the journal',
  say: {
    phase: (phase: string, unplug: string) => `${phase}. ${unplug}.`,
    over: (state: string) => `The session is over: ${state}.`,
  },
};
