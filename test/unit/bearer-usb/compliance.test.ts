import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import type { UsbAddress } from '../../../src-main/bearer/usb/usb-address.ts';
import { createUsbBearer } from '../../../src-main/bearer/usb/usb-bearer.ts';
import { usbError } from '../../../src-main/bearer/usb/usb-errors.ts';
import { bearerSuite } from '../../compliance/bearer.suite.ts';
import { configurationOf, PARTS } from './descriptors.ts';
import { FakeDevice, type FakeEnd } from './fake-device.ts';

const { control, header, obex, union, idle, active, in: endpointIn, out: endpointOut } = PARTS;
const CONFIGURATION = configurationOf([control, header, obex, union, idle, active, endpointIn, endpointOut]);

/** Devices that are plugged in where somebody listens: the far end of the bearer, which has no listening side itself. */
function rig(): { bearer: Bearer<UsbAddress>; free: () => string; reset: (stream: ByteStream) => void } {
  const devices: FakeDevice[] = [];
  const ends = new Map<ByteStream, FakeDevice>();
  const usb = createUsbBearer({ devices: async () => devices });
  let ports = 0;
  const bearer: Bearer<UsbAddress> = {
    ...usb,
    dial: async (address, options) => {
      const stream = await usb.dial(address, options);
      const device = devices.find(({ place }) => place === address.place);
      if (device !== undefined) ends.set(stream, device);
      return stream;
    },
    listen: async (address, { signal, onStream }) => {
      signal.throwIfAborted();
      if (devices.some(({ place }) => place === address.place)) {
        throw usbError('bearer/busy', 'a device is there', address, { retry: 'later' });
      }
      const device = new FakeDevice({
        configuration: CONFIGURATION,
        place: address.place ?? '',
        onActive: (end: FakeEnd) => {
          ends.set(end, device);
          onStream(end);
        },
      });
      devices.push(device);
      return { address, close: async () => undefined };
    },
  };
  return {
    bearer,
    free: () => {
      ports += 1;
      return `usb:0421:0123@1-${ports}`;
    },
    reset: (stream) => ends.get(stream)?.remove(),
  };
}

const { bearer, free, reset } = rig();

bearerSuite('usb', () => ({
  bearer,
  free,
  refused: async () => 'usb:0421:0123@9-9',
  reset,
  lineEnd: (listening) => listening,
}));
