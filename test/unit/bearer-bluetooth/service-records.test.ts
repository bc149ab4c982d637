import { describe, expect, it } from 'vitest';
import { sequenceOf } from '../../../src-main/bearer/bluetooth/sdp/data-element.ts';
import { servicesIn } from '../../../src-main/bearer/bluetooth/sdp/service-records.ts';
import { BLUEZ_LIST, DM_CLIENT, FILE_TRANSFER, listOf, octetsOf, PUSH } from './records.ts';

const CLIENT = { kind: 'syncml-dm-client', channel: 13, name: 'SyncML DM Client' };
const OBEX_PUSH = { kind: 'obex-push', channel: 9 };
const FILES = { kind: 'obex-file-transfer', channel: 10 };

/** A record of one class of 16 bits and one list of protocols. */
function recordOf(uuid: string, protocols: string): string {
  const list = octetsOf(protocols).length;
  const hex = (length: number): string => length.toString(16).padStart(2, '0');
  return `35 ${hex(13 + list)} 09 00 01 35 03 19 ${uuid} 09 00 04 35 ${hex(list)} ${protocols}`;
}

describe('service records of a handset', () => {
  it('give the services that are of use, the best first', () => {
    expect(servicesIn(listOf(FILE_TRANSFER, PUSH, DM_CLIENT))).toEqual([CLIENT, OBEX_PUSH, FILES]);
    const server = DM_CLIENT.replace('00 00 00 04', '00 00 00 03');
    expect(servicesIn(listOf(server))).toEqual([{ ...CLIENT, kind: 'syncml-dm-server' }]);
    expect(servicesIn(listOf())).toEqual([]);
  });

  it('are read as BlueZ gives its own', () => {
    expect(servicesIn(octetsOf(BLUEZ_LIST))).toEqual([
      { kind: 'obex-push', channel: 9, name: 'Object Push' },
      { kind: 'obex-file-transfer', channel: 10, name: 'File Transfer' },
    ]);
  });

  it('are read the same with each way to write a length, and where the system gives them one by one', () => {
    const records = [...octetsOf(PUSH), ...octetsOf(DM_CLIENT)];
    for (const head of [
      [0x35, records.length],
      [0x36, 0, records.length],
      [0x37, 0, 0, 0, records.length],
    ]) {
      expect(servicesIn(Uint8Array.of(...head, ...records))).toEqual([CLIENT, OBEX_PUSH]);
    }
    expect(servicesIn(sequenceOf(Uint8Array.from(records)))).toEqual([CLIENT, OBEX_PUSH]);
  });

  it.each([
    ['no channel', recordOf('11 05', '35 03 19 01 00 35 03 19 00 03')],
    ['channel 0', recordOf('11 05', '35 03 19 01 00 35 05 19 00 03 08 00')],
    ['channel 31', recordOf('11 05', '35 03 19 01 00 35 05 19 00 03 08 1f')],
    ['a channel of eight octets', recordOf('11 05', '35 0c 19 00 03 0b 00 00 00 00 00 00 00 09')],
    ['a channel that is a text', recordOf('11 05', '35 06 19 00 03 25 01 39')],
    ['another protocol', recordOf('11 05', '35 05 19 00 0f 08 09')],
    ['a class that nobody knows', recordOf('11 01', '35 05 19 00 03 08 09')],
    ['no attributes', '35 00'],
    ['an attribute without a value', '35 03 09 00 01'],
    ['a number in place of a record', '09 00 01'],
    ['attribute numbers that are none', '35 0a 19 00 01 35 03 19 11 05 00 00'],
  ])('with %s is no service, and leaves the others as they are', (_what, record) => {
    expect(servicesIn(listOf(record, PUSH))).toEqual([OBEX_PUSH]);
  });

  it.each([
    ['a UUID of three octets', '35 0d 09 00 01 35 08 1d 03 00 11 05 19 11 05'],
    ['an element longer than its record', '35 05 09 00 01 35 7f'],
    ['a reserved type', '35 05 09 00 01 f8 00'],
    [
      'lists in lists without end',
      `35 20 09 00 04 ${Array.from({ length: 14 }, (_, i) => `35 ${(27 - 2 * i).toString(16).padStart(2, '0')}`).join(' ')} 00`,
    ],
  ])('that are damaged by %s are left out, and told when nothing else is there', (_what, record) => {
    expect(servicesIn(listOf(record, PUSH))).toEqual([OBEX_PUSH]);
    expect(() => servicesIn(listOf(record))).toThrowError(expect.objectContaining({ code: 'bearer/records-invalid' }));
  });

  it('that are no list at all, or cut off, are told', () => {
    for (const text of ['', '00', '09 00 01', '35', '35 05 35', '36 ff', '3d 00', '35 03 35 02 09']) {
      expect(() => servicesIn(octetsOf(text))).toThrowError(
        expect.objectContaining({ code: 'bearer/records-invalid' }),
      );
    }
  });

  it('are read up to a number, and their names without what cannot be seen', () => {
    expect(servicesIn(listOf(...Array.from({ length: 300 }, () => PUSH)))).toHaveLength(64);
    const named = (name: string): unknown =>
      servicesIn(listOf(DM_CLIENT.replace('53 79 6e 63 4d 4c 20 44 4d 20 43 6c 69 65 6e 74', name)))[0]?.name;
    expect(named('07 1b 5b 33 31 6d 41 e2 80 ae 42 00 00 00 00 00')).toBe('[31mA B');
    expect(named('ff fe 80 41 00 00 00 00 00 00 00 00 00 00 00 00')).toBe('\ufffd\ufffd\ufffdA');
    expect(named('00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00')).toBeUndefined();
  });
});
