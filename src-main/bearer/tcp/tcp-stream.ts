import type { Socket } from 'node:net';
import type { ByteStream, Taker } from '../../base/byte-stream.ts';
import { EMPTY_BYTES } from '../../base/bytes.ts';
import { Change } from '../../base/change.ts';
import { PcAgentError } from '../../base/errors.ts';
import { Pouring } from './pouring.ts';
import type { RingSocket } from './ring-socket.ts';

/** How long a closing socket may take to hand over what was written and to see the other side's end. */
const LINGER = 1000;

const DONE = Promise.resolve();

/**
 * Whether each write gets a callback, which costs a turn of the queue. Where the system mostly takes everything at once
 * only those get one that it did not; a named pipe of Windows takes nothing at once, and is not to get writes of nothing.
 */
const TELLS_ALWAYS = process.platform === 'win32';

/** A socket as a byte stream: paused unless somebody reads, so the kernel holds the peer back. */
export class TcpStream implements ByteStream {
  readonly peer?: string;
  readonly #socket: Socket;
  readonly #ring: RingSocket['ring'];
  #ended = false;
  #closing: Promise<void> | undefined;
  #error: NodeJS.ErrnoException | undefined;
  /** Something came, or nothing more will. */
  readonly #incoming = new Change();
  /** What is done when something came. */
  #came = this.#incoming.wake;
  /** Something was written, or nothing more will be. */
  readonly #outgoing = new Change();

  /**
   * The socket must allow half-open connections: an end of the peer does not end what we still have to say.
   * @param peer where somebody calls from.
   */
  constructor({ socket, ring }: RingSocket, peer?: string) {
    this.#socket = socket;
    this.#ring = ring;
    if (peer !== undefined) this.peer = peer;
    socket.on('readable', () => this.#came());
    socket.on('close', () => this.#wake());
    socket.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('error', (error) => {
      this.#error = error;
      this.#wake();
    });
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    const octets = await this.lend(signal);
    return octets === undefined ? undefined : new Uint8Array(octets);
  }

  async lend(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted();
      this.#checkAlive();
      const octets = this.#next();
      if (octets !== undefined) return octets;
      if (this.#ended) return undefined;
      if (this.#socket.destroyed) throw this.#lost();
      await this.#incoming.next(signal);
    }
  }

  async pour(take: Taker, signal: AbortSignal): Promise<void> {
    const pouring = new Pouring(take, () => this.#next(), this.#incoming.wake);
    this.#came = pouring.give;
    try {
      for (;;) {
        signal.throwIfAborted();
        if (this.#closing !== undefined) throw this.#lost();
        if (this.#error === undefined) pouring.give();
        pouring.check();
        // A taker that has something and no room yet is waited for, whatever has become of the link.
        if (!pouring.held) {
          this.#checkAlive();
          if (this.#ended) return;
          if (this.#socket.destroyed) throw this.#lost();
        }
        await this.#incoming.next(signal);
      }
    } finally {
      this.#came = this.#incoming.wake;
    }
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.push(bytes, signal) ?? DONE;
  }

  push(bytes: Uint8Array, signal: AbortSignal): Promise<void> | undefined {
    try {
      this.#checkWritable(signal);
      this.#socket.write(bytes, TELLS_ALWAYS ? this.#outgoing.wake : undefined);
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#socket.writableLength === 0 && this.#error === undefined ? undefined : this.#written(signal);
  }

  /** Nothing more is written; what still comes is read. */
  end(): void {
    this.#socket.end();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Breaks the connection: the peer sees a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
    this.#wake();
  }

  /** Resolves when everything that was written is with the kernel; the rest of the goodbye happens by itself. */
  async #close(): Promise<void> {
    this.#wake();
    this.#incoming.close();
    this.#outgoing.close();
    const socket = this.#socket;
    if (socket.destroyed) return;
    const timer = setTimeout(() => socket.destroy(), LINGER);
    socket.once('close', () => clearTimeout(timer));
    // What still comes is read and dropped: octets left unread would turn our end into a reset.
    this.#ring.drop();
    socket.resume();
    await new Promise<void>((resolve) => {
      socket.once('close', resolve);
      socket.end(resolve);
    });
    timer.unref();
    socket.unref();
  }

  /** What was lent before is given back. */
  #next(): Uint8Array | undefined {
    const octets = this.#ring.lend();
    if (this.#ring.mayGoOn()) this.#socket.resume();
    return octets;
  }

  /** Until the system has the octets they are still read, so the array is not the writer's again. */
  async #written(signal: AbortSignal): Promise<void> {
    // Nothing, behind what is to be written: it tells when its turn has come.
    if (!TELLS_ALWAYS && this.#socket.writable) this.#socket.write(EMPTY_BYTES, this.#outgoing.wake);
    while (this.#socket.writableLength > 0) {
      this.#checkWritable(signal);
      await this.#outgoing.next(signal);
    }
    this.#checkAlive();
  }

  #checkWritable(signal: AbortSignal): void {
    signal.throwIfAborted();
    this.#checkAlive();
    if (this.#socket.destroyed || !this.#socket.writable) throw this.#lost();
  }

  #wake(): void {
    this.#incoming.wake();
    this.#outgoing.wake();
  }

  #checkAlive(): void {
    if (this.#closing !== undefined || this.#error !== undefined) throw this.#lost();
  }

  #lost(): PcAgentError {
    const reason = this.#closing === undefined ? 'the TCP connection broke' : 'the TCP connection was closed here';
    return new PcAgentError('bearer/lost', reason, {
      retry: 'same-bearer',
      ...(this.#error === undefined ? {} : { cause: this.#error }),
      details: { bearer: 'tcp', ...(this.#error?.code === undefined ? {} : { os: this.#error.code }) },
    });
  }
}
