/** The file by which programs have a USB device open on Linux, e.g. `/dev/bus/usb/001/004`; bus and device as sysfs numbers them. */
export function usbNode(bus: number | string, device: number | string): string {
  return `/dev/bus/usb/${String(bus).padStart(3, '0')}/${String(device).padStart(3, '0')}`;
}
