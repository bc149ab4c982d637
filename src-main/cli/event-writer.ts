import type { UntimedEvent } from '../contract/events.ts';
import type { CommandOutcome } from './command.ts';
import { type MaskOptions, masked } from './masking.ts';
import { outcomeSentence, sentenceOf } from './sentences.ts';

/** What of a writable stream is used; `process.stdout` is one. */
export interface TextOutput {
  write(text: string, done?: (error?: Error | null) => void): boolean;
}

export interface EventWriterOptions {
  readonly json: boolean;
  readonly unmask: boolean;
  /** All handsets of this command are virtual; else an event says so of itself by `virtual: true`. */
  readonly virtual: boolean;
  /** Standard output carries a document in text mode, so sentences go to standard error. */
  readonly document: boolean;
  /** Says the `listening` line in the command's own words. */
  readonly listening?: (address: string) => string;
  /** Passwords of the command line. */
  readonly secrets: readonly string[];
  readonly output: TextOutput;
  readonly errorOutput: TextOutput;
  readonly now?: () => Date;
}

/**
 * Writes what a command has to say: JSON lines or sentences on standard output, one an event, and the result as the
 * last, once. Nothing is written after it. Streams of Node write to pipes and files at once on POSIX; `flush` waits
 * for the rest.
 */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #ended = false;
  /** What the last error sentence said, so that the result need not say it again. */
  #lastError: { readonly code: unknown; readonly message: unknown } | undefined;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  get ended(): boolean {
    return this.#ended;
  }

  readonly emit = (event: UntimedEvent): void => {
    if (this.#ended) return;
    const shown = masked(event, this.#maskFor(event)) as UntimedEvent;
    if (event.type === 'error') this.#lastError = event;
    if (this.#options.json) this.#writeJson(shown);
    else this.#sentenceOutput(event.type === 'error').write(`${this.#sentence(shown)}\n`);
  };

  readonly note = (text: string): void => {
    const shown = masked(text, this.#maskFor({}), 'message');
    this.#options.errorOutput.write(`${String(shown)}\n`);
  };

  /** A line of a list, masked unless what it shows is `virtual`. */
  readonly print = (text: string, virtual = false): void => {
    if (this.#ended || this.#options.json) return;
    const shown = masked(text, this.#maskFor({ virtual }), 'message');
    this.#sentenceOutput(false).write(`${String(shown)}\n`);
  };

  /** The last line; a second call does nothing. */
  result(outcome: CommandOutcome): void {
    if (this.#ended) return;
    this.#ended = true;
    const { exitCode: _, ...fields } = outcome;
    const shown = masked(fields, this.#maskFor(outcome)) as Pick<CommandOutcome, 'ok' | 'code' | 'message'>;
    if (this.#options.json) this.#writeJson({ type: 'result', ...shown });
    else if (this.#mustSay(outcome)) {
      this.#sentenceOutput(!outcome.ok).write(`${outcomeSentence(shown)}\n`);
    }
  }

  #mustSay(outcome: CommandOutcome): boolean {
    if (outcome.ok) return !this.#options.document;
    return this.#lastError?.code !== outcome.code || this.#lastError?.message !== outcome.message;
  }

  /** Resolves when the system has taken everything (or the reader has gone). */
  flush(): Promise<void> {
    const { output, errorOutput } = this.#options;
    const flushed = (stream: TextOutput) => new Promise<void>((done) => void stream.write('', () => done()));
    return Promise.all([flushed(output), flushed(errorOutput)]).then(() => undefined);
  }

  #maskFor(event: Readonly<Record<string, unknown>>): MaskOptions {
    const { unmask, virtual, secrets } = this.#options;
    return { equipmentNumbers: !unmask && !virtual && event.virtual !== true, secrets };
  }

  #sentence(event: UntimedEvent): string {
    const { listening } = this.#options;
    if (event.type !== 'listening' || listening === undefined) return sentenceOf(event);
    return listening(String(event.address));
  }

  #sentenceOutput(isError: boolean): TextOutput {
    return isError || this.#options.document ? this.#options.errorOutput : this.#options.output;
  }

  #writeJson(event: { readonly type: string }): void {
    const time = (this.#options.now?.() ?? new Date()).toISOString();
    const { type, ...fields } = event;
    const line = JSON.stringify({ type, time, ...fields });
    // The line separators of Unicode are line ends for some readers of NDJSON.
    this.#options.output.write(
      `${line.replace(/[\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16)}`)}\n`,
    );
  }
}
