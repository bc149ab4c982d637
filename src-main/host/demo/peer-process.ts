import { createInterface } from 'node:readline';
import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { AgentEvent } from '../../contract/events.ts';
import { type StartedPeer, startPeer } from './start-peer.ts';

/** How long a peer may take to end when it is asked to. */
const END_LIMIT = seconds(5);

export interface PeerProcessOptions {
  /** Its standard input is open for `say`; default no. */
  readonly takesLines?: boolean;
  /** Events that are kept, the last ones; default all. */
  readonly keeps?: number;
}

/** A virtual peer: a process of its own, known only by the events that it writes. */
export class PeerProcess {
  readonly events: AgentEvent[] = [];
  readonly #child: StartedPeer;
  readonly #name: string;
  readonly #watchers = new Set<() => void>();
  /** Resolves when the process has gone and everything that it said was read. */
  readonly ended: Promise<void>;
  readonly #keeps: number;
  #gone = false;
  #lastWords = '';

  constructor(
    name: string,
    args: readonly string[],
    home: string,
    onEvent: (event: AgentEvent) => void,
    { takesLines = false, keeps = Number.POSITIVE_INFINITY }: PeerProcessOptions = {},
  ) {
    this.#name = name;
    this.#keeps = keeps;
    this.#child = startPeer([...args, '--json'], { home, takesLines });
    this.ended = this.#child.closed.then((error) => {
      if (error !== undefined) this.#lastWords = error.message;
      this.#gone = true;
      this.#wake();
    });
    // A peer that has gone reads nothing; its end is told by `ended`.
    this.#child.stdin?.on('error', () => undefined);
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line, onEvent));
    }
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-400);
    });
  }

  /**
   * The first event that `find` accepts, among those that came and those to come.
   * @throws PcAgentError `demo/peer-ended`, `demo/peer-silent`; AbortError.
   */
  async event<E extends AgentEvent>(
    find: (event: AgentEvent) => event is E,
    options: { readonly limit: Duration; readonly signal: AbortSignal },
  ): Promise<E> {
    const limit = AbortSignal.timeout(options.limit);
    const signal = AbortSignal.any([options.signal, limit]);
    for (;;) {
      const found = this.events.find(find);
      if (found !== undefined) return found;
      if (this.#gone)
        throw new PcAgentError('demo/peer-ended', `${this.#name} ended too early: ${this.#lastWords.trim()}`);
      options.signal.throwIfAborted();
      if (limit.aborted) throw new PcAgentError('demo/peer-silent', `${this.#name} did not say what it should in time`);
      await this.#stirred(signal);
    }
  }

  /** One line on its standard input. */
  say(line: string): void {
    if (!this.#gone) this.#child.stdin?.write(`${line}\n`);
  }

  /** Ends the process and waits until it has gone; its result line is then among the events. */
  async end(): Promise<void> {
    if (!this.#gone) this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_LIMIT);
    await this.ended;
    clearTimeout(timer);
  }

  #take(line: string, onEvent: (event: AgentEvent) => void): void {
    let event: AgentEvent;
    try {
      event = AgentEvent.parse(JSON.parse(line));
    } catch {
      // A line that is no event of the contract is no evidence for anything.
      return;
    }
    this.events.push(event);
    if (this.events.length > this.#keeps) this.events.shift();
    onEvent(event);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#watchers) wake();
  }

  #stirred(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#watchers.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#watchers.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
    });
  }
}
