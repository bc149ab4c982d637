import type { UntimedEvent } from '../contract/events.ts';
import { describeEvent } from '../wording/describe-event.ts';
import { timeText } from '../wording/numbers.ts';
import type { CommandOutcome } from './command.ts';
import { behindTheWords } from './failure-words.ts';

/** Control characters of a peer's text would move the cursor of a terminal or colour it. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '\uFFFD');
}

/** What a terminal shows behind the sentence: the page has places of its own for it. */
function particulars(event: UntimedEvent): readonly unknown[] {
  switch (event.type) {
    case 'listening':
    case 'started':
      return [`process ${event.pid}`];
    case 'handset':
      return [event.address === '' || event.device === '' ? undefined : `at ${event.address}`];
    case 'session':
      return [`${event.handset} with ${event.dms}`, event.reason];
    case 'message':
      return [`session ${event.session}`, event.package < 0 ? 'unreadable' : `message ${event.msgId}`];
    case 'phase':
      return [event.session === '' ? undefined : `session ${event.session}`];
    case 'progress':
      return [event.job === undefined ? `session ${event.session}` : `job ${event.job}`];
    case 'interruption':
      return [event.code, event.state === 'lost' ? `until ${timeText(event.until, 'en')}` : undefined];
    case 'continuation':
      return [event.code, event.session === undefined ? undefined : `session ${event.session}`];
    case 'prompt':
      return [
        event.until === undefined || event.end !== undefined ? undefined : `until ${timeText(event.until, 'en')}`,
      ];
    case 'caller':
      return [
        `caller ${event.id}`,
        event.state === 'asking' && event.until !== undefined ? `held until ${timeText(event.until, 'en')}` : undefined,
      ];
    case 'job': {
      const { done, total, resultCode, message } = event;
      return [
        `job ${event.job}`,
        done === undefined || total === undefined ? undefined : `${done} of ${total} bytes`,
        resultCode === undefined ? undefined : `result code ${resultCode}`,
        message,
      ];
    }
    case 'act':
      return [event.message];
    case 'error':
      return [
        behindTheWords(event.code, event.message),
        event.offset === undefined ? undefined : `at byte ${event.offset}`,
      ];
  }
}

function sentence(words: string, rest: readonly unknown[]): string {
  const known = rest.filter((value) => value !== undefined);
  return plain(known.length === 0 ? words : `${words} – ${known.join(', ')}`);
}

/** One event as one line for people, in the words of the page. */
export function sentenceOf(event: UntimedEvent): string {
  return sentence(describeEvent(event), particulars(event));
}

/** The last line for people. */
export function outcomeSentence({ ok, code, message }: Pick<CommandOutcome, 'ok' | 'code' | 'message'>): string {
  const words = describeEvent({ type: 'result', ok, ...(code === undefined ? {} : { code }) });
  return sentence(words, [ok || code === undefined ? message : behindTheWords(code, message)]);
}
