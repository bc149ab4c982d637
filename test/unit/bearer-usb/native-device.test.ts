import { describe, expect, it } from 'vitest';
import { usbCodeError } from '../../../src-main/bearer/child/native/usb-errors.ts';
import { NativeOpenDevice } from '../../../src-main/bearer/child/native/usb-open-device.ts';
import type { PackageDevice, Setup } from '../../../src-main/bearer/child/native/usb-package.ts';
import { KERNEL_GADGET, octets } from './descriptors.ts';

/** What the package answers to standard requests, by request, value and index; everything else is noted. */
function fakePackage(answers: Readonly<Record<string, Uint8Array>>, log: string[] = []): PackageDevice {
  const note = (what: string) => async (): Promise<void> => {
    log.push(what);
  };
  const nothing = async (): Promise<never> => {
    throw new Error('transferIn error: Stall');
  };
  return {
    ...{ vendorId: 1, productId: 2, bus: '001', ports: [7], serialNumber: null },
    ...{ open: note('open'), close: note('close'), reset: note('reset'), clearHalt: note('clear') },
    claimInterface: async (number) => log.push(`claim ${number}`) as never,
    releaseInterface: async (number) => log.push(`release ${number}`) as never,
    selectAlternateInterface: note('select'),
    detachKernelDriver: note('detach'),
    attachKernelDriver: note('attach'),
    controlTransferIn: async (setup: Setup, length: number) => {
      const found = answers[`${setup.request} ${setup.value} ${setup.index}`];
      if (found === undefined) throw new Error('controlTransferIn error: endpoint stalled');
      const bytes = found.slice(0, length);
      return { data: new DataView(bytes.buffer) };
    },
    controlTransferOut: async (setup: Setup) => log.push(`out ${setup.request} ${setup.value} ${setup.index}`),
    transferIn: nothing,
    transferOut: async (_, data) => ({ bytesWritten: data.length - 1 }),
  };
}

const GET_DESCRIPTOR = 6;
const configuration = (index: number): string => `${GET_DESCRIPTOR} ${0x200 | index} 0`;

describe('a device that the package has opened', () => {
  it('gives the configuration that is in effect, whole, whichever its index is', async () => {
    const other = octets('09 02 09 00 00 07 00 80 32');
    const device = fakePackage({ '8 0 0': octets('01'), [configuration(0)]: other, [configuration(1)]: KERNEL_GADGET });
    expect(await new NativeOpenDevice(device, '9-7').configuration()).toEqual(KERNEL_GADGET);
    const none = fakePackage({ '8 0 0': octets('03'), [configuration(0)]: other });
    await expect(new NativeOpenDevice(none, '9-7').configuration()).rejects.toMatchObject({
      code: 'bearer/unavailable',
    });
  });

  it('reads a string in the device’s own language, or in English, or not at all', async () => {
    const text = octets('08 03 44 00 4D 00 FC 00');
    const german = fakePackage({ '6 768 0': octets('04 03 07 04'), '6 775 1031': text });
    expect(await new NativeOpenDevice(german, '9-7').text(7)).toBe('DMü');
    const silent = fakePackage({ '6 768 0': octets('02 03'), '6 775 1033': text });
    expect(await new NativeOpenDevice(silent, '9-7').text(7)).toBe('DMü');
    expect(await new NativeOpenDevice(fakePackage({}), '9-7').text(7)).toBeUndefined();
  });

  it('is busy for a second conversation of this process, and free when the first has closed', async () => {
    const log: string[] = [];
    const first = new NativeOpenDevice(fakePackage({}, log), '9-7');
    const second = new NativeOpenDevice(fakePackage({}), '9-7');
    await first.claim([2, 3]);
    await expect(second.claim([2])).rejects.toMatchObject({ code: 'bearer/busy' });
    await second.close();
    await expect(new NativeOpenDevice(fakePackage({}), '9-7').claim([3])).rejects.toMatchObject({
      code: 'bearer/busy',
    });
    await first.close();
    await first.close();
    expect(log).toEqual(['claim 2', 'claim 3', 'release 2', 'release 3', 'close']);
    await second.claim([2]);
    const third = new NativeOpenDevice(fakePackage({}), '9-7');
    await third.claim([3]);
    await third.close();
  });

  it('is let go after a reset that takes its time, though the package throws at whoever calls meanwhile', async () => {
    const reset = Promise.withResolvers<void>();
    let runs = false;
    const alone = () => {
      if (runs) throw new Error('The same native value cannot be borrowed mutably while another borrow is active');
    };
    const log: string[] = [];
    const device: PackageDevice = {
      ...fakePackage({}),
      reset: async () => {
        runs = true;
        await reset.promise;
        runs = false;
      },
      selectAlternateInterface: () => Promise.resolve(alone()),
      releaseInterface: () => Promise.resolve(alone()),
      close: () => Promise.resolve(alone()).then(() => void log.push('closed')),
    };
    const open = new NativeOpenDevice(device, '9-8');
    await open.claim([1]);
    const ended = [open.reset(), open.select(1, 0), open.close()];
    reset.resolve();
    await Promise.all(ended);
    expect(log).toEqual(['closed']);
    await new NativeOpenDevice(fakePackage({}), '9-8').claim([1]);
  });

  it('breaks a transfer off by a halt, and tells a stall from a loss', async () => {
    const log: string[] = [];
    const device = new NativeOpenDevice(fakePackage({}, log), '9-7');
    await device.cancel('in', 6);
    await device.cancel('out', 7);
    // SET_FEATURE ENDPOINT_HALT (USB 2.0, 9.4.9) to endpoints 86 and 07.
    expect(log).toEqual(['out 3 0 134', 'out 3 0 7']);
    expect(await device.transferIn(6, 512)).toBe('stall');
    await expect(device.transferOut(7, Uint8Array.of(1, 2))).rejects.toMatchObject({ code: 'bearer/lost' });
  });
});

describe('what the package says', () => {
  // Texts of npm usb 3.1.0 on Linux, seen; those of Windows after nusb.
  it.each([
    ['open error: permission denied (errno 13)', 'bearer/permission-denied'],
    ['claimInterface error: interface is busy (errno 16)', 'bearer/busy'],
    ['open error: device not found (errno 2)', 'bearer/lost'],
    ['selectAlternateInterface error: device disconnected (errno 19)', 'bearer/lost'],
    ['open error: LIBUSB_ERROR_NOT_SUPPORTED', 'bearer/driver-missing'],
    ['claimInterface error: incompatible driver is installed for this interface', 'bearer/driver-missing'],
    ['claimInterface error: interface not found (errno 2)', 'bearer/unavailable'],
    ['something new', 'bearer/unavailable'],
  ])('%s is %s', (os, code) => {
    expect(usbCodeError(new Error(os), 'bearer/unavailable')).toMatchObject({ code, details: { bearer: 'usb', os } });
  });

  it('is a loss when it breaks a transfer', () => {
    expect(usbCodeError(new Error('transferIn error: Fault'), 'bearer/lost').code).toBe('bearer/lost');
  });
});
