import { readFileSync, statSync } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { platform } from 'node:process';
import { PcAgentError } from '../../../base/errors.ts';
import type { UsbDevice, UsbHost } from '../../usb/usb-host.ts';
import { usbCodeError } from './usb-errors.ts';
import { NativeOpenDevice, SYSFS_DEVICES } from './usb-open-device.ts';
import { type PackageDevice, packageDevices } from './usb-package.ts';

/** The USB ports of this computer. The native module is loaded when they are first looked at. */
export function nativeUsbHost(): UsbHost {
  return {
    devices: async (signal) => {
      signal.throwIfAborted();
      // The package would say so as well, but loading it costs time and memory.
      if (platform === 'linux') await access(SYSFS_DEVICES).catch((error: unknown) => Promise.reject(noUsb(error)));
      const found = await packageDevices().catch((error: unknown) => Promise.reject(noUsb(error)));
      signal.throwIfAborted();
      const buses = busNumbers(found);
      return found
        .filter(({ ports }) => ports.length > 0)
        .map((device) => nativeDevice(device, placeOf(device, buses)));
    },
  };
}

function nativeDevice(device: PackageDevice, place: string): UsbDevice {
  return {
    vendorId: device.vendorId,
    productId: device.productId,
    place,
    serial: async () => (platform === 'linux' ? knownSerial(place) : (device.serialNumber ?? undefined)),
    open: async () => {
      try {
        await device.open();
      } catch (error) {
        throw usbCodeError(error, 'bearer/unavailable');
      }
      return new NativeOpenDevice(device, place);
    },
  };
}

/** By the place of each device, and what is new each time when one is plugged in there. */
const serials = new Map<string, { readonly plugged: string; readonly serial: string }>();

/**
 * Linux has read it when the device was plugged in; asking the device again may take long and need rights. It is read
 * once for each plugging in: the system tells it only when nobody changes the device's settings, and whoever looks for one
 * of 32 that are alike would wait for all of them.
 */
async function knownSerial(place: string): Promise<string | undefined> {
  const plugged = pluggedNumber(place);
  const known = serials.get(place);
  if (known !== undefined && known.plugged === plugged) return known.serial;
  const text = await readFile(`${SYSFS_DEVICES}/${place}/serial`, 'utf8').catch(() => undefined);
  const serial = text?.replace(/\n$/, '');
  if (plugged !== undefined && serial !== undefined) serials.set(place, { plugged, serial });
  return serial;
}

/**
 * The number that the bus gave it, and that of its entry here, as a bus that has gone and come counts from the beginning.
 * The system has both in memory and waits for nobody, so it needs no thread of its own.
 */
function pluggedNumber(place: string): string | undefined {
  try {
    const entry = `${SYSFS_DEVICES}/${place}/`;
    return `${statSync(entry).ino}:${readFileSync(`${entry}devnum`, 'latin1')}`;
  } catch {
    return undefined;
  }
}

/** Linux numbers its buses; elsewhere they have names, which are numbered in their order. */
function busNumbers(devices: readonly PackageDevice[]): ReadonlyMap<string, number> {
  const names = [...new Set(devices.map(({ bus }) => bus))].sort();
  return new Map(names.map((name, index) => [name, /^\d{1,3}$/.test(name) ? Number(name) : index + 1]));
}

function placeOf({ bus, ports }: PackageDevice, buses: ReadonlyMap<string, number>): string {
  return `${buses.get(bus) ?? 0}-${ports.join('.')}`;
}

function noUsb(error: unknown): PcAgentError {
  const os = error instanceof Error ? error.message : String(error);
  return new PcAgentError('bearer/unavailable', `this computer has no USB that programs can use (${os})`, {
    cause: error,
    retry: 'later',
    details: { bearer: 'usb', os },
  });
}
