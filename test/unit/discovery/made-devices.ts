import { KERNEL_GADGET, NOKIA_E70, NOKIA_E70_STRINGS } from '../bearer-usb/descriptors.ts';
import type { MadeDevice, MadeInterface } from './made-system.ts';

/** What Linux 6.1 showed of its own f_acm and f_obex on dummy_hcd. */
export const GADGET: MadeDevice = {
  name: '1-1',
  address: 3,
  ids: '0421:0123',
  serial: '350000000000000',
  manufacturer: 'Lab',
  product: 'Handset 0',
  configuration: KERNEL_GADGET,
  connectedFor: 60_000,
  interfaces: [
    { number: 0, codes: '02/02/01', name: 'CDC Abstract Control Model (ACM)', driver: 'cdc_acm', port: 'ttyACM0' },
    { number: 1, codes: '0a/00/00', name: 'CDC ACM Data', driver: 'cdc_acm' },
    { number: 2, codes: '02/0b/00', name: 'CDC Object Exchange (OBEX)' },
    { number: 3, codes: '0a/00/00', name: 'CDC OBEX Data' },
  ],
};

/** Nokia's PC Suite mode: of its 14 interfaces those that matter, with the strings of its descriptors. */
export const E70: MadeDevice = {
  name: '1-2.3',
  address: 9,
  ids: '0421:0418',
  deviceClass: '02',
  manufacturer: 'Nokia',
  product: 'Nokia E70',
  configuration: NOKIA_E70,
  connectedFor: 60_000,
  interfaces: [
    { number: 0, codes: '02/08/00' },
    ...[4, 6, 8, 10].flatMap((number, index): MadeInterface[] => [
      { number, codes: '02/0b/00', name: NOKIA_E70_STRINGS[5 + index] ?? '' },
      { number: number + 1, codes: '0a/00/00' },
    ]),
    { number: 12, codes: '02/02/01', driver: 'cdc_acm', port: 'ttyACM1' },
    { number: 13, codes: '0a/00/00', driver: 'cdc_acm' },
  ],
};

export const FTDI: MadeDevice = {
  name: '1-3',
  address: 5,
  ids: '0403:6001',
  deviceClass: '00',
  serial: 'A9 0@4%',
  manufacturer: 'FTDI',
  product: 'FT232R USB UART',
  connectedFor: 60_000,
  interfaces: [{ number: 0, codes: 'ff/ff/ff', driver: 'ftdi_sio', port: 'ttyUSB0' }],
};

export const HUB: MadeDevice = { name: '1-2', address: 2, ids: '05e3:0610', deviceClass: '09' };

export const KEYBOARD: MadeDevice = {
  name: '1-2.1',
  address: 4,
  ids: '046d:c31c',
  deviceClass: '00',
  interfaces: [{ number: 0, codes: '03/01/01', driver: 'usbhid' }],
};
