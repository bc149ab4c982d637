import type { ByteStream } from '../../base/byte-stream.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { nodeClock } from '../../base/node/clock.ts';
import type { Bearer, BearerListener } from '../bearer.ts';
import { type BluetoothAddress, bluetoothAddress, parseBluetoothAddress } from './bluetooth-address.ts';
import type { RfcommHost } from './rfcomm-host.ts';
import { servicesOf } from './services.ts';

export interface BluetoothBearerOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Limit for a connection to come about; default 20 s. */
  readonly connectLimit?: Duration;
}

/**
 * The system may still be saying goodbye on a channel that was closed just now, or to the handset altogether (Linux
 * resets who connects then): so long it is asked again. Where both sides close at once, it refuses once.
 */
const GOODBYE_LIMIT = seconds(3);
const GOODBYE_PAUSE = milliseconds(100);

/** RFCOMM channels of handsets, and of this computer. */
export function createBluetoothBearer(
  host: RfcommHost,
  options: BluetoothBearerOptions = {},
): Bearer<BluetoothAddress> {
  const { clock = nodeClock, connectLimit = seconds(20) } = options;
  return {
    kind: 'bluetooth',
    parse: parseBluetoothAddress,
    dial: async (address, { signal }) => {
      signal.throwIfAborted();
      const channel = address.channel ?? (await named(address, () => channelOf(host, address, signal)));
      const peer = { address: address.address, channel };
      return named(address, () =>
        afterGoodbye(() => host.connect(peer, { signal, limit: connectLimit }), { clock, signal }),
      );
    },
    listen: (address, { signal, onStream }) => listen(host, address, { signal, onStream }),
  };
}

/** That of the handset's SyncML DM client. */
async function channelOf(host: RfcommHost, address: BluetoothAddress, signal: AbortSignal): Promise<number> {
  const services = await servicesOf(host, address.address, signal);
  const client = services.find(({ kind }) => kind === 'syncml-dm-client');
  if (client !== undefined) return client.channel;
  throw new PcAgentError('bearer/no-service', 'the handset offers no device management over Bluetooth', {
    retry: 'after-operator',
    details: { bearer: 'bluetooth', offers: services.map(({ kind }) => kind).join(' ') },
  });
}

async function listen(
  host: RfcommHost,
  address: BluetoothAddress,
  options: { readonly signal: AbortSignal; readonly onStream: (stream: ByteStream) => void },
): Promise<BearerListener> {
  const { signal, onStream } = options;
  signal.throwIfAborted();
  const { address: adapter, channel } = address;
  const listening = await named(address, () =>
    host.listen({ adapter, ...(channel === undefined ? {} : { channel }) }, { signal, onStream }),
  );
  return { address: bluetoothAddress(adapter, listening.channel), close: () => listening.close() };
}

async function afterGoodbye<T>(
  work: () => Promise<T>,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
  const end = clock.monotonic() + GOODBYE_LIMIT;
  for (let refused = false; ; ) {
    try {
      return await work();
    } catch (error) {
      const isRefusal = isPcAgentError(error) && error.details.os === 'ECONNREFUSED';
      if (!mayBeGoodbye(error) && (!isRefusal || refused)) throw error;
      if (clock.monotonic() >= end) throw error;
      refused ||= isRefusal;
      await clock.sleep(GOODBYE_PAUSE, signal);
    }
  }
}

function mayBeGoodbye(error: unknown): boolean {
  return isPcAgentError(error, 'bearer/busy') || (isPcAgentError(error) && error.details.os === 'ECONNRESET');
}

/** An error of the computer's sockets says which address it was about. */
async function named<T>(address: BluetoothAddress, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PcAgentError)) throw error;
    const { message, retry, cause, details } = error;
    // A link that breaks before there is a stream has not come about.
    const code = error.code === 'bearer/lost' ? 'bearer/unavailable' : error.code;
    throw new PcAgentError(code, `${message} (${address.text})`, {
      retry: code === error.code ? retry : 'later',
      ...(cause === undefined ? {} : { cause }),
      details: { ...details, bearer: 'bluetooth', address: address.text },
    });
  }
}
