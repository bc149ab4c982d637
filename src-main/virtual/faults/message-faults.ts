import { utf8 } from '../../base/bytes.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Command, Cred, Item, Message, StatusCommand } from '../../syncml/model.ts';
import { type FaultChoice, type FaultDescription, hasFault, type MessageFaults } from './fault.ts';

/** Wrong things that either side can say; a DMS's are called the same behind `dms-`. */
export const MESSAGE_FAULTS: readonly FaultDescription[] = [
  { name: 'stale-nonce', help: 'its nonce is out of date, and still is after the challenge' },
  { name: 'no-cred', help: 'leaves its credentials out' },
  { name: 'bad-mac', help: 'every x-syncml-hmac is wrong' },
  { name: 'no-mac', help: 'x-syncml-hmac is left out' },
  { name: 'no-final', help: 'Final is missing in every message' },
  { name: 'wrong-msgref', help: 'Statuses answer a message that was never sent' },
  { name: 'wrong-cmdref', help: 'Statuses answer commands that were never sent' },
  { name: 'missing-status', help: 'the Statuses of commands are left out' },
  { name: 'missing-header-status', help: 'the Status of the header is left out' },
  { name: 'wrong-session', help: 'the second message has another SessionID' },
  { name: 'wrong-msgid', help: 'the second message has the MsgID of the first' },
  { name: 'wrong-version', help: 'VerProto is DM/9.9' },
  { name: 'size-off-by-one', help: 'Meta/Size of a large object is one too many' },
  { name: 'broken-object', help: 'a large object ends early, in its second chunk' },
  { name: 'garbage', help: 'the second message is no SyncML' },
  { name: 'truncated', help: 'the second message is cut in half' },
  { name: 'wrong-type', help: 'the second message is called text/html' },
];

/** What a side with the fault `stale-nonce` begins with, and stays with. */
export const STALE_NONCE: Uint8Array = utf8('long gone');

type Mangle = (message: Message) => Message;

const eachCommand =
  (change: (command: Command) => Command | undefined): Mangle =>
  (message) => ({ ...message, commands: message.commands.flatMap((command) => change(command) ?? []) });

const eachStatus = (change: (status: StatusCommand) => StatusCommand | undefined): Mangle =>
  eachCommand((command) => (command.kind === 'Status' ? change(command) : command));

function staleNonce(): Mangle {
  let first: Cred | undefined;
  return (message) => {
    first ??= message.header.cred;
    return first === undefined ? message : { ...message, header: { ...message.header, cred: first } };
  };
}

function withoutCred(message: Message): Message {
  const { cred: _cred, ...header } = message.header;
  return { ...message, header };
}

function sizeOffByOne(message: Message): Message {
  return eachCommand((command) => {
    if (!('items' in command)) return command;
    const items = command.items.map((item): Item => {
      if (item.meta?.size === undefined) return item;
      return { ...item, meta: { ...item.meta, size: item.meta.size + 1 } };
    });
    return { ...command, items };
  })(message);
}

function endsEarly(): Mangle {
  let chunks = 0;
  return eachCommand((command) => {
    if (!('items' in command) || command.items[0]?.moreData !== true) return command;
    chunks += 1;
    if (chunks !== 2) return command;
    const { moreData: _more, ...item } = command.items[0];
    return { ...command, items: [item] };
  });
}

const manglers: Readonly<Record<string, () => Mangle>> = {
  'stale-nonce': staleNonce,
  'no-cred': () => withoutCred,
  'no-final': () => (message) => ({ ...message, final: false }),
  'wrong-msgref': () => eachStatus((status) => ({ ...status, msgRef: status.msgRef + 100 })),
  'wrong-cmdref': () => eachStatus((status) => (status.cmdRef === '0' ? status : { ...status, cmdRef: '9999' })),
  'missing-status': () => eachStatus((status) => (status.cmdRef === '0' ? status : undefined)),
  'missing-header-status': () => eachStatus((status) => (status.cmdRef === '0' ? undefined : status)),
  'wrong-session': () => (message) =>
    message.header.msgId === 1 ? message : { ...message, header: { ...message.header, sessionId: 'BAD' } },
  'wrong-msgid': () => (message) => ({ ...message, header: { ...message.header, msgId: 1 } }),
  'wrong-version': () => (message) => ({ ...message, header: { ...message.header, verProto: 'DM/9.9' } }),
  'size-off-by-one': () => sizeOffByOne,
  'broken-object': endsEarly,
};

function damaged(envelope: Envelope, choices: readonly FaultChoice[], count: number): Envelope {
  if (hasFault(choices, 'no-mac')) {
    const { hmac: _hmac, ...plain } = envelope;
    return plain;
  }
  if (hasFault(choices, 'bad-mac') && envelope.hmac !== undefined) {
    return { ...envelope, hmac: envelope.hmac.replace(/mac=../, 'mac=AA') };
  }
  if (count !== 2) return envelope;
  if (hasFault(choices, 'garbage')) return { ...envelope, body: utf8('not a SyncML document') };
  if (hasFault(choices, 'truncated')) return { ...envelope, body: envelope.body.slice(0, envelope.body.length >> 1) };
  if (hasFault(choices, 'wrong-type')) return { ...envelope, contentType: 'text/html' };
  return envelope;
}

/** The hooks of the message faults among these, for one session; a function is asked anew for each message. */
export function messageFaults(choices: readonly FaultChoice[] | (() => readonly FaultChoice[])): MessageFaults {
  const chosen = typeof choices === 'function' ? choices : () => choices;
  // Some remember what they have said before.
  const made = new Map<string, Mangle | undefined>();
  const changeOf = ({ name }: FaultChoice): Mangle | undefined => {
    if (!made.has(name)) made.set(name, manglers[name]?.());
    return made.get(name);
  };
  let sent = 0;
  return {
    mangle: (message) => chosen().reduce((changed, choice) => changeOf(choice)?.(changed) ?? changed, message),
    mangleEnvelope: (envelope) => {
      sent += 1;
      return damaged(envelope, chosen(), sent);
    },
  };
}
