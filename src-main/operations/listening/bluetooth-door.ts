import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import type { Air, AirOffer, AirView } from '../../bearer/air/air.ts';
import { dmRecord } from '../../bearer/air/dm-records.ts';
import type { Bearers } from '../../bearer/bearers.ts';
import {
  ANY_ADAPTER,
  type BluetoothAddress,
  bluetoothAddress,
  parseBluetoothAddress,
} from '../../bearer/bluetooth/bluetooth-address.ts';
import { openObexListener } from '../../relay/obex-listener.ts';
import type { Door, OpenDoor } from './door.ts';

export interface BluetoothDoorOptions {
  readonly bearers: Pick<Bearers, 'for'>;
  readonly air: Pick<Air, 'look' | 'follow' | 'offer'>;
}

/** Without these nobody can call; of the others it is only known that nobody publishes our record. */
const SILENT: readonly (AirView['reason'] | undefined)[] = ['air/no-adapter', 'air/blocked', 'air/not-powered'];

/** OBEX over RFCOMM: a channel, or any free one; handsets find it by its record. */
export function bluetoothDoor({ bearers, air }: BluetoothDoorOptions): OpenDoor {
  return async ({ wanted, onChange, ...opening }): Promise<Door> => {
    const address = bluetoothPlace(wanted);
    const view = await air.look(opening.signal);
    const silence = silenceOf(view);
    if (silence !== undefined) throw silence;
    const bearer = bearers.for('bluetooth');
    const listener = await openObexListener({ ...opening, bearer, address: bearer.parse(address.text) }).catch(
      (error: unknown) => {
        throw airFault(error, view);
      },
    );
    const record = dmRecord('server', listener.address);
    let offer: AirOffer | undefined;
    try {
      if (record !== undefined) {
        offer = await air.offer(record, {
          signal: opening.signal,
          onChange: (next) => {
            offer = next;
            onChange();
          },
        });
      }
    } catch (error) {
      await listener.close();
      throw error;
    }
    return {
      ...{ listener, address: toldAddress(parseBluetoothAddress(listener.address), view) },
      lack: () => noRecord(offer?.reason),
      leave: async () => offer?.close(),
      gone: (signal) => adapterGone(air, signal),
    };
  };
}

/** Where a person wants it. @throws PcAgentError `bearer/address-invalid` */
export function bluetoothPlace(wanted: string | undefined): BluetoothAddress {
  if (wanted === undefined) return bluetoothAddress(ANY_ADAPTER);
  if (/^\d+$/.test(wanted)) return parseBluetoothAddress(`bluetooth:${ANY_ADAPTER}@${wanted}`);
  return parseBluetoothAddress(/^bluetooth:/i.test(wanted) ? wanted : `bluetooth:${wanted}`);
}

/** A handset cannot call any adapter; of several nobody knows which one it sees. */
function toldAddress({ address, channel, text }: BluetoothAddress, { adapters }: AirView): string {
  const [only, ...others] = adapters.filter(({ powered }) => powered);
  if (address !== ANY_ADAPTER || only === undefined || others.length > 0) return text;
  return bluetoothAddress(only.address, channel).text;
}

/** Resolves when there is nothing any more that a handset could call. @throws the signal's reason */
async function adapterGone(air: Pick<Air, 'follow'>, signal: AbortSignal): Promise<PcAgentError> {
  const gone = Promise.withResolvers<PcAgentError>();
  const end = air.follow((view) => {
    const silence = silenceOf(view);
    if (silence !== undefined) gone.resolve(silence);
  });
  try {
    return await unlessAborted(gone.promise, signal);
  } finally {
    end();
  }
}

function silenceOf({ reason }: AirView): PcAgentError | undefined {
  if (reason === undefined || !SILENT.includes(reason)) return undefined;
  return new PcAgentError(reason, 'no handset can call over Bluetooth now', { retry: 'later' });
}

/** What the system says of a socket that it does not give (Linux: socket(2), bind(2)), as a matter of the air. */
const AIR_FAULTS: Readonly<Record<string, string>> = {
  EAFNOSUPPORT: 'air/no-sockets',
  EPROTONOSUPPORT: 'air/no-sockets',
  EADDRNOTAVAIL: 'air/no-adapter',
  EHOSTUNREACH: 'air/no-adapter',
  ENETDOWN: 'air/no-adapter',
  ENETUNREACH: 'air/no-adapter',
  ENODEV: 'air/no-adapter',
};

function airFault(error: unknown, { reason }: AirView): unknown {
  if (!isPcAgentError(error, 'bearer/unavailable')) return error;
  const { os } = error.details;
  if (os === 'EADDRINUSE') return error;
  const code = (typeof os === 'string' ? AIR_FAULTS[os] : undefined) ?? reason;
  return code === undefined ? error : new PcAgentError(code, error.message, { cause: error, retry: 'later' });
}

function noRecord(reason: AirOffer['reason']): PcAgentError | undefined {
  if (reason === undefined) return undefined;
  return new PcAgentError(
    'listening/no-record',
    `handsets do not find this way in by themselves: they have to be told the channel (${reason})`,
    { details: { reason } },
  );
}
