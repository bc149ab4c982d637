import { byNumbers } from './by-numbers.ts';
import type { SystemFiles } from './system-files.ts';
import { USB_DEVICES } from './usb-tree.ts';

const TTY_CLASS = '/sys/class/tty';
const CABLE_PORT = /^tty(?:ACM|USB)\d{1,5}$/;
const HARDWARE_PORT = /^tty[A-Z]+\d{1,5}$/;
/** PORT_UNKNOWN: the driver keeps the name, and there is no UART (serial_core.h). */
const NO_UART = '0';
/** Serial and multiport serial controllers of the PCI class codes (PCI Code and ID Assignment, 1.8). */
const SERIAL_CONTROLLER = /^0x070[02]/i;
/** Newer kernels put two levels of their own between a port and its controller. */
const MAX_CLIMB = 4;
const MAX_PORTS = 64;

/**
 * Serial ports that belong to no USB device: those of a plugged-in card. A plain ttyS may be there without anything
 * behind it, the ports of the board itself are no place for a handset, and rfcomm is Bluetooth's.
 */
export function readOtherPorts(files: SystemFiles): readonly string[] {
  const names = files.names(TTY_CLASS).filter((name) => HARDWARE_PORT.test(name));
  const usbIsShown = names.some((name) => CABLE_PORT.test(name)) && files.names(USB_DEVICES).length > 0;
  const found: string[] = [];
  for (const name of names) {
    const real = CABLE_PORT.test(name) ? !usbIsShown : isOfSerialCard(files, name);
    if (real && found.length < MAX_PORTS) found.push(name);
  }
  return found.sort(byNumbers);
}

function isOfSerialCard(files: SystemFiles, name: string): boolean {
  if (files.text(`${TTY_CLASS}/${name}/type`) === NO_UART) return false;
  let folder = files.real(`${TTY_CLASS}/${name}/device`);
  for (let climb = 0; climb <= MAX_CLIMB && folder?.startsWith('/sys/devices/'); climb += 1) {
    const code = files.text(`${folder}/class`);
    if (code !== undefined) return SERIAL_CONTROLLER.test(code);
    folder = folder.slice(0, folder.lastIndexOf('/'));
  }
  return false;
}
