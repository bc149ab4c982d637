import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { AbortWatch } from '../../base/abort-watch.ts';
import { PcAgentError } from '../../base/errors.ts';
import { SocketChanges } from '../tcp/socket-changes.ts';

/** Octets that one read takes; an OBEX packet has at most 65,535. */
const BUFFER = 65_536;
/** One is being written on while the other is filled. */
const BUFFERS = 2;
/** How long a closing socket may take to hand over what was written. */
const LINGER = 1000;

/**
 * The child's end of a stream's local socket. It reads into the same two buffers all the time: a buffer of its own for
 * each read, as sockets have them otherwise, costs as much as everything else that the child does with a packet.
 */
export class UserEnd {
  readonly #socket: Socket;
  readonly #ring = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(BUFFER));
  /** Which buffer the next read fills. */
  #filling = 0;
  readonly #filled: Uint8Array[] = [];
  /** The reader has a buffer in hand. */
  #lent = false;
  #paused = false;
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
        buffer: () => this.#nextBuffer(),
        // No Buffer: whoever keeps a part of it with `slice` is to have a copy.
        callback: (octets, { buffer, byteOffset }) => this.#take(new Uint8Array(buffer, byteOffset, octets)),
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
    this.#lent = false;
    for (;;) {
      signal.throwIfAborted();
      const octets = this.#filled.shift();
      this.#lent = octets !== undefined;
      this.#readOn();
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
    this.#filled.length = 0;
    this.#socket.resume();
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.end(resolve);
    });
  }

  #nextBuffer(): Buffer {
    const buffer = this.#ring[this.#filling] ?? Buffer.alloc(0);
    this.#filling = (this.#filling + 1) % BUFFERS;
    return buffer;
  }

  /** @returns whether there is a buffer for more */
  #take(octets: Uint8Array): boolean {
    if (this.#ended) return true;
    this.#filled.push(octets);
    this.#changes.wake();
    this.#paused = this.#inUse >= BUFFERS;
    return !this.#paused;
  }

  get #inUse(): number {
    return this.#filled.length + (this.#lent ? 1 : 0);
  }

  #readOn(): void {
    if (!this.#paused || this.#inUse >= BUFFERS) return;
    this.#paused = false;
    this.#socket.resume();
  }
}

function gone(): PcAgentError {
  return new PcAgentError('bearer/lost', 'the local socket of the stream has gone', { retry: 'same-bearer' });
}
