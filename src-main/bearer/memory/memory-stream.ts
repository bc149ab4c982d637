import type { ByteStream } from '../../base/byte-stream.ts';
import { ChangeSignal } from '../../base/change-signal.ts';
import { PcAgentError } from '../../base/errors.ts';

export interface MemoryStreamOptions {
  /** Octets that a pipe holds before writers wait; default 64 KiB. */
  readonly capacity?: number;
  /**
   * Length of the next piece that a read gives, from 1 to `available`, so that tests see packets split and joined
   * anywhere. Default: everything that is there.
   */
  readonly pieceLength?: (available: number) => number;
}

const DEFAULT_CAPACITY = 65536;

/** A stream whose link a test can break. */
export interface MemoryStream extends ByteStream {
  /** Breaks the link: both ends see `bearer/lost`. */
  reset(): void;
}

/** Two ends of one connection in this process; what is written to one is read from the other. */
export function memoryPair(options: MemoryStreamOptions = {}): readonly [MemoryStream, MemoryStream] {
  const there = new Pipe(options);
  const back = new Pipe(options);
  return [new PairEnd(back, there), new PairEnd(there, back)];
}

class PairEnd implements MemoryStream {
  readonly #incoming: Pipe;
  readonly #outgoing: Pipe;

  constructor(incoming: Pipe, outgoing: Pipe) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#incoming.read(signal);
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#outgoing.write(bytes, signal);
  }

  async close(): Promise<void> {
    this.#outgoing.end();
    this.#incoming.abandon();
  }

  reset(): void {
    this.#incoming.break();
    this.#outgoing.break();
  }
}

/** One direction: a bounded queue of octets with one reader and one writer. */
class Pipe {
  readonly #capacity: number;
  readonly #pieceLength: (available: number) => number;
  #chunks: Uint8Array[] = [];
  #length = 0;
  #state: 'open' | 'ended' | 'abandoned' | 'broken' = 'open';
  readonly #changed = new ChangeSignal();

  constructor(options: MemoryStreamOptions) {
    this.#capacity = options.capacity ?? DEFAULT_CAPACITY;
    this.#pieceLength = options.pieceLength ?? ((available) => available);
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#state === 'broken' || this.#state === 'abandoned') throw lost();
      const piece = this.#take();
      if (piece !== undefined) return piece;
      if (this.#state === 'ended') return undefined;
      await this.#changed.next(signal);
    }
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    let offset = 0;
    while (offset < bytes.length) {
      signal.throwIfAborted();
      if (this.#state !== 'open') throw lost();
      const room = this.#capacity - this.#length;
      if (room > 0) {
        // A copy, as the writer may use its array again; a slice of a Buffer would be a view.
        const part = new Uint8Array(bytes.subarray(offset, offset + room));
        this.#chunks.push(part);
        this.#length += part.length;
        offset += part.length;
        this.#changed.notify();
      } else {
        await this.#changed.next(signal);
      }
    }
  }

  end(): void {
    if (this.#state === 'open') this.#state = 'ended';
    this.#changed.notify();
  }

  /** The reading end was closed. */
  abandon(): void {
    if (this.#state !== 'broken') this.#state = 'abandoned';
    this.#chunks = [];
    this.#length = 0;
    this.#changed.notify();
  }

  break(): void {
    this.#state = 'broken';
    this.#chunks = [];
    this.#length = 0;
    this.#changed.notify();
  }

  #take(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const wanted = Math.min(this.#length, Math.max(1, this.#pieceLength(this.#length)));
    const piece = new Uint8Array(wanted);
    let filled = 0;
    while (filled < wanted) {
      const chunk = this.#chunks[0];
      if (chunk === undefined) break;
      const part = chunk.subarray(0, wanted - filled);
      piece.set(part, filled);
      filled += part.length;
      if (part.length === chunk.length) this.#chunks.shift();
      else this.#chunks[0] = chunk.subarray(part.length);
    }
    this.#length -= wanted;
    this.#changed.notify();
    return piece;
  }
}

function lost(): PcAgentError {
  return new PcAgentError('bearer/lost', 'the connection in memory was broken or closed', { retry: 'same-bearer' });
}
