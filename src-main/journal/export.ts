import { type CsvCell, csvRow } from '../base/csv.ts';
import type { CommandSummary } from '../contract/message-summary.ts';
import type { JournalDetail, MessageView, SessionView } from './views.ts';

export interface ExportOptions {
  readonly format: 'csv' | 'json';
  /** Applied to every text before it leaves: hides equipment numbers, or gives the text back as it is. */
  readonly hide: (text: string) => string;
}

/** What an export is made of; messages are asked for session by session, so that a long journal fits in memory. */
export interface ExportSource {
  sessions(): Iterable<SessionView>;
  messages(session: number): Iterable<MessageView>;
  detail(session: number, number: number): JournalDetail | undefined;
}

/** The journal as text, piece by piece. Secrets are masked; the octets, in which numbers could hide, are left out. */
export function* exportText(source: ExportSource, { format, hide }: ExportOptions): Generator<string> {
  if (format === 'csv') yield* csv(source, hide);
  else yield* json(source, hide);
}

const COLUMNS = [
  'session',
  'sessionId',
  'kind',
  'handset',
  'device',
  'dms',
  'virtual',
  'startedAt',
  'state',
  'code',
  'message',
  'at',
  'direction',
  'package',
  'msgId',
  'bytes',
  'sha256',
  'contentType',
  'readable',
  'commands',
] as const;

/** RFC 4180, a row a message. */
function* csv(source: ExportSource, hide: (text: string) => string): Generator<string> {
  yield csvRow(COLUMNS);
  for (const session of source.sessions()) {
    for (const message of source.messages(session.number)) {
      const cells = [...sessionCells(session), ...messageCells(message)];
      yield csvRow(cells.map((cell) => (typeof cell === 'string' ? hide(cell) : cell)));
    }
  }
}

function sessionCells(session: SessionView): readonly CsvCell[] {
  const { number, sessionId, kind, handset, device, dms, virtual, startedAt, state, code } = session;
  return [number, sessionId, kind, handset, device, dms, virtual, startedAt, state, code];
}

function messageCells(message: MessageView): readonly CsvCell[] {
  const { number, at, direction, msgId, bytes, sha256, contentType, summary } = message;
  const commands = summary.commands.map(commandText).join('; ');
  return [number, at, direction, message.package, msgId, bytes, sha256, contentType, summary.readable, commands];
}

function commandText({ kind, answers, code, uri }: CommandSummary): string {
  return [kind, answers, code, uri].filter((part) => part !== undefined).join(' ');
}

function* json(source: ExportSource, hide: (text: string) => string): Generator<string> {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'string' ? hide(inner) : inner));
  yield '{"format":"pc-agent-journal","version":1,"sessions":[';
  let session = '';
  for (const view of source.sessions()) {
    yield `${session}${text(view).slice(0, -1)},"messages":[`;
    session = '\n,';
    let message = '';
    for (const one of source.messages(view.number)) {
      const { body, detail } = source.detail(view.number, one.number) ?? {};
      yield `${message}\n${text({ ...one, body, xml: detail?.xml, masked: detail?.masked })}`;
      message = ',';
    }
    yield ']}';
  }
  yield ']}\n';
}
