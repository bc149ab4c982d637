import { describe, expect, it } from 'vitest';
import { createEventStreamReader, type StreamEvent } from '../../../src-main/dms/event-stream.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** What comes of a stream that is read in these pieces. */
function read(...pieces: readonly Uint8Array[]): readonly StreamEvent[] {
  const reader = createEventStreamReader();
  return pieces.flatMap((piece) => [...reader.push(piece)]);
}

/** Comments, every end of a line, data of several lines, fields without a colon or a blank, characters of 2 to 4 octets. */
const STREAM = bytes(
  '\uFEFF: welcome\r\n\r\nid: 1\r\ndata: first\r\n\r\nid:2\rdata:one\rdata: two\r\rdata\n\n' +
    'event: job\nid\nretry: 2500\nunknown: field\ndata:  blank kept, é € 😀\n\ndata: never completed',
);
const EVENTS = [
  { id: '1', data: 'first' },
  { id: '2', data: 'one\ntwo' },
  { id: '2', data: '' },
  { id: '', data: ' blank kept, é € 😀' },
];

describe('a stream of server-sent events', () => {
  it('is read as the standard has it, wherever it is cut in two', () => {
    expect(read(STREAM)).toEqual(EVENTS);
    for (let at = 0; at <= STREAM.length; at += 1) {
      expect(read(STREAM.subarray(0, at), STREAM.subarray(at)), `cut at ${at}`).toEqual(EVENTS);
    }
    expect(read(...Array.from(STREAM, (octet) => Uint8Array.of(octet)))).toEqual(EVENTS);
  });

  it('tells the pause that the server wants, and passes over one that is no number', () => {
    const reader = createEventStreamReader();
    expect(reader.retry()).toBeUndefined();
    reader.push(bytes('retry: 3000\n\nretry: soon\nretry: -1\n\n'));
    expect(reader.retry()).toBe(3000);
  });

  it('keeps no id that could not go back as a header, and no empty event', () => {
    expect(read(bytes('id: good\n\nid: a\0b\ndata: x\n\nid: \u00e9\ndata: y\n\n: only a comment\n\n'))).toEqual([
      { id: 'good', data: 'x' },
      { id: 'good', data: 'y' },
    ]);
    expect(read(bytes(`id: ${'9'.repeat(201)}\ndata: z\n\n`))).toEqual([{ id: '', data: 'z' }]);
  });

  it('refuses a line, and an event, of more than 64 Ki characters, ended or not', () => {
    const long = expect.objectContaining({ code: 'dms/answer-unexpected' });
    const line = `data: ${'x'.repeat(65_536)}`;
    expect(() => read(bytes(`${line}\n\n`))).toThrow(long);
    const endless = createEventStreamReader();
    expect(() => {
      for (let count = 0; count < 100; count += 1) endless.push(bytes('x'.repeat(1000)));
    }).toThrow(long);
    const many = createEventStreamReader();
    expect(() => {
      for (let count = 0; count < 100; count += 1) many.push(bytes(`data: ${'x'.repeat(1000)}\n`));
    }).toThrow(long);
  });

  it('reads comments without an end in no more than the room of one', () => {
    const reader = createEventStreamReader();
    for (let count = 0; count < 2000; count += 1)
      expect(reader.push(bytes(`: ${'still here '.repeat(90)}\n`))).toEqual([]);
    expect(reader.push(bytes('data: after all\n\n'))).toEqual([{ id: '', data: 'after all' }]);
  });
});
