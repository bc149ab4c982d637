import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import { seconds } from '../../base/durations.ts';
import type { Emit, PromptEvent } from '../../contract/events.ts';
import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';
import { LineReader } from './line-reader.ts';

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
}

/**
 * A question without MAXDT waits for this time, in seconds: less than the two minutes after which a relay takes a
 * session for stalled.
 */
const WAIT_LIMIT = 110;

const Answer = z.object({ prompt: z.string(), answer: z.enum(['accept', 'reject', 'cancel']) });
/** What a person types. */
const TYPED: Readonly<Record<string, UserAnswer>> = {
  y: 'accept',
  yes: 'accept',
  n: 'reject',
  no: 'reject',
  c: 'cancel',
  cancel: 'cancel',
};

interface OpenQuestion {
  readonly text: string;
  readonly answer: (answer: UserAnswer) => void;
}

/** The person at a virtual handset. Questions of several sessions may be open side by side; a terminal has one at a time. */
export class Person {
  readonly #options: PersonOptions;
  /** By prompt id, oldest first. */
  readonly #open = new Map<string, OpenQuestion>();

  constructor(options: PersonOptions) {
    this.#options = options;
    const lines = new LineReader();
    options.input.on('data', (chunk: Uint8Array | string) => {
      for (const line of lines.take(chunk)) this.#take(line);
    });
    // Nobody answers any more then, and the questions run into their limits.
    options.input.on('error', () => undefined);
  }

  /**
   * The answer, or `timeout` when none came in the question's time.
   * @throws AbortError when `signal` is aborted first.
   */
  async ask(question: UserQuestion, signal: AbortSignal): Promise<UserAnswer> {
    signal.throwIfAborted();
    const { clock } = this.#options;
    const limit = seconds(question.maxSeconds ?? WAIT_LIMIT);
    const id = randomUUID();
    const until = new Date(clock.now().getTime() + limit).toISOString();
    const answered = Promise.withResolvers<UserAnswer>();
    const over = new AbortController();
    const ended = AbortSignal.any([signal, over.signal]);
    const timeout = clock.sleep(limit, ended).then((): UserAnswer => 'timeout');
    this.#open.set(id, { text: question.text, answer: answered.resolve });
    this.#tell({ id, text: question.text, until });
    let end: NonNullable<PromptEvent['end']> = 'gone';
    try {
      const answer = await Promise.race([answered.promise, timeout]);
      end = answer;
      return answer;
    } finally {
      over.abort();
      this.#open.delete(id);
      this.#tell({ id, text: question.text, end });
    }
  }

  #tell(prompt: Pick<PromptEvent, 'id' | 'text' | 'until' | 'end'>): void {
    const { json, emit, device } = this.#options;
    if (json) emit({ type: 'prompt', device, ...prompt });
    else if (prompt.end !== undefined || this.#open.size === 1) this.#showOldest();
  }

  #showOldest(): void {
    const [oldest] = this.#open.values();
    if (oldest !== undefined) this.#options.note(`${plain(oldest.text)} [y/n/cancel]`);
  }

  #take(line: string): void {
    if (!this.#options.json) return void this.#takeTyped(line);
    let answer: z.infer<typeof Answer>;
    try {
      answer = Answer.parse(JSON.parse(line));
    } catch {
      return;
    }
    this.#open.get(answer.prompt)?.answer(answer.answer);
  }

  #takeTyped(line: string): void {
    const [oldest] = this.#open.values();
    if (oldest === undefined) return;
    const word = line.trim().toLowerCase();
    const answer = Object.hasOwn(TYPED, word) ? TYPED[word] : undefined;
    if (answer === undefined) this.#showOldest();
    else oldest.answer(answer);
  }
}

/** Control characters of a server's text would move the cursor of a terminal or colour it. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}
