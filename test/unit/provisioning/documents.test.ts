import { describe, expect, it } from 'vitest';
import { concatBytes, hexOf, textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { nodeHmacSha1, nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { AccountObject } from '../../../src-main/dm/objects/account-object.ts';
import { accountsOfDocument, bootstrapDocument } from '../../../src-main/provisioning/bootstrap-document.ts';
import { bootstrapType, readBootstrapType } from '../../../src-main/provisioning/content-type.ts';
import { cpXmlToWbxml } from '../../../src-main/provisioning/cp-document.ts';
import { documentMac, macKey, macPin, semiOctets, verifyMac } from '../../../src-main/provisioning/mac.ts';
import { decodeMessage } from '../../../src-main/syncml/codec.ts';

const ACCOUNT: AccountObject = {
  serverId: 'dms.example',
  serverPassword: 'srv-secret',
  user: 'bruce',
  password: 'OhBehave',
  auth: 'md5',
  serverNonce: 'c2VydmVyIG5vbmNl',
  clientNonce: 'Tm9uY2U=',
  name: 'Müller & Söhne',
  addresses: [
    { address: 'https://dms.example/dm', type: 'URI', port: 443 },
    { address: '192.0.2.7', type: 'IPv4' },
  ],
};
const hex = (text: string) => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** As a maker's tool of its own writes it, with what ours does not use. */
const FOREIGN = utf8(`<?xml version="1.0"?>
<wap-provisioningdoc version="1.0">
 <characteristic type="BOOTSTRAP"><parm name="NAME" value="other"/></characteristic>
 <characteristic type="APPLICATION"><parm name="APPID" value="w2"/><parm name="PROVIDER-ID" value="web"/></characteristic>
 <characteristic type="APPLICATION">
  <parm name="APPID" value="w7"/><parm name="PROVIDER-ID" value="dms.example"/><parm name="PROVIDER-ID" value="liar"/>
  <parm name="NAME" value="Operator"/><parm name="INIT"/><parm name="TO-NAPID" value="INTERNET"/>
  <parm name="VENDOR-THING" value="?"/>
  <characteristic type="APPADDR"><parm name="ADDR" value="192.0.2.7"/><parm name="ADDRTYPE" value="IPV4"/>
   <characteristic type="PORT"><parm name="PORTNBR" value="8080"/></characteristic></characteristic>
  <characteristic type="APPAUTH"><parm name="AAUTHLEVEL" value="OBEX"/><parm name="AAUTHTYPE" value="HTTP-BASIC"/>
   <parm name="AAUTHNAME" value="no"/><parm name="AAUTHSECRET" value="no"/></characteristic>
  <characteristic type="APPAUTH"><parm name="AAUTHLEVEL" value="APPSRV"/><parm name="AAUTHTYPE" value="HMAC"/>
   <parm name="AAUTHNAME" value="bruce"/><parm name="AAUTHSECRET" value="OhBehave"/>
   <parm name="AAUTHDATA" value="Tm9uY2U="/></characteristic>
  <characteristic type="APPAUTH"><parm name="AAUTHLEVEL" value="CLIENT"/><parm name="AAUTHTYPE" value="HMAC"/>
   <parm name="AAUTHNAME" value="dms.example"/><parm name="AAUTHSECRET" value="srv-secret"/></characteristic>
 </characteristic>
</wap-provisioningdoc>`);

const signing = { security: 'pin', secrets: { pin: '1234' } } as const;

describe('bootstrap documents', () => {
  it('[DMP-10-01] [DMP-10-08] [DMP-10-09] [DMP-10-10] [DMP-10-11] [DMP-10-13] of client provisioning are read as accounts; what is not w7 is left out', () => {
    const expected = {
      serverId: 'dms.example',
      name: 'Operator',
      connection: 'INTERNET',
      addresses: [{ address: '192.0.2.7', type: 'IPv4', port: 8080 }],
      auth: 'mac',
      user: 'bruce',
      password: 'OhBehave',
      clientNonce: 'Tm9uY2U=',
      serverPassword: 'srv-secret',
      serverNonce: '',
    };
    expect(accountsOfDocument({ profile: 'cp', encoding: 'xml' }, FOREIGN)).toEqual([expected]);
    expect(accountsOfDocument({ profile: 'cp', encoding: 'wbxml' }, cpXmlToWbxml(FOREIGN))).toEqual([expected]);
  });

  it.each(['cp', 'dm'] as const)('of profile %s bring back the account that was put in', (profile) => {
    for (const encoding of ['wbxml', 'xml'] as const) {
      const document = bootstrapDocument(ACCOUNT, { profile, encoding, ...signing }, nodeHmacSha1);
      const header = readBootstrapType(document?.contentType ?? '');
      expect(header).toMatchObject({ profile, security: 'pin' });
      expect(accountsOfDocument(header ?? { profile, encoding }, document?.body ?? new Uint8Array())).toEqual([
        ACCOUNT,
      ]);
    }
  });

  it('[DMP-10-04] [DMP-10-05] of the DM profile are a DM message with one Add to the Inbox, whose answer nobody wants', () => {
    const document = bootstrapDocument(ACCOUNT, { profile: 'dm', ...signing }, nodeHmacSha1);
    const { message } = decodeMessage(document?.body ?? new Uint8Array(), 'wbxml');
    expect(message.commands).toMatchObject([
      { kind: 'Add', items: [{ target: { uri: './Inbox' }, meta: { type: 'application/vnd.syncml.dmtnds+wbxml' } }] },
    ]);
    expect(message.final).toBe(true);
  });

  it('[DMP-10-02] [DMP-10-03] [DMP-10-06] say in their type how they are signed, and are understood in any spelling', () => {
    const mac = 'ab'.repeat(20);
    expect(bootstrapType('cp', 'wbxml', { security: 'network-pin', mac })).toBe(
      `application/vnd.wap.connectivity-wbxml; SEC=2; MAC=${mac.toUpperCase()}`,
    );
    expect(bootstrapType('cp', 'xml', { security: 'pin-mac', mac: undefined })).toBe(
      'text/vnd.wap.connectivity-xml; SEC=3',
    );
    expect(bootstrapType('dm', 'wbxml', { security: 'network', mac })).toBe(
      `application/vnd.syncml.dm+wbxml; SEC=NETWORKID; MAC=${mac.toUpperCase()}`,
    );
    const read = (parameters: string) => readBootstrapType(`Application/vnd.syncml.dm+WBXML${parameters}\0`);
    expect(read(`;mac="${mac}" ;sec=USERPIN_NETWORKID`)).toEqual({
      ...{ profile: 'dm', encoding: 'wbxml', security: 'network-pin', mac },
    });
    expect(read('; SEC=1; SEC=0')).toMatchObject({ security: 'pin', mac: undefined });
    expect(read('; SEC=7')?.security).toBe('unknown');
    expect(read('')?.security).toBeUndefined();
    expect(readBootstrapType('application/vnd.syncml.dm+xml; SEC=USERPIN')).toBeUndefined();
    expect(readBootstrapType(`text/vnd.wap.connectivity-xml;${'x'.repeat(500)}`)).toBeUndefined();
  });
});

describe('the sum of a document', () => {
  it('[DMP-10-20] writes an IMSI in semi-octets', () => {
    expect(hexOf(semiOctets('262021234567890') ?? new Uint8Array())).toBe('2926202143658709');
    expect(hexOf(semiOctets('26202123456789') ?? new Uint8Array())).toBe('21262021436587f9');
    expect(semiOctets('26202x')).toBeUndefined();
  });

  it('[DMP-10-19] [DMP-10-22] is the published one for the published message', () => {
    const body = hex('02 A4 01 6A 00 6D 6B 12 01 01');
    const mac = 'd1681f44db59ef33d39ad794f0e982e77d02d7fe';
    expect(documentMac(nodeHmacSha1, utf8('1234'), body)).toBe(mac);
    const signed = { profile: 'dm', security: 'pin', mac: mac.toUpperCase(), document: body } as const;
    expect(verifyMac(signed, { pin: '1234' }, nodeHmacSha1)).toBe('right');
    expect(verifyMac(signed, { pin: '1235' }, nodeHmacSha1)).toBe('wrong');
    expect(verifyMac(signed, {}, nodeHmacSha1)).toBe('secret-missing');
    expect(verifyMac({ ...signed, mac: undefined }, { pin: '1234' }, nodeHmacSha1)).toBe('wrong');
    expect(
      verifyMac({ ...signed, document: concatBytes([body, Uint8Array.of(0)]) }, { pin: '1234' }, nodeHmacSha1),
    ).toBe('wrong');
  });

  it('[DMP-10-15] [DMP-10-16] [DMP-10-17] [DMP-10-21] has a key of IMSI, PIN, or both, in each profile its own way', () => {
    const secrets = { pin: '1234', imsi: '262021234567890' };
    const imsi = '2926202143658709';
    const pin = '31323334';
    const keyOf = (profile: 'cp' | 'dm', security: 'network' | 'pin' | 'network-pin') =>
      hexOf(macKey(profile, security, secrets) ?? new Uint8Array());
    expect(keyOf('cp', 'network')).toBe(imsi);
    expect(keyOf('dm', 'pin')).toBe(pin);
    expect(keyOf('cp', 'network-pin')).toBe(imsi + pin);
    expect(keyOf('dm', 'network-pin')).toBe(`${pin}3a${imsi}`);
    expect(macKey('cp', 'network-pin', { pin: '1234' })).toBeUndefined();
  });

  it('[DMP-10-18] is within the PIN itself for USERPINMAC', () => {
    const document = utf8('document');
    const pin = macPin(nodeHmacSha1, '582943', document);
    expect(pin).toMatch(/^582943\d{6}$/);
    const sum = nodeHmacSha1(utf8('582943'), document);
    expect(pin.slice(6)).toBe(Array.from(sum.subarray(0, 6), (octet) => octet % 10).join(''));
    const verdict = (typed: string | undefined) =>
      verifyMac({ profile: 'cp', security: 'pin-mac', mac: undefined, document }, { pin: typed }, nodeHmacSha1);
    expect([verdict(pin), verdict('582943'), verdict(`${pin.slice(0, -1)}x`), verdict(undefined)]).toEqual([
      ...['right', 'wrong', 'wrong', 'secret-missing'],
    ]);
  });
});

describe('a document that lies', () => {
  const wbxml = cpXmlToWbxml(FOREIGN);
  const dm = bootstrapDocument(ACCOUNT, { profile: 'dm', ...signing }, nodeHmacSha1)?.body ?? new Uint8Array();

  it.each([
    ['is empty', new Uint8Array()],
    ['is of another kind', hex('03 0a 6a 00 c5 01 01')],
    ['ends early', wbxml.subarray(0, 40)],
    ['says that its string table is longer than itself', hex('03 0b 6a ff ff ff ff 7f 05')],
    ['has a string outside its table', hex('03 0b 6a 00 c5 45 83 05 01 01')],
    ['nests for ever', concatBytes([hex('03 0b 6a 00'), new Uint8Array(60_000).fill(0x46)])],
    ['has more elements than any', concatBytes([hex('03 0b 6a 00 45'), new Uint8Array(60_000).fill(0x07)])],
    ['has a string that does not end', hex('03 0b 6a 00 c5 45 03 41 41')],
    ['uses extension tokens', hex('03 0b 6a 00 c5 45 40 41 00 01 01')],
    [
      'points to a long string again and again',
      concatBytes([
        ...[hex('03 0b 6a 82 80 00'), new Uint8Array(0x8000).fill(0x41), hex('45 86 50')],
        ...[new Uint8Array(30_000).fill(0x83).map((each, at) => (at % 2 === 0 ? each : 0)), hex('01 01')],
      ]),
    ],
    ['goes on behind its end', concatBytes([wbxml, Uint8Array.of(1)])],
    ['is of 10 MB', new Uint8Array(10 * 1024 * 1024)],
  ])('because it %s is refused by name', (_how, bytes) => {
    for (const header of [
      { profile: 'cp', encoding: 'wbxml' },
      { profile: 'cp', encoding: 'xml' },
      { profile: 'dm', encoding: 'wbxml' },
    ] as const) {
      expect(() => accountsOfDocument(header, bytes)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^provisioning\/(malformed|too-large)$/) }),
      );
    }
  });

  it('in any octet is read or refused by name, and never costs more than it is long', () => {
    for (const [header, body] of [
      [{ profile: 'cp', encoding: 'wbxml' }, wbxml],
      [{ profile: 'cp', encoding: 'xml' }, FOREIGN],
      [{ profile: 'dm', encoding: 'wbxml' }, dm],
    ] as const) {
      for (let count = 0; count < 1500; count += 1) {
        const bytes = body.slice();
        const at = nodeRandom.bytes(4);
        for (let turn = 0; turn < 2; turn += 1) {
          bytes[(((at[turn * 2] ?? 0) << 8) | (at[turn * 2 + 1] ?? 0)) % bytes.length] = nodeRandom.bytes(1)[0] ?? 0;
        }
        try {
          accountsOfDocument(header, bytes);
        } catch (error) {
          expect((error as { code?: string }).code, textOf(bytes)).toMatch(/^provisioning\//);
        }
      }
    }
  });

  it('brings no account that has no server, no user or no secret', () => {
    const without = (name: string) => utf8(textOf(FOREIGN).replaceAll(`name="${name}"`, 'name="X"'));
    for (const name of ['PROVIDER-ID', 'AAUTHSECRET', 'AAUTHNAME', 'AAUTHLEVEL', 'APPID']) {
      expect(accountsOfDocument({ profile: 'cp', encoding: 'xml' }, without(name)), name).toEqual([]);
    }
    const evil = utf8(textOf(FOREIGN).replace('dms.example', '*'));
    expect(accountsOfDocument({ profile: 'cp', encoding: 'xml' }, evil)).toEqual([]);
  });
});
