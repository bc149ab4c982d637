import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../../../src-main/base/base64.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { carry } from '../../../src-main/dm/carry.ts';
import { LargeObjectAssembler } from '../../../src-main/dm/large-object/assembler.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import {
  carriedBytes,
  effectiveMeta,
  formatOf,
  itemBytes,
  itemText,
  typeOf,
} from '../../../src-main/syncml/item-data.ts';
import type { Command, Encoding, Item, Meta } from '../../../src-main/syncml/model.ts';
import { clientOf, proverOf, readEnvelope, serverOf, TestDevice, verifierOf } from '../../support/dm-pair.ts';
import { grandTour } from '../../support/grand-tour.ts';
import { PLAIN_HEADER } from './content-models.ts';

const ENCODINGS: readonly Encoding[] = ['xml', 'wbxml'];
const TOUR = grandTour('wbxml');
const BINARY = Uint8Array.from({ length: 256 }, (_none, index) => index);

/** The command after a way over the wire. */
function carried(command: Command, encoding: Encoding): Command | undefined {
  const octets = encodeMessage({ header: PLAIN_HEADER, commands: [command], final: true }, encoding);
  return decodeMessage(octets, encoding).message.commands[0];
}

const metaOf = (inner: string): Meta | undefined => {
  const xml =
    '<SyncML><SyncHdr><VerDTD>1.2</VerDTD><VerProto>DM/1.2</VerProto><SessionID>5</SessionID><MsgID>3</MsgID>' +
    '<Target><LocURI>T</LocURI></Target><Source><LocURI>S</LocURI></Source></SyncHdr>' +
    `<SyncBody><Get><CmdID>1</CmdID><Meta>${inner}</Meta></Get></SyncBody></SyncML>`;
  return decodeMessage(utf8(xml), 'xml').message.commands[0]?.meta;
};

describe('Format and Type', () => {
  it('[REP-4-01] are chr and text/plain when they are missing', () => {
    for (const meta of [{}, { format: '', type: ' ' }])
      expect([formatOf(meta), typeOf(meta)]).toEqual(['chr', 'text/plain']);
    expect(itemText({ data: 'QWNtZQ==' }, undefined)).toBe('QWNtZQ==');
  });

  it.each<readonly [Meta | undefined, Meta | undefined, Meta]>([
    [{ format: 'b64', type: 'c/d' }, { type: 'a/b' }, { format: 'b64', type: 'a/b' }],
    [{ format: 'b64', type: 'c/d' }, { format: 'chr' }, { format: 'chr', type: 'c/d' }],
    [{ format: 'b64', size: 8 }, undefined, { format: 'b64', size: 8 }],
    [undefined, { format: 'int', mark: 'minor' }, { format: 'int', mark: 'minor' }],
    [undefined, undefined, {}],
  ])('[REP-4-02] of a command hold for its Items, element by element: %j and %j', (command, item, both) => {
    expect(effectiveMeta(item === undefined ? {} : { meta: item }, command)).toEqual(both);
    for (const encoding of ENCODINGS) {
      const written: Command = {
        kind: 'Add',
        cmdId: '1',
        ...(command === undefined ? {} : { meta: command }),
        items: [item === undefined ? { data: 'QWNtZQ==' } : { meta: item, data: 'QWNtZQ==' }],
      };
      const read = carried(written, encoding);
      if (read?.kind !== 'Add') throw new TypeError('not an Add');
      expect(effectiveMeta(read.items[0] as Item, read.meta)).toEqual(both);
      const value = both.format === 'b64' ? 'Acme' : 'QWNtZQ==';
      expect(itemText(read.items[0] as Item, read.meta)).toBe(value);
    }
  });

  it('[REP-4-03] of Cred, Chal and Alert describe the data beside them', () => {
    for (const { header } of TOUR.messages) {
      if (header.cred === undefined) continue;
      expect(header.cred.meta).toEqual({ format: 'b64', type: 'syncml:auth-md5' });
      expect(fromBase64(String(header.cred.data))).toHaveLength(16);
    }
    const alert = TOUR.messages[0]?.commands.find((found) => found.kind === 'Alert' && found.code === 1226);
    expect(alert).toMatchObject({ items: [{ meta: { format: 'chr', type: 'urn:example:done' }, data: 'x' }] });
  });

  it.each<readonly [Meta, string]>([
    [{ format: 'B64', type: 'text/plain' }, 'Acme'],
    [{ format: ' b64 ', type: 'application/octet-stream' }, 'Acme'],
    [{ format: 'chr', type: 'application/octet-stream' }, 'QWNtZQ=='],
    [{ format: 'bin', type: 'text/plain' }, 'QWNtZQ=='],
    [{ type: 'application/octet-stream' }, 'QWNtZQ=='],
  ])('[REP-4-04] Format decides how a value is read, whatever the Type: %j', (meta, value) => {
    expect(itemText({ meta, data: 'QWNtZQ==' }, undefined)).toBe(value);
    expect(typeOf({ type: 'Application/X; a=b' })).toBe('application/x');
  });
});

describe('binary values', () => {
  it('[REP-4-05, REP-4-08] go as b64 in XML and as opaque bin in WBXML, and come back as they were', () => {
    for (const format of ['bin', 'b64']) {
      const xml = carry(BINARY, format, 'xml');
      expect(xml).toEqual({ format: 'b64', data: Buffer.from(BINARY).toString('base64') });
      expect(carry(BINARY, format, 'wbxml')).toEqual({ format: 'bin', data: BINARY });
    }
    for (const encoding of ENCODINGS) {
      const { data, format } = carry(BINARY, 'bin', encoding);
      const read = carried({ kind: 'Add', cmdId: '1', items: [{ meta: { format }, data }] }, encoding);
      if (read?.kind !== 'Add') throw new TypeError('not an Add');
      expect(itemBytes(read.items[0] as Item, read.meta)).toEqual(BINARY);
    }
  });

  it('[REP-4-05] WBXML may have base64 text, too, and octets that contradict b64', () => {
    const text = toBase64(BINARY);
    for (const data of [text, utf8(text)])
      expect(itemBytes({ meta: { format: 'b64' }, data }, undefined)).toEqual(BINARY);
    expect(itemBytes({ meta: { format: 'b64' }, data: BINARY }, undefined)).toEqual(BINARY);
    expect(itemBytes({ data: utf8('Acme') }, undefined)).toEqual(utf8('Acme'));
  });

  it('[REP-4-05] text that XML cannot hold goes as b64', () => {
    for (const value of ['a\u0000b', 'a\u0001b', '\ufffe', '\u001b[0m']) {
      const { data, format } = carry(utf8(value), 'chr', 'xml');
      expect(format).toBe('b64');
      const read = carried({ kind: 'Add', cmdId: '1', items: [{ meta: { format }, data }] }, 'xml');
      if (read?.kind !== 'Add') throw new TypeError('not an Add');
      expect(itemText(read.items[0] as Item, read.meta)).toBe(value);
    }
    expect(carry(utf8('a\u0001b'), 'chr', 'wbxml')).toEqual({ data: 'a\u0001b', format: 'chr' });
    expect(carry(utf8('l\u00efne\r\n\t'), 'chr', 'xml')).toEqual({ data: 'l\u00efne\r\n\t', format: 'chr' });
  });

  it.each([
    ['QWNtZSBNb2RlbA==', 'Acme Model'],
    ['QWNtZSBN\r\nb2RlbA==\n', 'Acme Model'],
    [' QWNt ZSBN\tb2RlbA', 'Acme Model'],
    ['QWNtZSBNb2RlbA=', 'Acme Model'],
    ['', ''],
  ])('[REP-4-07] base64 is read with white space and without padding: %j', (text, value) => {
    expect(itemText({ meta: { format: 'b64' }, data: text }, undefined)).toBe(value);
  });

  it('[REP-4-07] base64 is written without line breaks, and what is none is refused', () => {
    expect(toBase64(new Uint8Array(300))).toMatch(/^[A-Za-z0-9+/]{400}$/);
    for (const bad of ['QWN*', 'Q', 'QW=N', 'QQ===', '\u00e9']) {
      expect(() => itemBytes({ meta: { format: 'b64' }, data: bad }, undefined)).toThrow(
        expect.objectContaining({ code: 'syncml/bad-base64' }),
      );
    }
  });
});

describe('values of Meta', () => {
  it.each(['b64', 'bin', 'bool', 'chr', 'int', 'node', 'null', 'xml', 'date', 'time', 'float'])(
    '[REP-4-06, REP-4-08] the format %s is carried as it is named',
    (format) => {
      for (const encoding of ENCODINGS) {
        expect(carried({ kind: 'Get', cmdId: '1', meta: { format }, items: [] }, encoding)?.meta).toEqual({ format });
      }
      expect(formatOf({ format: format.toUpperCase() })).toBe(format);
    },
  );

  it('[REP-4-09] Type is a MIME type, a name of an object, of an authentication or of an alert', () => {
    for (const type of ['text/plain', 'urn:oma:mo:oma-scomo:1.0', 'syncml:auth-MAC', 'org.openmobilealliance.dm.x']) {
      for (const encoding of ENCODINGS) {
        expect(carried({ kind: 'Get', cmdId: '1', meta: { type }, items: [] }, encoding)?.meta).toEqual({ type });
      }
    }
  });

  it('[REP-4-10] Size counts the octets of the whole object as carried, in its first chunk alone', () => {
    const sizes = TOUR.messages.flatMap(({ commands }) =>
      commands.flatMap((found) =>
        found.kind === 'Add' || found.kind === 'Results'
          ? found.items.map(({ meta, moreData }) => ({ size: meta?.size, moreData }))
          : [],
      ),
    );
    expect(sizes.filter(({ size }) => size === 3000)).toHaveLength(2);
    expect(sizes.filter(({ size, moreData }) => size !== undefined && moreData !== true)).toEqual([]);
    expect(carriedBytes({ meta: { format: 'b64' }, data: toBase64(BINARY) })).toHaveLength(344);
    const whole = toBase64(BINARY);
    const assembler = new LargeObjectAssembler({ maxObjSize: 1000 });
    const chunk = (data: string, more: boolean, size?: number) =>
      assembler.take(
        'Add',
        {
          target: { uri: './x' },
          meta: { format: 'b64', ...(size === undefined ? {} : { size }) },
          data,
          ...(more ? { moreData: true } : {}),
        },
        undefined,
      );
    expect(chunk(whole.slice(0, 101), true, 344)).toEqual({ kind: 'more', received: 101, total: 344 });
    expect(chunk(whole.slice(101), false)).toMatchObject({ kind: 'whole' });
    chunk(whole.slice(0, 101), true, 256);
    expect(chunk(whole.slice(101), false)).toEqual({ kind: 'refused', code: 424 });
  });

  it('[REP-4-11] MaxMsgSize of the header is obeyed by the other side', () => {
    expect(TOUR.messages.slice(0, 2).map(({ header }) => header.meta?.maxMsgSize)).toEqual([2000, 2000]);
    expect(Math.max(...TOUR.envelopes.map(({ body }) => body.length))).toBeLessThanOrEqual(2000);
    expect(TOUR.messages.some(({ final }) => !final)).toBe(true);
  });

  it('[REP-4-12] MaxObjSize of the header is obeyed by the other side', () => {
    expect(TOUR.messages.slice(0, 2).map(({ header }) => header.meta?.maxObjSize)).toEqual([1_000_000, 1_000_000]);
    const client = clientOf(new TestDevice());
    const { session } = serverOf([[{ kind: 'Get', items: [{ target: { uri: './long' } }] }]], { maxObjSize: 2999 });
    const asked = session.receive(client.start()).send;
    if (asked === undefined) throw new Error('no answer');
    const answer = readEnvelope(client.receive(asked).send);
    expect(answer.commands).toContainEqual(expect.objectContaining({ kind: 'Status', cmd: 'Get', code: 413 }));
    expect(answer.commands.some(({ kind }) => kind === 'Results')).toBe(false);
  });

  it('[REP-4-13] NextNonce is base64 text; octets of a peer are its octets', () => {
    const proof = (nextNonce: string | Uint8Array) => {
      const prover = proverOf('md5', 'handset', 'secret', utf8('old'));
      prover.learn(401, { format: 'b64', type: 'syncml:auth-md5', nextNonce });
      return prover.cred()?.data;
    };
    expect(proof('bm9uY2U=')).toBe(proof(utf8('nonce')));
    expect(proof(' bm9uY2U\n')).toBe(proof('bm9uY2U='));
    expect(proof('bm9uY2U=')).not.toBe(proof('bm9uY2V4'));
    const verifier = verifierOf('md5', 'handset', 'secret');
    const { chal } = verifier.check(PLAIN_HEADER, new Uint8Array(), undefined);
    expect(fromBase64(String(chal?.nextNonce))).toHaveLength(16);
  });

  it('[REP-4-14] MetInf is read as if it were not there', () => {
    expect(metaOf('<MetInf xmlns="syncml:metinf"><Format>b64</Format><Size> 12 </Size></MetInf>')).toEqual({
      format: 'b64',
      size: 12,
    });
    expect(metaOf('<Type>a/b</Type><MetInf><Format>b64</Format></MetInf>')).toEqual({ format: 'b64', type: 'a/b' });
  });

  it('[REP-4-15] EMI is kept, once for each', () => {
    expect(metaOf('<EMI>x-a</EMI><Format>chr</Format><EMI>x-b</EMI>')).toEqual({ format: 'chr', emi: ['x-a', 'x-b'] });
  });

  it.each(['fatal', 'critical', 'minor', 'warning', 'informational', 'harmless', 'indeterminate'])(
    '[REP-4-16] the Mark %s comes over the wire',
    (mark) => {
      for (const encoding of ENCODINGS) {
        const alert: Command = { kind: 'Alert', cmdId: '1', code: 1226, items: [{ meta: { mark }, data: 'd' }] };
        expect(carried(alert, encoding)).toEqual(alert);
      }
    },
  );

  it('[REP-4-17] what only data sync uses is passed over, FieldLevel at any place', () => {
    const others =
      '<Anchor><Last>1</Last><Next>2</Next></Anchor><Mem><SharedMem/><FreeMem>1</FreeMem><FreeID>2</FreeID></Mem>';
    for (const inner of [`${others}<Format>b64</Format><FieldLevel/>`, `<FieldLevel/><Format>b64</Format>${others}`]) {
      expect(metaOf(inner)).toEqual({ format: 'b64' });
    }
    for (const { body } of TOUR.envelopes) expect(textOf(body)).not.toContain('Anchor');
  });
});
