import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import type { Element } from '../../../src-main/base/element.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import { readXml } from '../../../src-main/xml/reader.ts';
import { agreesWithLibwbxml, asTexts, hasLibwbxml, runTool } from '../../support/wbxml-peer.ts';
import { CONTENT_MODELS, documentOf, ordersOf } from './content-models.ts';

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>';
const CASES = CONTENT_MODELS.map((model) => [model.fact, model.element, model] as const);
const present = await hasLibwbxml();

const read = (xml: string) => decodeMessage(utf8(xml), 'xml');

/** Elements of data sync, of other versions and of nobody, with whatever may be in them. */
const STRANGERS = [
  '<Archive/><SftDel/><Lang>en</Lang><NoResults/><NumberOfChanges>4</NumberOfChanges>',
  '<SourceParent><LocURI>./x</LocURI></SourceParent><TargetParent><LocURI>./y</LocURI></TargetParent>',
  '<Filter><Meta><Type xmlns="syncml:metinf">x/y</Type></Meta><Record><Item><Data>f</Data></Item></Record></Filter>',
  '<x:Unheard xmlns:x="urn:x" a="1"><CmdID>99</CmdID><Data>no</Data></x:Unheard>',
  '<!-- a remark --><?an instruction?>\n\t ',
];

function namesIn(element: Element): readonly string[] {
  return [element.name, ...element.children.flatMap(namesIn)];
}

describe('the children of an element', () => {
  it.each(CASES)('[%s, REP-2.1-20] %s is read the same in every order of them', (_fact, _name, model) => {
    const orders = ordersOf(model.children);
    for (const order of orders) {
      const xml = documentOf(model, order);
      expect(read(xml).message, xml).toEqual(model.says);
    }
    expect(new Set(orders.map((order) => order.join(''))).size).toBe(orders.length);
  });

  it.each(CASES)('[%s, REP-2.1-20] %s is written in the order of the DTD', (_fact, _name, model) => {
    const expected = documentOf(model, model.children);
    expect(new TextDecoder().decode(encodeMessage(model.says, 'xml'))).toBe(PROLOGUE + expected);
    const { root, message } = decodeMessage(encodeMessage(model.says, 'wbxml'), 'wbxml');
    expect(asTexts(root)).toEqual(asTexts(readXml(utf8(expected))));
    expect(message).toEqual(model.says);
  });

  it.skipIf(!present).each(CASES)('[%s] %s is the same for libwbxml', async (_fact, _name, model) => {
    const ours = encodeMessage(model.says, 'wbxml');
    expect(await agreesWithLibwbxml(ours, 'wbxml')).toEqual({ agrees: true });
    const theirs = await runTool(
      ['xml2wbxml', '-n', '-v', '1.2', '-o', '-', '-'],
      utf8(documentOf(model, model.children)),
    );
    expect(decodeMessage(theirs.output, 'wbxml').root.name).toBe('SyncML');
    // libwbxml trims the data of Items, and writes that of Add and Replace as opaque.
    if (!['Item', 'Add', 'Replace'].includes(model.element)) expect(theirs.output).toEqual(ours);
  });

  it.each(CASES.filter(([, name]) => name !== 'SyncBody' && name !== 'Atomic' && name !== 'Sequence'))(
    '[%s, REP-2.1-09, REP-3-25] %s keeps strangers in the document and takes no notice of them',
    (_fact, _name, model) => {
      for (const stranger of STRANGERS) {
        for (let at = 0; at <= model.children.length; at += 1) {
          const { children } = model;
          const { message, root } = read(
            documentOf(model, [...children.slice(0, at), stranger, ...children.slice(at)]),
          );
          expect(message, stranger).toEqual(model.says);
          const added = /<(?:x:)?([A-Z]\w+)/.exec(stranger)?.[1];
          if (added !== undefined) expect(namesIn(root)).toContain(added);
        }
      }
    },
  );

  it('[REP-2-18] Meta holds its values directly or in one MetInf, which is not written', () => {
    const model = CONTENT_MODELS.find(({ element }) => element === 'Meta');
    if (model === undefined) throw new TypeError('the table has no Meta');
    const wrappers = [
      ['<MetInf xmlns="syncml:metinf">', '</MetInf>'],
      ['<m:MetInf xmlns:m="syncml:metinf">', '</m:MetInf>'],
      ['\n<MetInf>\n', '\n</MetInf>\n'],
    ] as const;
    for (const [open, close] of wrappers) {
      for (const order of ordersOf(model.children)) {
        const { message } = read(documentOf(model, [open, ...order, close]));
        expect(message).toEqual(model.says);
      }
    }
    expect(new TextDecoder().decode(encodeMessage(model.says, 'xml'))).not.toContain('MetInf');
  });
});
