import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { type Drain, pour, type Source } from '../../base/pour.ts';
import { bearerErrorOf } from './bearer-error.ts';
import type { FromChild } from './protocol.ts';

/** How long what was written before a close may take to be taken by the bearer. */
const LINGER = seconds(1);

/** The local socket that the user's process has for a stream. */
export interface UserEnd extends Source, Drain {
  /** Nothing more is written; what still comes is read. */
  end(): void;
  close(): Promise<void>;
}

/** Carries octets between a bearer's own stream and the socket that the other process has for it. */
export class ServedStream {
  readonly #stream: number;
  readonly #bearerEnd: ByteStream;
  readonly #userEnd: UserEnd;
  readonly #send: (message: FromChild) => void;
  readonly #stopReading = new AbortController();
  readonly #stopWriting = new AbortController();
  #over = false;
  #lingering: NodeJS.Timeout | undefined;

  constructor(stream: number, bearerEnd: ByteStream, userEnd: UserEnd, send: (message: FromChild) => void) {
    this.#stream = stream;
    this.#bearerEnd = bearerEnd;
    this.#userEnd = userEnd;
    this.#send = send;
  }

  /** Resolves when the bearer's own stream is closed. */
  async run(): Promise<void> {
    const outgoing = this.#toBearer().then(
      () => this.#stopReading.abort(),
      (error: unknown) => this.#lose(error),
    );
    const incoming = this.#toUser().catch((error: unknown) => {
      // A user that closes reads no more; what it wrote before is still on its way.
      if (!this.#stopReading.signal.aborted) this.#lose(error);
    });
    await Promise.all([outgoing, incoming]);
    clearTimeout(this.#lingering);
    await this.#bearerEnd.close();
    this.#send({ kind: 'closed', stream: this.#stream });
    await this.#userEnd.close();
  }

  /** The user closes: what it wrote before is still taken to the bearer, within a limit. */
  close(): void {
    this.#stopReading.abort();
    this.#lingering ??= setTimeout(() => this.#stopWriting.abort(), LINGER);
  }

  /** Until the user has ended its side, which it does only to close. */
  #toBearer(): Promise<void> {
    return pour(this.#userEnd, this.#drain(), this.#stopWriting.signal);
  }

  /** The bearer's own end; of one that prepares its line the user is told when that is over. */
  #drain(): Drain {
    const { prepares = false } = this.#bearerEnd;
    if (!prepares) return this.#bearerEnd;
    let told = false;
    return {
      write: async (bytes, signal) => {
        await this.#bearerEnd.write(bytes, signal);
        if (!told) this.#send({ kind: 'taken', stream: this.#stream });
        told = true;
      },
    };
  }

  /** Until the other side has ended; the user may still write then. */
  async #toUser(): Promise<void> {
    await pour(this.#bearerEnd, this.#userEnd, this.#stopReading.signal);
    this.#send({ kind: 'ended', stream: this.#stream });
    this.#userEnd.end();
  }

  #lose(error: unknown): void {
    if (this.#over || this.#stopReading.signal.aborted) return void this.#end();
    this.#send({ kind: 'lost', stream: this.#stream, error: bearerErrorOf(error) });
    this.#end();
  }

  /** What was given to the socket before is still read by the user. */
  #end(): void {
    this.#over = true;
    this.#stopReading.abort();
    this.#stopWriting.abort();
    this.#userEnd.end();
  }
}
