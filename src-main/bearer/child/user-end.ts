import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AbortWatch } from '../../base/abort-watch.ts';
import { PcAgentError } from '../../base/errors.ts';
import { ReadRing } from '../tcp/read-ring.ts';
import { SocketChanges } from '../tcp/socket-changes.ts';

/** How long a closing socket may take to hand over what was written. */
const LINGER = 1000;

/** The child's end of a stream's local socket. */
export class UserEnd {
  readonly #socket: Socket;
  readonly #ring = new ReadRing();
  #ended = false;
  readonly #changes = new SocketChanges();
  readonly #reading = new AbortWatch();
  readonly #writing = new AbortWatch();

  private constructor(path: string) {
    const { wake } = this.#changes;
    this.#socket = connect({
      path,
      allowHalfOpen: true,
      onread: {
        buffer: this.#ring.next,
        callback: (octets, buffer) => this.#take(octets, buffer),
      },
    });
    this.#socket.on('drain', wake);
    this.#socket.on('error', wake);
    this.#socket.on('close', wake);
    this.#socket.on('end', () => {
      this.#ended = true;
      wake();
    });
  }

  /** @param hello the first line. @throws whatever the socket says */
  static async open(path: string, hello: string): Promise<UserEnd> {
    const end = new UserEnd(path);
    await once(end.#socket, 'connect');
    end.#socket.write(hello);
    return end;
  }

  /** The next octets, good until the next read; `undefined` when the user has ended its side. */
  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted();
      const octets = this.#ring.lend();
      if (this.#ring.mayGoOn()) this.#socket.resume();
      if (octets !== undefined) return octets;
      if (this.#ended) return undefined;
      if (this.#socket.destroyed) throw gone();
      await this.#changes.next(signal, this.#reading);
    }
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#socket.writable) throw gone();
    if (bytes.length === 0 || this.#socket.write(bytes)) return;
    while (this.#socket.writableNeedDrain) {
      if (this.#socket.destroyed) throw gone();
      await this.#changes.next(signal, this.#writing);
    }
  }

  /** Nothing more is written. */
  end(): void {
    this.#socket.end();
  }

  /** Resolves when what was written is with the system; what still comes is dropped. */
  async close(): Promise<void> {
    this.#reading.close();
    this.#writing.close();
    if (this.#socket.destroyed) return;
    const timer = setTimeout(() => this.#socket.destroy(), LINGER);
    this.#socket.once('close', () => clearTimeout(timer));
    this.#ended = true;
    this.#ring.drop();
    this.#socket.resume();
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end(resolve);
    });
  }

  /** @returns whether there is a buffer for more */
  #take(octets: number, buffer: Uint8Array): boolean {
    const more = this.#ring.take(octets, buffer);
    this.#changes.wake();
    return more;
  }
}

function gone(): PcAgentError {
  return new PcAgentError('bearer/lost', 'the local socket of the stream has gone', { retry: 'same-bearer' });
}
