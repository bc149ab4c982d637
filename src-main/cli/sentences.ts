import type { UntimedEvent } from '../contract/events.ts';
import type { CommandOutcome } from './command.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Control characters of a peer's text would move the cursor of a terminal or colour it. */
function plain(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}

function because(value: unknown): string {
  return value === undefined ? '' : `: ${plain(value)}`;
}

function messageSentence(event: Fields): string {
  const way = event.direction === 'to-dms' ? 'handset → DMS' : 'DMS → handset';
  const unread = event.package === -1;
  const what = unread ? 'unreadable message' : `message ${plain(event.msgId)}, package ${plain(event.package)}`;
  return `session ${plain(event.session)}  ${way}  ${what}, ${plain(event.bytes)} bytes`;
}

const SENTENCES: Readonly<Record<string, (event: Fields) => string>> = {
  listening: (event) => `listening on ${plain(event.address)} (pid ${plain(event.pid)})`,
  handset: (event) =>
    `handset ${plain(event.device)} at ${plain(event.address)}: ${plain(event.state)}${because(event.reason)}`,
  session: (event) =>
    `session ${plain(event.id)}  ${plain(event.handset)} with ${plain(event.dms)}: ${plain(event.state)}${because(event.reason)}`,
  message: messageSentence,
  progress: (event) =>
    `${event.job === undefined ? `session ${plain(event.session)}` : `job ${plain(event.job)}`}  ${plain(event.done)} of ${plain(event.total)} bytes`,
  error: (event) =>
    `error ${plain(event.code)}: ${plain(event.message)}${event.offset === undefined ? '' : ` (at byte ${plain(event.offset)})`}`,
};

function fieldText(value: unknown): string {
  return plain(typeof value === 'string' ? value : JSON.stringify(value));
}

/** One event as one line for people. A kind that has no sentence of its own is shown by its fields. */
export function sentenceOf(event: UntimedEvent): string {
  const fields: Fields = event;
  const type = String(fields.type);
  const sentence = SENTENCES[type];
  if (sentence !== undefined) return sentence(fields);
  const rest = Object.entries(fields).filter(([name]) => name !== 'type' && name !== 'time');
  return `${type}  ${rest.map(([name, value]) => `${name} ${fieldText(value)}`).join(', ')}`;
}

/** The last line for people. */
export function outcomeSentence(outcome: Omit<CommandOutcome, 'exitCode'>): string {
  const { ok, code, message } = outcome;
  if (ok) return message === undefined ? 'done' : `done: ${plain(message)}`;
  return `failed${because(message)}${code === undefined ? '' : ` (${plain(code)})`}`;
}
