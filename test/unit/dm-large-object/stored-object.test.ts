import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { LargeObjectAssembler } from '../../../src-main/dm/large-object/assembler.ts';
import type { ObjectStore } from '../../../src-main/dm/large-object/object-store.ts';
import type { Data, Item } from '../../../src-main/syncml/model.ts';
import { HandsetObjectStore } from '../../../src-main/virtual/handset/object-store.ts';

const MIB = 1024 * 1024;

function chunk(data: Data, more: boolean, size?: number, format = 'bin'): Item {
  const meta = size === undefined ? {} : { meta: { format, type: 'a/b', size } };
  return { target: { uri: './a' }, ...meta, data, ...(more ? { moreData: true } : {}) };
}

/** A store in memory that notes what it is asked for. */
function memoryStore(room = Number.POSITIVE_INFINITY) {
  const told: string[] = [];
  const pieces: Uint8Array[] = [];
  const store: ObjectStore = {
    begin(size) {
      told.push(`begin ${size}`);
      if (size > room) return undefined;
      return {
        write: (octets) => {
          pieces.push(octets.slice());
          return pieces.reduce((sum, piece) => sum + piece.length, 0) <= room;
        },
        done: () => {
          told.push('done');
          return Uint8Array.from(Buffer.concat(pieces));
        },
        discard: () => void told.push('discard'),
      };
    },
  };
  return { store, told, pieces };
}

const assembler = (store: ObjectStore) => new LargeObjectAssembler({ maxObjSize: 100 * MIB, store });

/** Gives an object to an assembler in pieces of a length. */
function give(parts: LargeObjectAssembler, carried: Data, length: number, format: string) {
  for (let at = 0; ; at += length) {
    const data = carried.slice(at, at + length);
    const more = at + length < carried.length;
    const outcome = parts.take('Add', chunk(data, more, at === 0 ? carried.length : undefined, format), undefined);
    if (outcome.kind !== 'more') return outcome;
  }
}

describe('an object above a mebibyte', () => {
  const value = Uint8Array.from({ length: MIB + 5 }, (_, index) => (index * 31) % 251);
  const base64 = Buffer.from(value).toString('base64');

  it.each([
    ['octets', value, 'bin', 70_000],
    ['base64 cut anywhere', base64, 'b64', 70_001],
    ['base64 with line breaks', base64.replace(/.{76}/g, '$&\r\n'), 'b64', 65_537],
    ['base64 text in opaque octets', utf8(base64), 'b64', 99_999],
    ['octets that are called base64 and are none', value, 'b64', 70_000],
  ] as const)('goes to the store as it comes: %s', (_what, carried, format, length) => {
    const { store, told, pieces } = memoryStore();
    const outcome = give(assembler(store), carried, length, format);
    if (outcome.kind !== 'whole' || outcome.stored === undefined) throw new Error('it was not stored');
    expect(Buffer.compare(octetsOf(outcome.stored), value)).toBe(0);
    expect(outcome.item).toEqual({ target: { uri: './a' }, meta: { format, type: 'a/b', size: carried.length } });
    expect(told).toEqual([`begin ${carried.length}`, 'done']);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(length);
  });

  it('may come opaque at first and as text from then on', () => {
    for (const [carried, format, whole] of [
      [base64, 'b64', value],
      ['größer '.repeat(200_000), 'chr', utf8('größer '.repeat(200_000))],
    ] as const) {
      const { store } = memoryStore();
      const parts = assembler(store);
      const size = utf8(carried).length;
      const [first, second, last] = [carried.slice(0, 70_001), carried.slice(70_001, 900_002), carried.slice(900_002)];
      expect(parts.take('Add', chunk(utf8(first), true, size, format), undefined).kind).toBe('more');
      expect(parts.take('Add', chunk(second, true, undefined, format), undefined).kind).toBe('more');
      const outcome = parts.take('Add', chunk(last, false, undefined, format), undefined);
      if (outcome.kind !== 'whole' || outcome.stored === undefined) throw new Error('it was not stored');
      expect(Buffer.compare(octetsOf(outcome.stored), whole)).toBe(0);
    }
  });

  it('of text is stored in UTF-8', () => {
    const text = 'aé€😀'.repeat(120_000);
    const { store } = memoryStore();
    const parts = assembler(store);
    const size = utf8(text).length;
    expect(parts.take('Add', chunk(text.slice(0, 300_000), true, size, 'chr'), undefined).kind).toBe('more');
    const outcome = parts.take('Add', chunk(text.slice(300_000), false), undefined);
    if (outcome.kind !== 'whole' || outcome.stored === undefined) throw new Error('it was not stored');
    expect(Buffer.from(octetsOf(outcome.stored)).toString()).toBe(text);
  });

  it('is held in memory when it is no larger, or when there is no store', () => {
    const { store, told } = memoryStore();
    const without = new LargeObjectAssembler({ maxObjSize: 2 * MIB });
    for (const [parts, carried] of [
      [assembler(store), value.subarray(0, MIB)],
      [without, value],
    ] as const) {
      const outcome = give(parts, carried, 500_000, 'bin');
      const data = outcome.kind === 'whole' ? outcome.item.data : undefined;
      expect(data instanceof Uint8Array && Buffer.compare(data, carried) === 0).toBe(true);
    }
    expect(told).toEqual([]);
  });

  it.each([
    ['there is no room for it', 1000, value, 'bin', 420, ['begin 1048581']],
    ['the room ends', 1_048_581, base64, 'b64', 420, ['begin 1398108']],
    ['its base64 is none', Number.POSITIVE_INFINITY, `${'A'.repeat(MIB)}!`, 'b64', 400, ['begin 1048577', 'discard']],
    ['its base64 ends early', Number.POSITIVE_INFINITY, 'A'.repeat(MIB + 1), 'b64', 400, ['begin 1048577', 'discard']],
  ] as const)('is refused, and nothing is left of it, when %s', (_why, room, carried, format, code, expected) => {
    const { store, told } = memoryStore(room);
    const parts = assembler(store);
    expect(give(parts, carried, 100_000, format)).toEqual({ kind: 'refused', code });
    expect(told).toEqual(expected);
    expect(parts.pendingUri).toBeUndefined();
  });

  it.each([
    ['is longer than its Size', [chunk(new Uint8Array(MIB), true), chunk(new Uint8Array(MIB), true)], 424],
    ['is shorter than its Size', [chunk(new Uint8Array(5), false)], 424],
  ])('that %s is refused and thrown away', (_how, rest, code) => {
    const { store, told, pieces } = memoryStore();
    const parts = assembler(store);
    parts.take('Add', chunk(new Uint8Array(10), true, 2 * MIB), undefined);
    const outcomes = rest.map((item) => parts.take('Add', item, undefined));
    expect(outcomes.at(-1)).toEqual({ kind: 'refused', code });
    expect(told).toEqual([`begin ${2 * MIB}`, 'discard']);
    // What is too much never reaches the store.
    expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThanOrEqual(2 * MIB);
  });

  it('that is abandoned is thrown away', () => {
    const { store, told } = memoryStore();
    const parts = assembler(store);
    parts.take('Add', chunk(new Uint8Array(10), true, 2 * MIB), undefined);
    expect(parts.abandon()).toBe('./a');
    expect(told).toEqual([`begin ${2 * MIB}`, 'discard']);
  });
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function temporary(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-objects-'));
  folders.push(folder);
  return folder;
}

function written(store: HandsetObjectStore, text: string) {
  const writer = store.begin(text.length);
  if (writer === undefined) throw new Error('no room');
  for (const piece of text.match(/.{1,3}/g) ?? []) expect(writer.write(utf8(piece))).toBe(true);
  return writer;
}

describe('the files of a virtual handset', () => {
  it('give a value back in pieces, and go when nobody holds it', () => {
    const folder = temporary();
    const store = new HandsetObjectStore(folder);
    const first = written(store, 'the first value').done();
    const second = written(store, 'another').done();
    expect(first.length).toBe(15);
    expect(Buffer.from(first.subarray(4, 9)).toString()).toBe('first');
    expect(Buffer.from(first.subarray(10, 99)).toString()).toBe('value');
    expect(first.subarray(15, 20).length).toBe(0);
    expect(readdirSync(folder)).toHaveLength(2);
    store.keepOnly([first, utf8('a small one')]);
    expect(readdirSync(folder)).toHaveLength(1);
    expect(Buffer.from(octetsOf(first)).toString()).toBe('the first value');
    expect(() => second.subarray(0, 1)).toThrow();
    store.keepOnly([]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of what is half received go with the session, and what a kill has left with the first session after it', () => {
    const folder = temporary();
    writeFileSync(join(folder, 'left-by-a-kill.object'), 'x');
    writeFileSync(join(folder, 'somebody else’s.txt'), 'x');
    const store = new HandsetObjectStore(folder);
    written(store, 'thrown away').discard();
    written(store, 'never whole');
    expect(readdirSync(folder)).toHaveLength(3);
    store.keepOnly([]);
    expect(readdirSync(folder)).toEqual(['somebody else’s.txt']);
  });

  it('have no name where the handset keeps nothing', () => {
    const before = readdirSync(tmpdir()).filter((name) => name.endsWith('.object'));
    const store = new HandsetObjectStore(undefined);
    const value = written(store, 'nameless').done();
    expect(Buffer.from(octetsOf(value)).toString()).toBe('nameless');
    expect(readdirSync(tmpdir()).filter((name) => name.endsWith('.object'))).toEqual(before);
    store.keepOnly([]);
  });

  it('are not begun when the disk has no room', () => {
    expect(new HandsetObjectStore(temporary()).begin(Number.MAX_SAFE_INTEGER)).toBeUndefined();
  });
});
