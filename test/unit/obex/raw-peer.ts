import { expect } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { hexOf } from '../../../src-main/base/bytes.ts';

const never = new AbortController().signal;

/** Octets spelt in hex; blanks and line breaks are for the eye. */
export function hex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.replace(/\s+/g, ''), 'hex'));
}

/** Hex as the tests spell it. */
export function spaced(bytes: Uint8Array): string {
  return hexOf(bytes)
    .toUpperCase()
    .replace(/(..)(?=.)/g, '$1 ');
}

/** The far end of a stream that knows nothing of OBEX but where a packet ends; a test spells both sides' octets. */
export class RawPeer {
  readonly stream: ByteStream;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: ByteStream) {
    this.stream = stream;
  }

  async send(octets: string | Uint8Array): Promise<void> {
    await this.stream.write(typeof octets === 'string' ? hex(octets) : octets, never);
  }

  /** The next packet; `undefined` at the end of the stream. */
  async packet(): Promise<Uint8Array | undefined> {
    for (;;) {
      const length = ((this.#rest[1] ?? 0) << 8) | (this.#rest[2] ?? 0);
      if (this.#rest.length >= 3 && this.#rest.length >= length) {
        const packet = this.#rest.slice(0, length);
        this.#rest = this.#rest.slice(length);
        return packet;
      }
      const more = await this.stream.read(never);
      if (more === undefined) return undefined;
      this.#rest = Buffer.concat([this.#rest, more]);
    }
  }

  /** Waits for exactly this packet. */
  async expect(octets: string): Promise<void> {
    const packet = await this.packet();
    expect(packet === undefined ? 'end of the stream' : spaced(packet)).toBe(spaced(hex(octets)));
  }

  async expectEnd(): Promise<void> {
    expect(await this.packet()).toBeUndefined();
  }

  /** Sends a request and waits for its answer. */
  async ask(octets: string | Uint8Array): Promise<Uint8Array> {
    await this.send(octets);
    const answer = await this.packet();
    if (answer === undefined) throw new Error('the stream ended where an answer was due');
    return answer;
  }

  async askFor(octets: string, answer: string): Promise<void> {
    await this.send(octets);
    await this.expect(answer);
  }
}
