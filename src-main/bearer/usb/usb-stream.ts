import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { settledWithin } from '../../base/node/settled-within.ts';
import type { ObexFunction } from './obex-functions.ts';
import { lostUsb } from './usb-errors.ts';
import type { UsbFate } from './usb-fate.ts';
import type { OpenUsbDevice } from './usb-host.ts';
import { UsbReceiver } from './usb-receiver.ts';
import { UsbSender, type UsbSenderOptions } from './usb-sender.ts';

/** How long what waits in the device may take to end when the stream is closed. */
const END_LIMIT = seconds(1);

/** The two bulk endpoints of an OBEX function as a byte stream. */
export class UsbStream implements ByteStream, UsbFate {
  readonly #device: OpenUsbDevice;
  readonly #function: ObexFunction;
  readonly #options: UsbSenderOptions;
  readonly #receiver: UsbReceiver;
  readonly #sender: UsbSender;
  #lost: PcAgentError | undefined;
  #closing: Promise<void> | undefined;

  /** The function's interfaces are claimed and the setting with the endpoints is selected. */
  constructor(device: OpenUsbDevice, functionOf: ObexFunction, options: UsbSenderOptions) {
    this.#device = device;
    this.#function = functionOf;
    this.#options = options;
    this.#sender = new UsbSender(device, functionOf, this, options);
    this.#receiver = new UsbReceiver(device, functionOf, this);
  }

  get lost(): PcAgentError | undefined {
    return this.#lost;
  }

  lose(error: unknown): PcAgentError {
    if (this.#lost !== undefined) return this.#lost;
    const reason = error instanceof PcAgentError ? error : lostUsb('the handset has gone from its USB port', error);
    this.#lost = reason;
    this.#sender.end(reason);
    this.#receiver.end();
    return reason;
  }

  read(signal: AbortSignal): Promise<Uint8Array> {
    return this.#receiver.read(signal);
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#sender.write(bytes, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    if (this.#lost === undefined) await this.#within(this.#sender.flush());
    this.lose(lostUsb('the USB connection was closed here'));
    this.#receiver.drop();
    const ended = this.#endTransfers().then(() => this.#release());
    if (await this.#within(ended)) return;
    // A device that does not let go of a transfer keeps its interfaces; only a reset of its port frees them.
    await this.#within(this.#device.reset().catch(() => undefined));
    if (await this.#within(ended)) return;
    // It cannot be reset here: whoever comes next is told by the system what is wrong, and not that we have it for ever.
    await this.#within(this.#device.close());
  }

  /** @returns false when it took longer than the limit for ends. */
  #within(work: Promise<unknown>): Promise<boolean> {
    return settledWithin(END_LIMIT, work, this.#options.clock);
  }

  async #endTransfers(): Promise<void> {
    const { endpointIn, endpointOut } = this.#function;
    await this.#device.cancel('in', endpointIn).catch(() => undefined);
    if (this.#sender.transfer !== undefined) await this.#device.cancel('out', endpointOut).catch(() => undefined);
    await this.#receiver.ended;
    await this.#sender.transfer;
  }

  async #release(): Promise<void> {
    const { data, idle, endpointIn, endpointOut } = this.#function;
    if (idle === undefined) {
      await this.#device.clearHalt('in', endpointIn).catch(() => undefined);
      await this.#device.clearHalt('out', endpointOut).catch(() => undefined);
    } else {
      await this.#device.select(data, idle).catch(() => undefined);
    }
    await this.#device.close();
  }
}
