import { describe, expect, it } from 'vitest';
import { parseHandsetAddress } from '../../../src-main/bearer/address.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { parseUsbAddress, printableSerial, usbAddress } from '../../../src-main/bearer/usb/usb-address.ts';

describe('handset address', () => {
  it.each([
    ['tcp:127.0.0.1:650', { kind: 'tcp', host: '127.0.0.1', port: 650 }],
    ['tcp:[fe80::1%eth0]:650', { kind: 'tcp', host: 'fe80::1%eth0', port: 650 }],
    ['serial:/dev/ttyACM0', { kind: 'serial', path: '/dev/ttyACM0', baud: 115200 }],
    ['serial:/dev/ttyUSB0@115200', { kind: 'serial', path: '/dev/ttyUSB0', baud: 115200 }],
    ['serial:COM3@9600', { kind: 'serial', path: 'COM3', baud: 9600 }],
    ['serial:/tmp/a@b/near', { kind: 'serial', path: '/tmp/a@b/near', baud: 115200 }],
    ['usb:0421:0508', { kind: 'usb', vendorId: 0x0421, productId: 0x0508 }],
    ['usb:0421:0508:ABC-1', { kind: 'usb', vendorId: 0x0421, productId: 0x0508, serial: 'ABC-1' }],
    [
      'bluetooth:00:1a:2B:3c:4d:5e',
      { kind: 'bluetooth', text: 'bluetooth:00:1A:2B:3C:4D:5E', address: '00:1A:2B:3C:4D:5E' },
    ],
    ['bluetooth:00:1A:2B:3C:4D:5E@13', { kind: 'bluetooth', address: '00:1A:2B:3C:4D:5E', channel: 13 }],
    ['http://127.0.0.1:8080/handset', { kind: 'http', url: 'http://127.0.0.1:8080/handset' }],
    ['004999010640000', { kind: 'id', id: '004999010640000' }],
    ['IMEI:004999010640000', { kind: 'id', id: 'IMEI:004999010640000' }],
    ['bench-3', { kind: 'id', id: 'bench-3' }],
  ])('%s is understood', (text, expected) => {
    expect(parseHandsetAddress(text)).toEqual({ text, ...expected });
  });

  it.each([
    '',
    ' ',
    'tcp:',
    'tcp:host',
    'serial:',
    'serial:/dev/ttyUSB0@100',
    'serial:/dev/ttyUSB0@fast',
    'serial:COM3@',
    'serial:/dev/ttyUSB0@99999999',
    'usb:421:0508',
    'usb:0421',
    'bluetooth:00:1a',
    'bluetooth:00:1A:2B:3C:4D:5E@31',
    'http://',
    'http://user:secret@127.0.0.1/dm',
    'ftp:host:1',
    'tpc:127.0.0.1:650',
    'a/b',
    '-x',
  ])('"%s" is refused', (text) => {
    expect(() => parseHandsetAddress(text)).toThrowError(expect.objectContaining({ code: 'bearer/address-invalid' }));
  });
});

describe('the address of a handset with a network link', () => {
  it.each([
    ...['http://anna:geheim@h/', 'http://anna:geheim@h:99999/', 'https:/anna:geheim@[bad/', 'HTTP:\\\\geheim@h'],
    ...['http://anna:gehe#geheim@h/', 'http://anna:ge/geheim@h:80/', ' http://anna:geheim@h/', 'htp://anna:geheim@h/'],
  ])('is never repeated with credentials (%s)', (text) => {
    expect(() => parseHandsetAddress(text)).toThrowError(
      expect.objectContaining({
        code: 'bearer/address-invalid',
        message: expect.not.stringContaining('geheim'),
        details: { address: expect.not.stringContaining('geheim'), form: expect.any(String) },
      }),
    );
  });
});

describe('the address of a USB device', () => {
  it.each([
    ['blanks, @ and % in its serial number', ' a b@1-2 %41 '],
    ['126 characters of other scripts', '電'.repeat(126)],
    ['half a character, and what cannot be seen', '\ud800A\u0000\u200b\u202eB'],
    ['a blank where a number that is too long ends', `${'x'.repeat(125)} y`],
    ['a character of two halves where it ends', `${'x'.repeat(125)}\u{1f600}`],
    ['blanks of other scripts', '\u00a0a\u3000\u00a0b'],
  ])('is read as it was written, with %s', (_what, told) => {
    const serial = printableSerial(told);
    for (const place of [undefined, '1-2.3']) {
      const { text } = usbAddress({ vendorId: 0x421, productId: 0x508, serial, place });
      expect(parseUsbAddress(text)).toMatchObject({ text, serial, ...(place === undefined ? {} : { place }) });
    }
  });
});

describe('the bearers of a process', () => {
  it.each(['tcp', 'serial', 'usb', 'bluetooth'] as const)('has %s', (kind) => {
    expect(ownProcessBearers().for(kind).kind).toBe(kind);
  });
});
