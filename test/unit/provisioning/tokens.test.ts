import { describe, expect, it } from 'vitest';
import { hexOf, textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { cpWbxmlToXml, cpXmlToWbxml, readCpDocument } from '../../../src-main/provisioning/cp-document.ts';
import { peerTest } from '../../support/peers.ts';
import { runTool } from '../../support/wbxml-peer.ts';

const DOCTYPE =
  '<!DOCTYPE wap-provisioningdoc PUBLIC "-//WAPFORUM//DTD PROV 1.0//EN" "http://www.wapforum.org/DTD/prov.dtd">';

const documentOf = (content: string, version = '1.1') =>
  `<?xml version="1.0"?>${DOCTYPE}<wap-provisioningdoc version="${version}">${content}</wap-provisioningdoc>`;

/** Every name and value that a w7 document may hold, with values that have tokens and values that have none. */
const PARMS = `APPID PROVIDER-ID NAME AACCEPT APROTOCOL TO-NAPID TO-PROXY ADDR ADDRTYPE PORTNBR SERVICE AAUTHLEVEL
  AAUTHTYPE AAUTHNAME AAUTHSECRET AAUTHDATA URI RULE INIT CONNRETRYFREQ DEFAULTENCODING`.split(/\s+/);
const TYPES = ['APPLICATION', 'APPADDR', 'APPAUTH', 'PORT', 'RESOURCE', 'ACCESS', 'CLIENTIDENTITY', 'BOOTSTRAP'];
const VALUES = `w7 APPSRV CLIENT OBEX HTTP-BASIC HTTP-DIGEST BASIC DIGEST HMAC IPV4 IPV6 E164 ALPHA CL-WSP CO-SEC-WSP
  http://pc.local:80/dm bm9uY2U= 65535 Müller`.split(/\s+/);

const EVERY_TOKEN = documentOf(
  TYPES.map((type, index) => {
    const parms = PARMS.map((name, at) => {
      const value = VALUES[(at + index * 3) % VALUES.length];
      return (at + index) % 7 === 6 ? `<parm name="${name}"/>` : `<parm name="${name}" value="${value}"/>`;
    });
    const inner = `<characteristic type="PORT"><parm name="PORTNBR" value="${index + 1}"/></characteristic>`;
    return `<characteristic type="${type}">${parms.join('')}${inner}</characteristic>`;
  }).join(''),
);

describe('WBXML of provisioning documents', () => {
  peerTest('is octet for octet what xml2wbxml writes, for every token of w7', 'xml2wbxml', async () => {
    for (const xml of [EVERY_TOKEN, documentOf('', '1.0'), documentOf('<characteristic/><parm/>')]) {
      const theirs = await runTool(['xml2wbxml', '-n', '-v', '1.3', '-o', '-', '-'], utf8(xml));
      expect(theirs.status, theirs.complaint).toBe(0);
      expect(hexOf(cpXmlToWbxml(utf8(xml)))).toBe(hexOf(theirs.output));
    }
  });

  peerTest('says to wbxml2xml what it says to us', 'wbxml2xml', async () => {
    const ours = cpXmlToWbxml(utf8(EVERY_TOKEN));
    const theirs = await runTool(['wbxml2xml', '-o', '-', '-'], ours);
    expect(theirs.status, theirs.complaint).toBe(0);
    expect(readCpDocument(theirs.output, 'xml')).toEqual(readCpDocument(ours, 'wbxml'));
    expect(readCpDocument(theirs.output, 'xml')).toEqual(readCpDocument(utf8(EVERY_TOKEN), 'xml'));
    expect(readCpDocument(utf8(cpWbxmlToXml(ours)), 'xml')).toEqual(readCpDocument(ours, 'wbxml'));
  });

  peerTest(
    'with a string table, or values made of several tokens, is read as xml2wbxml means it',
    'xml2wbxml',
    async () => {
      // A text that comes again goes into the table, and a list of types is put together of pieces.
      const xml = documentOf(
        ['HTTP-BASIC,HTTP-DIGEST', 'BASIC,DIGEST', 'long-value-again', 'long-value-again', 'a MAN and HA']
          .map((value) => `<characteristic type="APPAUTH"><parm name="AAUTHTYPE" value="${value}"/></characteristic>`)
          .join(''),
      );
      const theirs = await runTool(['xml2wbxml', '-v', '1.2', '-o', '-', '-'], utf8(xml));
      expect(theirs.status, theirs.complaint).toBe(0);
      expect(readCpDocument(theirs.output, 'wbxml')).toEqual(readCpDocument(utf8(xml), 'xml'));
    },
  );

  it('of a w7 document is the octets of the standard tables, written out here by hand', () => {
    const xml = documentOf(
      '<characteristic type="APPLICATION"><parm name="APPID" value="w7"/><parm name="PROVIDER-ID" value="p"/>' +
        '<characteristic type="APPAUTH"><parm name="AAUTHLEVEL" value="APPSRV"/></characteristic></characteristic>',
    );
    const expected = `03 0b 6a 00 | c5 45 03 31 2e 31 00 01 | c6 00 01 55 01 | 87 36 00 00 06 03 77 37 00 01
      | 87 00 01 38 00 00 06 03 70 00 01 | c6 00 01 57 01 | 87 30 00 00 06 00 01 8d 01 | 01 01 01`;
    expect(hexOf(cpXmlToWbxml(utf8(xml)))).toBe(expected.replace(/[\s|]/g, ''));
    expect(textOf(cpXmlToWbxml(utf8(xml)))).toContain('w7');
  });
});
