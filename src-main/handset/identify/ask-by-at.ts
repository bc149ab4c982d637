import type { ByteStream } from '../../base/byte-stream.ts';
import type { Clock } from '../../base/clock.ts';
import { milliseconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { type AtAnswer, informationOf } from '../../bearer/serial/at-answer.ts';
import { askAt, discardUntilSilent, lateAnswer } from '../../bearer/serial/at-dialogue.ts';
import { type HandsetFacts, knownFacts, numberFacts } from './facts.ts';

export interface AskByAtOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told each thing as soon as it is known: a handset may go in the middle. */
  readonly learn: (facts: HandsetFacts) => void;
}

/** Every handset has these at hand. */
const LIMIT = milliseconds(1500);
/** An answer that came too late must not be taken for that to the next command. */
const LATE = milliseconds(300);
/** All questions together have ten seconds, so one that is not answered must not cost many of them. */
const LATER = milliseconds(700);

/** The commands of 3GPP TS 27.007, 5.1 to 5.3, and those of ITU-T V.250, 6.1, where it does not know them. */
const TEXTS = [
  { fact: 'manufacturer', commands: ['AT+CGMI', 'AT+GMI'] },
  { fact: 'model', commands: ['AT+CGMM', 'AT+GMM'] },
  { fact: 'firmware', commands: ['AT+CGMR', 'AT+GMR'] },
] as const;
/** The number (27.007, 5.4): without a parameter it is the maker's choice, 1 asks for the IMEI. */
const NUMBER = ['AT+CGSN', 'AT+GSN', 'AT+CGSN=1'] as const;
const NUMBER_NAME = /^\+C?GSN:\s*/i;

/**
 * Asks a handset that listens for AT commands who it is; the line stays as it is.
 * @throws PcAgentError `bearer/timeout` when it does not answer (any more), `bearer/no-obex` when it talks without an
 * end, `bearer/lost`; AbortError.
 */
export async function askByAt(stream: ByteStream, options: AskByAtOptions): Promise<void> {
  const dialogue = new Dialogue(stream, options);
  // The first one may end a line that noise began.
  if ((await dialogue.ask('ATE0')) === undefined) await dialogue.ask('ATE0');
  for (const { fact, commands } of TEXTS) {
    for (const command of commands) {
      const answer = await dialogue.ask(command);
      const text = answer === undefined ? undefined : informationOf(answer, command);
      if (text === undefined) continue;
      options.learn(knownFacts({ manufacturer: undefined, model: undefined, firmware: undefined, [fact]: text }));
      break;
    }
  }
  for (const command of NUMBER) {
    const answer = await dialogue.ask(command);
    const facts = answer === undefined ? {} : numberOf(answer, command);
    options.learn(facts);
    if (facts.imei !== undefined) return;
  }
}

class Dialogue {
  readonly #stream: ByteStream;
  readonly #options: AskByAtOptions;
  #silent = 0;

  constructor(stream: ByteStream, options: AskByAtOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  /** `undefined` for one command that is not answered; who leaves two in a row has gone, or is starting again. */
  async ask(command: string): Promise<AtAnswer | undefined> {
    const { clock, signal } = this.#options;
    const first = await askAt(this.#stream, command, { limit: LIMIT, clock, signal });
    // It may be the answer to the one before, and this one's own is still to come.
    const mayBeLate = first !== undefined && this.#silent > 0;
    const second = mayBeLate ? await lateAnswer(this.#stream, command, { limit: LATER, clock, signal }) : undefined;
    const answer = second ?? first;
    this.#silent = answer === undefined ? this.#silent + 1 : 0;
    if (this.#silent > 1) {
      throw new PcAgentError('bearer/timeout', 'the handset does not answer AT commands any more', {
        retry: 'later',
        details: { bearer: 'serial', command },
      });
    }
    if (answer === undefined) await discardUntilSilent(this.#stream, LATE, clock, signal);
    return answer;
  }
}

/** The IMEI wherever it stands; else the text that stands for a number. */
function numberOf(answer: AtAnswer, command: string): HandsetFacts {
  if (answer.result !== 'OK') return {};
  for (const line of answer.lines) {
    const facts = numberFacts(line.replace(NUMBER_NAME, '').replaceAll('"', ''));
    if (facts.imei !== undefined) return facts;
  }
  return numberFacts(informationOf(answer, command));
}
