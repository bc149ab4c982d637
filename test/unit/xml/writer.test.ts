import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src-main/base/element.ts';
import { readXml } from '../../../src-main/xml/reader.ts';
import { writeXml, writeXmlFragment } from '../../../src-main/xml/writer.ts';

const leaf = (name: string, content?: string | Uint8Array, page = 0): Element => ({
  page,
  name,
  children: [],
  content,
});
const parent = (name: string, ...children: readonly Element[]): Element => ({ ...leaf(name), children });
const again = (text: string, annotations = false) => readXml(new TextEncoder().encode(text), { annotations });

describe('writing XML', () => {
  it('declares a namespace where the code page changes', () => {
    const meta = parent('Meta', leaf('Format', 'b64', 1), leaf('Type', 't', 1));
    const tree: Element = { ...leaf('MgmtTree', undefined, 2), children: [leaf('VerDTD', '1.2', 2)] };
    expect(writeXml(parent('SyncML', meta, parent('Data', tree)))).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><SyncML xmlns="SYNCML:SYNCML1.2"><Meta>' +
        '<Format xmlns="syncml:metinf">b64</Format><Type xmlns="syncml:metinf">t</Type></Meta>' +
        '<Data><MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD></MgmtTree></Data></SyncML>',
    );
    expect(writeXml(leaf('DevInf'))).toContain('<DevInf xmlns="syncml:devinf"/>');
    expect(writeXmlFragment(leaf('Final'))).toBe('<Final/>');
  });

  it.each([
    'a<b>&amp;"\'',
    ']]>',
    '\r\n\r',
    ' padded\t',
    ' ',
    '\n',
    '/>',
    '</Data>',
    'x</y>z',
    '日本\u{1f4f1}',
    '0012',
    'true',
    '$&',
  ])('text %j comes back as it was, indented or not', (text) => {
    const tree = parent('SyncML', parent('Item', leaf('Data', text), leaf('Data', 'b')));
    expect(again(writeXml(tree))).toEqual(tree);
    expect(again(writeXml(tree, { indent: true }))).toEqual(tree);
  });

  it('octets that are text are written as text', () => {
    expect(writeXmlFragment(leaf('Data', new TextEncoder().encode('größer')))).toBe('<Data>größer</Data>');
  });

  it.each([
    ['octets that are not UTF-8', Uint8Array.of(0x61, 0xff)],
    ['octets with NUL', Uint8Array.of(0x61, 0x00)],
    ['text with a control character', 'a\u0001'],
    ['text with half a surrogate pair', 'a\ud800'],
    ['text with U+FFFE', '\ufffe'],
  ])('%s cannot stand in XML, but can be annotated and taken back', (_name, content) => {
    const tree = parent('SyncML', leaf('Data', content));
    expect(() => writeXml(tree)).toThrow(
      expect.objectContaining({ code: 'xml/not-text', details: { element: 'Data' } }),
    );
    if (content === 'a\ud800') return;
    const octets = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    expect(again(writeXml(tree, { annotations: true }), true).children[0]?.content).toEqual(octets);
  });

  it('a tag without a name cannot stand in XML, but can be annotated and taken back', () => {
    const tree = parent(
      'SyncML',
      { page: 7, name: '7:0a', content: undefined, children: [leaf('Data', 'x')] },
      leaf('Final'),
    );
    expect(() => writeXml(tree)).toThrow(expect.objectContaining({ code: 'xml/unknown-tag' }));
    expect(again(writeXml(tree, { annotations: true, indent: true }), true)).toEqual(tree);
  });

  it('names that JavaScript knows otherwise are names like any other', () => {
    const tree = parent('SyncML', leaf('constructor', 'a'), leaf('toString'));
    expect(again(writeXml(tree))).toEqual(tree);
  });

  it('a tree that is too deep is refused', () => {
    let tree = leaf('Data');
    for (let depth = 0; depth < 65; depth += 1) tree = parent('Data', tree);
    expect(() => writeXml(tree)).toThrow(expect.objectContaining({ code: 'xml/too-deep' }));
  });
});
