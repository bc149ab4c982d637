import { PcAgentError } from '../base/errors.ts';
import { outOfStep } from './client-errors.ts';
import { GatheredBody } from './gathered-body.ts';
import { type Header, HeaderId, headerLength, isBody, keptHeader } from './header.ts';
import { packetHeaders, ResponseCode } from './packet.ts';

/** Most octets of headers (without bodies) that one answer may bring in all its packets. */
const MAX_ANSWER_HEADERS = 0x10000;
/** An answer may come with packets that carry nothing, but not without end. */
const MAX_EMPTY_PACKETS = 1000;

/** Puts the packets of one answer together, under a cap for the object and one for the headers. */
export class AnswerCollector {
  readonly headers: Header[] = [];
  ended = false;
  readonly #maxObject: number;
  readonly #body = new GatheredBody();
  /** Pieces of the body that were not copied yet. */
  readonly #looked: Uint8Array[] = [];
  #length = 0;
  #headersLength = 0;
  #empty = 0;

  constructor(maxObject: number) {
    this.#maxObject = maxObject;
  }

  /** Checks what a packet brings, and keeps nothing of its memory but the body, which is to be taken before the next read. */
  look(packet: Uint8Array): void {
    const before = this.#length;
    for (const header of packetHeaders(packet)) this.#addHeader(header);
    this.#empty = this.#length > before ? 0 : this.#empty + 1;
    if (this.#empty > MAX_EMPTY_PACKETS) throw outOfStep('GET', ResponseCode.Continue);
  }

  /** Copies the body of what was looked at. */
  take(): void {
    for (const piece of this.#looked) this.#body.add(piece);
    this.#looked.length = 0;
  }

  #addHeader(header: Header): void {
    if (isBody(header)) {
      this.#length += header.value.length;
      this.#check(this.#length);
      this.#looked.push(header.value);
      if (header.id === HeaderId.EndOfBody) this.ended = true;
      return;
    }
    if (header.kind === 'word' && header.id === HeaderId.Length) {
      this.#check(header.value);
      this.#body.expect(header.value);
    }
    this.#headersLength += headerLength(header);
    if (this.#headersLength > MAX_ANSWER_HEADERS) throw tooLong(this.#headersLength, MAX_ANSWER_HEADERS);
    this.headers.push(keptHeader(header));
  }

  #check(length: number): void {
    if (length > this.#maxObject) throw tooLong(length, this.#maxObject);
  }

  /** The whole body; call it once. */
  body(): Uint8Array {
    return this.#body.take();
  }
}

function tooLong(length: number, limit: number): PcAgentError {
  return new PcAgentError('obex/object-too-long', `the object is ${length} octets or more where ${limit} are allowed`, {
    details: { length, limit },
  });
}
