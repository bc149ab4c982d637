import { assertNever } from '../base/errors.ts';
import type {
  AgentEvent,
  CallerEvent,
  ContinuationEvent,
  ErrorEvent,
  JobEvent,
  MessageEvent,
  PromptEvent,
  ResultEvent,
  UntimedEvent,
} from '../contract/events.ts';
import { type Catalogue, catalogue } from './catalogue.ts';
import { events as english } from './en/events.ts';
import { errorText } from './error-text.ts';
import type { Language } from './language.ts';
import { sizeText } from './numbers.ts';

type Untimed<E> = { [K in keyof E as K extends 'time' ? never : K]: E[K] };

/** One event as one line for people. */
export function describeEvent(
  event: UntimedEvent | Untimed<ResultEvent> | AgentEvent,
  language: Language = 'en',
): string {
  const words = wordsOf(language);
  const { common } = catalogue(language).screens;
  switch (event.type) {
    case 'listening':
      return words.listening(event.address);
    case 'started':
      return words.started(event.address);
    case 'handset':
      // What is attached and has not said who it is has an address only.
      return words.handset(event.device === '' ? event.address : event.device, event.state, event.reason);
    case 'session':
      return words.session[event.state](event.id);
    case 'message':
      return describeMessageEvent(event, language);
    case 'phase':
      return words.phase(common.phases[event.phase], common.unplug[event.unplug]);
    case 'interruption':
      return words.interruption[event.state](event.handset);
    case 'continuation':
      return describeContinuation(event, language);
    case 'progress': {
      const percent = event.total > 0 ? Math.floor((event.done * 100) / event.total) : 0;
      const say = event.fetched === true ? words.progressFetched : words.progress;
      return say(sizeText(event.done, language), sizeText(event.total, language), percent);
    }
    case 'prompt':
      return describePrompt(event, language);
    case 'caller':
      return describeCaller(event, language);
    case 'job':
      return describeJob(event, language);
    case 'act':
      return words.act[event.state](actName(event.act, language));
    case 'error':
      return describeError(event, language);
    case 'result':
      return describeResult(event, language);
    default:
      return assertNever(event);
  }
}

function describeContinuation({ from, over, how, kept = 0 }: Untimed<ContinuationEvent>, language: Language): string {
  const words = wordsOf(language).continuation;
  const where = from === over ? words.same(over) : words.other(from, over);
  return `${where}: ${words.how[how](sizeText(kept, language))}`;
}

function describePrompt({ kind, device, text, end }: Untimed<PromptEvent>, language: Language): string {
  const words = wordsOf(language);
  const display = kind === 'display';
  if (end === undefined) return display ? words.promptDisplay(device, text) : words.prompt(device, text);
  return display && end !== 'gone' ? words.promptDisplayEnd(device) : words.promptEnd[end](device);
}

function describeCaller({ device, from, kind, state, missed }: Untimed<CallerEvent>, language: Language): string {
  const words = wordsOf(language).caller;
  const who = [device, from].filter((part) => part !== undefined);
  const what = state === 'missed' && missed === 'left' ? missed : state;
  return words[what](who.length === 0 ? words.unknown : who.join(', '), words.ways[kind]);
}

function describeJob(event: Untimed<JobEvent>, language: Language): string {
  const words = wordsOf(language).job;
  const { operation, package: packageId, component, device, state, approval } = event;
  const subject = [operation, packageId ?? component, device].filter((part) => part !== undefined);
  const held = state === 'queued' && (approval === 'awaited' || approval === 'refused');
  return words.line(subject.join(' '), held ? words.approval[approval] : words.states[state]);
}

/** The name of a demo act on the screen. */
export function actName(act: string, language: Language = 'en'): string {
  const acts: Readonly<Record<string, string>> = wordsOf(language).acts;
  return (Object.hasOwn(acts, act) ? acts[act] : undefined) ?? act;
}

function describeMessageEvent(event: Untimed<MessageEvent>, language: Language): string {
  const words = wordsOf(language);
  const size = sizeText(event.bytes, language);
  const line = event.direction === 'to-dms' ? words.messageToDms(size) : words.messageToHandset(size);
  return event.package < 0 ? line : `${line}, ${words.package(event.package)}`;
}

function describeError(event: Untimed<ErrorEvent>, language: Language): string {
  return wordsOf(language).error(errorText(event.code, language).what, event.code);
}

/** Work that the handset has begun and not said the end of: it has not failed. */
const AWAITED: readonly string[] = ['scomo/completion-awaited', 'job/waiting'];

function describeResult(event: Untimed<ResultEvent>, language: Language): string {
  const words = wordsOf(language);
  if (event.ok) return words.resultOk;
  if (event.code === undefined) return words.resultFailedPlain;
  const say = AWAITED.includes(event.code) ? words.resultWaiting : words.resultFailed;
  return say(errorText(event.code, language).what, event.code);
}

/** English is what the command line speaks, which loads no other words; the page has all of them by then. */
function wordsOf(language: Language): Catalogue['events'] {
  return language === 'en' ? english : catalogue(language).events;
}
