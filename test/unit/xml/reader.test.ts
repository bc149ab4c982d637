import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src-main/base/element.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { readXml, type XmlReadOptions } from '../../../src-main/xml/reader.ts';
import { PACKAGE_1_XML } from '../../vectors/wbxml-vectors.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const read = (text: string, options?: XmlReadOptions) => readXml(encode(text), options);

function refusal(octets: Uint8Array | string, options?: XmlReadOptions) {
  try {
    readXml(typeof octets === 'string' ? encode(octets) : octets, options);
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw error;
    return { code: error.code, offset: error.offset };
  }
  return { code: 'none', offset: undefined };
}

function outline(element: Element): string {
  const inside = element.children.map(outline).join(' ');
  return `${element.page}:${element.name}${inside === '' ? '' : `(${inside})`}`;
}

function utf16(text: string, littleEndian: boolean, mark: boolean): Uint8Array {
  const units = [...(mark ? [0xfeff] : []), ...Array.from({ length: text.length }, (_none, at) => text.charCodeAt(at))];
  return Uint8Array.from(units.flatMap((unit) => (littleEndian ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])));
}

describe('elements', () => {
  it('names count and namespaces do not', () => {
    const plain = outline(read('<SyncML><SyncHdr><Meta><Format>b64</Format></Meta></SyncHdr></SyncML>'));
    expect(plain).toBe('0:SyncML(0:SyncHdr(0:Meta(1:Format)))');
    const forms = [
      "<SyncML xmlns='SYNCML:SYNCML1.2'><SyncHdr><Meta><Format xmlns='syncml:metinf'>b64</Format></Meta></SyncHdr></SyncML>",
      '<SyncML xmlns="SYNCML:SYNCML1.1"><SyncHdr><Meta xmlns="syncml:metinf"><Format>b64</Format></Meta></SyncHdr></SyncML>',
      '<s:SyncML xmlns:s="x"><s:SyncHdr><s:Meta><m:Format>b64</m:Format></s:Meta></s:SyncHdr></s:SyncML>',
    ];
    for (const form of forms) expect(outline(read(form))).toBe(plain);
  });

  it('what is below MgmtTree is DDF, with its own Format', () => {
    const text = '<Data><MgmtTree><Node><RTProperties><Format><node/></Format></RTProperties></Node></MgmtTree></Data>';
    expect(outline(read(text))).toBe('0:Data(2:MgmtTree(2:Node(2:RTProperties(2:Format(2:node)))))');
  });

  it('attributes of foreign namespaces are passed over, in either quotes', () => {
    const { children } = read(`<SyncBody xmlns:msft='http://x'><Data msft:originalerror="0x8">a</Data></SyncBody>`);
    expect(children).toEqual([{ page: 0, name: 'Data', children: [], content: 'a' }]);
  });

  it('white space between elements goes, white space that is the whole value stays', () => {
    const { children, content } = read('<Item>\r\n  <Data> </Data>\n<Data> a </Data>\n</Item>');
    expect(content).toBeUndefined();
    expect(children.map((child) => child.content)).toEqual([' ', ' a ']);
  });

  it('CDATA, references and text are one value', () => {
    expect(read('<Data>a<![CDATA[<b>&amp;]]>c&#65;&#x1F600;&lt;&apos;<!-- no --><?no?>d</Data>').content).toBe(
      "a<b>&amp;cA\u{1f600}<'d",
    );
  });

  it.each(['<Data/>', '<Data></Data>', '<Data><![CDATA[]]></Data>'])('%s is present without content', (text) => {
    expect(read(text)).toEqual({ page: 0, name: 'Data', children: [], content: undefined });
  });
});

describe('DOCTYPE', () => {
  it('the official one with its processing instruction is accepted', () => {
    const text =
      '<?xml version="1.0"?><!DOCTYPE SyncML PUBLIC "-//OMA//DTD SYNCML 1.2//EN" "http://127.0.0.1:1/x.dtd" ' +
      '[<?oma-syncml-ver supported-versions="1.2"?>]><SyncML/>';
    expect(read(text).name).toBe('SyncML');
  });

  it.each([
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    '<!DOCTYPE a [<!ENTITY % b SYSTEM "file:///etc/passwd"> %b;]><a/>',
    '<!DOCTYPE a [<!entity b "c">]><a/>',
  ])('an entity declaration is refused: %s', (text) => {
    expect(refusal(text).code).toBe('xml/entity-declaration');
  });

  it('an entity that is not of XML itself is refused', () => {
    expect(refusal('<a>&nbsp;</a>').code).toBe('xml/malformed');
  });
});

describe('encodings', () => {
  const TEXT = '<Data>grün 日本 \u{1f4f1}</Data>';
  const CONTENT = 'grün 日本 \u{1f4f1}';

  it.each([
    ['UTF-8', encode(TEXT), undefined],
    ['UTF-8 with a byte order mark', Uint8Array.from([0xef, 0xbb, 0xbf, ...encode(TEXT)]), 'iso-8859-1'],
    ['UTF-16 little-endian with a mark', utf16(TEXT, true, true), 'utf-8'],
    ['UTF-16 big-endian with a mark', utf16(TEXT, false, true), undefined],
    ['UTF-16 little-endian without a mark', utf16(TEXT, true, false), undefined],
    ['UTF-16 big-endian without a mark', utf16(TEXT, false, false), undefined],
    ['UTF-16 by the transport', utf16(TEXT, false, false), 'UTF-16BE'],
    [
      'a declaration that the transport corrects',
      encode(`<?xml version="1.0" encoding="iso-8859-1"?>${TEXT}`),
      '"UTF-8"',
    ],
    ['a declaration of UTF-16 in octets', encode(`<?xml version="1.0" encoding="UTF-16"?>${TEXT}`), undefined],
  ])('%s is read', (_name, octets, charset) => {
    expect(readXml(octets, charset === undefined ? {} : { charset }).content).toBe(CONTENT);
  });

  it('the declaration decides when the transport is silent', () => {
    const octets = Uint8Array.from(
      Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><Data>gr\xfcn</Data>', 'latin1'),
    );
    expect(readXml(octets).content).toBe('grün');
    expect(refusal(octets, { charset: 'utf-8' })).toEqual({ code: 'xml/bad-text', offset: 51 });
  });

  it('octets that are not the encoding are refused where they stand', () => {
    const octets = encode('<Data>abc</Data>');
    octets[7] = 0xff;
    expect(refusal(octets)).toEqual({ code: 'xml/bad-text', offset: 7 });
  });

  it('an encoding that nobody knows is refused', () => {
    expect(refusal('<?xml version="1.0" encoding="x-none"?><a/>').code).toBe('xml/unsupported-charset');
  });
});

describe('bad input', () => {
  const PACKAGE = encode(PACKAGE_1_XML.trim());

  it('package 1 cut at any octet is refused', () => {
    for (let length = 0; length < PACKAGE.length; length += 1) {
      const { code, offset } = refusal(PACKAGE.subarray(0, length));
      expect(code, `cut at ${length}`).toMatch(/^xml\/(truncated|malformed)$/);
      expect(offset).toBeLessThanOrEqual(length);
    }
    expect(refusal(PACKAGE).code).toBe('none');
  });

  it.each([
    ['nothing', '', 'xml/truncated', 0],
    ['plain text', 'hello', 'xml/malformed', undefined],
    ['two roots', '<a/><b/>', 'xml/malformed', undefined],
    ['tags that cross', '<a><b></a></b>', 'xml/malformed', undefined],
    ['a reference beyond Unicode', '<a>ä&#x110000;</a>', 'xml/malformed', 15],
    ['a reference to a surrogate', '<a>&#xD800;</a>', 'xml/malformed', undefined],
    ['a reference to a control character', '<a>&#1;</a>', 'xml/malformed', undefined],
    ['a control character', '<a>\u0001</a>', 'xml/malformed', undefined],
    ['a bare ampersand', '<a>a & b;</a>', 'xml/malformed', undefined],
    ['an attribute twice', '<a b="1" b="2"/>', 'xml/malformed', undefined],
    ['HTML', '<html><body><p>Bad gateway<br></body></html>', 'xml/malformed', undefined],
  ])('%s is refused', (_name, text, code, offset) => {
    const found = refusal(text);
    expect(found.code).toBe(code);
    if (offset !== undefined) expect(found.offset).toBe(offset);
    expect(found.offset).toBeLessThanOrEqual(encode(text).length);
  });

  it('caps end the work early', () => {
    expect(refusal('<a>'.repeat(200_000))).toEqual({ code: 'xml/too-deep', offset: 66 * 3 });
    expect(refusal(`<a>${'<b/>'.repeat(100_000)}</a>`).code).toBe('xml/too-large');
    expect(refusal('<a>0123456789</a>', { limits: { text: 9 } }).code).toBe('xml/too-large');
    const attributes = Array.from({ length: 257 }, (_none, index) => `a${index}=''`);
    expect(refusal(`<a ${attributes.join(' ')}/>`).code).toBe('xml/too-large');
    expect(refusal(`<a ${attributes.slice(1).join(' ')}/>`).code).toBe('none');
    expect(refusal(new Uint8Array(17 * 1024 * 1024).fill(0x20))).toEqual({
      code: 'xml/too-large',
      offset: 16 * 1024 * 1024,
    });
  });

  it('annotations of ours mean nothing unless they are asked for', () => {
    const text = '<Data xmlns:wbxml="urn:pc-agent:wbxml" wbxml:octets="base64">AP8=</Data>';
    expect(read(text).content).toBe('AP8=');
    expect(read(text, { annotations: true }).content).toEqual(Uint8Array.of(0, 255));
    expect(refusal('<Data wbxml:octets="base64">!</Data>', { annotations: true }).code).toBe('xml/malformed');
  });
});
