import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src-main/base/element.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { WbxmlWriter, wbxmlLength, writeWbxml } from '../../../src-main/wbxml/writer.ts';

const leaf = (name: string, content?: string | Uint8Array, page = 0): Element => ({
  page,
  name,
  children: [],
  content,
});
const parent = (name: string, ...children: readonly Element[]): Element => ({ ...leaf(name), children });

describe('writing WBXML', () => {
  it('text with NUL goes as opaque data', () => {
    expect([...writeWbxml(parent('SyncML', leaf('Data', 'a\0b')))].slice(5)).toEqual([
      0x6d, 0x4f, 0xc3, 3, 0x61, 0, 0x62, 1, 1,
    ]);
    const long = `${'x'.repeat(100)}\0`;
    expect(readWbxml(writeWbxml(parent('SyncML', leaf('Data', long)))).root.children[0]?.content).toBeInstanceOf(
      Uint8Array,
    );
  });

  it('an element with empty content is a bare tag', () => {
    const tree = parent('SyncML', leaf('Data', ''), leaf('Data', new Uint8Array()), leaf('Final'));
    expect([...writeWbxml(tree)].slice(5)).toEqual([0x6d, 0x0f, 0x0f, 0x12, 0x01]);
  });

  it('code pages are switched only when the next tag needs it', () => {
    const meta = parent('Meta', leaf('Format', 'a', 1), leaf('Type', 'b', 1));
    expect([...writeWbxml(parent('SyncML', meta, leaf('Data')))].slice(5)).toEqual([
      0x6d, 0x5a, 0x00, 0x01, 0x47, 3, 0x61, 0, 1, 0x53, 3, 0x62, 0, 1, 1, 0x00, 0x00, 0x0f, 0x01,
    ]);
  });

  it.each([0, 1, 127, 128, 16_383, 16_384, 70_000, 2_100_000])('opaque data of %i octets comes back', (length) => {
    const octets = new Uint8Array(length).fill(0xc3);
    const { root } = readWbxml(writeWbxml(parent('SyncML', leaf('Data', octets))));
    expect((root.children[0]?.content ?? new Uint8Array()).length).toBe(length);
  });

  it.each([1, 63, 64, 65, 66, 5_000, 20_000])('text of %i characters comes back', (length) => {
    for (const text of ['x'.repeat(length), `${'x'.repeat(length - 1)}é`, '日'.repeat(length)]) {
      const { root } = readWbxml(writeWbxml(parent('SyncML', leaf('Data', text), leaf('Final'))));
      expect(root).toEqual(parent('SyncML', leaf('Data', text), leaf('Final')));
    }
  });

  it('a document that fills the buffer again and again is whole', () => {
    const children = Array.from({ length: 3_000 }, (_none, index) => leaf('Data', `${index}${'y'.repeat(index % 90)}`));
    const tree = parent('SyncML', ...children);
    expect(readWbxml(writeWbxml(tree)).root).toEqual(tree);
  });

  it('the length of an element is what it adds, a switch back included', () => {
    const item = parent('Item', leaf('Data', 'abc'));
    expect(wbxmlLength(item)).toBe(
      writeWbxml(parent('SyncBody', item)).length - writeWbxml(parent('SyncBody', leaf('Final'))).length + 1,
    );
    expect(wbxmlLength(parent('Meta', leaf('Type', 'b', 1)))).toBe(1 + 2 + 5 + 1 + 2);
  });

  it('nameless tags are written as they were read', () => {
    const tree = parent('SyncML', { ...leaf('7:0a', 'x', 7), children: [leaf('7:3f', undefined, 7)] }, leaf('0:30'));
    expect(readWbxml(writeWbxml(tree)).root).toEqual(tree);
  });

  it.each(['Foo', 'constructor', '__proto__', '0:03', '0:40', 'SyncML2', ''])('a tag %j is refused by name', (name) => {
    expect(() => writeWbxml(parent('SyncML', leaf(name)))).toThrow(
      expect.objectContaining({ code: 'wbxml/unknown-tag', details: { element: name, page: 0 } }),
    );
  });

  it('a refused tree does not harm the next document', () => {
    const writer = new WbxmlWriter();
    const good = parent('SyncML', parent('Meta', leaf('Type', 'b', 1)));
    const expected = writer.write(good, 'syncml').slice();
    expect(() => writer.write(parent('SyncML', leaf('Type', 'b', 1), leaf('Nope')), 'syncml')).toThrow();
    expect(writer.write(good, 'syncml')).toEqual(expected);
  });

  it('a tree that is too deep is refused', () => {
    let tree = leaf('Data');
    for (let depth = 0; depth < 65; depth += 1) tree = parent('Data', tree);
    expect(() => writeWbxml(tree)).toThrow(expect.objectContaining({ code: 'wbxml/too-deep' }));
  });
});
