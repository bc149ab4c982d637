import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../../../src-main/bearer/usb/configuration-descriptor.ts';
import { obexFunctions } from '../../../src-main/bearer/usb/obex-functions.ts';
import { preferredFunction } from '../../../src-main/bearer/usb/preferred-function.ts';
import { configurationOf, KERNEL_GADGET, NOKIA_E70, NOKIA_E70_STRINGS, octets, PARTS } from './descriptors.ts';

const { control, header, union, obex, service, idle, active, in: endpointIn, out: endpointOut } = PARTS;
const WHOLE = [control, header, obex, union, idle, active, endpointIn, endpointOut];

describe('the configuration descriptor of a USB device', () => {
  it('gives the OBEX functions of a phone with many others, in its order', () => {
    const configuration = readConfiguration(NOKIA_E70);
    expect(configuration.damage).toBeUndefined();
    expect(configuration.settings.length).toBe(21);
    const place = { alternate: 1, idle: 0, packetSize: 64, packetSizeIn: 64 };
    expect(obexFunctions(configuration)).toEqual([
      { control: 4, data: 5, endpointIn: 7, endpointOut: 6, nameIndex: 5, ...place },
      { control: 6, data: 7, endpointIn: 8, endpointOut: 8, nameIndex: 6, ...place },
      { control: 8, data: 9, endpointIn: 9, endpointOut: 9, nameIndex: 7, ...place },
      { control: 10, data: 11, endpointIn: 11, endpointOut: 12, nameIndex: 8, ...place },
    ]);
  });

  it('gives the one of the kernel’s gadget, and leaves its modem alone', () => {
    expect(obexFunctions(readConfiguration(KERNEL_GADGET))).toEqual([
      {
        ...{ control: 2, data: 3, alternate: 1, idle: 0, endpointIn: 6, endpointOut: 7 },
        ...{ packetSize: 512, packetSizeIn: 512, nameIndex: 9 },
      },
    ]);
  });

  it('prefers device management, then PC Suite, then what has no name, and data synchronization least', () => {
    const functions = obexFunctions(readConfiguration(NOKIA_E70)).map((found) => ({
      obex: found,
      name: NOKIA_E70_STRINGS[found.nameIndex] ?? '',
    }));
    const chosen = (names: readonly string[]): string | undefined => {
      const among = names.map((name, index) => ({ obex: { ...functions[0]?.obex, data: index } as never, name }));
      const found = preferredFunction(among);
      return found === undefined ? undefined : names[found.data];
    };
    expect(preferredFunction(functions)?.control).toBe(8);
    expect(chosen(['SYNCML-SYNC', '', 'PC Suite Services'])).toBe('PC Suite Services');
    expect(chosen(['SYNCML-SYNC', '', 'Something'])).toBe('');
    expect(chosen(['SYNCML-SYNC-CLIENT-INIT'])).toBe('SYNCML-SYNC-CLIENT-INIT');
    expect(chosen(['syncml-dm', 'SYNCML-DM'])).toBe('syncml-dm');
    expect(chosen([])).toBeUndefined();
  });

  it('reads what its service is', () => {
    const parts = [control, header, obex, service, union, idle, active, endpointIn, endpointOut];
    const configuration = readConfiguration(configurationOf(parts));
    expect(configuration.settings[0]?.cdc).toEqual({
      union: { control: 0, subordinates: [1] },
      obex: 0x0100,
      service: { role: 'server', uuid: '02aeb320-f649-11da-974d-0800200c9a66', version: 0x0100 },
    });
    expect(obexFunctions(configuration)[0]?.service).toBe('02aeb320-f649-11da-974d-0800200c9a66');
  });

  const found = (parts: readonly string[]) => obexFunctions(readConfiguration(configurationOf(parts)));
  const other = [
    control.replace('04 00', '04 02'),
    '09 04 03 00 02 0A 00 00 00',
    '07 05 83 02 40 00 00',
    '07 05 04 02 40 00 00',
  ];

  it.each([
    ['without a union', [control, idle, active, endpointIn, endpointOut]],
    ['with a union that leads nowhere', [control, '05 24 06 00 09', idle, active, endpointIn, endpointOut]],
    ['with a union that leads to itself', [control, '05 24 06 00 00', idle, active, endpointIn, endpointOut]],
    ['with a union too short for a subordinate', [control, '04 24 06 00', idle, active, endpointIn, endpointOut]],
    ['with a second union', [control, union, '05 24 06 00 07', idle, active, endpointIn, endpointOut]],
  ])('finds the data interface of a function %s', (_, parts) => {
    expect(found(parts)).toMatchObject([{ control: 0, data: 1, alternate: 1, idle: 0 }]);
  });

  it.each([
    ['has no data interface', [control, union]],
    ['has no endpoints in any setting', [control, union, idle, active]],
    ['can only be written to', [control, union, idle, active, endpointOut]],
    ['has interrupt endpoints', [control, union, active, '07 05 81 03 00 02 00', '07 05 02 03 00 02 00']],
    ['has packets of no octets', [control, union, active, '07 05 81 02 00 00 00', endpointOut]],
    ['has endpoint number 0', [control, union, active, '07 05 80 02 00 02 00', endpointOut]],
    ['has a data interface of another class', [control, union, active.replace('0A', 'FF'), endpointIn, endpointOut]],
  ])('gives no function that %s', (_, parts) => {
    expect(found(parts)).toEqual([]);
  });

  it('takes an interface whose endpoints are always there, and never one that another function names', () => {
    expect(found(other)).toEqual([
      {
        ...{ control: 2, data: 3, alternate: 0, endpointIn: 3, endpointOut: 4 },
        ...{ packetSize: 64, packetSizeIn: 64, nameIndex: 1 },
      },
    ]);
    const unionOfThree = '05 24 06 02 03';
    const [second = '', ...rest] = other;
    expect(found([control, ...rest, second, unionOfThree])).toMatchObject([{ control: 2, data: 3 }]);
  });

  it('gives a data interface to one function only, whoever names it', () => {
    const pair = [control, union, control.replace('04 00', '04 02'), '05 24 06 02 01'];
    expect(found([...pair, idle, active, endpointIn, endpointOut])).toMatchObject([{ control: 0, data: 1 }]);
  });

  it.each([
    ['an empty answer', [], 'it does not begin'],
    ['eight octets', octets('09 02 20 00 01 01 00 80'), 'it does not begin'],
    ['a device descriptor', octets('12 01 00 02 EF 02 01 40 21 04 23 01 00 01 01 02 03 01'), 'it does not begin'],
    ['a head of two octets', octets('02 02 20 00 01 01 00 80 32'), 'it does not begin'],
    ['a total length of less than its head', octets('09 02 08 00 01 01 00 80 32'), 'its total length is 8'],
  ])('refuses %s', (_, bytes, why) => {
    expect(() => readConfiguration(Uint8Array.from(bytes))).toThrowError(
      expect.objectContaining({
        code: 'bearer/descriptor-invalid',
        details: expect.objectContaining({ why: expect.stringContaining(why) }),
      }),
    );
  });

  const before = [...WHOLE, '09 04 04 00 00 02 02 01 00'];
  it.each([
    ['a descriptor of no length', [...before, '00 24 06 00 01'], undefined, 'of 0 octets, 5 are left'],
    ['a descriptor of one octet', [...before, '01'], undefined, 'of 1 octets, 1 are left'],
    ['a descriptor that is longer than the rest', [...before, 'FF 24 06'], undefined, 'of 255 octets, 3 are left'],
    ['an interface of eight octets', [...before, '08 04 05 00 00 0A 00 00'], undefined, 'an interface descriptor of 8'],
    ['an endpoint of six octets', [...before, '06 05 81 02 00 02'], undefined, 'an endpoint descriptor of 6'],
    ['fewer octets than it announces', before, 4000, 'of 4000 octets'],
  ])('keeps what came before %s', (_, parts, total, damage) => {
    const configuration = readConfiguration(configurationOf(parts, total));
    expect(configuration.damage).toContain(damage);
    expect(obexFunctions(configuration)).toMatchObject([{ control: 0, data: 1 }]);
  });

  it('reads no further than the length that it announces, and not an endpoint without interface', () => {
    const cut = readConfiguration(configurationOf(WHOLE, 9 + 9 + 5));
    expect(cut.settings.length).toBe(1);
    expect(obexFunctions(cut)).toEqual([]);
    expect(readConfiguration(configurationOf([endpointIn, ...WHOLE])).damage).toBe('an endpoint before any interface');
    expect(readConfiguration(configurationOf([header, ...WHOLE])).damage).toBeUndefined();
  });

  it('stops at more interfaces, settings and endpoints than there can be', () => {
    const hex = (value: number): string => value.toString(16).padStart(2, '0');
    const interfaces = Array.from({ length: 1000 }, (_, n) => `09 04 ${hex(n % 256)} 00 00 02 0B 00 00`);
    const crowd = readConfiguration(configurationOf(interfaces));
    expect(crowd).toMatchObject({ damage: 'more than 32 interfaces' });
    expect(crowd.settings.length).toBe(32);
    expect(obexFunctions(crowd)).toEqual([]);
    const settings = Array.from({ length: 1000 }, (_, n) => `09 04 00 ${hex(n % 256)} 00 0A 00 00 00`);
    expect(readConfiguration(configurationOf(settings)).damage).toBe('more than 256 alternate settings');
    const endpoints = [...WHOLE, ...Array.from({ length: 1000 }, () => endpointIn)];
    expect(readConfiguration(configurationOf(endpoints))).toMatchObject({
      damage: 'more than 30 endpoints of an interface',
    });
    const junk = readConfiguration(
      configurationOf(
        Array.from({ length: 32_000 }, () => '02 FF'),
        65_535,
      ),
    );
    expect(junk.settings).toEqual([]);
  });
});
