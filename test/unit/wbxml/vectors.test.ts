import { describe, expect, it } from 'vitest';
import { readWbxml } from '../../../src-main/wbxml/reader.ts';
import { writeWbxml } from '../../../src-main/wbxml/writer.ts';
import { asTexts } from '../../support/wbxml-peer.ts';
import * as vectors from '../../vectors/wbxml-vectors.ts';

describe('worked examples of the spec sheet', () => {
  it.each([
    ['package 1 of 370 octets', vectors.PACKAGE_1, 370],
    ['the MAC example of 134 octets', vectors.MAC_BODY, 134],
    ['SyncBody with Final', vectors.TINY_FINAL, 10],
    ['Exec with Correlator', vectors.TINY_EXEC, 26],
    ['empty Data', vectors.TINY_EMPTY_DATA, 14],
    ['a TNDS document', vectors.TNDS, 55],
  ])('%s is read and written back octet for octet', (_name, octets, length) => {
    expect(octets.length).toBe(length);
    expect(writeWbxml(readWbxml(octets).root)).toEqual(octets);
  });

  it('package 1 says what its XML says', () => {
    const { root, publicId, version, charset, unknown } = readWbxml(vectors.PACKAGE_1);
    expect({ publicId, version, charset, unknown }).toEqual({
      publicId: 0x1201,
      version: 2,
      charset: 106,
      unknown: [],
    });
    const header = asTexts(root).children[0];
    expect(header?.children.map((child) => child.name)).toEqual(
      'VerDTD VerProto SessionID MsgID Target Source Cred Meta'.split(' '),
    );
    expect(header?.children[6]).toEqual({
      name: 'Cred',
      content: '',
      children: [
        {
          name: 'Meta',
          content: '',
          children: [
            { name: 'Format', content: 'b64', children: [] },
            { name: 'Type', content: 'syncml:auth-md5', children: [] },
          ],
        },
        { name: 'Data', content: 'Zz6EivR3yeaaENcRN6lpAQ==', children: [] },
      ],
    });
  });

  it('opaque values are views of the message, not copies', () => {
    const body = readWbxml(vectors.PACKAGE_1).root.children[1];
    const data = body?.children[1]?.children[1]?.children[1];
    expect(data?.name).toBe('Data');
    expect(data?.content).toBeInstanceOf(Uint8Array);
    const value = data?.content as Uint8Array;
    expect(value.buffer).toBe(vectors.PACKAGE_1.buffer);
    expect(value.byteOffset).toBe(0xe8);
    expect(value.length).toBe(20);
  });

  it.each([
    ['without NUL', vectors.STRING_ID],
    ['with NUL', vectors.STRING_ID_NUL],
  ])('the public id may be text in the string table, %s', (_name, octets) => {
    const { publicId, language, root } = readWbxml(octets);
    expect(publicId).toBe('-//SYNCML//DTD SyncML 1.2//EN');
    expect(language).toBe('syncml');
    expect(root.children[0]?.children[0]?.name).toBe('Final');
  });

  it('a TNDS document is read with and without the switch to its page', () => {
    const with_ = readWbxml(vectors.TNDS);
    expect(with_.language).toBe('ddf');
    expect(with_.root).toMatchObject({ page: 2, name: 'MgmtTree' });
    expect(with_.root.children[1]?.children[1]?.children[0]?.children[0]?.name).toBe('node');
    expect(readWbxml(vectors.TNDS_WITHOUT_SWITCH).root).toEqual(with_.root);
  });
});
