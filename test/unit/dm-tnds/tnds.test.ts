import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { hexOf, textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { readTnds } from '../../../src-main/dm/tnds/read-tnds.ts';
import type { TndsNode } from '../../../src-main/dm/tnds/tnds.ts';
import { encodeTnds } from '../../../src-main/dm/tnds/write-tnds.ts';
import type { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { findProgram } from '../../support/find-program.ts';
import { peerTest } from '../../support/peers.ts';
import { EVERYBODY, free, got, leaf, property, treeOf } from '../dm-tree/server-tree.ts';

const XML_TYPE = 'application/vnd.syncml.dmtnds+xml';
const WBXML_TYPE = 'application/vnd.syncml.dmtnds+wbxml';

/** The sheet's example, with its white space. */
const EXAMPLE = `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>
 <Node><NodeName>p1</NodeName><RTProperties><Format><node/></Format><Type><DDFName/></Type></RTProperties>
  <Node><NodeName>PkgURL</NodeName><RTProperties><Format><chr/></Format><Type><MIME>text/plain</MIME></Type></RTProperties>
   <Value>http://pc.local/p1.dd</Value></Node>
 </Node></MgmtTree>`;

/** Written by libwbxml: `A`, an interior node (spec sheet wbxml-syncml, section 8). */
const BY_LIBWBXML = Buffer.from(
  `0200006A1B${Buffer.from('-//OMA//DTD-DM-DDF 1.2//EN\0').toString('hex')}00026077 03312E320001 6466034100016F5C2501010101`.replaceAll(
    ' ',
    '',
  ),
  'hex',
);

const tree = (nodes: string) => `<MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD>${nodes}</MgmtTree>`;
const about = (format: string, more = '') => `<RTProperties><Format><${format}/></Format>${more}</RTProperties>`;
const node = (name: string, inside: string) => `<Node><NodeName>${name}</NodeName>${inside}</Node>`;
const content = (xml: string | Uint8Array, type = XML_TYPE) => ({
  format: 'xml',
  type,
  value: typeof xml === 'string' ? utf8(xml) : xml,
});

function read(xml: string | Uint8Array): readonly TndsNode[] {
  const result = readTnds(content(xml));
  if (typeof result === 'number') throw new Error(`code ${result}`);
  return result.nodes;
}

const value = (found: TndsNode | undefined) => (found?.value === undefined ? undefined : textOf(octetsOf(found.value)));

function shape(on: ManagementTree, uri: string): unknown {
  const answer = got(on, `${uri}?list=StructData`);
  return typeof answer === 'number' ? answer : answer.map(([at, format, , text]) => `${at} ${format} ${text ?? '-'}`);
}

describe('a serialized tree is read', () => {
  it('[TREE-7-17] [TREE-7-02] [TREE-7-07] as the published kind of document says', () => {
    const [top] = read(EXAMPLE);
    expect([top?.name, top?.format, top?.type, top?.value, top?.children.length]).toEqual([
      'p1',
      'node',
      undefined,
      undefined,
      1,
    ]);
    const [url] = top?.children ?? [];
    expect([url?.name, url?.format, url?.type, value(url)]).toEqual([
      'PkgURL',
      'chr',
      'text/plain',
      'http://pc.local/p1.dd',
    ]);
    expect(read(tree(`<Man>M</Man><Mod>X</Mod>${node('a', '')}`))).toHaveLength(1);
  });

  it('[TREE-7-01] [TREE-7-12] from WBXML that libwbxml made, with a page switch and without', () => {
    const [top] = read(BY_LIBWBXML);
    expect([top?.name, top?.format]).toEqual(['A', 'node']);
    const at = BY_LIBWBXML.indexOf(Buffer.from('000260', 'hex'));
    const rootless = Buffer.concat([BY_LIBWBXML.subarray(0, at), BY_LIBWBXML.subarray(at + 2)]);
    const result = readTnds({ value: rootless });
    expect(typeof result === 'number' ? result : result.nodes[0]?.name).toBe('A');
  });

  it('[TREE-7-06] with its Format as an element, or as text', () => {
    for (const format of ['chr', 'int', 'bool', 'bin', 'b64', 'node', 'null', 'xml', 'date', 'time', 'float']) {
      expect(read(tree(node('a', about(format))))[0]?.format).toBe(format === 'b64' ? 'bin' : format);
    }
    expect(read(tree(node('a', '<RTProperties><Format>int</Format></RTProperties>')))[0]?.format).toBe('int');
  });

  it('[TREE-7-08] with an absent Value as none and an empty one as empty', () => {
    expect(read(tree(node('a', about('chr'))))[0]?.value).toBeUndefined();
    expect(value(read(tree(node('a', `${about('chr')}<Value/>`)))[0])).toBe('');
    expect(value(read(tree(node('a', `${about('chr')}<Value>&lt;&#233; </Value>`)))[0])).toBe('<é ');
    expect(value(read(tree(node('a', `${about('xml')}<Value><![CDATA[<x/>]]></Value>`)))[0])).toBe('<x/>');
  });

  it('[TREE-7-14] with base64 taken off octets', () => {
    for (const format of ['b64', 'bin']) {
      const [found] = read(tree(node('a', `${about(format)}<Value> AAEC/w== </Value>`)));
      expect([found?.format, hexOf(octetsOf(found?.value ?? utf8('')))]).toEqual(['bin', '000102ff']);
    }
    expect(readTnds(content(tree(node('a', `${about('b64')}<Value>!</Value>`))))).toBe(400);
  });

  it('[TREE-7-09] [TREE-7-15] [TREE-7-05] with properties in any order, or without', () => {
    const [found] = read(
      tree(
        '<Node><RTProperties><VerNo>7</VerNo><Type><MIME>a/b</MIME></Type><TStamp>20010711T163817Z</TStamp><Title>t</Title><Format><chr/></Format><ACL>Get=*</ACL></RTProperties><Value>v</Value><Path>x/y</Path><NodeName> a </NodeName></Node>',
      ),
    );
    expect([found?.name, found?.path, found?.type, found?.properties, value(found)]).toEqual([
      'a',
      'x/y',
      'a/b',
      { ACL: 'Get=*', Title: 't', TStamp: '20010711T163817Z', VerNo: '7' },
      'v',
    ]);
    expect(read(tree(node('a', '<Value>v</Value>')))[0]).toMatchObject({ format: undefined, properties: {} });
  });

  it('[TREE-7-16] past the elements of a device description', () => {
    const dfp =
      '<DFProperties><AccessType><Get/></AccessType><DFFormat><int/></DFFormat><Occurrence><One/></Occurrence><Scope><Permanent/></Scope></DFProperties>';
    expect(read(tree(node('a', `${dfp}${about('chr')}<Value>v</Value>`)))[0]).toMatchObject({
      name: 'a',
      format: 'chr',
    });
  });

  it.each([
    ['', 412],
    ['<MgmtTree><VerDTD>1.2</VerDTD></MgmtTree>', 412],
    ['<SyncML/>', 415],
    ['<MgmtTree><VerDTD>2.0</VerDTD><Node/></MgmtTree>', 415],
    ['<MgmtTree>', 400],
    ['no tree', 400],
    ['\u0002\u0000', 400],
  ])('[TREE-7-13] %j is none: %i', (text, code) => {
    expect(readTnds(content(text))).toBe(code);
    expect(treeOf({}).add('./n', content(text), 'srv')).toBe(code);
  });

  it('one that is too large is not looked at', () => {
    expect(readTnds({ value: { length: 17 * 1024 * 1024, subarray: () => utf8('') } })).toBe(413);
  });
});

it('mutated documents are refused with a code, and a tree that refuses one is as it was', () => {
  const xml = tree(
    node('n1', about('node', '<ACL>Get=*</ACL><Title>t</Title>') + node('a', `${about('b64')}<Value>AAEC</Value>`)),
  );
  const sources = [utf8(EXAMPLE), utf8(xml), BY_LIBWBXML];
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return (seed >> 8) % below;
  };
  const codes = new Set<number>();
  for (let round = 0; round < 900; round += 1) {
    const source = sources[round % sources.length] ?? BY_LIBWBXML;
    const octets = Uint8Array.from(source.subarray(0, source.length - (round % 7 === 0 ? next(source.length) : 0)));
    for (let count = next(3); count >= 0; count -= 1) octets[next(octets.length)] = next(256);
    const on = treeOf(
      { children: { n: free({ children: { n1: free({ children: { a: leaf('1') } }) } }) } },
      { now: () => 0 },
    );
    const before = got(on, '.?list=TNDS');
    const code = round % 2 === 0 ? on.add('./n', content(octets), 'srv') : on.replace('./n', content(octets), 'srv');
    codes.add(code);
    if (code !== 200) expect(got(on, '.?list=TNDS')).toEqual(before);
  }
  expect([...codes].every((code) => code === 200 || (code >= 400 && code < 426))).toBe(true);
  expect([...codes]).toEqual(expect.arrayContaining([200, 400, 415, 418]));
});

describe('Add of a serialized tree', () => {
  it('[TREE-7-10] makes the subtree, from XML, from WBXML, and from elements of the message', () => {
    const [element] = [readWbxml(BY_LIBWBXML, { language: 'ddf' }).root];
    for (const [given, uri] of [
      [content(EXAMPLE), './n/p1/PkgURL'],
      [content(EXAMPLE, WBXML_TYPE), './n/p1/PkgURL'],
      [content(BY_LIBWBXML, `${WBXML_TYPE}; charset=utf-8`), './n/A'],
      [{ format: undefined, type: undefined, value: undefined, markup: [element] }, './n/A'],
    ] as const) {
      const on = treeOf({ children: { n: free({ allowed: () => free({ allowed: () => leaf('') }) }) } });
      expect(on.add('./n', given, 'srv')).toBe(200);
      expect(typeof on.find(uri)).toBe('object');
    }
  });

  it('[TREE-7-10] makes nothing when one node cannot be made', () => {
    const on = treeOf({ children: { n: free() } });
    const bad = node(
      'n1',
      about('node') + node('a', `${about('chr')}<Value>1</Value>`) + node('b', `${about('int')}<Value>x</Value>`),
    );
    const before = shape(on, '.');
    expect(on.add('./n', content(tree(node('good', about('chr')) + bad)), 'srv')).toBe(415);
    expect(on.add('./n', content(tree(node('good', about('chr')) + node('never', about('chr')))), 'srv')).toBe(405);
    expect(on.add('./n', content(tree(node('a/b', about('chr')) + node('good', about('chr')))), 'srv')).toBe(404);
    expect(on.add('./n', content(tree(node('n1', about('node') + node('', about('chr'))))), 'srv')).toBe(400);
    expect(shape(on, '.')).toEqual(before);
    const poor = treeOf({ acl: 'Get=*' });
    expect(poor.add('.', content(tree(node('a', about('chr')))), 'srv')).toBe(425);
  });

  it('[TREE-7-03] takes the target itself for an empty NodeName, and for its own name', () => {
    for (const name of ['', 'n1']) {
      const on = treeOf({});
      expect(
        on.add('./n1', content(tree(node(name, about('node') + node('a', `${about('chr')}<Value>1</Value>`)))), 'srv'),
      ).toBe(200);
      expect(shape(on, './n1')).toEqual(['./n1 node -', './n1/a chr 1']);
    }
  });

  it('[TREE-7-04] puts a node below its Path from the target', () => {
    const on = treeOf({ children: { n: free({ children: { n1: free() } }) } });
    const at = (path: string, name: string) =>
      `<Node><NodeName>${name}</NodeName><Path>${path}</Path>${about('chr')}<Value>1</Value></Node>`;
    expect(on.add('./n', content(tree(at('n1', 'a') + at('./n1/n2/', 'b') + at('', 'c'))), 'srv')).toBe(200);
    expect([on.text('./n/n1/a'), on.text('./n/n1/n2/b'), on.text('./n/c')]).toEqual(['1', '1', '1']);
    expect(on.add('./n', content(tree(at('../x', 'a'))), 'srv')).toBe(404);
  });

  it('[TREE-7-09] sets ACL and Title of what it makes', () => {
    const on = treeOf({});
    const more = '<ACL>Get=srv+other</ACL><Title>Title</Title>';
    expect(
      on.add('.', content(tree(node('n1', about('node', more) + node('a', `${about('chr')}<Value>1</Value>`)))), 'srv'),
    ).toBe(200);
    expect([property(on, './n1', 'ACL'), property(on, './n1', 'Title'), got(on, './n1/a', 'third')]).toEqual([
      'Get=srv+other',
      'Title',
      425,
    ]);
    expect(on.add('.', content(tree(node('n2', about('node', '<ACL>Get</ACL>')))), 'srv')).toBe(400);
    expect(on.find('./n2')).toBe(404);
    const poor = treeOf({ acl: 'Add=*&Get=*' });
    expect(poor.add('.', content(tree(node('b', about('chr', '<ACL>Get=srv</ACL>')))), 'srv')).toBe(425);
    expect(
      poor.add('.', content(tree(node('n3', about('node', '<ACL>Get=srv</ACL>') + node('a', about('chr'))))), 'srv'),
    ).toBe(200);
    expect(property(poor, './n3', 'ACL')).toBe('Get=srv');
  });

  it('[TREE-7-03] an inbox puts an object without NodeName where its Type belongs, and shows nothing', () => {
    const on = treeOf({
      children: {
        Inbox: {
          format: 'node',
          access: ['Add'],
          acl: 'Add=srv',
          place: ({ type, name, text }) =>
            type === 'urn:acc' ? { uri: `./Acc/${name ?? text('Name') ?? 'n'}` } : undefined,
        },
        Acc: free({
          acl: 'Get=*',
          allowed: () => free({ allowed: (name) => leaf('', name === 'Name' ? {} : { access: [] }) }),
        }),
      },
    });
    const object = (name: string, type = 'urn:acc') =>
      tree(
        `<Node>${name}${about('node', `<Type><DDFName>${type}</DDFName></Type>`)}${node('Name', `${about('chr')}<Value>mine</Value>`)}</Node>`,
      );
    expect(on.add('./Inbox', content(object('')), 'other')).toBe(425);
    expect(on.add('./Inbox', content(object('')), 'srv')).toBe(200);
    expect(on.text('./Acc/mine/Name')).toBe('mine');
    expect(on.add('./Inbox/x', content(object('<NodeName>given</NodeName>')), 'srv')).toBe(200);
    expect(on.text('./Acc/given/Name')).toBe('mine');
    expect(on.add('./Inbox', content(object('', 'urn:else')), 'srv')).toBe(415);
    expect([got(on, './Inbox'), got(on, './Inbox/x'), got(on, './Inbox/x/y?prop=Name')]).toEqual([405, 405, 405]);
    // Outside an inbox it is the target that such a node stands for.
    expect(on.add('./Acc', content(object('')), undefined)).toBe(418);
    expect(on.add('./Acc/new', content(object('')), undefined)).toBe(200);
  });
});

describe('Replace by a serialized tree', () => {
  const sown = () =>
    treeOf({
      children: {
        n: free({
          children: { n1: free({ children: { a: leaf('1'), b: leaf('2'), own: leaf('3', { access: ['Get'] }) } }) },
        }),
      },
    });

  it("[TREE-7-11] deletes what is missing and makes what is new, but for what is the device's own", () => {
    const on = sown();
    const doc = tree(
      node(
        'n1',
        about('node') + node('a', `${about('chr')}<Value>x</Value>`) + node('c', `${about('int')}<Value>4</Value>`),
      ),
    );
    expect(on.replace('./n/n1', content(doc), 'srv')).toBe(200);
    expect(shape(on, './n/n1')).toEqual(['./n/n1 node -', './n/n1/a chr x', './n/n1/own chr 3', './n/n1/c int 4']);
    // The parent as the target gives the same.
    expect(on.replace('./n', content(doc.replace('>x<', '>y<')), 'srv')).toBe(200);
    expect(on.text('./n/n1/a')).toBe('y');
  });

  it('[TREE-7-11] changes nothing when one part of it fails', () => {
    const on = sown();
    const before = got(on, '.?list=TNDS');
    const failing = [
      [node('own', `${about('chr')}<Value>x</Value>`), 405],
      [node('a', about('node') + node('x', about('chr'))), 415],
      [node('c', `${about('int')}<Value>x</Value>`), 415],
      [node('never', about('chr')), 405],
    ] as const;
    for (const [part, code] of failing) {
      expect(on.replace('./n/n1', content(tree(node('', about('node') + part))), 'srv')).toBe(code);
      expect(got(on, '.?list=TNDS')).toEqual(before);
    }
    expect(on.replace('./n/no', content(EXAMPLE), 'srv')).toBe(404);
    on.replaceProperty('./n/n1', 'ACL', 'Get=*&Replace=srv', 'srv');
    // Without Delete on what would go.
    expect(on.replace('./n/n1', content(tree(node('', about('node')))), 'srv')).toBe(425);
    expect(on.text('./n/n1/b')).toBe('2');
  });

  it('needs the right to delete what goes, also where the node has no such access type', () => {
    const on = treeOf({ children: { n: free({ allowed: () => leaf('', { access: ['Get', 'Replace'] }) }) } });
    expect(on.add('./n/a', { format: 'chr', type: undefined, value: utf8('1') }, 'srv')).toBe(200);
    on.replaceProperty('./n', 'ACL', 'Get=*&Replace=poor+rich&Delete=rich', 'srv');
    const nothing = content(tree(node('', about('node'))));
    expect([on.replace('./n', nothing, 'poor'), on.text('./n/a')]).toEqual([425, '1']);
    expect([on.replace('./n', nothing, 'rich'), on.find('./n/a')]).toEqual([200, 404]);
  });

  it('takes away tens of thousands of nodes, or puts them back in their order, and holds no list for each', () => {
    const on = treeOf({ children: { n: free() } });
    for (let index = 0; index < 40_000; index += 1) on.put('./n', `a${index}`, leaf('1'));
    const names = got(on, './n');
    const failing = content(tree(node('', about('node') + node('never', about('chr')))));
    expect(on.replace('./n', failing, 'srv')).toBe(405);
    expect(got(on, './n')).toEqual(names);
    expect(on.replace('./n', content(tree(node('', about('node')))), 'srv')).toBe(200);
    expect(got(on, './n')).toEqual([['./n', 'node', 'text/plain', '']]);
  });

  it("leaves the root an Add that is everybody's", () => {
    const on = treeOf({});
    const closed = content(tree(node('', about('node', '<ACL>Get=srv&amp;Replace=srv</ACL>'))));
    expect([on.replace('.', closed, 'srv'), property(on, '.', 'ACL')]).toEqual([405, EVERYBODY]);
  });
});

describe('a serialized tree is written', () => {
  const octets = Uint8Array.of(0, 1, 2, 255);
  const on = () =>
    treeOf(
      {
        acl: EVERYBODY,
        children: {
          n: free({
            children: {
              a: leaf('<é>'),
              b: { format: 'bin', value: octets },
              c: { format: 'chr', value: 'a\u0001' },
              d: { format: 'int' },
            },
          }),
        },
      },
      { now: () => 0 },
    );

  it('[TREE-7-14] [TREE-7-08] with octets as base64 in XML, and raw in WBXML', () => {
    const xml = String(got(on(), './n?list=TNDS+Format+Value'));
    expect(xml).toContain(
      '<NodeName>b</NodeName><RTProperties><Format><b64/></Format></RTProperties><Value>AAEC/w==</Value>',
    );
    expect(xml).toContain(
      '<NodeName>c</NodeName><RTProperties><Format><b64/></Format></RTProperties><Value>YQE=</Value>',
    );
    expect(xml).toContain('<NodeName>d</NodeName><RTProperties><Format><int/></Format></RTProperties></Node>');
    const answer = queryTree(on(), './n/b?list=TNDS+Format+Value', 'srv', 'wbxml');
    if (answer.kind === 'refused') throw new Error(`code ${answer.code}`);
    const [item] = answer.items;
    expect([item?.format, item?.type]).toEqual(['bin', WBXML_TYPE]);
    // Node, NodeName b, RTProperties, Format bin, Value opaque: read off the token table by hand.
    expect(hexOf(octetsOf(item?.value ?? octets)).slice(-42)).toBe(
      '6466036200016f5c090101' + '76c304000102ff01' + '0101',
    );
  });

  it('[TREE-7-12] so that it can be read again, in both encodings', () => {
    for (const encoding of ['xml', 'wbxml'] as const) {
      const answer = queryTree(on(), './n?list=TNDS', 'srv', encoding);
      if (answer.kind === 'refused') throw new Error(`code ${answer.code}`);
      const copy = treeOf({}, { now: () => 0 });
      expect(got(on(), '.?list=TNDS+Title')).toEqual([
        ['.', 'xml', XML_TYPE, expect.stringContaining('<VerDTD>1.2</VerDTD><Node><NodeName/><RTProperties/><Node>')],
      ]);
      expect(
        copy.add('./n', { format: undefined, type: answer.items[0]?.type, value: answer.items[0]?.value }, 'srv'),
      ).toBe(200);
      expect(
        ['a', 'b', 'c', 'd'].map((name) => [property(copy, `./n/${name}`, 'Size'), copy.text(`./n/${name}`)]),
      ).toEqual(['a', 'b', 'c', 'd'].map((name) => [property(on(), `./n/${name}`, 'Size'), on().text(`./n/${name}`)]));
      expect(property(copy, './n/b', 'Format')).toBe('bin');
    }
  });

  it('[TREE-7-01] byte for byte as libwbxml does', () => {
    const nodes: readonly TndsNode[] = [
      { name: 'A', path: undefined, format: 'node', type: undefined, properties: {}, value: undefined, children: [] },
    ];
    expect(hexOf(encodeTnds({ nodes }, 'wbxml'))).toBe(BY_LIBWBXML.toString('hex'));
    expect(textOf(encodeTnds({ nodes }, 'xml'))).toBe(tree(node('A', about('node'))));
  });

  peerTest('[TREE-7-12] and libwbxml reads and writes the same', ['xml2wbxml', 'wbxml2xml'], () => {
    const place = mkdtempSync(join(tmpdir(), 'pc-agent-tnds-'));
    try {
      const file = (name: string) => join(place, name);
      writeFileSync(
        file('in.xml'),
        `<?xml version="1.0"?><!DOCTYPE MgmtTree PUBLIC "-//OMA//DTD-DM-DDF 1.2//EN" "http://www.openmobilealliance.org/tech/DTD/DM_DDF-V1_2.dtd">${EXAMPLE}`,
      );
      execFileSync(findProgram('xml2wbxml') ?? '', ['-n', '-v', '1.2', '-o', file('a.wbxml'), file('in.xml')], {
        timeout: 10_000,
        stdio: 'pipe',
      });
      const theirs = read(readFileSync(file('a.wbxml')));
      expect(theirs).toEqual(read(EXAMPLE));
      writeFileSync(file('b.wbxml'), encodeTnds({ nodes: theirs }, 'wbxml'));
      execFileSync(findProgram('wbxml2xml') ?? '', ['-o', file('b.xml'), file('b.wbxml')], {
        timeout: 10_000,
        stdio: 'pipe',
      });
      expect(read(readFileSync(file('b.xml')))).toEqual(read(EXAMPLE));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });
});
