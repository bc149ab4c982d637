import type { Duration } from '../../../base/durations.ts';
import { PcAgentError } from '../../../base/errors.ts';
import { nodeClock } from '../../../base/node/clock.ts';
import { unlessAborted } from '../../../base/unless-aborted.ts';
import { bluetoothAddress } from '../../bluetooth/bluetooth-address.ts';
import { PackageStream } from '../../bluetooth/package-stream.ts';
import type { RfcommHost } from '../../bluetooth/rfcomm-host.ts';
import { rfcommError } from './rfcomm-errors.ts';

type Package = typeof import('node-bluetooth-serial-port');

/** Each connection keeps one of Node's four threads for files and names waiting. */
const MOST_CONNECTIONS = 3;

/**
 * RFCOMM by npm node-bluetooth-serial-port. It connects for as long as the system takes and cannot be stopped; it knows
 * no services; and its server wants to write a record into a door of bluetoothd that is shut nowadays, so nobody calls.
 * @throws whatever the loader says where it was not compiled
 */
export async function packageHost(): Promise<RfcommHost> {
  // CommonJS: what it exports is found out at run time.
  const loaded = await import('node-bluetooth-serial-port');
  const { BluetoothSerialPort } = (loaded as Package & { readonly default: Package }).default;
  let open = 0;
  return {
    connect: async ({ address, channel }, { signal, limit }) => {
      signal.throwIfAborted();
      if (open >= MOST_CONNECTIONS) throw rfcommError('EBUSY');
      const port = new BluetoothSerialPort();
      open += 1;
      let release = (): void => {
        release = () => undefined;
        open -= 1;
      };
      port.on('closed', () => release());
      const connected = new Promise<void>((resolve, reject) => {
        port.connect(address, channel, resolve, (error) => {
          release();
          reject(refused(error));
        });
      });
      await inTime(connected, { signal, limit }).catch((error: unknown) => {
        // One that comes about when nobody wants it any more is closed.
        void connected.then(() => port.close()).catch(() => undefined);
        throw error;
      });
      return new PackageStream(port, bluetoothAddress(address).text, nodeClock);
    },
    listen: async (_place, { signal }) => {
      signal.throwIfAborted();
      throw new PcAgentError('bearer/unavailable', 'handsets cannot call through node-bluetooth-serial-port', {
        retry: 'never',
        details: { bearer: 'bluetooth' },
      });
    },
  };
}

async function inTime(
  work: Promise<void>,
  { signal, limit }: { readonly signal: AbortSignal; readonly limit: Duration },
): Promise<void> {
  const late = AbortSignal.timeout(limit);
  try {
    await unlessAborted(work, AbortSignal.any([signal, late]));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw late.aborted ? rfcommError('ETIMEDOUT') : error;
  }
}

/** It says only that there is no connection. */
function refused(error: Error | undefined): PcAgentError {
  const os = error?.message ?? 'no reason was given';
  return new PcAgentError('bearer/unavailable', `the handset cannot be reached over Bluetooth (${os})`, {
    retry: 'later',
    details: { bearer: 'bluetooth', os },
  });
}
