import { strictTextOf } from '../../base/bytes.ts';
import { assertNever } from '../../base/errors.ts';
import type { CommandSummary, MessageSummary } from '../../contract/message-summary.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Command, Data, Item, Meta } from '../../syncml/model.ts';
import { authTypeOf } from '../auth/credentials.ts';
import { notificationSessionText } from '../notification/notification.ts';
import { type Reading, readMessage } from './read-message.ts';
import { asksForSecret, holdsSecret, isSecretAnswer, isSecretNode, uriOf } from './secret-nodes.ts';

/** A hostile message may hold thousands of commands; a person reads none of these. */
const MAX_COMMANDS = 200;
const MAX_TEXT = 80;
const MAX_NAME = 256;
/** A longer value is content, and is not searched for something to show. */
const MAX_READ_TEXT = 2048;

/** Stands for a package number that is not known. */
export const UNKNOWN_PACKAGE = -1;

/** What one message says, without its place in a session. */
export function summarise(envelope: Envelope): MessageSummary {
  return summaryOf(readMessage(envelope), envelope, UNKNOWN_PACKAGE);
}

export function summaryOf(reading: Reading, envelope: Envelope, dmPackage: number): MessageSummary {
  switch (reading.kind) {
    case 'notification': {
      const { notification } = reading;
      return {
        ...UNREAD,
        readable: true,
        sessionId: notificationSessionText(notification.sessionId),
        msgId: 0,
        package: 0,
        final: true,
        source: notification.serverId,
      };
    }
    case 'message': {
      const { header, commands, final } = reading.message;
      const summaries: CommandSummary[] = [];
      addCommands(commands, summaries);
      return {
        readable: true,
        sessionId: cut(header.sessionId, MAX_NAME),
        msgId: wholeNumber(header.msgId) ?? -1,
        package: dmPackage,
        final,
        source: cut(header.source.uri, MAX_NAME),
        target: cut(header.target.uri, MAX_NAME),
        credentials: credentialsOf(header.cred?.meta, header.cred !== undefined, envelope),
        commands: summaries,
      };
    }
    case 'unread':
      return UNREAD;
    default:
      return assertNever(reading);
  }
}

const UNREAD: MessageSummary = Object.freeze({
  readable: false,
  sessionId: '',
  msgId: -1,
  package: UNKNOWN_PACKAGE,
  final: false,
  source: '',
  target: '',
  credentials: 'none',
  commands: [],
});

function credentialsOf(meta: Meta | undefined, given: boolean, envelope: Envelope): MessageSummary['credentials'] {
  if (envelope.hmac !== undefined) return 'mac';
  // A Cred without a type is basic (DM Representation 1.2, 4.1.1.6).
  return given ? (authTypeOf(meta?.type) ?? 'basic') : 'none';
}

function addCommands(commands: readonly Command[], summaries: CommandSummary[]): void {
  for (const command of commands) {
    if (summaries.length >= MAX_COMMANDS) return;
    summaries.push(commandSummary(command));
    if (command.kind === 'Atomic' || command.kind === 'Sequence') addCommands(command.commands, summaries);
  }
}

function commandSummary(command: Command): CommandSummary {
  const summary: CommandSummary = { kind: command.kind, cmdId: cut(command.cmdId, MAX_NAME), items: 0 };
  switch (command.kind) {
    case 'Add':
    case 'Replace':
    case 'Delete':
    case 'Copy':
    case 'Get':
    case 'Exec':
      return withItems(summary, command.items, command.meta);
    case 'Alert': {
      const code = wholeNumber(command.code);
      if (code !== undefined) summary.code = code;
      const resultCode = resultCodeOf(command.items[0]?.data);
      if (resultCode !== undefined) summary.resultCode = resultCode;
      return withItems(summary, command.items, command.meta);
    }
    case 'Results':
      return withItems(summary, command.items, command.meta, command.targetRef ?? command.sourceRef);
    case 'Status': {
      const code = wholeNumber(command.code);
      if (code !== undefined) summary.code = code;
      summary.answers = cut(command.cmd, MAX_NAME);
      if (command.chal !== undefined) summary.challenge = true;
      return withItems(summary, command.items, undefined, command.targetRefs[0] ?? command.sourceRefs[0]);
    }
    case 'Atomic':
    case 'Sequence':
      summary.children = command.commands.length;
      return summary;
    case 'Unknown':
      summary.kind = cut(command.name, MAX_NAME);
      return summary;
    default:
      return assertNever(command);
  }
}

function withItems(
  summary: CommandSummary,
  items: readonly Item[],
  meta: Meta | undefined,
  refersTo?: string,
): CommandSummary {
  summary.items = items.length;
  const first = items[0];
  const uri = (first === undefined ? undefined : uriOf(first)) ?? refersTo;
  if (uri !== undefined && uri !== '') summary.uri = cut(uri, MAX_NAME);
  if (first === undefined) return summary;
  const size = wholeNumber(first.meta?.size ?? meta?.size);
  if (size !== undefined) summary.size = size;
  if (first.moreData === true) summary.moreData = true;
  if (first.data === undefined) return summary;
  summary.bytes = dataLength(first.data);
  // A result without a name may be anything, a password too.
  if (summary.kind === 'Results' && uri === undefined) return summary;
  if (summary.answers === 'Alert' && isSecretAnswer(first.data)) return summary;
  if (summary.kind === 'Alert' && asksForSecret(first.data)) return summary;
  const text = textOfData(first.data, uri, first.meta?.format ?? meta?.format);
  if (text !== undefined) summary.text = text;
  return summary;
}

/** Octets of a value as carried, without encoding it. */
export function dataLength(data: Data): number {
  if (typeof data !== 'string') return data.length;
  let length = data.length;
  for (let index = 0; index < data.length; index += 1) {
    const unit = data.charCodeAt(index);
    if (unit < 0x80) continue;
    // Three octets for what is no surrogate, and a pair of surrogates makes four: two each.
    length += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return length;
}

function textOfData(data: Data, uri: string | undefined, format: string | undefined): string | undefined {
  if (data.length === 0 || data.length > MAX_READ_TEXT || (uri !== undefined && isSecretNode(uri))) return undefined;
  // Encoded octets say nothing to a person unless they are few enough to be a name or a number.
  if (data.length > MAX_TEXT && (typeof data !== 'string' || /^\s*(?:b64|bin)\s*$/i.test(format ?? '')))
    return undefined;
  const text = typeof data === 'string' ? data : strictTextOf(data);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a text with control characters is no text for people.
  if (text === undefined || /[\u0000-\u0008\u000e-\u001f]/.test(text.slice(0, MAX_TEXT))) return undefined;
  return holdsSecret(text) ? undefined : cut(text.trim(), MAX_TEXT);
}

/** `<ResultCode>1200</ResultCode>` of a completion alert (SCOMO 1.0), or the bare number of FUMO 1.0. */
function resultCodeOf(data: Data | undefined): number | undefined {
  if (data === undefined || data.length > MAX_READ_TEXT) return undefined;
  const text = typeof data === 'string' ? data : strictTextOf(data);
  const found = text === undefined ? undefined : /^\s*(\d{3,4})\s*$|<ResultCode>\s*(\d{3,4})\s*</i.exec(text);
  const digits = found?.[1] ?? found?.[2];
  return digits === undefined ? undefined : Number(digits);
}

function wholeNumber(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
