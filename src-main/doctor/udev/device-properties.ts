import { type AttachedDevice, USB_DEVICES } from '../attached-device.ts';
import { readValue, type System } from '../system.ts';
import type { DeviceProperties } from './overriding-rules.ts';

const ATTRIBUTES = ['idVendor', 'idProduct', 'serial', 'manufacturer', 'product', 'bDeviceClass'];

/** What rules may ask of the nodes of a USB thing that is attached: of the device itself, and of its serial ports. */
export async function deviceProperties(system: System, device: AttachedDevice): Promise<readonly DeviceProperties[]> {
  const { usbPort, usbNode, interfaces, nodes } = device;
  if (usbPort === undefined) return [];
  const values = await Promise.all(
    ATTRIBUTES.map(async (name) => [`ATTR{${name}}`, await readValue(system, `${USB_DEVICES}/${usbPort}/${name}`)]),
  );
  const shared: DeviceProperties = {
    ACTION: 'add',
    // As the builtin usb_id writes them (systemd, udev-builtin-usb_id.c).
    'ENV{ID_USB_INTERFACES}': `:${interfaces.map(({ kind }) => kind).join(':')}:`,
    ...definedOf(Object.fromEntries(values)),
  };
  const ids = { 'ENV{ID_VENDOR_ID}': shared['ATTR{idVendor}'], 'ENV{ID_MODEL_ID}': shared['ATTR{idProduct}'] };
  const known = { ...shared, ...definedOf(ids) };
  return nodes.map((node) =>
    node === usbNode
      ? { ...known, SUBSYSTEM: 'usb', KERNEL: usbPort, 'ENV{DEVTYPE}': 'usb_device' }
      : { ...known, SUBSYSTEM: 'tty', KERNEL: node.replace(/^.*\//, ''), SUBSYSTEMS: 'usb' },
  );
}

function definedOf(values: Readonly<Record<string, string | undefined>>): DeviceProperties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as DeviceProperties;
}
