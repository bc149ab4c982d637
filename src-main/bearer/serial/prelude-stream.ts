import type { ByteStream } from '../../base/byte-stream.ts';
import { concatBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { hasAtResult, readWithin } from './at-dialogue.ts';
import { type AtSwitch, escapeFromObex, switchToObex } from './at-switch.ts';

/** How long the line may be silent after the first packet before AT commands are tried. */
const FIRST_ANSWER: Duration = seconds(3);
/** How long noise without an answer in it is listened to, in octets. */
const MAX_NOISE = 4096;
/** Way back to AT commands, all of it. */
const LEAVE_LIMIT: Duration = seconds(4);

/** A line whose driver may be able to send a break. */
interface BreakableLine extends ByteStream {
  sendBreak(signal: AbortSignal): Promise<boolean>;
}

/**
 * A line to a handset that speaks OBEX, or AT commands until it is asked for OBEX. The first thing written tells: a
 * handset in OBEX answers it, and to one that listens for AT commands it is a line without sense. (The other order
 * is no good: to an OBEX peer "ATZ" begins a packet of 21 thousand octets.) Where no packet answers, the AT commands
 * follow, and then the first packet once more.
 */
export class PreludeStream implements ByteStream {
  readonly noisy = true;
  readonly #line: BreakableLine;
  readonly #clock: Clock;
  #settled = false;
  #heard: Uint8Array = EMPTY_BYTES;
  #switched: AtSwitch | undefined;
  #closed: Promise<void> | undefined;

  constructor(line: BreakableLine, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    signal.throwIfAborted();
    if (this.#heard.length === 0 || this.#closed !== undefined) return this.#line.read(signal);
    const heard = this.#heard;
    this.#heard = EMPTY_BYTES;
    return heard;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    await this.#line.write(bytes, signal);
    if (this.#settled) return;
    if (!(await this.#answered(bytes, signal))) {
      this.#heard = EMPTY_BYTES;
      this.#switched = await switchToObex(this.#line, { clock: this.#clock, signal });
      await this.#line.write(bytes, signal);
    }
    this.#settled = true;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#heard = EMPTY_BYTES;
    if (this.#switched !== undefined) await this.#backToAt();
    await this.#line.close();
  }

  /** A handset that stays in OBEX would be deaf to the next program, which begins with AT commands. */
  async #backToAt(): Promise<void> {
    const signal = AbortSignal.timeout(LEAVE_LIMIT);
    try {
      if (!(await this.#line.sendBreak(signal))) await escapeFromObex(this.#line, { clock: this.#clock, signal });
    } catch {
      // Leaving anyway: the line has gone, or takes nothing.
    }
  }

  /** True as soon as something came that may be an OBEX answer. */
  async #answered(sent: Uint8Array, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const more = await readWithin(this.#line, FIRST_ANSWER, this.#clock, signal);
      if (more === undefined) return false;
      this.#heard = concatBytes([this.#heard, more]);
      if (isEcho(this.#heard, sent) || hasAtResult(this.#heard) || this.#heard.length > MAX_NOISE) return false;
      if (mayBeAnswer(this.#heard)) return true;
    }
  }
}

/** A modem gives back what it hears until it is told not to (V.250, 6.2.4). */
function isEcho(heard: Uint8Array, sent: Uint8Array): boolean {
  const length = Math.min(heard.length, sent.length);
  for (let index = 0; index < length; index += 1) if (heard[index] !== sent[index]) return false;
  return length > 0;
}

/** Responses have the final bit, and none is below 0x90 or above 0xE1 (spec sheet obex, sections 2 and 9). */
function mayBeAnswer(heard: Uint8Array): boolean {
  for (let at = 0; at + 2 < heard.length; at += 1) {
    const code = heard[at] ?? 0;
    const length = ((heard[at + 1] ?? 0) << 8) | (heard[at + 2] ?? 0);
    if (code >= 0x90 && code <= 0xe1 && length >= 3) return true;
  }
  return false;
}
