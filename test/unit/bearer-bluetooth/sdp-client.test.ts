import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { readRecords } from '../../../src-main/bearer/bluetooth/sdp/sdp-client.ts';
import { servicesIn } from '../../../src-main/bearer/bluetooth/sdp/service-records.ts';
import { DM_CLIENT, listOf, octetsOf, PUSH } from './records.ts';

const never = new AbortController().signal;

/** A handset that answers each question with what `answer` makes of it, in pieces of one octet where `bit` is set. */
function handset(answer: (question: Uint8Array) => Uint8Array | undefined, bit = false): ByteStream {
  const waiting: Uint8Array[] = [];
  return {
    write: async (question) => {
      const whole = answer(question);
      if (whole !== undefined) waiting.push(...(bit ? [...whole].map((octet) => Uint8Array.of(octet)) : [whole]));
    },
    read: async (signal) => {
      signal.throwIfAborted();
      const next = waiting.shift();
      return next;
    },
    close: async () => undefined,
  };
}

/** An answer to the transaction of the question, with this state to go on from. */
function answerTo(question: Uint8Array, part: Uint8Array, state: readonly number[] = []): Uint8Array {
  const parameters = [part.length >> 8, part.length & 0xff, ...part, state.length, ...state];
  const transaction = question.slice(1, 3);
  return Uint8Array.of(7, ...transaction, parameters.length >> 8, parameters.length & 0xff, ...parameters);
}

/** Octets of the question after the list of attributes: the state with its length. */
function stateOf(question: Uint8Array): readonly number[] {
  return [...question.slice(5 + 5 + 2 + 11)];
}

describe('the look-up of services', () => {
  it('asks for what speaks RFCOMM, and reads an answer in one piece or octet by octet', async () => {
    const records = listOf(DM_CLIENT, PUSH);
    for (const bit of [false, true]) {
      const questions: string[] = [];
      const stream = handset((question) => {
        questions.push(Buffer.from(question).toString('hex'));
        return answerTo(question, records);
      }, bit);
      expect(await readRecords(stream, never)).toEqual(records);
      // Pattern {0003}, at most 640 octets, attributes 0001, 0004 and 0100, no state (volume 3, part B, 4.7.1).
      expect(questions).toEqual(['0600010013' + '3503190003' + '0280' + '3509090001090004090100' + '00']);
    }
  });

  it('goes on from where an answer ended, with the state that it gave, until there is none', async () => {
    const records = listOf(DM_CLIENT, PUSH);
    const states: (readonly number[])[] = [];
    const stream = handset((question) => {
      const state = stateOf(question);
      states.push(state);
      const at = state[1] ?? 0;
      const more = at + 40 < records.length ? [at + 40] : [];
      return answerTo(question, records.slice(at, at + 40), more);
    });
    expect(servicesIn(await readRecords(stream, never))).toHaveLength(2);
    expect(states).toEqual([[0], [1, 40], [1, 80]]);
  });

  it.each([
    ['an error', (q: Uint8Array) => Uint8Array.of(1, ...q.slice(1, 3), 0, 2, 0, 3), 'error 3'],
    ['an answer of another kind', (q: Uint8Array) => Uint8Array.of(3, ...q.slice(1, 3), 0, 0), 'kind 3'],
    ['the answer to another question', () => octetsOf('07 99 99 00 03 00 00 00'), 'no question'],
    ['more octets than there are', (q: Uint8Array) => Uint8Array.of(7, ...q.slice(1, 3), 0, 3, 0, 9, 0), 'shorter'],
    ['no state', (q: Uint8Array) => Uint8Array.of(7, ...q.slice(1, 3), 0, 2, 0, 0), 'shorter'],
    ['a state of 17 octets', (q: Uint8Array) => answerTo(q, new Uint8Array(1), new Array(17).fill(1)), 'shorter'],
    ['nothing', () => undefined, 'middle of an answer'],
    ['half an answer', () => octetsOf('07 00 01 00 09 00'), 'middle of an answer'],
    ['more and more', (q: Uint8Array) => answerTo(q, new Uint8Array(640), [1]), 'too many'],
    ['nothing again and again', (q: Uint8Array) => answerTo(q, new Uint8Array(0), [1]), 'no end'],
  ])('ends with an error of ours when the handset says %s', async (_what, answer, why) => {
    await expect(readRecords(handset(answer), never)).rejects.toMatchObject({
      code: 'bearer/records-invalid',
      message: expect.stringContaining(why),
    });
  });

  it('is broken off by its signal', async () => {
    const stop = new AbortController();
    const stream = handset((question) => {
      stop.abort();
      return answerTo(question, new Uint8Array(0), [1]);
    });
    await expect(readRecords(stream, stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});
