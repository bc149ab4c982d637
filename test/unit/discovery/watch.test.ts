import { readdirSync, readlinkSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type NativeDiscoveryOptions,
  nativeDiscovery,
} from '../../../src-main/bearer/child/discovery/native-discovery.ts';
import type { ListedUsbDevice } from '../../../src-main/bearer/child/native/usb-list.ts';
import type { AttachedThing } from '../../../src-main/bearer/discovery.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { FTDI, GADGET } from './made-devices.ts';
import { MadeSystem } from './made-system.ts';

/** Real milliseconds that the system may take. */
const LONGEST = 10_000;
const nothing = async () => [];
const SILENT = { usbDevices: nothing, serialPorts: nothing, watchUsb: async () => () => undefined };

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function watching(options: Partial<NativeDiscoveryOptions>) {
  const stop = new AbortController();
  const clock = new HandClock();
  const lists: (readonly AttachedThing[])[] = [];
  const discovery = nativeDiscovery({ listed: SILENT, platform: 'linux', ownProcesses: [1], clock, ...options });
  const ended = discovery.watch((things) => lists.push(things), stop.signal);
  ends.push(() => stop.abort());
  const ids = () => (lists.at(-1) ?? []).map(({ id }) => id);
  const reasons = () =>
    (lists.at(-1) ?? []).flatMap(({ functions }) => functions.map(({ reason }) => reason ?? 'good'));
  return { clock, lists, ids, reasons, stop, ended };
}

/**
 * The system tells of changes in its own time, so the clock goes on with the real one; what only time brings about needs
 * no such care, and the clock goes on by `step` milliseconds.
 */
async function until(clock: HandClock, holds: () => boolean, step?: number): Promise<number> {
  const began = clock.monotonic();
  const real = performance.now();
  while (!holds() && performance.now() - real < LONGEST) {
    await nextTurn();
    const behind = step ?? performance.now() - real - (clock.monotonic() - began);
    if (behind >= 1) await clock.pass(Math.floor(behind));
  }
  expect(holds()).toBe(true);
  return clock.monotonic() - began;
}

/** What this process has open of the system and to watch it; other tests of the same process have files of their own. */
function descriptors(root: string): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(root) || target === 'anon_inode:inotify' ? [target] : [];
    } catch {
      return [];
    }
  });
}

function madeSystem(): MadeSystem {
  const made = new MadeSystem();
  ends.push(() => made.close());
  return made;
}

describe('whoever watches', () => {
  it('is told at once, after a plug was put in or out, and not when nothing is different', async () => {
    const made = madeSystem();
    made.attach(GADGET);
    const { clock, lists, ids, stop, ended } = watching({ root: made.root });
    await until(clock, () => lists.length === 1);
    expect(ids()).toEqual(['usb:1-1']);
    made.attach(FTDI);
    expect(await until(clock, () => ids().length === 2)).toBeLessThan(1_000);
    made.unplug(GADGET);
    expect(await until(clock, () => ids().length === 1)).toBeLessThan(1_000);
    await clock.pass(20_000);
    expect(lists).toHaveLength(3);
    stop.abort();
    await ended;
    made.unplug(FTDI);
    await clock.pass(20_000);
    expect(lists).toHaveLength(3);
  });

  it('hears of rights after udev has set them, and of a refusal when it has had the time to', async () => {
    const made = madeSystem();
    const denied = new Set(['/dev/bus/usb/001/003', '/dev/ttyACM0']);
    const access = (node: string) => (denied.has(node) ? ('denied' as const) : ('usable' as const));
    const { clock, lists, ids, reasons } = watching({ root: made.root, access });
    await until(clock, () => lists.length === 1);
    const { connectedFor: _, ...young } = GADGET;
    made.attach(young);
    await clock.pass(300);
    expect(ids()).toEqual([]);
    denied.delete('/dev/ttyACM0');
    // What can be used already is not held back by what cannot.
    await until(clock, () => ids().length === 1);
    expect(reasons()).toEqual(['good']);
    await until(clock, () => reasons().length === 2, 10);
    expect(reasons()).toEqual(['bearer/permission-denied', 'good']);
    denied.clear();
    made.write('dev/bus/usb/001/003', 'its rights are changed');
    await until(clock, () => reasons()[0] === 'good');
    expect(lists).toHaveLength(4);
  });

  it('hears within seconds of what nobody tells: a program lets go of a port', async () => {
    const made = madeSystem();
    made.attach(FTDI);
    made.process(70, 'minicom', '/dev/ttyUSB0');
    const { clock, lists, reasons } = watching({ root: made.root });
    await until(clock, () => lists.length === 1);
    expect(reasons()).toEqual(['bearer/busy']);
    made.endProcess(70);
    expect(await until(clock, () => reasons()[0] === 'good', 50)).toBeLessThan(8_000);
  });

  it('has the right list after 200 plugs in and out, and has leaked no descriptor', async () => {
    const made = madeSystem();
    made.prepare(GADGET);
    made.attach(FTDI);
    const open = () => descriptors(made.root).length;
    const before = open();
    const { clock, lists, ids, stop, ended } = watching({ root: made.root });
    await until(clock, () => lists.length === 1);
    const watched = open();
    for (let turn = 0; turn < 100; turn += 1) {
      made.plug(GADGET);
      await clock.pass(turn % 7 === 0 ? 500 : 20);
      made.unplug(GADGET);
      await clock.pass(turn % 5 === 0 ? 500 : 20);
    }
    await clock.pass(5_000);
    expect(ids()).toEqual(['usb:1-3']);
    made.plug(GADGET);
    await until(clock, () => ids().length === 2);
    expect(open()).toBe(watched);
    stop.abort();
    await ended;
    await nextTurn();
    expect(open()).toBeLessThanOrEqual(before + 1); // The process' one inotify stays.
  });

  it('is served where nothing can be watched, and where the folders come later', async () => {
    const made = madeSystem();
    const { clock, lists, ids } = watching({ root: `${made.root}/later` });
    await until(clock, () => lists.length === 1);
    expect(ids()).toEqual([]);
    for (const top of ['sys', 'dev', 'proc', 'run']) made.link(`later/${top}`, `../${top}`);
    made.attach(GADGET);
    expect(await until(clock, () => ids().length === 1, 50)).toBeLessThanOrEqual(3_000);
  });
});

describe('where the system lists by native modules', () => {
  const phone = {
    vendorId: 0x421,
    productId: 0x123,
    place: '1-2',
    serial: 'A1',
    product: 'Nokia',
    interfaces: [
      { number: 0, classCode: 2, subclass: 0x0b, protocol: 0, name: 'SYNCML-DM', carries: false },
      { number: 1, classCode: 0x0a, subclass: 0, protocol: 0, carries: true },
      { number: 2, classCode: 2, subclass: 2, protocol: 1, carries: false },
    ],
  };
  const keyboard = {
    vendorId: 0x46d,
    productId: 1,
    place: '1-9',
    interfaces: [{ ...phone.interfaces[1], number: 0, classCode: 3, subclass: 1, protocol: 1, carries: false }],
  };

  it("a port is put to its device, the board's and Bluetooth's are left out, and events are heard", async () => {
    let tell = () => {};
    let closed = 0;
    const devices = [phone, keyboard];
    const ports = [
      { path: 'COM5', vendorId: '0421', productId: '0123', serialNumber: 'a1' },
      { path: 'COM7', manufacturer: 'FTDI', vendorId: '0403', productId: '6001', serialNumber: 'F' },
      { path: 'COM1', pnpId: 'ACPI\\PNP0501\\0' },
      { path: 'COM9', pnpId: 'BTHENUM\\{00001101}' },
    ];
    const { clock, lists, ids, stop, ended } = watching({
      platform: 'win32',
      listed: {
        usbDevices: async () => [...devices],
        serialPorts: async () => ports,
        watchUsb: async (heard) => {
          tell = heard;
          return () => {
            closed += 1;
          };
        },
      },
    });
    await until(clock, () => lists.length === 1);
    expect(lists[0]).toEqual([
      {
        id: 'usb:1-2',
        place: '1-2',
        vendorId: 0x421,
        productId: 0x123,
        serial: 'A1',
        product: 'Nokia',
        functions: [
          { kind: 'usb', address: 'usb:0421:0123:A1', service: 'SYNCML-DM' },
          { kind: 'serial', address: 'serial:COM5' },
        ],
      },
      { id: 'serial:COM7', place: 'COM7', product: 'FTDI', functions: [{ kind: 'serial', address: 'serial:COM7' }] },
    ]);
    devices.push({ ...phone, place: '1-3' });
    tell();
    expect(await until(clock, () => ids().length === 3)).toBeLessThan(200);
    expect(lists[1]?.map(({ functions }) => functions[0]?.address)).toEqual([
      'usb:0421:0123:A1@1-2',
      'usb:0421:0123:A1@1-3',
      'serial:COM7',
    ]);
    stop.abort();
    await ended;
    await nextTurn();
    expect(closed).toBe(1);
  });

  it('a device without a port is the same thing whatever is plugged in before it', async () => {
    const { place: _place, ...portless } = phone;
    const look = async (...devices: readonly ListedUsbDevice[]) => {
      const listed = { ...SILENT, usbDevices: async () => devices };
      const things = await nativeDiscovery({ platform: 'win32', listed }).look(new AbortController().signal);
      return things.map(({ id }) => id);
    };
    expect(await look(portless)).toEqual(['usb:0421:0123:A1#0']);
    expect(await look(keyboard, portless)).toEqual(['usb:0421:0123:A1#0']);
    expect(await look(portless, keyboard, { ...portless })).toEqual(['usb:0421:0123:A1#0', 'usb:0421:0123:A1#1']);
  });

  it('a computer without USB or serial ports has an empty list; the ports of macOS are those that do not wait', async () => {
    const fails = async () => {
      throw new Error('getDevices error');
    };
    const signal = new AbortController().signal;
    const none = { usbDevices: fails, serialPorts: fails, watchUsb: fails };
    expect(await nativeDiscovery({ platform: 'darwin', listed: none }).look(signal)).toEqual([]);
    const { clock, lists } = watching({ platform: 'darwin', listed: none });
    await until(clock, () => lists.length === 1);
    const ports = ['/dev/tty.usbmodem14101', '/dev/tty.Bluetooth-Incoming-Port', '/dev/tty.debug-console'];
    const mac = { ...SILENT, serialPorts: async () => ports.map((path) => ({ path })) };
    expect(await nativeDiscovery({ platform: 'darwin', listed: mac }).look(signal)).toMatchObject([
      { id: 'serial:/dev/cu.usbmodem14101', place: 'cu.usbmodem14101' },
    ]);
  });
});
