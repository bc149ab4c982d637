import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { imeiOf } from '../../../src-main/base/imei.ts';
import { plainText } from '../../../src-main/base/plain-text.ts';
import { readCapability, readDevInfo } from '../../../src-main/handset/identify/capability-object.ts';
import { joinFacts } from '../../../src-main/handset/identify/facts.ts';

describe('an IMEI', () => {
  it.each([
    // Of makers' manuals and logs, and of the text that explains the check digit to the world.
    ['004400013805666', '004400013805666'],
    ['869777028421538', '869777028421538'],
    ['490154203237518', '490154203237518'],
    ['IMEI: 356938035643809', '356938035643809'],
    ['IMEI356938035643809', '356938035643809'],
    ['35-209900-176148-1', '352099001761481'],
    ['35 209900 176148 1', '352099001761481'],
    ['356938035643809,0x01', '356938035643809'],
  ])('is found in %s', (text, imei) => {
    expect(imeiOf(text)).toBe(imei);
  });

  it.each([
    ['a wrong check digit', '866262031290908'],
    ['an IMEISV', '3569380356438098'],
    ['14 digits', '35693803564380'],
    ['nothing but zeros', '000000000000000'],
    ['nothing but ones', '111111111111119'],
    ['a number inside a word', 'SN356938035643809'],
    ['a serial number of a module', '2623CKLQ0009707'],
    ['an ESN', '922DC6CF'],
    ['nothing', ''],
  ])('is not taken from %s', (_name, text) => {
    expect(imeiOf(text)).toBeUndefined();
  });
});

/** As IrOBEX has it: texts in elements, versions in attributes. */
const SOBEX = `<?xml version="1.0"?>
<!-- OBEX Capability Object -->
<!DOCTYPE Capability SYSTEM "obex-capability.dtd">

<Capability Version="1.0">
 <!-- General Purpose information -->
 <General>
  <Manufacturer>Nokia</Manufacturer>
  <Model>6630 &amp; more</Model>
  <SN>356938035643809</SN>
  <OEM>Nokia</OEM>
  <SW Version="V 5.03.08" Date="20050615T000000"/>
  <HW Version="1003"/>
  <Language>en</Language>
  <Memory><MemType>DEV</MemType><Free>5000</Free></Memory>
 </General>
 <Service><Name>Folder-Browsing</Name><UUID>F9EC7BC4-953C-11d2-984E-525400DC9E09</UUID></Service>
</Capability>`;

describe('a capability object', () => {
  it('says who the handset is', () => {
    expect(readCapability(utf8(SOBEX))).toEqual({
      manufacturer: 'Nokia',
      model: '6630 & more',
      firmware: 'V 5.03.08',
      imei: '356938035643809',
    });
  });

  it('may have its firmware in FW, its version as text, a number of its own, and names with a prefix', () => {
    const of = (general: string) => readCapability(utf8(`<Capability><General>${general}</General></Capability>`));
    expect(of('<SW Version="2"/><FW version="1"/>')).toEqual({ firmware: '1' });
    expect(of('<FW>R2A</FW><SN> 0001CSR </SN>')).toEqual({ firmware: 'R2A', serial: '0001CSR' });
    expect(
      readCapability(utf8('<o:Capability xmlns:o="x"><o:General><o:SW Version="3"/></o:General></o:Capability>')),
    ).toEqual({ firmware: '3' });
  });

  it.each([
    ['nothing', ''],
    ['no XML', 'MANU:Nokia'],
    ['half of one', SOBEX.slice(0, 300)],
    ['another document', '<folder-listing/>'],
    [
      'an entity of its own',
      `<!DOCTYPE C [<!ENTITY a "aaaa">]><Capability><General><Model>&a;</Model></General></Capability>`,
    ],
    ['elements without an end', '<a>'.repeat(5000)],
    ['too much', `<Capability><General><Model>${'x'.repeat(70_000)}</Model></General></Capability>`],
    ['too many elements', `<Capability><General>${'<SN/>'.repeat(2500)}</General></Capability>`],
  ])('that is %s says nothing', (_name, text) => {
    expect(readCapability(utf8(text))).toEqual({});
  });
});

describe('device information of IrMC', () => {
  it('says who the handset is, line by line', () => {
    const text =
      'MANU:Ericsson\r\nMOD:T39\r\nSN:490154203237518\r\nSW-VERSION:R2A\r\nIRMC-VERSION:1.1\r\nPB-TYPE-TX:VCARD2.1\r\n';
    expect(readDevInfo(utf8(text))).toEqual({
      manufacturer: 'Ericsson',
      model: 'T39',
      firmware: 'R2A',
      imei: '490154203237518',
    });
    expect(readDevInfo(utf8('manu : A:B\nMOD:first\nMOD:second\nSN:0001CSR\nFW-VERSION:2\nSW-VERSION:1'))).toEqual({
      manufacturer: 'A:B',
      model: 'first',
      serial: '0001CSR',
      firmware: '2',
    });
    expect(readDevInfo(Uint8Array.from({ length: 200_000 }, (_, index) => index & 0xff))).toEqual({});
  });
});

it('what strangers write is one short line that can be seen', () => {
  expect(plainText(' No\u0000kia\u202e\n6630 ')).toBe('No kia 6630');
  expect(plainText('\u0007\u200b')).toBeUndefined();
  expect(plainText('x'.repeat(1000))).toHaveLength(100);
  // Half of a character is none.
  expect(plainText('ab\u{1F4F1}', 3)).toBe('ab');
});

it('who spoke first is believed, but one way that speaks device management is enough', () => {
  expect(joinFacts({ model: 'A', speaksDm: false }, { model: 'B', firmware: '1', speaksDm: true })).toEqual({
    model: 'A',
    firmware: '1',
    speaksDm: true,
  });
  expect(joinFacts({}, { speaksDm: false })).toEqual({ speaksDm: false });
  expect(joinFacts({ speaksDm: true }, { speaksDm: false })).toEqual({ speaksDm: true });
  expect(joinFacts({}, {})).toEqual({});
});
