import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { readWbxml, type WbxmlReadOptions } from '../../../src-main/wbxml/reader.ts';
import { ALL, PACKAGE_1 } from '../../vectors/wbxml-vectors.ts';
import { document, HEADER, inRoot, repeated, withTable } from './build.ts';

function refusal(octets: Uint8Array, options?: WbxmlReadOptions): { readonly code: string; readonly offset?: number } {
  try {
    readWbxml(octets, options);
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw error;
    return { code: error.code, ...(error.offset === undefined ? {} : { offset: error.offset }) };
  }
  return { code: 'none' };
}

describe('damaged documents', () => {
  it.each(Object.entries(ALL))('%s cut at any octet is refused as truncated', (_name, octets) => {
    for (let length = 0; length < octets.length; length += 1) {
      const { code, offset } = refusal(octets.subarray(0, length));
      expect(code, `cut at ${length}`).toBe('wbxml/truncated');
      expect(offset).toBeGreaterThanOrEqual(0);
      expect(offset).toBeLessThanOrEqual(length);
    }
  });

  it('octets behind the root are refused', () => {
    expect(refusal(document(0x2d, 0x01))).toEqual({ code: 'wbxml/trailing', offset: 6 });
    expect(refusal(Uint8Array.from([...PACKAGE_1, 0x00]))).toEqual({ code: 'wbxml/trailing', offset: 370 });
  });

  it.each([
    [0x04, 'wbxml/bad-version'],
    [0x10, 'wbxml/bad-version'],
    [0x3c, 'wbxml/bad-version'],
    [0xff, 'wbxml/bad-version'],
  ])('version byte %i is refused', (version, code) => {
    expect(refusal(Uint8Array.from([version, 0xa4, 0x01, 0x6a, 0x00, 0x2d]))).toEqual({ code, offset: 0 });
  });

  it.each([
    ['the root ends before it begins', [0x01], 'wbxml/unexpected-token', 5],
    ['text stands where the root should be', [0x03, 0x61, 0x00], 'wbxml/unexpected-token', 5],
    ['opaque data stands where the root should be', [0xc3, 0x01, 0x61], 'wbxml/unexpected-token', 5],
    ['there is no root', [], 'wbxml/truncated', 5],
    ['the document ends within a page switch', [0x6d, 0x00], 'wbxml/truncated', 6],
    ['a string has no NUL', [0x6d, 0x4f, 0x03, 0x61], 'wbxml/truncated', 7],
    ['an entity is beyond Unicode', [0x6d, 0x4f, 0x02, 0xc4, 0x80, 0x00, 0x01, 0x01], 'wbxml/bad-entity', 8],
    ['an entity is a surrogate', [0x6d, 0x4f, 0x02, 0x83, 0xb0, 0x00, 0x01, 0x01], 'wbxml/bad-entity', 8],
    ['an extension stands in the body', [0x6d, 0x40, 0x61, 0x00, 0x01], 'wbxml/unsupported', 6],
    ['EXT_T_0 stands in the body', [0x6d, 0x80, 0x00, 0x01], 'wbxml/unsupported', 6],
    ['EXT_0 stands in the body', [0x6d, 0xc0, 0x01], 'wbxml/unsupported', 6],
    ['an extension stands among attributes', [0xed, 0xc0, 0x01, 0x01], 'wbxml/unsupported', 6],
    ['an attribute list does not end', [0xed, 0x05, 0x85], 'wbxml/truncated', 8],
  ])('%s', (_name, body, code, offset) => {
    expect(refusal(document(...body))).toEqual({ code, offset });
  });
});

describe('hostile lengths', () => {
  const LENGTHS: readonly (readonly [string, readonly number[]])[] = [
    ['0', [0x00]],
    ['1', [0x01]],
    ['2', [0x02]],
    ['one more than there is', [0x05]],
    ['2 to the 31st', [0x88, 0x80, 0x80, 0x80, 0x00]],
    ['the greatest of 32 bits', [0x8f, 0xff, 0xff, 0xff, 0x7f]],
  ];

  it.each(LENGTHS)('an opaque length of %s is read or refused, never trusted', (_name, length) => {
    const { code } = refusal(document(0x6d, 0x4f, 0xc3, ...length, 0x61, 0x62, 0x01, 0x01));
    expect(code).toBe(length[0] === 0x02 ? 'none' : 'wbxml/truncated');
  });

  it.each(LENGTHS)('a string table of length %s is read or refused, never trusted', (_name, length) => {
    const { code } = refusal(Uint8Array.from([0x02, 0xa4, 0x01, 0x6a, ...length, 0x61, 0x62, 0x2d]));
    expect(code).toBe(length[0] === 0x02 ? 'none' : 'wbxml/truncated');
  });

  it.each([
    ['opaque length', [...HEADER, 0x6d, 0x4f, 0xc3], 8],
    ['entity', [...HEADER, 0x6d, 0x4f, 0x02], 8],
    ['string reference', [...HEADER, 0x6d, 0x4f, 0x83], 8],
    ['public id', [0x02], 1],
    ['charset', [0x02, 0xa4, 0x01], 3],
    ['string table length', [0x02, 0xa4, 0x01, 0x6a], 4],
  ])('an endless integer as %s is refused after five octets', (_name, start, offset) => {
    const endless = Uint8Array.from([...start, ...new Array<number>(100_000).fill(0x80)]);
    expect(refusal(endless)).toEqual({ code: 'wbxml/integer-too-long', offset });
    const tooGreat = Uint8Array.from([...start, 0x90, 0x80, 0x80, 0x80, 0x00, 0x01, 0x01]);
    expect(refusal(tooGreat)).toEqual({ code: 'wbxml/integer-too-long', offset });
  });

  it.each([
    ['a string reference', withTable('ab\0', 0x6d, 0x4f, 0x83, 0x03, 0x01, 0x01), 11],
    ['a literal', withTable('ab\0', 0x6d, 0x04, 0x03, 0x01), 9],
    ['a reference without any table', inRoot(0x4f, 0x83, 0x00, 0x01), 8],
    ['the public id', Uint8Array.from([0x02, 0x00, 0x05, 0x6a, 0x01, 0x00, 0x2d]), 2],
  ])('%s outside the string table is refused', (_name, octets, offset) => {
    expect(refusal(octets)).toEqual({ code: 'wbxml/string-table', offset });
  });

  it('an unknown charset is refused by its number', () => {
    expect(refusal(Uint8Array.from([0x02, 0xa4, 0x01, 0x87, 0x68, 0x00, 0x2d]))).toEqual({
      code: 'wbxml/unsupported',
      offset: 3,
    });
  });
});

describe('caps', () => {
  it('200,000 nested tags are refused at the depth cap, without a call stack to overflow', () => {
    const nested = repeated(200_000, [0x6d]);
    expect(refusal(nested)).toEqual({ code: 'wbxml/too-deep', offset: 5 + 65 });
    const attributes = repeated(200_000, [0xed, 0x01]);
    expect(refusal(attributes).code).toBe('wbxml/too-deep');
    expect(refusal(nested, { limits: { depth: 1_000_000, elements: 1_000_000 } }).code).toBe('wbxml/truncated');
  });

  it('64 levels are read and 65 are not', () => {
    const levels = (count: number) =>
      document(...new Array<number>(count).fill(0x6d), 0x0f, ...new Array<number>(count).fill(0x01));
    expect(refusal(levels(64)).code).toBe('none');
    expect(refusal(levels(65)).code).toBe('wbxml/too-deep');
  });

  it('too many elements are refused', () => {
    expect(refusal(repeated(99_999, [0x0f], [0x6d], [0x01])).code).toBe('none');
    expect(refusal(repeated(100_000, [0x0f], [0x6d], [0x01]))).toEqual({
      code: 'wbxml/too-large',
      offset: 5 + 100_000,
    });
  });

  it('a document beyond the size cap is refused before it is read', () => {
    expect(refusal(new Uint8Array(17 * 1024 * 1024))).toEqual({ code: 'wbxml/too-large', offset: 16 * 1024 * 1024 });
  });

  it('references that repeat a large table text are counted', () => {
    const table = new Array<number>(0x3fff).fill(0x61);
    const reference = [0x83, 0x00];
    const many = Array.from({ length: 2_000 }, () => reference).flat();
    const octets = Uint8Array.from([2, 0xa4, 1, 0x6a, 0xff, 0x7f, ...table, 0x6d, 0x4f, ...many, 1, 1]);
    expect(refusal(octets).code).toBe('wbxml/too-large');
  });

  it('100,000 elements of 15,000 unknown tags are read in linear time', () => {
    const body: number[] = [];
    for (let page = 3; page < 256; page += 1) {
      body.push(0x00, page);
      for (let token = 0x05; token <= 0x3f; token += 1) body.push(token);
    }
    const start = performance.now();
    const { unknown } = readWbxml(repeated(6, body, [0x6d], [0x01]));
    expect(unknown).toHaveLength(253 * 59);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('a million one-octet pieces of one value are joined in linear time', () => {
    const whole = repeated(1_000_000, [0xc3, 0x01, 0x61], [0x6d, 0x4f], [0x01, 0x01]);
    const start = performance.now();
    expect(readWbxml(whole).root.children[0]?.content).toHaveLength(1_000_000);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});
