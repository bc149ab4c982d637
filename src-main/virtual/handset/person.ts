import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Clock } from '../../base/clock.ts';
import { seconds } from '../../base/durations.ts';
import type { Emit, PromptEvent } from '../../contract/events.ts';
import { ANSWER_FAULTS, answerFault, promptEnd, type Said } from '../../contract/prompt-answer.ts';
import { PromptAnswer } from '../../contract/prompts.ts';
import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';
import { hearLines } from './line-reader.ts';
import { shownQuestion } from './scripted-answer.ts';
import { questionLines, typedAnswer } from './typed-answer.ts';

export interface PersonOptions {
  readonly device: string;
  /** Where the answers come from, a line each. */
  readonly input: Readable;
  /** Questions are `prompt` events and answers JSON lines; else both are for a terminal. */
  readonly json: boolean;
  readonly emit: Emit;
  /** A line for people. */
  readonly note: (text: string) => void;
  readonly clock: Clock;
  /** Takes the lines that are no answers; default: every line is meant for the person's question. */
  readonly others?: (line: string) => boolean;
}

/**
 * A question without MAXDT waits for this time, in seconds: less than the two minutes after which a relay takes a
 * session for stalled.
 */
const WAIT_LIMIT = 110;
/** A display without MAXDT is over after this time, in seconds: it asks nothing that the session should wait for. */
const DISPLAY_LIMIT = 15;

type PersonAnswer = Exclude<UserAnswer, 'timeout'>;

interface OpenQuestion {
  readonly id: string;
  readonly question: UserQuestion;
  readonly answer: (answer: PersonAnswer) => void;
}

/** The person at a virtual handset. Questions of several sessions may be open side by side; a terminal has one at a time. */
export class Person {
  readonly #options: PersonOptions;
  /** By prompt id, oldest first. */
  readonly #open = new Map<string, OpenQuestion>();

  constructor(options: PersonOptions) {
    this.#options = options;
    // An input that breaks: nobody answers any more, and the questions run into their limits.
    hearLines(options.input, [
      ...(options.others === undefined ? [] : [options.others]),
      (line) => {
        this.#take(line);
        return true;
      },
    ]);
  }

  /**
   * The answer, or `timeout` when none came in the question's time.
   * @throws AbortError when `signal` is aborted first.
   */
  async ask(question: UserQuestion, signal: AbortSignal): Promise<UserAnswer> {
    signal.throwIfAborted();
    const { clock } = this.#options;
    const limit = seconds(limitOf(question));
    const id = randomUUID();
    const until = new Date(clock.now().getTime() + limit).toISOString();
    const answered = Promise.withResolvers<PersonAnswer>();
    const over = new AbortController();
    const ended = AbortSignal.any([signal, over.signal]);
    const timeout = clock.sleep(limit, ended).then(() => 'timeout' as const);
    this.#open.set(id, { id, question, answer: answered.resolve });
    this.#tell(id, question, { until });
    let end: NonNullable<PromptEvent['end']> = 'gone';
    try {
      const answer = await Promise.race([answered.promise, timeout]);
      end = answer === 'timeout' ? answer : promptEnd(saidBy(answer));
      return answer;
    } finally {
      over.abort();
      this.#open.delete(id);
      this.#tell(id, question, { end });
    }
  }

  #tell(id: string, question: UserQuestion, state: Pick<PromptEvent, 'until' | 'end'>): void {
    const { json, emit, device } = this.#options;
    if (json) {
      const { maxSeconds: _, ...asked } = shownQuestion(question);
      emit({ type: 'prompt', id, device, ...asked, ...state });
    } else if (state.end !== undefined || this.#open.size === 1) this.#showOldest();
  }

  #showOldest(): void {
    const [oldest] = this.#open.values();
    if (oldest === undefined) return;
    for (const line of questionLines(oldest.question)) this.#options.note(line);
  }

  #take(line: string): void {
    if (!this.#options.json) return void this.#takeTyped(line);
    let said: PromptAnswer;
    try {
      said = PromptAnswer.parse(JSON.parse(line));
    } catch {
      return;
    }
    const open = this.#open.get(said.prompt);
    if (open !== undefined) this.#answer(open, 'answer' in said ? said.answer : said);
  }

  #takeTyped(line: string): void {
    const [oldest] = this.#open.values();
    if (oldest === undefined) return;
    const answer = typedAnswer(oldest.question, line);
    if (answer === undefined) this.#showOldest();
    else this.#answer(oldest, answer);
  }

  /** A question that does not take the answer stays open; what was said is not repeated, since it may be a secret. */
  #answer({ id, question, answer }: OpenQuestion, given: PersonAnswer): void {
    const fault = answerFault(question, saidBy(given));
    if (fault === undefined) {
      answer(typeof given === 'string' ? given : 'text' in given ? { text: given.text } : { chosen: given.chosen });
      return;
    }
    const message = ANSWER_FAULTS[fault];
    if (this.#options.json) this.#options.emit({ type: 'error', code: 'prompt/answer-invalid', message, prompt: id });
    else {
      this.#options.note(message);
      this.#showOldest();
    }
  }
}

/**
 * How long a person may take for an answer, in seconds.
 *
 * MAXDT is what the server waits at most, so it counts even against a longer MINDT. MINDT is a hint: a display that
 * nobody acknowledges stays for so long, and the answer of a person is not held back for it.
 */
export function limitOf({ kind, maxSeconds, minSeconds = 0 }: UserQuestion): number {
  if (maxSeconds !== undefined) return maxSeconds;
  return Math.min(WAIT_LIMIT, kind === 'display' ? Math.max(DISPLAY_LIMIT, minSeconds) : WAIT_LIMIT);
}

function saidBy(answer: PersonAnswer): Said {
  return typeof answer === 'string' ? { answer } : answer;
}
