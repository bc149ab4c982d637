import { describe, expect, it } from 'vitest';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { ascii, document, inRoot, withTable } from './build.ts';

const DATA = 0x4f;
const END = 0x01;

function contentOf(octets: Uint8Array): string | Uint8Array | undefined {
  return readWbxml(octets).root.children[0]?.content;
}

describe('header', () => {
  it.each([0x00, 0x01, 0x02, 0x03])('version byte 0x0%i is read', (version) => {
    // WBXML 1.0 has no charset.
    const charset = version === 0 ? [] : [0x6a];
    const octets = Uint8Array.from([version, 0xa4, 0x01, ...charset, 0x00, 0x2d]);
    expect(readWbxml(octets)).toMatchObject({ version, root: { name: 'SyncML' } });
  });

  it.each([
    [0x9f, 0x51, 'syncml'],
    [0x9f, 0x53, 'syncml'],
    [0xa4, 0x01, 'syncml'],
    [0x9f, 0x52, 'devinf'],
    [0x9f, 0x54, 'devinf'],
    [0xa4, 0x03, 'devinf'],
  ])('public id %i %i asks for the %s tables', (high, low, language) => {
    expect(readWbxml(Uint8Array.from([2, high, low, 0x6a, 0, 0x0a])).language).toBe(language);
  });

  it('an unknown public id leaves the choice to the transport, else SyncML', () => {
    const octets = Uint8Array.from([2, 0x01, 0x6a, 0, 0x0a]);
    expect(readWbxml(octets)).toMatchObject({ publicId: 1, language: 'syncml', root: { name: 'Cmd' } });
    expect(readWbxml(octets, { language: 'devinf' }).root.name).toBe('DevInf');
  });

  it('other spellings of the SyncML id are known', () => {
    const id = ascii('-//OMA//DTD SYNCML 1.2//EN\0');
    expect(readWbxml(Uint8Array.from([2, 0, 0, 0x6a, id.length, ...id, 0x2d])).language).toBe('syncml');
  });

  it.each([
    ['ISO-8859-1', 0x04, 'é'],
    ['unknown, and the transport says Latin-1', 0x00, 'é'],
  ])('charset %s decodes Latin-1', (_name, charset, text) => {
    const octets = Uint8Array.from([2, 0xa4, 1, charset, 0, 0x6d, DATA, 3, 0xe9, 0, END, END]);
    expect(contentOf(octets)).not.toBe(charset === 0 ? text : undefined);
    expect(readWbxml(octets, { charset: 'iso-8859-1' }).root.children[0]?.content).toBe(text);
  });

  it.each([0x00, 0x03, 0x6a])('charset %i decodes UTF-8', (charset) => {
    const octets = Uint8Array.from([2, 0xa4, 1, charset, 0, 0x6d, DATA, 3, 0xc3, 0xa9, 0, END, END]);
    expect(contentOf(octets)).toBe('é');
  });

  it('processing instructions around the root are passed over', () => {
    const octets = document(0x43, 0x05, 0x03, 0x61, 0x00, END, 0x2d, 0x43, 0x06, 0x85, END);
    expect(readWbxml(octets).root.name).toBe('SyncML');
  });
});

describe('content', () => {
  it('text, table strings, entities and opaque values of one element are joined', () => {
    const pieces = [0x03, 0x61, 0x00, 0x83, 0x02, 0x02, 0x87, 0x68, 0x02, 0x89, 0xf4, 0x00];
    expect(contentOf(withTable('xyzzy\0', 0x6d, DATA, ...pieces, END, END))).toBe('azzyϨ\u{27a00}');
    expect(contentOf(withTable('xyzzy\0', 0x6d, DATA, ...pieces, 0xc3, 0x01, 0x62, END, END))).toEqual(
      new TextEncoder().encode('azzyϨ\u{27a00}b'),
    );
  });

  it('a table string may end with the table, and may start within another', () => {
    expect(contentOf(withTable('hello', 0x6d, DATA, 0x83, 0x00, END, END))).toBe('hello');
    expect(contentOf(withTable('hello', 0x6d, DATA, 0x83, 0x03, END, END))).toBe('lo');
  });

  it.each([
    ['bare tag', [0x0f]],
    ['content bit and END', [DATA, END]],
    ['empty string', [DATA, 0x03, 0x00, END]],
    ['empty opaque', [DATA, 0xc3, 0x00, END]],
  ])('an empty element by %s is present without content', (_name, octets) => {
    const { root } = readWbxml(inRoot(...octets));
    expect(root.children).toEqual([{ page: 0, name: 'Data', children: [], content: undefined }]);
  });

  it('text that is not UTF-8 stays octets, so that nothing is lost', () => {
    expect(contentOf(inRoot(DATA, 0x03, 0x4d, 0xe9, 0x00, END))).toEqual(Uint8Array.of(0x4d, 0xe9));
  });

  it.each([1, 30, 31, 63, 64, 65, 511, 512, 513, 4095, 4096, 5000])(
    'a string of %i characters comes whole',
    (length) => {
      const text = 'abcdefghij'.repeat(500).slice(0, length);
      expect(contentOf(inRoot(DATA, 0x03, ...ascii(text), 0, END))).toBe(text);
      const mixed = `${text.slice(1)}ü`;
      expect(contentOf(inRoot(DATA, 0x03, ...ascii(mixed), 0, END))).toBe(mixed);
    },
  );

  it('strings behind text beyond ASCII and behind binary data keep their places', () => {
    const strings = ['ASCII', 'naïve', 'plain', '日本', 'more plain', '\u{1f600}', 'end'];
    const body: number[] = [];
    for (const text of strings) body.push(DATA, 0x03, ...ascii(text), 0, END, DATA, 0xc3, 3, 0xc3, 0x81, 0x00, END);
    const { root } = readWbxml(inRoot(...body));
    expect(root.children.filter((_child, index) => index % 2 === 0).map((child) => child.content)).toEqual(strings);
    expect(root.children[1]?.content).toEqual(Uint8Array.of(0xc3, 0x81, 0x00));
  });

  it('text and children of one element are both kept', () => {
    const { root } = readWbxml(inRoot(0x03, 0x61, 0x00, 0x0f, 0x03, 0x62, 0x00));
    expect(root).toMatchObject({ content: 'ab', children: [{ name: 'Data' }] });
  });

  it('any number of children keeps its order', () => {
    for (let count = 0; count < 12; count += 1) {
      const tags = Array.from({ length: count }, (_none, index) => 0x05 + index);
      const { root } = readWbxml(inRoot(0x6b, ...tags, END));
      expect(root.children[0]?.children.map((child) => child.name)).toEqual(
        'Add Alert Archive Atomic Chal Cmd CmdID CmdRef Copy Cred Data Delete'.split(' ').slice(0, count),
      );
    }
  });
});

describe('tags', () => {
  it('a code page stays in force past the end of the element that switched', () => {
    const { root } = readWbxml(inRoot(0x5a, 0x00, 0x01, 0x07, END, 0x13, 0x00, 0x00, 0x0f));
    expect(root.children.map((child) => `${child.page}:${child.name}`)).toEqual(['0:Meta', '1:Type', '0:Data']);
  });

  it('unknown tags stay in the tree under page and token, and are reported once each', () => {
    const octets = inRoot(0x30, 0x70, 0x03, 0x61, 0x00, END, 0x00, 0x07, 0x4a, 0x05, END, 0x00, 0x01, 0x3f);
    const { root, unknown } = readWbxml(octets);
    expect(root.children.map((child) => child.name)).toEqual(['0:30', '0:30', '7:0a', '1:3f']);
    expect(root.children[1]?.content).toBe('a');
    expect(root.children[2]?.children[0]?.name).toBe('7:05');
    expect(unknown).toEqual([
      { page: 0, token: 0x30, offset: 6 },
      { page: 7, token: 0x0a, offset: 14 },
      { page: 7, token: 0x05, offset: 15 },
      { page: 1, token: 0x3f, offset: 19 },
    ]);
  });

  it('attributes are passed over', () => {
    const attributes = [0x05, 0x85, 0x03, 0x61, 0x00, 0x83, 0x00, 0xc3, 0x01, 0x01, 0x02, 0x41, 0x00, 0x01, 0x06, END];
    const octets = withTable('id\0', 0xed, ...attributes, 0x8f, ...attributes, 0x12, END);
    expect(readWbxml(octets).root.children.map((child) => child.name)).toEqual(['Data', 'Final']);
  });

  it('a literal tag is called by its name in the string table', () => {
    const octets = withTable('Vendor\0', 0x6d, 0x44, 0x00, 0x03, 0x61, 0x00, END, 0x04, 0x00, END);
    const { root } = readWbxml(octets);
    expect(root.children).toMatchObject([{ name: 'Vendor', content: 'a' }, { name: 'Vendor' }]);
  });

  it.each(['', '1a', 'a b', 'x><y', '0:45', 'a:b', 'gr\u00fcn', 'n'.repeat(101)])(
    'a literal tag that could be no name in XML keeps its place without one: %j',
    (name) => {
      const { root } = readWbxml(withTable([...new TextEncoder().encode(name), 0], 0x6d, 0x04, 0x00, END));
      expect(root.children).toMatchObject([{ page: 0, name: '0:04' }]);
    },
  );
});
