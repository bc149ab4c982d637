import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseHandsetAddress } from '../../../src-main/bearer/address.ts';
import {
  type NativeDiscoveryOptions,
  nativeDiscovery,
} from '../../../src-main/bearer/child/discovery/native-discovery.ts';
import type { AttachedThing } from '../../../src-main/bearer/discovery.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { KERNEL_GADGET } from '../bearer-usb/descriptors.ts';
import { E70, FTDI, GADGET, HUB, KEYBOARD } from './made-devices.ts';
import { type MadeDevice, MadeSystem } from './made-system.ts';

const signal = new AbortController().signal;
const refuse = async () => {
  throw new Error('no native module on Linux');
};
const LISTED = { usbDevices: refuse, serialPorts: refuse, watchUsb: refuse };

let made: MadeSystem;
beforeEach(() => {
  made = new MadeSystem();
});
afterEach(() => made.close());

function discovery(options: Partial<NativeDiscoveryOptions> = {}) {
  return nativeDiscovery({
    listed: LISTED,
    platform: 'linux',
    root: made.root,
    clock: new HandClock(),
    ownProcesses: [1],
    ...options,
  });
}

async function only(
  device: MadeDevice,
  options: Partial<NativeDiscoveryOptions> = {},
): Promise<AttachedThing | undefined> {
  made.attach(device);
  const things = await discovery(options).look(signal);
  expect(things.length).toBeLessThanOrEqual(1);
  return things[0];
}

describe('what is attached', () => {
  it('is one thing a device, with its OBEX functions and its ports, whatever else is plugged in', async () => {
    for (const device of [HUB, KEYBOARD, FTDI, E70, GADGET]) made.attach(device);
    const things = await discovery().look(signal);
    expect(things).toEqual([
      {
        id: 'usb:1-1',
        attachment: '1/3',
        place: '1-1',
        vendorId: 0x421,
        productId: 0x123,
        serial: '350000000000000',
        manufacturer: 'Lab',
        product: 'Handset 0',
        functions: [
          { kind: 'usb', address: 'usb:0421:0123:350000000000000', service: 'CDC Object Exchange (OBEX)' },
          { kind: 'serial', address: 'serial:/dev/ttyACM0' },
        ],
      },
      {
        id: 'usb:1-2.3',
        attachment: '1/9',
        place: '1-2.3',
        vendorId: 0x421,
        productId: 0x418,
        manufacturer: 'Nokia',
        product: 'Nokia E70',
        functions: [
          // Device management first, and the port in the address, as there is no serial number.
          { kind: 'usb', address: 'usb:0421:0418@1-2.3', service: 'SYNCML-DM' },
          { kind: 'usb', address: 'usb:0421:0418@1-2.3', service: 'SYNCML-SYNC' },
          { kind: 'usb', address: 'usb:0421:0418@1-2.3', service: 'PC Suite Services' },
          { kind: 'usb', address: 'usb:0421:0418@1-2.3', service: 'SYNCML-SYNC-CLIENT-INIT' },
          { kind: 'serial', address: 'serial:/dev/ttyACM1' },
        ],
      },
      {
        id: 'usb:1-3',
        attachment: '1/5',
        place: '1-3',
        vendorId: 0x403,
        productId: 0x6001,
        serial: 'A9 0@4%',
        manufacturer: 'FTDI',
        product: 'FT232R USB UART',
        functions: [{ kind: 'serial', address: 'serial:/dev/ttyUSB0' }],
      },
    ]);
  });

  it('has an address that can be typed, by its serial number where that is its own', async () => {
    const twins = ['1-4', '1-5', '2-1'].map((name, index) => ({
      ...GADGET,
      name,
      address: 10 + index,
      serial: index === 2 ? '3 5@0%\u0007' : '0123456789',
      interfaces: (GADGET.interfaces ?? []).slice(2),
    }));
    for (const device of twins) made.attach(device);
    const addresses = (await discovery().look(signal)).map(({ functions }) => functions[0]?.address ?? '');
    expect(addresses).toEqual([
      'usb:0421:0123:0123456789@1-4',
      'usb:0421:0123:0123456789@1-5',
      'usb:0421:0123:3%205%400%25',
    ]);
    for (const address of addresses) expect(parseHandsetAddress(address).kind).toBe('usb');
  });

  it("includes the ports of serial cards, and none that has no hardware, is the board's, or is Bluetooth's", async () => {
    const port = (name: string, folder: string, type: string, code?: string) => {
      made.write(`${folder}/tty/${name}/type`, `${type}\n`);
      made.link(`${folder}/tty/${name}/device`, '../..');
      if (code !== undefined) made.write(`${folder}/class`, `${code}\n`);
      made.link(`sys/class/tty/${name}`, `../../../${folder}/tty/${name}`);
      made.write(`dev/${name}`, '');
    };
    port('ttyS0', 'sys/devices/pnp0/00:02', '4');
    port('ttyS3', 'sys/devices/platform/serial8250', '0');
    port('ttyS5', 'sys/devices/pci0000:00/0000:03:00.0', '4', '0x070002');
    port('ttyS10', 'sys/devices/pci0000:00/0000:04:00.0', '4', '0x070200');
    port('ttyS7', 'sys/devices/pci0000:00/0000:00:1e.0', '4', '0x118000');
    for (const name of ['tty7', 'ttyGS0', 'rfcomm0', 'console']) port(name, `sys/devices/virtual/${name}`, '4');
    expect(await discovery().look(signal)).toEqual(
      ['ttyS5', 'ttyS10'].map((name) => ({
        id: `serial:/dev/${name}`,
        place: name,
        functions: [{ kind: 'serial', address: `serial:/dev/${name}` }],
      })),
    );
  });

  it('is nothing on a computer without USB and serial ports', async () => {
    expect(await discovery({ root: `${made.root}/nowhere` }).look(signal)).toEqual([]);
    await expect(discovery().look(AbortSignal.abort())).rejects.toThrow(
      expect.objectContaining({ name: 'AbortError' }),
    );
  });
});

describe('what cannot be used', () => {
  const bare: MadeDevice = { name: '1-4', address: 7, ids: '1234:0001', connectedFor: 60_000 };
  const acm = { number: 0, codes: '02/02/01' };
  const storage = { number: 0, codes: '08/06/50', driver: 'usb-storage' };
  const imaging = { number: 0, codes: '06/01/01' };

  it.each<[string, MadeDevice, string | undefined, string?]>([
    [
      'a modem function without a driver',
      { ...bare, interfaces: [acm] },
      'bearer/driver-missing',
      '1-4:1.0 (02/02): no driver',
    ],
    ['a modem function that a program has', { ...bare, interfaces: [{ ...acm, driver: 'usbfs' }] }, 'bearer/busy'],
    ['a driver without a port', { ...bare, interfaces: [{ ...acm, driver: 'cdc_acm' }] }, 'bearer/unusable'],
    ['a phone that shows pictures', { ...bare, ids: '22b8:4901', interfaces: [imaging] }, 'bearer/no-obex'],
    ['a phone that is a disk', { ...bare, ids: '0fce:e0a1', interfaces: [storage] }, 'bearer/no-obex'],
    [
      'a phone with a function of its vendor',
      { ...bare, ids: '0421:0001', interfaces: [{ number: 0, codes: 'ff/00/00' }] },
      'bearer/no-obex',
    ],
    ['a phone that is not configured', { ...bare, ids: '0421:0001' }, 'bearer/unusable', 'no configuration'],
    ['a disk', { ...bare, interfaces: [storage] }, undefined],
    ['a disk of a maker of phones too', { ...bare, ids: '04e8:61f5', interfaces: [storage] }, undefined],
    ['an attached SCSI disk', { ...bare, ids: '0fce:0001', interfaces: [{ number: 0, codes: '08/06/62' }] }, undefined],
    ["a camera of nobody's", { ...bare, interfaces: [imaging] }, undefined],
    [
      'a headset of a maker of phones',
      { ...bare, ids: '0421:0500', interfaces: [{ number: 0, codes: '01/01/00' }] },
      undefined,
    ],
  ])('%s', async (_, device, reason, os) => {
    const configuration = device.interfaces === undefined ? {} : { configuration: KERNEL_GADGET.subarray(0, 9) };
    const thing = await only({ ...device, ...configuration });
    expect([thing?.reason, thing?.functions.length ?? 0]).toEqual([reason, 0]);
    if (os !== undefined) expect(thing?.os).toBe(os);
  });

  it('has no way since a program has it, which is named where it may be seen', async () => {
    made.attach({ ...bare, interfaces: [{ ...acm, driver: 'usbfs' }] });
    const [before] = await discovery().look(signal);
    expect(before).toMatchObject({ reason: 'bearer/busy', os: '1-4:1.0 (02/02): usbfs' });
    expect(before).not.toHaveProperty('holder');
    const node = `/dev/bus/usb/001/${String(bare.address).padStart(3, '0')}`;
    made.process(300, 'gammu', node);
    expect(await discovery().look(signal)).toMatchObject([{ ...before, holder: { name: 'gammu', pid: 300 } }]);
  });

  it('is known besides by vendors that are told', async () => {
    made.attach({ ...bare, configuration: KERNEL_GADGET.subarray(0, 9), interfaces: [imaging] });
    expect(await discovery({ phoneVendors: [0x1234] }).look(signal)).toMatchObject([{ reason: 'bearer/no-obex' }]);
  });

  it.each([
    ['endpoints that are missing', KERNEL_GADGET.subarray(0, KERNEL_GADGET.length - 14)],
    ['a configuration that is cut off', KERNEL_GADGET.subarray(0, 70)],
    ['a length of zero', Uint8Array.from([...KERNEL_GADGET.subarray(0, 60), ...new Uint8Array(71)])],
    ['octets of nothing', new Uint8Array(131).fill(0xff)],
    ['no octets', new Uint8Array()],
  ])('has %s, and its port all the same', async (_, configuration) => {
    const thing = await only({ ...GADGET, configuration });
    // The kernel names interfaces by the configuration that it has chosen; the first 60 octets end before OBEX.
    expect(thing?.functions).toEqual([{ kind: 'serial', address: 'serial:/dev/ttyACM0' }]);
    made.unplug(GADGET);
    made.close();
    made = new MadeSystem();
    const obexOnly = await only({ ...GADGET, configuration, interfaces: GADGET.interfaces?.slice(2) ?? [] });
    expect(obexOnly?.functions).toEqual([]);
    expect(['bearer/no-obex', 'bearer/unusable']).toContain(obexOnly?.reason);
  });

  it('vanishes while it is read, and the others are there', async () => {
    made.attach(GADGET);
    made.link('sys/bus/usb/devices/1-7', '../../../devices/gone');
    made.attach({ ...FTDI, name: '1-8', address: 20, interfaces: [] });
    made.write('sys/devices/pci0000:00/0000:00:14.0/1-8/devnum', '');
    made.write('sys/devices/pci0000:00/0000:00:14.0/1-1/1-1:1.9/bInterfaceClass', '02\n');
    expect((await discovery().look(signal)).map(({ id }) => id)).toEqual(['usb:1-1']);
  });

  it('is of no concern to the other ninety-nine', async () => {
    for (let index = 0; index < 100; index += 1) {
      const interfaces = (GADGET.interfaces ?? []).slice(2);
      made.attach({
        ...GADGET,
        name: `1-${1 + (index % 10)}.${(1 + index / 10) | 0}`,
        address: index + 1,
        serial: `S${index}`,
        interfaces,
      });
    }
    const denied = (node: string) => (node.endsWith('/042') ? 'denied' : 'usable');
    const things = await discovery({ access: denied }).look(signal);
    expect(things).toHaveLength(100);
    expect(new Set(things.flatMap(({ functions }) => functions.map(({ address }) => address))).size).toBe(100);
    expect(things.filter(({ functions }) => functions.some(({ reason }) => reason !== undefined))).toHaveLength(1);
  });
});

describe('a way is refused', () => {
  const way =
    (index: number) =>
    async (options: Partial<NativeDiscoveryOptions> = {}) =>
      (await discovery(options).look(signal))[0]?.functions[index];
  const [obex, port] = [way(0), way(1)];
  /** A program has the interface of its OBEX data. */
  const TAKEN: MadeDevice = {
    ...GADGET,
    interfaces: (GADGET.interfaces ?? []).map((one) => (one.number === 3 ? { ...one, driver: 'usbfs' } : one)),
  };

  it('by rights, or for want of a node', async () => {
    const access = (node: string) => (node === '/dev/ttyACM0' ? ('absent' as const) : ('denied' as const));
    expect((await only(GADGET, { access }))?.functions).toMatchObject([
      { reason: 'bearer/permission-denied', os: 'EACCES: /dev/bus/usb/001/003' },
      { reason: 'bearer/unusable', os: 'ENOENT: /dev/ttyACM0' },
    ]);
  });

  it('by the program that has it open, but not by ourselves', async () => {
    made.attach(GADGET);
    made.process(77, 'minicom', '/dev/null', '/dev/ttyACM0');
    made.process(78, 'lsusb', '/dev/bus/usb/001/003');
    expect(await port()).toMatchObject({ reason: 'bearer/busy', holder: { name: 'minicom', pid: 77 } });
    // Whoever merely reads a device's strings has it open too.
    expect(await obex()).not.toHaveProperty('reason');
    made.write('proc/77/comm', '\u001b[2Jmini\ncom\n');
    expect(await port()).toMatchObject({ holder: { name: '[2Jminicom' } });
    made.process(1, 'pc-agent', '/dev/ttyACM0');
    expect(await port()).not.toHaveProperty('reason');
  });

  it('by the program that has claimed its interfaces, seen or not', async () => {
    made.attach(TAKEN);
    expect(await obex()).toMatchObject({ reason: 'bearer/busy', os: 'usbfs' });
    made.process(300, 'obexftp', '/dev/bus/usb/001/003');
    expect(await obex()).toMatchObject({ reason: 'bearer/busy', holder: { name: 'obexftp', pid: 300 } });
    made.process(1, 'pc-agent', '/dev/bus/usb/001/003');
    expect(await obex()).not.toHaveProperty('reason');
  });

  it('by nobody else while we have it ourselves, on a computer too slow to look through its programs', async () => {
    made.attach(TAKEN);
    for (const pid of [2, 300, 301]) made.process(pid, 'sleep', '/dev/null');
    made.process(1, 'pc-agent', '/dev/bus/usb/001/003');
    let at = 0;
    const clock = new (class extends HandClock {
      override monotonic(): number {
        at += 500;
        return at;
      }
    })();
    expect(await obex({ clock })).not.toHaveProperty('reason');
  });

  it('by nobody who has let go while the programs were looked through', async () => {
    made.attach(TAKEN);
    const driver = 'sys/devices/pci0000:00/0000:00:14.0/1-1/1-1:1.3/driver';
    const access = (): 'usable' => {
      rmSync(join(made.root, driver), { force: true });
      return 'usable';
    };
    expect(await obex({ access })).not.toHaveProperty('reason');
  });

  it('by the modem service while it tries out what is new, unless it is told to ignore it', async () => {
    made.attach({ ...GADGET, connectedFor: 5_000 });
    expect(await port()).not.toHaveProperty('reason');
    made.process(500, 'ModemManager');
    expect(await port()).toMatchObject({ reason: 'bearer/modem-manager' });
    expect(await obex()).not.toHaveProperty('reason');
    for (const mark of ['c166:0', 'c189:2', '+usb:1-1:1.0']) {
      made.write(`run/udev/data/${mark}`, 'E:ID_BUS=usb\nE:ID_MM_DEVICE_IGNORE=1\nG:uaccess\n');
      expect(await port(), mark).not.toHaveProperty('reason');
      made.write(`run/udev/data/${mark}`, 'E:ID_MM_PORT_IGNORE=0\n');
    }
    made.write('sys/devices/pci0000:00/0000:00:14.0/1-1/power/connected_duration', '15000\n');
    expect(await port()).not.toHaveProperty('reason');
    made.process(500000, 'ModemManager', '/dev/ttyACM0');
    expect(await port()).toMatchObject({ reason: 'bearer/modem-manager', holder: { pid: 500000 } });
  });
});
