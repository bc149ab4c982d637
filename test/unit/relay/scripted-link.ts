import type { Envelope } from '../../../src-main/link/message-link.ts';
import type { Uplink } from '../../../src-main/relay/relay-session.ts';

/** What a link does when it is asked: a message, nothing more, a failure, silence for ever. */
export type Cue = Envelope | undefined | Error | 'silence';

/** A link that plays a part and writes down what is asked of it. */
export class ScriptedLink implements Uplink {
  url = new URL('http://dms.example/dm');
  readonly sent: Envelope[] = [];
  readonly #name: string;
  readonly #log: string[];
  readonly #cues: Cue[];
  readonly #sends: Cue[];

  /** @param sends what each `send` meets; a message that is not listed is taken. */
  constructor(name: string, log: string[], cues: readonly Cue[], sends: readonly Cue[] = []) {
    this.#name = name;
    this.#log = log;
    this.#cues = [...cues];
    this.#sends = [...sends];
  }

  async receive(signal: AbortSignal): Promise<Envelope | undefined> {
    this.#log.push(`${this.#name}: receive`);
    if (this.#cues.length === 0) throw new TypeError(`${this.#name} was asked once too often`);
    return play(this.#cues.shift(), signal);
  }

  async send(envelope: Envelope, signal: AbortSignal): Promise<void> {
    this.#log.push(`${this.#name}: send ${this.#name === 'dms' ? this.url.href : envelope.contentType}`);
    this.sent.push(envelope);
    await play(this.#sends.shift(), signal);
  }

  sayNothing(): void {
    this.#log.push(`${this.#name}: say nothing`);
  }

  async close(reason: 'done' | 'aborted'): Promise<void> {
    this.#log.push(`${this.#name}: close ${reason}`);
  }
}

async function play(cue: Cue, signal: AbortSignal): Promise<Envelope | undefined> {
  if (cue instanceof Error) throw cue;
  if (cue !== 'silence') return cue;
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')), { once: true });
  });
}
