/** The client's side of the service discovery protocol (Bluetooth Core 5.4, volume 3, part B, 4). */
import type { ByteStream } from '../../../base/byte-stream.ts';
import { PROTOCOL_LIST, recordsInvalid, SERVICE_CLASS_LIST, SERVICE_NAME } from './service-records.ts';

const ERROR_RESPONSE = 0x01;
const SEARCH_ATTRIBUTE_REQUEST = 0x06;
const SEARCH_ATTRIBUTE_RESPONSE = 0x07;
/** PDU number, transaction number, length of the parameters (4.2). */
const HEAD = 5;

/** What an answer may carry: with what is around it, it fits into the 672 octets that any device can send (L2CAP). */
const MOST_IN_ANSWER = 640;
/** Octets of all records together; the longest lists of handsets have some 4,000. */
const MOST_IN_ALL = 65_536;
/** A device that says little each time and always that there is more is left. */
const MOST_ANSWERS = 300;
/** Continuation state (4.3). */
const LONGEST_STATE = 16;

/** A data element sequence of one UUID of 16 bits: services that speak RFCOMM. */
const PATTERN = [0x35, 0x03, 0x19, 0x00, 0x03];
const ATTRIBUTES = [SERVICE_CLASS_LIST, PROTOCOL_LIST, SERVICE_NAME].flatMap((id) => [0x09, id >> 8, id & 0xff]);
const ATTRIBUTE_LIST = [0x35, ATTRIBUTES.length, ...ATTRIBUTES];

/**
 * The attribute lists of all services that speak RFCOMM: one data element.
 * @param stream each write is one request, and what is read are whole answers
 * @throws PcAgentError `bearer/records-invalid`, `bearer/lost`; AbortError
 */
export async function readRecords(stream: ByteStream, signal: AbortSignal): Promise<Uint8Array> {
  const answers = new Answers(stream);
  const parts: Uint8Array[] = [];
  let octets = 0;
  let state: Uint8Array = Uint8Array.of(0);
  for (let transaction = 1; transaction <= MOST_ANSWERS; transaction += 1) {
    await stream.write(request(transaction, state), signal);
    const answer = answerOf(await answers.next(signal), transaction);
    octets += answer.part.length;
    if (octets > MOST_IN_ALL) throw recordsInvalid('they are too many');
    parts.push(answer.part);
    state = answer.state;
    if (state.length === 1) return joined(parts, octets);
  }
  throw recordsInvalid('they have no end');
}

/** @param state the continuation state with its length before it */
function request(transaction: number, state: Uint8Array): Uint8Array {
  const parameters = [...PATTERN, MOST_IN_ANSWER >> 8, MOST_IN_ANSWER & 0xff, ...ATTRIBUTE_LIST, ...state];
  const { length } = parameters;
  return Uint8Array.of(
    ...[SEARCH_ATTRIBUTE_REQUEST, transaction >> 8, transaction & 0xff, length >> 8, length & 0xff],
    ...parameters,
  );
}

function answerOf(pdu: Uint8Array, transaction: number): { readonly part: Uint8Array; readonly state: Uint8Array } {
  const number = pdu[0];
  if (wordAt(pdu, 1) !== transaction) throw recordsInvalid('an answer belongs to no question');
  if (number === ERROR_RESPONSE) throw recordsInvalid(`the handset says error ${wordAt(pdu, HEAD)}`);
  if (number !== SEARCH_ATTRIBUTE_RESPONSE) throw recordsInvalid(`an answer of the kind ${number}`);
  const start = HEAD + 2;
  const end = start + wordAt(pdu, HEAD);
  const stateLength = pdu[end];
  if (stateLength === undefined || stateLength > LONGEST_STATE || end + 1 + stateLength > pdu.length) {
    throw recordsInvalid('an answer is shorter than it says');
  }
  return { part: pdu.slice(start, end), state: pdu.slice(end, end + 1 + stateLength) };
}

/** Numbers that the end has cut off are zero; what is read by them is then found to be too short. */
function wordAt(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function joined(parts: readonly Uint8Array[], octets: number): Uint8Array {
  const whole = new Uint8Array(octets);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Answers one after the other, however the stream cuts them. */
class Answers {
  readonly #stream: ByteStream;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  async next(signal: AbortSignal): Promise<Uint8Array> {
    await this.#fill(HEAD, signal);
    const length = HEAD + wordAt(this.#rest, 3);
    await this.#fill(length, signal);
    const answer = this.#rest.slice(0, length);
    this.#rest = this.#rest.slice(length);
    return answer;
  }

  async #fill(length: number, signal: AbortSignal): Promise<void> {
    while (this.#rest.length < length) {
      const more = await this.#stream.read(signal);
      if (more === undefined) throw recordsInvalid('the handset ended in the middle of an answer');
      this.#rest = joined([this.#rest, more], this.#rest.length + more.length);
    }
  }
}
