import type { Socket } from 'node:net';
import { AbortWatch } from '../../base/abort-watch.ts';
import type { ByteStream } from '../../base/byte-stream.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { RingSocket } from './ring-socket.ts';
import { SocketChanges } from './socket-changes.ts';

/** How long a closing socket may take to hand over what was written and to see the other side's end. */
const LINGER = 1000;

/** A socket as a byte stream: paused unless somebody reads, so the kernel holds the peer back. */
export class TcpStream implements ByteStream {
  readonly peer?: string;
  readonly #socket: Socket;
  readonly #ring: RingSocket['ring'];
  #ended = false;
  #closing: Promise<void> | undefined;
  #error: NodeJS.ErrnoException | undefined;
  readonly #changes = new SocketChanges();
  readonly #reading = new AbortWatch();
  readonly #writing = new AbortWatch();

  /**
   * The socket must allow half-open connections: an end of the peer does not end what we still have to say.
   * @param peer where somebody calls from.
   */
  constructor({ socket, ring }: RingSocket, peer?: string) {
    this.#socket = socket;
    this.#ring = ring;
    if (peer !== undefined) this.peer = peer;
    const { wake } = this.#changes;
    socket.on('readable', wake);
    socket.on('close', wake);
    socket.on('end', () => {
      this.#ended = true;
      wake();
    });
    socket.on('error', (error) => {
      this.#error = error;
      wake();
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
      const octets = this.#ring.lend();
      if (this.#ring.mayGoOn()) this.#socket.resume();
      if (octets !== undefined) return octets;
      if (this.#ended) return undefined;
      if (this.#socket.destroyed) throw this.#lost();
      await this.#changes.next(signal, this.#reading);
    }
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#checkAlive();
    if (this.#socket.destroyed || !this.#socket.writable) throw this.#lost();
    this.#socket.write(bytes, this.#changes.wake);
    // Until the system has the octets they are still read, so the array is not the writer's again.
    while (this.#socket.writableLength > 0) {
      signal.throwIfAborted();
      this.#checkAlive();
      if (this.#socket.destroyed) throw this.#lost();
      await this.#changes.next(signal, this.#writing);
    }
    this.#checkAlive();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Breaks the connection: the peer sees a reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
    this.#changes.wake();
  }

  /** Resolves when everything that was written is with the kernel; the rest of the goodbye happens by itself. */
  async #close(): Promise<void> {
    this.#changes.wake();
    this.#reading.close();
    this.#writing.close();
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
