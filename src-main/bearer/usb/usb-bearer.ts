import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import { settledWithin } from '../../base/node/settled-within.ts';
import { turns } from '../../base/turns.ts';
import type { Bearer } from '../bearer.ts';
import { readConfiguration } from './configuration-descriptor.ts';
import { type ObexFunction, obexFunctions } from './obex-functions.ts';
import { preferredFunction } from './preferred-function.ts';
import { parseUsbAddress, printableSerial, type UsbAddress } from './usb-address.ts';
import { usbError } from './usb-errors.ts';
import type { OpenUsbDevice, UsbDevice, UsbHost } from './usb-host.ts';
import { UsbStream } from './usb-stream.ts';

/** What some devices need, by their ids. */
export interface UsbTraits {
  /** It takes a packet of length zero for an object of its own. */
  readonly noZeroLengthPacket?: boolean;
  /** How long it needs after its interface was selected until it answers. */
  readonly settle?: Duration;
}

export interface UsbBearerOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  readonly traits?: (ids: { readonly vendorId: number; readonly productId: number }) => UsbTraits;
  /** How long a device may take nothing of a write; default 60 s. */
  readonly stallLimit?: Duration;
}

/** A device that takes longer to be found, opened and selected has hung; at a hub of 32 at work some take over ten. */
const OPEN_LIMIT: Duration = seconds(15);
/**
 * So many devices are opened at the same time; the others' limit begins with their turn. The system does it for one
 * after the other in part: at a hub of 32 that are opened at once the last would seem to hang.
 */
const OPENS_AT_ONCE = 4;
/** One that takes longer goes on without its turn: those that hang do not keep the others until their limit is over. */
const TURN_LIMIT: Duration = seconds(2);
/** How long a device that nobody wants any more may take to be let go of, before its user is told. */
const FREE_LIMIT: Duration = seconds(1);

/** The OBEX functions of USB handsets (CDC Wireless Mobile Communication devices). */
export function createUsbBearer(host: UsbHost, options: UsbBearerOptions = {}): Bearer<UsbAddress> {
  const clock = options.clock ?? nodeClock;
  const inTurn = turns(OPENS_AT_ONCE);
  return {
    kind: 'usb',
    parse: parseUsbAddress,
    dial: async (address, { signal }) => {
      const begin = (): Promise<UsbStream> => {
        const stop = new AbortController();
        const opening = open(host, address, { ...options, clock }, AbortSignal.any([signal, stop.signal]));
        return within(opening, { address, clock, signal, stop });
      };
      // In an object: what a turn comes to is waited for.
      const { stream } = await inTurn(async () => {
        const stream = begin();
        await settledWithin(TURN_LIMIT, stream, clock);
        return { stream };
      }, signal);
      return stream;
    },
    listen: async (address, { signal }) => {
      signal.throwIfAborted();
      throw usbError('bearer/unavailable', 'a computer is no USB device: nobody can come', address, { retry: 'never' });
    },
  };
}

interface Opening {
  readonly address: UsbAddress;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/** The stream, unless it takes too long or is not wanted any more; one that comes late is closed. */
async function within(opening: Promise<UsbStream>, { address, clock, signal, stop }: Opening): Promise<UsbStream> {
  const over = new AbortController();
  const limit = clock.sleep(OPEN_LIMIT, AbortSignal.any([signal, over.signal])).then(() => undefined);
  limit.catch(() => undefined);
  try {
    const stream = await Promise.race([opening, limit]);
    if (stream !== undefined) return stream;
  } catch (error) {
    stop.abort();
    // Whoever is told dials again at once, and would find it busy.
    await settledWithin(FREE_LIMIT, closeLate(opening), clock);
    throw error;
  } finally {
    over.abort();
  }
  stop.abort();
  void closeLate(opening);
  throw usbError('bearer/timeout', `the handset did not open within ${OPEN_LIMIT / 1000} s`, address, {
    retry: 'later',
    details: { limit: OPEN_LIMIT },
  });
}

function closeLate(opening: Promise<UsbStream>): Promise<void> {
  return opening.then((late) => late.close()).catch(() => undefined);
}

async function open(
  host: UsbHost,
  address: UsbAddress,
  options: UsbBearerOptions & { readonly clock: Clock },
  signal: AbortSignal,
): Promise<UsbStream> {
  signal.throwIfAborted();
  const found = await findDevice(host, address, signal);
  signal.throwIfAborted();
  const device = await named(address, () => found.open());
  try {
    signal.throwIfAborted();
    const obex = await named(address, () => functionOf(device, address));
    signal.throwIfAborted();
    await named(address, () => take(device, obex));
    signal.throwIfAborted();
    const { noZeroLengthPacket, settle = milliseconds(0) } = options.traits?.(found) ?? {};
    if (settle > 0) await options.clock.sleep(settle, signal);
    return new UsbStream(device, obex, {
      clock: options.clock,
      zeroLengthPacket: noZeroLengthPacket !== true,
      ...(options.stallLimit === undefined ? {} : { stallLimit: options.stallLimit }),
    });
  } catch (error) {
    await device.close();
    throw error;
  }
}

async function findDevice(host: UsbHost, address: UsbAddress, signal: AbortSignal): Promise<UsbDevice> {
  const devices = await named(address, () => host.devices(signal));
  const { vendorId, productId, place, serial } = address;
  const alike = devices.filter(
    (d) => d.vendorId === vendorId && d.productId === productId && (place === undefined || d.place === place),
  );
  const matching: UsbDevice[] = [];
  for (const device of alike) if (serial === undefined || (await serialOf(device)) === serial) matching.push(device);
  const [only, ...others] = matching;
  if (only === undefined) {
    throw usbError('bearer/unavailable', 'no such handset is plugged in', address, { retry: 'later' });
  }
  if (others.length === 0) return only;
  throw usbError('bearer/ambiguous', `${matching.length} handsets have this address`, address, {
    retry: 'never',
    details: { places: matching.map((device) => device.place) },
  });
}

/** One that cannot be asked has none: it is not the one that is looked for. */
async function serialOf(device: UsbDevice): Promise<string | undefined> {
  return printableSerial((await device.serial().catch(() => undefined)) ?? '');
}

async function functionOf(device: OpenUsbDevice, address: UsbAddress): Promise<ObexFunction> {
  const configuration = readConfiguration(await device.configuration());
  const functions = [];
  for (const obex of obexFunctions(configuration)) {
    const name = obex.nameIndex === 0 ? undefined : await device.text(obex.nameIndex);
    functions.push({ obex, ...(name === undefined ? {} : { name }) });
  }
  const preferred = preferredFunction(functions);
  if (preferred !== undefined) return preferred;
  const { damage } = configuration;
  throw usbError('bearer/no-obex', 'the handset has no OBEX function on USB', address, {
    retry: 'after-operator',
    details: damage === undefined ? {} : { damage },
  });
}

async function take(device: OpenUsbDevice, { control, data, alternate, idle }: ObexFunction): Promise<void> {
  await device.claim(control === data ? [data] : [control, data]);
  // An interface with one setting may refuse to be asked for it (USB 2.0, 9.4.10); one that is claimed is in setting 0.
  if (idle !== undefined || alternate !== 0) await device.select(data, alternate);
}

/** An error of the device says which address it was about. */
async function named<T>(address: UsbAddress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PcAgentError) || error.details.address !== undefined) throw error;
    const { code, message, retry, cause, details } = error;
    throw usbError(code, message, address, { retry, details, ...(cause === undefined ? {} : { cause }) });
  }
}
