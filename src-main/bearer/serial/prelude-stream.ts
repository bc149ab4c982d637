import type { ByteStream } from '../../base/byte-stream.ts';
import { concatBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import { ChangeSignal } from '../../base/change-signal.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { hasAtResult } from './at-answer.ts';
import { readWithin } from './at-dialogue.ts';
import {
  type AtSwitch,
  type BreakableLine,
  findAt,
  leaveObex,
  type SerialTraits,
  type SpeedSearch,
  switchToObex,
} from './at-switch.ts';

/** How long the first packet may be without an answer before AT commands are tried. */
const FIRST_ANSWER: Duration = seconds(3);
/** How much noise without an answer in it is listened to, in octets. */
const MAX_NOISE = 4096;
/** Way back to AT commands, all of it. */
const LEAVE_LIMIT: Duration = seconds(4);

export interface PreludeOptions {
  readonly clock: Clock;
  /** Sequences that are tried before the others, by name. */
  readonly first?: readonly string[];
  /** What is known of the handsets of a maker. */
  readonly traits?: (maker: string) => SerialTraits;
  readonly speeds?: SpeedSearch;
  /** Told the sequence that brought the handset to OBEX. */
  readonly onSwitch?: (sequence: string) => void;
}

/**
 * A line to a handset that speaks OBEX, or AT commands until it is asked for OBEX. The first thing written tells: a
 * handset in OBEX answers it, and to one that listens for AT commands it is a line without sense. (The other order
 * is no good: to an OBEX peer "ATZ" begins a packet of 21 thousand octets.) Where no packet answers, the AT commands
 * follow, and then the first packet once more. Who writes an AT command first wants no OBEX: the handset is found, at
 * its speed, or brought back from OBEX, before the command goes out.
 */
export class PreludeStream implements ByteStream {
  readonly noisy = true;
  readonly #line: BreakableLine;
  readonly #options: PreludeOptions;
  #settled = false;
  #heard: Uint8Array = EMPTY_BYTES;
  #switched: AtSwitch | undefined;
  #closed: Promise<void> | undefined;
  /** Reads that began before the first write are broken off by it, and go on after the dialogue. */
  #firstWrite = new AbortController();
  #talking = false;
  readonly #talked = new ChangeSignal();

  constructor(line: BreakableLine, options: PreludeOptions) {
    this.#line = line;
    this.#options = options;
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#talking) await this.#talked.next(signal);
      else if (this.#heard.length > 0 && this.#closed === undefined) return this.#takeHeard();
      else if (this.#settled || this.#closed !== undefined) return this.#line.read(signal);
      else {
        const first = this.#firstWrite.signal;
        try {
          return await this.#line.read(AbortSignal.any([signal, first]));
        } catch (error) {
          if (signal.aborted || !first.aborted) throw error;
        }
      }
    }
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#settled) return this.#line.write(bytes, signal);
    // Whoever reads already would take away what the dialogue is to hear.
    this.#talking = true;
    this.#firstWrite.abort();
    this.#firstWrite = new AbortController();
    try {
      if (isCommand(bytes)) await findAt(this.#line, { ...this.#options, signal });
      else if (await this.#wroteToObex(bytes, signal)) return;
      this.#settled = true;
      await this.#line.write(bytes, signal);
    } finally {
      this.#talking = false;
      this.#talked.notify();
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #takeHeard(): Uint8Array {
    const heard = this.#heard;
    this.#heard = EMPTY_BYTES;
    return heard;
  }

  async #close(): Promise<void> {
    this.#heard = EMPTY_BYTES;
    if (this.#switched !== undefined) await this.#backToAt();
    await this.#line.close();
  }

  /** A handset that stays in OBEX would be deaf to the next program, which begins with AT commands. */
  async #backToAt(): Promise<void> {
    try {
      await leaveObex(this.#line, { ...this.#options, signal: AbortSignal.timeout(LEAVE_LIMIT) });
    } catch {
      // Leaving anyway: the line has gone, or takes nothing.
    }
  }

  /** True when the packet went out and was answered; else the line was brought to OBEX, and it has to go out again. */
  async #wroteToObex(bytes: Uint8Array, signal: AbortSignal): Promise<boolean> {
    await this.#line.write(bytes, signal);
    if (await this.#answered(bytes, signal)) {
      this.#settled = true;
      return true;
    }
    this.#heard = EMPTY_BYTES;
    this.#switched = await switchToObex(this.#line, { ...this.#options, signal });
    this.#options.onSwitch?.(this.#switched.sequence);
    return false;
  }

  /** True as soon as something came that may be an OBEX answer. */
  async #answered(sent: Uint8Array, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const deadline = clock.monotonic() + FIRST_ANSWER;
    for (;;) {
      const left = deadline - clock.monotonic();
      const more = left > 0 ? await readWithin(this.#line, left as Duration, clock, signal) : undefined;
      if (more === undefined) return false;
      this.#heard = concatBytes([this.#heard, more]);
      if (isEcho(this.#heard, sent) || hasAtResult(this.#heard) || this.#heard.length > MAX_NOISE) return false;
      if (mayBeAnswer(this.#heard)) return true;
    }
  }
}

function isCommand(bytes: Uint8Array): boolean {
  return bytes[0] === 0x41 && bytes[1] === 0x54;
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
