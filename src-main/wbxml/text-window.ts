/**
 * Cuts the strings of a document out of larger pieces of text. Decoding one string costs a call into the platform, and
 * most messages are ASCII but for their opaque data: so what lies ahead is decoded once, and while it is ASCII, octet
 * and character have the same index.
 */
import { textOf } from '../base/bytes.ts';
import type { Data } from './data.ts';
import { decodeText, type TextDecoding } from './text.ts';

/** Enough for most messages; small, because a string cut from a window keeps the whole window alive. */
const WINDOW = 4096;
/** A longer string is decoded by itself. */
const LONG_STRING = 512;
/** Up to here a loop finds NUL faster than the platform's search. */
const NEAR = 64;
/** Odd, so that no pattern in the data hides from it. */
const PROBE_STEP = 31;

export class TextWindow {
  private readonly bytes: Uint8Array;
  private readonly decoding: TextDecoding;
  private window = '';
  private start = 0;
  private end = 0;

  constructor(bytes: Uint8Array, decoding: TextDecoding) {
    this.bytes = bytes;
    this.decoding = decoding;
  }

  /** Where the string that starts at `start` has its NUL; -1 when it has none. */
  endOf(start: number): number {
    const { bytes } = this;
    const { length } = bytes;
    const near = start + NEAR < length ? start + NEAR : length;
    for (let at = start; at < near; at += 1) if (bytes[at] === 0) return at;
    return bytes.indexOf(0, near);
  }

  text(start: number, end: number): Data {
    if (start >= this.start && end <= this.end) return this.window.substring(start - this.start, end - this.start);
    if (end - start < LONG_STRING) {
      this.move(start);
      if (end <= this.end) return this.window.substring(0, end - start);
    }
    return decodeText(this.bytes.subarray(start, end), this.decoding);
  }

  /** Opens a window of ASCII that begins with the string at `start`. */
  private move(start: number): void {
    const { bytes } = this;
    let end = this.probe(start, Math.min(start + WINDOW, bytes.length));
    let text = textOf(bytes.subarray(start, end));
    // Every character beyond ASCII takes more octets than UTF-16 units, or is a U+FFFD for what is not UTF-8.
    if (text.length !== end - start || text.includes('\ufffd')) {
      end = this.asciiEnd(start, end);
      text = textOf(bytes.subarray(start, end));
    }
    this.window = text;
    this.start = start;
    this.end = end;
  }

  /** A guess where ASCII ends, from a look here and there: opaque data must not be decoded just to be thrown away. */
  private probe(start: number, end: number): number {
    const { bytes } = this;
    for (let at = start; at < end; at += PROBE_STEP) {
      if ((bytes[at] as number) >= 0x80) return this.asciiEnd(start, at);
    }
    return end;
  }

  private asciiEnd(start: number, end: number): number {
    const { bytes } = this;
    let at = start;
    while (at < end && (bytes[at] as number) < 0x80) at += 1;
    return at;
  }
}
