import { describe, expect, it } from 'vitest';
import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';

const DIGEST = 'ab123456789012345'.repeat(3);

describe('equipment numbers', () => {
  it.each([
    ['IMEI:490154203237518', 'IMEI:49015420*******'],
    ['said 4901542032375181, and more', 'said 49015420*******, and more'],
    ['1234567', '1234567'],
    ['usb:0421:0123:490154203237518@1-2', 'usb:0421:0123:49015420*******@1-2'],
    ['usb:0421:0123:IMEI490154203237518', 'usb:0421:0123:IMEI49015420*******'],
    ['usb:0421:0123:IMEI%3A490154203237518', 'usb:0421:0123:IMEI%3A49015420*******'],
    ['usb:0421:0123:49-015420-323751-8', 'usb:0421:0123:49-015420-*******'],
    ['usb:0421:0123:0123456789abcdef', 'usb:0421:0123:0123456789abcdef'],
    [DIGEST, DIGEST],
  ])('of %s keep the model and hide the serial number', (text, shown) => {
    expect(maskEquipmentNumbers(text)).toBe(shown);
  });

  it('of virtual handsets are no secret', () => {
    const text = 'IMEI:004999010640000, 00-499901-064000-0 and IMEI:490154203237518';
    expect(maskEquipmentNumbers(text)).toBe('IMEI:004999010640000, 00-499901-064000-0 and IMEI:49015420*******');
  });
});
