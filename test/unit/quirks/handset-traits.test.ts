import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { AT_SEQUENCES } from '../../../src-main/bearer/serial/at-sequences.ts';
import { handsetTraits, quirkFamilies } from '../../../src-main/handset/quirks/handset-traits.ts';
import { phoneVendors } from '../../../src-main/handset/quirks/phone-vendors.ts';
import { QuirkFamily } from '../../../src-main/handset/quirks/quirk-schema.ts';
import { usbTraits } from '../../../src-main/handset/quirks/usb-traits.ts';

describe('what is known of phones', () => {
  it('is checked, file by file, and names AT sequences that there are', async () => {
    const folder = new URL('../../../src-main/handset/quirks/', import.meta.url);
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    expect(quirkFamilies().length).toBe(files.length);
    const names = AT_SEQUENCES.map(({ name }) => name);
    const used = quirkFamilies().flatMap(({ quirks }) => quirks.flatMap(({ does }) => does.atFirst ?? []));
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each([
    [{ vendorId: 0x0fce, productId: 0xd089 }, { atFirst: ['AT*EOBEX'] }],
    [{ manufacturer: 'SonyEricsson' }, { atFirst: ['AT*EOBEX'] }],
    [
      { manufacturer: 'SIEMENS', model: 'S55' },
      { atFirst: ['AT^SQWE=3'], settleAfterConnect: 1000 },
    ],
    [
      { manufacturer: ' Siemens', model: 'S45' },
      { atFirst: ['AT^SQWE=3'], settleAfterConnect: 1000 },
    ],
    [{ manufacturer: 'Motorola CE, Copyright 2000' }, { atFirst: ['AT+MODE=22'] }],
    [{ vendorId: 0x1004 }, { atFirst: ['AT+CPROT=0', 'AT+SYNCML=OBEXSTART'] }],
    // An adapter's ids say nothing of the phone behind it, once it has said who made it.
    [{ vendorId: 0x0421, manufacturer: 'SHARP' }, { atFirst: ['AT+XLNK'] }],
    [{ vendorId: 0x067b, productId: 0x2303 }, {}],
    [{ manufacturer: 'My Nokia' }, {}],
    [{}, {}],
  ])('gives for %o %o', (facts, traits) => {
    expect(handsetTraits(facts)).toEqual(traits);
  });

  it('leaves a USB device as it is of which nothing is known', () => {
    expect(usbTraits({ vendorId: 0x0421, productId: 0x0123 })).toEqual({});
  });

  it('names the vendors of phones, so that one of which nothing can be used is told of', () => {
    expect(phoneVendors()).toEqual(expect.arrayContaining([0x0421, 0x04dd, 0x1004]));
  });

  const quirk = {
    phone: 'a phone',
    firmware: '1.0',
    seen: 'something',
    source: 'a list',
    does: { settleAfterSelect: 100 },
  };
  const family = { family: 'Maker', match: { vendorIds: ['0421'], manufacturers: ['Maker'] }, quirks: [quirk] };
  it.each([
    ['what it does is not known', { ...quirk, does: { dances: true } }],
    ['nobody knows where it was seen', { ...quirk, source: '' }],
    ['its firmware is not told of', { ...quirk, firmware: undefined }],
    ['its rest is a minute', { ...quirk, does: { settleAfterSelect: 60_000 } }],
    ['its pattern is none', { ...quirk, when: { models: ['(['] } }],
    ['its ids are not four digits', { ...quirk, when: { productIds: ['0x123'] } }],
  ])('refuses an entry when %s', (_, wrong) => {
    expect(QuirkFamily.safeParse(family).success).toBe(true);
    expect(QuirkFamily.safeParse({ ...family, quirks: [wrong] }).success).toBe(false);
  });
});
