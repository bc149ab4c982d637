import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import type { UsbAddress } from '../../../src-main/bearer/usb/usb-address.ts';
import { createUsbBearer } from '../../../src-main/bearer/usb/usb-bearer.ts';
import { usbError } from '../../../src-main/bearer/usb/usb-errors.ts';
import { configurationOf, PARTS } from './descriptors.ts';
import { FakeDevice, type FakeEnd } from './fake-device.ts';

const { control, header, obex, union, idle, active, in: endpointIn, out: endpointOut } = PARTS;
const CONFIGURATION = configurationOf([control, header, obex, union, idle, active, endpointIn, endpointOut]);

/** Devices that are plugged in where somebody listens: the far end of the bearer, which has no listening side itself. */
export class PluggedDevices {
  readonly #devices = new Map<string, FakeDevice>();
  readonly #places = new Map<ByteStream, string>();
  readonly bearer: Bearer<UsbAddress>;
  #ports = 0;

  constructor() {
    const usb = createUsbBearer({ devices: async () => [...this.#devices.values()] });
    this.bearer = {
      ...usb,
      dial: async (address, options) => {
        const stream = await usb.dial(address, options);
        this.#places.set(stream, address.place ?? '');
        return stream;
      },
      listen: async (address, { signal, onStream }) => {
        signal.throwIfAborted();
        const { place = '' } = address;
        if (this.#devices.has(place)) throw usbError('bearer/busy', 'a device is there', address, { retry: 'later' });
        this.#plug(place, (end) => {
          this.#places.set(end, place);
          onStream(end);
        });
        return { address, close: async () => undefined };
      },
    };
  }

  readonly free = (): string => {
    this.#ports += 1;
    return `usb:0421:0123@1-${this.#ports}`;
  };

  /** Pulls the device out that has this stream. */
  readonly reset = (stream: ByteStream): void => this.#of(stream)?.remove();

  /** Pulls it out, and plugs another one in there. */
  readonly replug = async (stream: ByteStream): Promise<void> => {
    const device = this.#of(stream);
    device?.remove();
    if (device !== undefined) this.#plug(device.place, device.options.onActive);
  };

  #of(stream: ByteStream): FakeDevice | undefined {
    return this.#devices.get(this.#places.get(stream) ?? '');
  }

  #plug(place: string, onActive: ((end: FakeEnd) => void) | undefined): void {
    const device = new FakeDevice({
      configuration: CONFIGURATION,
      place,
      ...(onActive === undefined ? {} : { onActive }),
    });
    this.#devices.set(place, device);
  }
}
