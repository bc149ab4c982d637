import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import type { Element } from '../../../src-main/base/element.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import { charsetOf, dmContentType, encodingOf, guessContentType } from '../../../src-main/syncml/content-type.ts';
import { itemText } from '../../../src-main/syncml/item-data.ts';
import type { Message } from '../../../src-main/syncml/model.ts';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { writeWbxml } from '../../../src-main/wbxml/writer.ts';
import { readXml } from '../../../src-main/xml/reader.ts';
import { writeXml } from '../../../src-main/xml/writer.ts';
import {
  byHand,
  clientOf,
  converse,
  gist,
  readEnvelope,
  serverOf,
  statusXml,
  TestDevice,
} from '../../support/dm-pair.ts';
import { PLAIN_HEADER } from './content-models.ts';

const MESSAGE: Message = {
  header: PLAIN_HEADER,
  commands: [{ kind: 'Get', cmdId: '1', meta: { type: 'text/plain' }, items: [{ target: { uri: './a' } }] }],
  final: true,
};
const TREE = {
  page: 2,
  name: 'MgmtTree',
  children: [{ page: 2, name: 'VerDTD', children: [], content: '1.2' }],
  content: undefined,
};
const text = (octets: Uint8Array) => new TextDecoder().decode(octets);
const XML = text(encodeMessage(MESSAGE, 'xml'));

/** What follows the header of a message of two elements: SyncML, SyncBody, Final. */
const TINY = [0x6d, 0x6b, 0x12, 0x01, 0x01];

describe('namespaces', () => {
  it('[REP-1-01] SyncML is declared once, on the root', () => {
    expect(XML.match(/SYNCML:SYNCML1\.2/g)).toHaveLength(1);
    expect(XML).toContain('<SyncML xmlns="SYNCML:SYNCML1.2"><SyncHdr>');
  });

  it('[REP-1-02] MetInf is declared on each child of Meta', () => {
    const both = encodeMessage(
      { ...MESSAGE, header: { ...PLAIN_HEADER, meta: { maxMsgSize: 1, maxObjSize: 2 } } },
      'xml',
    );
    expect(text(both)).toContain(
      '<Meta><MaxMsgSize xmlns="syncml:metinf">1</MaxMsgSize><MaxObjSize xmlns="syncml:metinf">2</MaxObjSize></Meta>',
    );
  });

  it('[REP-1-03] a tree in Data is declared as DDF and read as such', () => {
    const octets = encodeMessage(
      { ...MESSAGE, commands: [{ kind: 'Add', cmdId: '1', items: [{ markup: [TREE] }] }] },
      'xml',
    );
    expect(text(octets)).toContain('<Data><MgmtTree xmlns="syncml:dmddf1.2"><VerDTD>1.2</VerDTD></MgmtTree></Data>');
    expect(decodeMessage(octets, 'xml').message.commands[0]).toMatchObject({ items: [{ markup: [TREE] }] });
  });
});

describe('versions', () => {
  it('[REP-1-05, REP-1-06] are 1.2 and DM/1.2 in every message of both machines', () => {
    const client = clientOf(new TestDevice());
    const { session } = serverOf([[{ kind: 'Get', items: [{ target: { uri: './a' } }] }]]);
    const first = client.start();
    const second = session.receive(first).send;
    for (const envelope of [first, second]) {
      expect(readEnvelope(envelope).header).toMatchObject({ verDtd: '1.2', verProto: 'DM/1.2' });
    }
  });

  it.each([
    ['1.1', 'DM/1.1', 505, '1.2'],
    ['1.2', 'DM/1.1', 513, 'DM/1.2'],
    ['1.2', 'SYNCML/1.2', 513, 'DM/1.2'],
    ['2.0', 'DM/2.0', 505, '1.2'],
  ])(
    '[REP-1-07] a message of %s and %s is read in its own namespace and answered by %d',
    (verDtd, verProto, code, says) => {
      const hand = byHand(`${statusXml(1, 1, 0, 'SyncHdr', 212)}<Get><CmdID>2</CmdID></Get>`, { verDtd, verProto });
      const old = { ...hand, body: utf8(text(hand.body).replace('SYNCML:SYNCML1.2', 'SYNCML:SYNCML1.1')) };
      const client = clientOf(new TestDevice());
      client.start();
      const toServer = { ...old, body: utf8(text(old.body).replace(statusXml(1, 1, 0, 'SyncHdr', 212), '')) };
      for (const { send } of [client.receive(old), serverOf([]).session.receive(toServer)]) {
        const [status, ...others] = readEnvelope(send).commands;
        expect(status).toMatchObject({ kind: 'Status', cmd: 'SyncHdr', cmdRef: '0', code, items: [{ data: says }] });
        for (const other of others) expect(other).toMatchObject({ kind: 'Status', code });
      }
    },
  );

  it('[REP-1-07] SyncML 1.1 in WBXML is read with the same tables', () => {
    const octets = encodeMessage(
      { ...MESSAGE, header: { ...PLAIN_HEADER, verDtd: '1.1', verProto: 'DM/1.1' } },
      'wbxml',
    );
    const old = Uint8Array.from([octets[0] ?? 0, 0x9f, 0x53, ...octets.subarray(3)]);
    expect(decodeMessage(old, 'wbxml').message).toEqual({
      ...MESSAGE,
      header: { ...PLAIN_HEADER, verDtd: '1.1', verProto: 'DM/1.1' },
    });
  });
});

describe('MIME types', () => {
  it('[REP-1-08] XML has its type; parameters and letter case change nothing but the charset', () => {
    expect(dmContentType('xml')).toBe('application/vnd.syncml.dm+xml');
    for (const type of [
      'application/vnd.syncml.dm+xml',
      'Application/Vnd.SyncML.DM+XML; charset=utf-8',
      'application/vnd.syncml.dm+xml;verproto="DM/1.2";verdtd=1.2;charset="UTF-8"\0',
    ]) {
      expect(encodingOf(type)).toBe('xml');
    }
    expect(charsetOf('application/vnd.syncml.dm+xml')).toBeUndefined();
    expect(charsetOf('application/vnd.syncml.dm+xml;verdtd=1.2; Charset = "ISO-8859-1"')).toBe('ISO-8859-1');
    expect(charsetOf("application/vnd.syncml.dm+xml;charset='utf-16'")).toBe('utf-16');
  });

  it('[REP-1-08] the charset of the type reaches the machines', () => {
    const client = clientOf(new TestDevice());
    client.start();
    const body = `${statusXml(1, 1, 0, 'SyncHdr', 212)}${statusXml(2, 1, 1, 'Alert', 200)}${statusXml(3, 1, 2, 'Replace', 200)}
      <Replace><CmdID>4</CmdID><Item><Target><LocURI>./a</LocURI></Target><Data>gr\u00fcn</Data></Item></Replace>`;
    const octets = Uint8Array.from(Buffer.from(text(byHand(body).body), 'latin1'));
    const { send } = client.receive({ contentType: 'application/vnd.syncml.dm+xml; charset=ISO-8859-1', body: octets });
    expect(gist(send)).toContain('Status 1/4 Replace 200');
  });

  it('[REP-1-09] WBXML has its type', () => {
    expect(dmContentType('wbxml')).toBe('application/vnd.syncml.dm+wbxml');
    expect(encodingOf(' application/vnd.syncml.dm+WBXML ;x=y')).toBe('wbxml');
  });

  it('[REP-1-10] a notification and everything else is no message', () => {
    for (const type of ['application/vnd.syncml.notification', 'text/xml', 'application/xml', '', 'text/html']) {
      expect(encodingOf(type)).toBeUndefined();
    }
  });

  it.each([
    ['xml', '', 'as text'],
    ['xml', 'MgmtTree', 'inline'],
    ['wbxml', '', 'as a document of its own'],
  ] as const)(
    '[REP-1-11] a tree has its type in %s%s, and goes into the tree of the device %s',
    (encoding, inline, _how) => {
      const node = (name: string, ...inside: readonly (Element | string)[]): Element => ({
        page: 2,
        name,
        children: inside.filter((child) => typeof child !== 'string'),
        content: inside.find((child) => typeof child === 'string'),
      });
      const tree = node(
        'MgmtTree',
        node('VerDTD', '1.2'),
        node(
          'Node',
          node('NodeName', 't'),
          node('RTProperties', node('Format', node('chr'))),
          node('Value', 'in the tree'),
        ),
      );
      const type = `application/vnd.syncml.dmtnds+${encoding}`;
      const meta = { format: encoding === 'xml' ? 'xml' : 'bin', type };
      const value = encoding === 'xml' ? writeXml(tree) : writeWbxml(tree);
      const item = inline === '' ? { data: value } : { markup: [tree] };
      const { session, reports } = serverOf(
        [
          [{ kind: 'Add', meta, items: [{ target: { uri: './bag/t' }, ...item }] }],
          [{ kind: 'Get', items: [{ target: { uri: './bag/t' } }, { target: { uri: './bag?list=TNDS' } }] }],
        ],
        { encoding },
      );
      converse(clientOf(new TestDevice(), { encoding }), session);
      expect(reports.map((report) => report.reports[0]?.code)).toEqual([200, 200]);
      const [leaf, whole] = reports[1]?.reports[0]?.results ?? [];
      expect(leaf && itemText(leaf, undefined)).toBe('in the tree');
      expect(whole?.meta?.type).toBe(type);
    },
  );

  it('[REP-1-13] the types of data sync are read and never sent', () => {
    expect([encodingOf('application/vnd.syncml+wbxml'), encodingOf('application/vnd.syncml+xml')]).toEqual([
      'wbxml',
      'xml',
    ]);
    expect([dmContentType('wbxml'), dmContentType('xml')].join()).not.toContain('vnd.syncml+');
    expect(guessContentType(encodeMessage(MESSAGE, 'wbxml'))).toBe('application/vnd.syncml.dm+wbxml');
    expect(guessContentType(utf8(XML))).toBe('application/vnd.syncml.dm+xml');
  });
});

describe('public ids', () => {
  const IDS = ['-//SYNCML//DTD SyncML 1.2//EN', '-//SYNCML//DTD SYNCML 1.2//EN', '-//OMA//DTD SYNCML 1.2//EN'];

  it.each([...IDS, ...IDS.map((id) => id.toLowerCase())])(
    '[REP-1-14] %s is SyncML in both encodings, and nothing is loaded',
    (id) => {
      const doctype = `<!DOCTYPE SyncML PUBLIC "${id}" "http://127.0.0.1:1/none.dtd">`;
      expect(decodeMessage(utf8(XML.replace('?>', `?>${doctype}`)), 'xml').message).toEqual(MESSAGE);
      for (const end of [[], [0]]) {
        const table = [...utf8(id), ...end];
        const { language, publicId, root } = readWbxml(
          Uint8Array.from([2, 0, 0, 0x6a, table.length, ...table, ...TINY]),
        );
        expect({ language, publicId, root: root.name }).toEqual({ language: 'syncml', publicId: id, root: 'SyncML' });
      }
    },
  );

  it('[REP-1-15] prologue and DOCTYPE may be missing, and nothing is validated', () => {
    const bare = XML.replace(/<\?.*?\?>/, '');
    expect(decodeMessage(utf8(bare), 'xml').message).toEqual(MESSAGE);
    expect(readXml(utf8('<SyncML><Final><SyncHdr/></Final></SyncML>')).name).toBe('SyncML');
    expect(XML).not.toContain('DOCTYPE');
  });

  it.each([
    ['1.1', 1],
    ['1.2', 2],
    ['1.3', 3],
  ])('[REP-1-16] WBXML %s is read; 1.2 is sent', (_name, version) => {
    const octets = encodeMessage(MESSAGE, 'wbxml');
    expect(octets[0]).toBe(2);
    octets[0] = version;
    expect(decodeMessage(octets, 'wbxml').message).toEqual(MESSAGE);
  });
});
