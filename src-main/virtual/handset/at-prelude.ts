import type { ByteStream } from '../../base/byte-stream.ts';
import { concatBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { isRequest, MAX_PACKET, MIN_PACKET, Opcode, PACKET_PREFIX } from '../../obex/packet.ts';
import { AtCommands, type AtCommandsOptions } from './at-commands.ts';

export interface AtLineOptions extends AtCommandsOptions {
  readonly signal: AbortSignal;
  /** Serves one OBEX peer until its stream ends. */
  readonly serve: (stream: ByteStream) => Promise<void>;
  /** Longest packet that is taken; default 65535. */
  readonly maxPacket?: number;
  /** Deaf to OBEX until the command that starts it, as real modem ports are; default false. */
  readonly atOnly?: boolean;
  /** How long a peer may pause inside a packet before it is given up; default 5 s. */
  readonly pause?: Duration;
}

const PAUSE = seconds(5);

/**
 * How long packets on a serial line may be to a peer which announced `peerMax`. obexftp 0.24 with openobex 1.7.2
 * announces 1024 on a cable and fails on every packet that one read of 500 octets does not hold whole.
 */
export function serialAnswerLimit(peerMax: number): number {
  return peerMax <= 1024 ? Math.min(peerMax, 500) : peerMax;
}

/**
 * A handset's end of a serial line: AT commands are answered, noise is skipped, and each OBEX peer that comes is served
 * over a stream of its own. Closes the line in the end.
 */
export async function serveAtLine(line: ByteStream, options: AtLineOptions): Promise<void> {
  const listener = new AtLine(line, options);
  try {
    while (!options.signal.aborted && !listener.lost) await options.serve(listener.nextPeer());
  } finally {
    await line.close();
  }
}

/** What is known of the octets at the beginning of what came. */
type Verdict = 'packet' | 'other' | 'unsure';

class AtLine {
  readonly #line: ByteStream;
  readonly #options: AtLineOptions;
  readonly #commands: AtCommands;
  readonly #maxPacket: number;
  #rest: Uint8Array = EMPTY_BYTES;
  /** Octets of the packet that is being passed on. */
  #left = 0;
  /** A CONNECT has come and no DISCONNECT since. */
  #connected = false;
  /** The line gives nothing more. */
  lost = false;

  constructor(line: ByteStream, options: AtLineOptions) {
    this.#line = line;
    this.#options = options;
    this.#commands = new AtCommands(options);
    this.#maxPacket = options.maxPacket ?? MAX_PACKET;
  }

  nextPeer(): ByteStream {
    this.#left = 0;
    this.#connected = false;
    let closed = false;
    let ended = false;
    const check = (): void => {
      if (closed || ended) throw new PcAgentError('bearer/lost', 'this peer of the serial line has gone');
    };
    return {
      read: async (signal) => {
        if (ended) return undefined;
        check();
        const bytes = await this.#read(signal);
        ended = bytes === undefined;
        return bytes;
      },
      write: async (bytes, signal) => {
        check();
        await this.#line.write(bytes, signal);
      },
      close: async () => {
        closed = true;
      },
    };
  }

  /** Octets of OBEX packets only; `undefined` when somebody else has begun to talk to the handset. */
  async #read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      const piece = this.#take();
      const answers = this.#commands.takeAnswers();
      if (answers.length > 0) await this.#line.write(concatBytes(answers), signal);
      if (piece === 'other-peer') return undefined;
      if (piece !== undefined) return piece;
      const more = await this.#more(signal);
      this.#rest = this.#rest.length === 0 ? more : concatBytes([this.#rest, more]);
    }
  }

  #take(): Uint8Array | 'other-peer' | undefined {
    while (this.#left === 0 && this.#rest.length > 0) {
      const verdict = this.#verdict();
      if (verdict === 'unsure') return undefined;
      if (verdict === 'packet') {
        this.#begin();
        break;
      }
      const command = this.#commands.add(this.#rest[0] ?? 0);
      this.#rest = this.#rest.subarray(1);
      if (command && this.#connected) return 'other-peer';
    }
    if (this.#left === 0) return undefined;
    const piece = this.#rest.subarray(0, this.#left);
    this.#left -= piece.length;
    this.#rest = this.#rest.subarray(piece.length);
    return piece.length === 0 ? undefined : piece;
  }

  #begin(): void {
    this.#left = this.#length();
    const opcode = this.#rest[0];
    if (opcode === Opcode.Connect) this.#connected = true;
    if (opcode === Opcode.Disconnect) {
      this.#connected = false;
      // The handset drops back to AT commands by itself (spec sheet obex, section 8).
      this.#commands.reset();
    }
  }

  #length(): number {
    return ((this.#rest[1] ?? 0) << 8) | (this.#rest[2] ?? 0);
  }

  /** Without a connection only a CONNECT begins a packet: it is too long to be met by chance. */
  #verdict(): Verdict {
    if (this.#options.atOnly === true && !this.#connected && !this.#commands.started) return 'other';
    const rest = this.#rest;
    if (!isRequest(rest[0] ?? 0) || (!this.#connected && rest[0] !== Opcode.Connect)) return 'other';
    if (rest.length < PACKET_PREFIX) return 'unsure';
    const length = this.#length();
    if (length < PACKET_PREFIX || length > this.#maxPacket) return 'other';
    if (this.#connected) return 'packet';
    // CONNECT: length, version 1.x, flags, longest packet (spec sheet obex, section 4).
    if (length < 7 || (rest.length > 3 && ((rest[3] ?? 0) & 0xf0) !== 0x10)) return 'other';
    if (rest.length < 7) return 'unsure';
    return (((rest[5] ?? 0) << 8) | (rest[6] ?? 0)) >= MIN_PACKET ? 'packet' : 'other';
  }

  /** A peer that vanished inside a packet must not keep the next one's first octets for its own. */
  async #more(signal: AbortSignal): Promise<Uint8Array> {
    const limit = this.#left > 0 ? AbortSignal.timeout(this.#options.pause ?? PAUSE) : undefined;
    try {
      const more = await this.#line.read(limit === undefined ? signal : AbortSignal.any([signal, limit]));
      if (more !== undefined) return more;
      throw new PcAgentError('bearer/lost', 'the line has ended');
    } catch (error) {
      if (isPcAgentError(error)) this.lost = true;
      if (limit?.aborted !== true || signal.aborted || isPcAgentError(error)) throw error;
      throw new PcAgentError('bearer/lost', 'the peer stopped in the middle of a packet', { retry: 'same-bearer' });
    }
  }
}
