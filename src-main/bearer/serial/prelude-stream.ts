import type { ByteStream } from '../../base/byte-stream.ts';
import { concatBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import { ChangeSignal } from '../../base/change-signal.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { hasAtResult } from './at-answer.ts';
import { readWithin } from './at-dialogue.ts';
import {
  type AtSwitch,
  type BreakableLine,
  findAt,
  type KnownLine,
  leaveObex,
  type SerialTraits,
  type SpeedSearch,
  switchToObex,
} from './at-switch.ts';

/** How long the first packet may be without an answer before AT commands are tried. */
const FIRST_ANSWER: Duration = seconds(3);
/** Who says nothing to a packet for so long after it has said yes to OBEX does not speak it. */
const SILENT: Duration = seconds(5);
/** Nobody listens, or to none of the commands. */
const NOBODY = ['bearer/timeout', 'bearer/no-obex'];
/** How much noise without an answer in it is listened to, in octets. */
const MAX_NOISE = 4096;
/** Way back to AT commands, all of it. */
const LEAVE_LIMIT: Duration = seconds(4);

export interface PreludeOptions {
  readonly clock: Clock;
  /** What was found out about the line before. */
  readonly known?: KnownLine;
  /** What is known of the handsets of a maker. */
  readonly traits?: (maker: string) => SerialTraits;
  readonly speeds?: SpeedSearch;
  /** Told what the handset said yes to, and whether it has spoken OBEX since. */
  readonly onSwitch?: (how: AtSwitch, proven: boolean) => void;
  /** Told when nobody answered, whatever was tried. */
  readonly onNobody?: () => void;
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
  readonly prepares = true;
  readonly #line: BreakableLine;
  readonly #options: PreludeOptions;
  #settled = false;
  #heard: Uint8Array = EMPTY_BYTES;
  #switched: AtSwitch | undefined;
  /** What came since the handset was brought to OBEX, until it is seen whether that is OBEX. */
  #unproven: Uint8Array | undefined;
  /** When the first packet had gone out; by the monotonic clock. */
  #asked: number | undefined;
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
      else if (this.#settled || this.#closed !== undefined) return this.#proved(await this.#line.read(signal));
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
      this.#asked = this.#options.clock.monotonic();
    } catch (error) {
      if (NOBODY.some((code) => isPcAgentError(error, code))) this.#options.onNobody?.();
      throw error;
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
    // A port that has gone is given back at once, as its name may be wanted for the next; and it has proved nothing.
    if (this.#switched !== undefined && this.#line.isOver !== true) {
      const silence = this.#options.clock.monotonic() - (this.#asked ?? Number.POSITIVE_INFINITY);
      // Who was broken off before it could answer has failed in nothing.
      if (this.#unproven !== undefined && silence >= SILENT) this.#options.onSwitch?.(this.#switched, false);
      await this.#backToAt();
    }
    await this.#line.close();
  }

  /** Whoever says yes to a command for OBEX has not spoken it yet. */
  #proved(octets: Uint8Array | undefined): Uint8Array | undefined {
    if (this.#unproven === undefined || this.#switched === undefined || octets === undefined) return octets;
    const heard = concatBytes([this.#unproven, octets]);
    this.#unproven = heard.length > MAX_NOISE ? EMPTY_BYTES : heard;
    if (mayBeAnswer(heard)) {
      this.#unproven = undefined;
      this.#options.onSwitch?.(this.#switched, true);
    }
    return octets;
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
    this.#unproven = EMPTY_BYTES;
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

/** Response codes (spec sheet obex, section 2); noise has others as well. */
const ANSWERS: ReadonlySet<number> = new Set(
  [0x90, 0x91, range(0xa0, 0xa6), range(0xb0, 0xb5), range(0xc0, 0xcf), range(0xd0, 0xd5), 0xe0, 0xe1].flat(),
);
/** An answer to CONNECT has a few headers; with a challenge it is some hundred octets long. */
const LONGEST_ANSWER = 1024;
const SHORTEST_ANSWER = 3;

function mayBeAnswer(heard: Uint8Array): boolean {
  for (let at = 0; at + 2 < heard.length; at += 1) {
    const length = ((heard[at + 1] ?? 0) << 8) | (heard[at + 2] ?? 0);
    if (ANSWERS.has(heard[at] ?? 0) && length >= SHORTEST_ANSWER && length <= LONGEST_ANSWER) return true;
  }
  return false;
}

function range(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
