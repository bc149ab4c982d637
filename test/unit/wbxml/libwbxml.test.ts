import { describe, expect, it } from 'vitest';
import type { Element } from '../../../src-main/base/element.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { tagTableOf } from '../../../src-main/wbxml/tokens.ts';
import { writeWbxml } from '../../../src-main/wbxml/writer.ts';
import { writeXml } from '../../../src-main/xml/writer.ts';
import { seededRandom } from '../../support/mutate.ts';
import { randomMessage } from '../../support/random-message.ts';
import { RARE_TREE, rareMessages } from '../../support/rare-messages.ts';
import { agreesWithLibwbxml, asTexts, hasLibwbxml, runTool } from '../../support/wbxml-peer.ts';
import * as vectors from '../../vectors/wbxml-vectors.ts';

const present = await hasLibwbxml();

function element(page: number, name: string, ...children: readonly Element[]): Element {
  return { page, name, children, content: undefined };
}

/** All names of a table's page below a root, as bare tags; the named ones cannot stand there in libwbxml. */
function allTags(language: 'syncml' | 'devinf', page: number, root: Element, ...without: readonly string[]): Element {
  const names = Object.keys(tagTableOf(language).tokens[page] ?? {}).filter((name) => !without.includes(name));
  return { ...root, children: names.map((name) => element(page, name)) };
}

const TABLES: readonly (readonly [string, number, string, Element])[] = [
  ['SyncML', 55, '', allTags('syncml', 0, element(0, 'SyncML'), 'SyncML')],
  [
    'DevInf',
    47,
    '<!DOCTYPE DevInf PUBLIC "-//SYNCML//DTD DevInf 1.2//EN" "d">',
    allTags('devinf', 0, element(0, 'DevInf'), 'DevInf'),
  ],
  [
    'DM DDF',
    56,
    '<!DOCTYPE MgmtTree PUBLIC "-//OMA//DTD-DM-DDF 1.2//EN" "d">',
    allTags('syncml', 2, element(2, 'MgmtTree'), 'MgmtTree'),
  ],
];

describe.skipIf(!present)('token tables against libwbxml', () => {
  it.each(TABLES)('all tags of %s (%i) have its tokens', async (_name, count, doctype, root) => {
    const xml = writeXml(root).replace(/^<\?xml[^>]*\?>/, (prologue) => prologue + doctype);
    const theirs = await runTool(['xml2wbxml', '-n', '-v', '1.2', '-o', '-', '-'], new TextEncoder().encode(xml));
    expect(theirs.complaint).not.toMatch(/failed/i);
    expect(root.children.length + 1).toBe(count);
    expect(theirs.output).toEqual(writeWbxml(root));
    expect(asTexts(readWbxml(theirs.output).root)).toEqual(asTexts(root));
  });

  it('all tags of MetInf (18) have its tokens', async () => {
    const meta = allTags('syncml', 1, element(0, 'Meta'));
    expect(meta.children).toHaveLength(18);
    const root = element(0, 'SyncML', element(0, 'SyncHdr', meta));
    const xml = new TextEncoder().encode(writeXml(root));
    const theirs = await runTool(['xml2wbxml', '-n', '-v', '1.2', '-o', '-', '-'], xml);
    expect(theirs.output).toEqual(writeWbxml(root));
  });
});

describe.skipIf(!present)('messages against libwbxml', () => {
  it.each(Object.entries(vectors.ALL).filter(([name]) => name !== 'TNDS_WITHOUT_SWITCH'))(
    '%s is read the same',
    async (_name, octets) => {
      expect(await agreesWithLibwbxml(octets, 'wbxml')).toEqual({ agrees: true });
    },
  );

  it('XML of package 1 is read the same', async () => {
    const xml = new TextEncoder().encode(vectors.PACKAGE_1_XML.trim());
    expect(await agreesWithLibwbxml(xml, 'xml')).toEqual({ agrees: true });
  });

  it('a serialized tree as a document of its own is read the same in both encodings', async () => {
    expect(await agreesWithLibwbxml(writeWbxml(RARE_TREE), 'wbxml')).toEqual({ agrees: true });
    expect(await agreesWithLibwbxml(new TextEncoder().encode(writeXml(RARE_TREE)), 'xml')).toEqual({ agrees: true });
  });

  it('a tree inline in a message is for libwbxml the document that ours is', async () => {
    const [, message] = rareMessages('xml').find(([origin]) => origin === 'a tree inline') ?? [];
    if (message === undefined) throw new TypeError('there is no tree inline');
    const tool = ['xml2wbxml', '-n', '-v', '1.2', '-o', '-', '-'];
    const theirs = await runTool(tool, encodeMessage(message, 'xml'));
    const [add] = decodeMessage(theirs.output, 'wbxml').message.commands;
    const data = add?.kind === 'Add' ? add.items[0]?.data : undefined;
    if (!(data instanceof Uint8Array)) throw new TypeError('the tree is not opaque');
    expect(asTexts(readWbxml(data).root)).toEqual(asTexts(RARE_TREE));
  });

  it('a difference without an excuse is found and described', async () => {
    // A rule of the project's own, for peers that libwbxml does not know.
    const { agrees, exception, detail } = await agreesWithLibwbxml(vectors.TNDS_WITHOUT_SWITCH, 'wbxml');
    expect({ agrees, exception, detail }).toEqual({
      agrees: false,
      exception: undefined,
      detail: '/MgmtTree: ours MgmtTree, theirs unknown',
    });
  });

  it('binary opaque data is excused by row 2', async () => {
    const octets = Uint8Array.from([
      2, 0xa4, 1, 0x6a, 0, 0x6d, 0x6b, 0x45, 0x54, 0x4f, 0xc3, 2, 0, 0xff, 1, 1, 1, 1, 1,
    ]);
    const { agrees, exception } = await agreesWithLibwbxml(octets, 'wbxml');
    expect({ agrees, exception: exception?.slice(0, 5) }).toEqual({ agrees: false, exception: 'row 2' });
  });

  it('random messages of ours are read the same in both encodings', async () => {
    const random = seededRandom(1201);
    for (let index = 0; index < 12; index += 1) {
      const message = randomMessage(random, { text: 'plain' });
      for (const encoding of ['wbxml', 'xml'] as const) {
        const octets = encodeMessage(message, encoding);
        expect(await agreesWithLibwbxml(octets, encoding), Buffer.from(octets).toString('latin1')).toEqual({
          agrees: true,
        });
      }
    }
  });
});
