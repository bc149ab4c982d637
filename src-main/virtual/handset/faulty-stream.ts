import type { ByteStream } from '../../base/byte-stream.ts';
import type { Clock } from '../../base/clock.ts';
import { milliseconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { FaultBoard } from './fault-board.ts';

/** Default of `cable-at-byte`, in octets. */
const CABLE_LENGTH = 1000;
/** Default of `slow-link`, in octets a second. */
const SLOW_RATE = 2000;
/** A slow link carries pieces of so many octets at least, and of a tenth of a second else. */
const LEAST_PIECE = 16;
const PIECES_A_SECOND = 10;
const TROUBLES = ['slow-link', 'cable-at-byte'];

type Way = 'sent' | 'received';

/**
 * A handset's end of a link with the faults of the link itself: it is slow, and its cable is pulled somewhere. What the
 * board says counts from the next piece on.
 */
export function faultyStream(stream: ByteStream, board: FaultBoard, clock: Clock): ByteStream {
  return new FaultyStream(stream, board, clock);
}

class FaultyStream implements ByteStream {
  readonly noisy: boolean;
  readonly #stream: ByteStream;
  readonly #board: FaultBoard;
  readonly #clock: Clock;
  /** Octets that have gone by. */
  readonly #gone = { sent: 0, received: 0 };
  /** What was read and is not due yet. */
  #held: Uint8Array | undefined;
  #pulled = false;

  constructor(stream: ByteStream, board: FaultBoard, clock: Clock) {
    this.#stream = stream;
    this.#board = board;
    this.#clock = clock;
    this.noisy = stream.noisy === true;
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    if (this.#isTroubled) return this.#readSlowly(signal);
    const read = this.#stream.read(signal);
    void read.then(
      (chunk) => {
        this.#gone.received += chunk?.length ?? 0;
      },
      () => undefined,
    );
    return read;
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#isTroubled) return this.#writeSlowly(bytes, signal);
    this.#gone.sent += bytes.length;
    return this.#stream.write(bytes, signal);
  }

  /** Else the octets go by as if nothing was between. */
  get #isTroubled(): boolean {
    return this.#pulled || this.#held !== undefined || TROUBLES.some((name) => this.#board.has(name));
  }

  async #readSlowly(signal: AbortSignal): Promise<Uint8Array | undefined> {
    this.#checkCable();
    const chunk = this.#held ?? (await this.#stream.read(signal));
    this.#checkCable();
    if (chunk === undefined) return undefined;
    this.#held = chunk;
    const piece = chunk.subarray(0, this.#pieceOf(chunk.length));
    // While it sleeps nothing is read from the link, which holds the other side back.
    await this.#travel(piece.length, signal);
    const room = this.#cableLeft('received');
    const whole = piece.subarray(0, room);
    this.#held = chunk.length > piece.length ? chunk.subarray(piece.length) : undefined;
    this.#gone.received += whole.length;
    if (room <= piece.length) await this.#pull();
    if (whole.length === 0) throw lost();
    return whole;
  }

  async #writeSlowly(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    let rest = bytes;
    do {
      this.#checkCable();
      const piece = rest.subarray(0, this.#pieceOf(rest.length));
      await this.#travel(piece.length, signal);
      const room = this.#cableLeft('sent');
      const whole = piece.subarray(0, room);
      await this.#stream.write(whole, signal);
      this.#gone.sent += whole.length;
      if (room <= piece.length) {
        await this.#pull();
        // The octet at which the cable was pulled may have been the last one.
        if (whole.length < rest.length) throw lost();
      }
      rest = rest.subarray(piece.length);
    } while (rest.length > 0);
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  #checkCable(): void {
    if (this.#pulled) throw lost();
  }

  async #pull(): Promise<void> {
    this.#pulled = true;
    this.#held = undefined;
    await this.#stream.close();
  }

  /** How many octets of one way may still go by. */
  #cableLeft(way: Way): number {
    if (!this.#board.has('cable-at-byte')) return Number.POSITIVE_INFINITY;
    const [first, second] = (this.#board.value('cable-at-byte') ?? String(CABLE_LENGTH)).split(':');
    const limit = Number(second ?? first);
    if (second !== undefined && first !== way) return Number.POSITIVE_INFINITY;
    const { sent, received } = this.#gone;
    return Math.max(0, limit - (second === undefined ? sent + received : this.#gone[way]));
  }

  #speed(): { readonly rate: number; readonly delay: number } | undefined {
    if (!this.#board.has('slow-link')) return undefined;
    const [rate = SLOW_RATE, delay = 0] = (this.#board.value('slow-link') ?? String(SLOW_RATE)).split('/').map(Number);
    return { rate, delay };
  }

  #pieceOf(length: number): number {
    const { rate = 0 } = this.#speed() ?? {};
    return rate === 0 ? length : Math.min(length, Math.max(LEAST_PIECE, Math.floor(rate / PIECES_A_SECOND)));
  }

  async #travel(length: number, signal: AbortSignal): Promise<void> {
    const speed = this.#speed();
    if (speed === undefined) return;
    const { rate, delay } = speed;
    await this.#clock.sleep(milliseconds(delay + (rate === 0 ? 0 : (1000 * length) / rate)), signal);
  }
}

function lost(): PcAgentError {
  return new PcAgentError('bearer/lost', 'the cable was pulled, as it was told to be', { retry: 'same-bearer' });
}
