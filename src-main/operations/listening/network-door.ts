import type { Clock } from '../../base/clock.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { bracketed } from '../../base/ip-address.ts';
import type { EndedConnection } from '../../link/http-connections.ts';
import type { Ledger } from '../../net/ledger.ts';
import type { RelayListener } from '../../relay/arrival.ts';
import { openNetworkListener } from '../../relay/http-listener.ts';
import { IDLE_LIMIT } from './carry-caller.ts';
import { type DoorOpening, type OpenDoor, otherPort } from './door.ts';
import { type Interfaces, isHere, type NetworkPlace, networkPlace, oneInterface } from './network-place.ts';
import { type PackageShelf, SHELF } from './package-shelf.ts';
import { placeGone } from './watch-place.ts';

export interface NetworkDoorOptions {
  readonly interfaces: () => Interfaces;
  readonly clock: Pick<Clock, 'sleep' | 'now' | 'monotonic'>;
  readonly ledger: Ledger;
  readonly shelf: PackageShelf;
}

/** Free of registered services (IANA), and the same every time, for a handset is told it once. */
const USUAL_PORT = 8650;
const PATH = '/dm';
/** A handset needs one or two; a workbench has tens of handsets. */
const MAX_CONNECTIONS = { all: 128, each: 16 };

/** HTTP on one interface: `/dm` for DM sessions, and the packages on the shelf. */
export function networkDoor({ interfaces, clock, ledger, shelf }: NetworkDoorOptions): OpenDoor {
  return async ({ wanted, carry, desk, maxMessage }) => {
    const named = oneInterface(wanted);
    const place = networkPlace(named, interfaces());
    if (place.alone) {
      throw new PcAgentError(
        'listening/place-invalid',
        `${named} has no network whose handsets could be told from others`,
        {
          retry: 'after-operator',
        },
      );
    }
    const guards = {
      mayCall: place.isNear,
      maxConnections: MAX_CONNECTIONS,
      maxBody: maxMessage,
      others: shelf.handle,
      onConnectionEnd: (ended: EndedConnection) => {
        if (ended.served) ledger.record(entryOf(ended, clock));
      },
    };
    const { listener, lack } = await openAt(place, { carry, desk, idle: IDLE_LIMIT, ...guards });
    const { origin } = new URL(listener.address);
    shelf.origin = origin;
    return {
      ...{ listener, address: listener.address, downloads: origin + SHELF },
      lack: () => lack,
      leave: async () => {
        // The way in may have another address by now.
        if (shelf.origin === origin) shelf.origin = undefined;
      },
      gone: (signal) =>
        placeGone(() => (isStill(named, place, interfaces()) ? undefined : moved(place)), { clock, signal }),
    };
  };
}

type Opening = Omit<Parameters<typeof openNetworkListener>[0], 'address'> & Pick<DoorOpening, 'carry' | 'desk'>;

async function openAt(
  { host, port }: NetworkPlace,
  opening: Opening,
): Promise<{ readonly listener: RelayListener; readonly lack: PcAgentError | undefined }> {
  const at = (number: number) =>
    openNetworkListener({ ...opening, address: `http://${bracketed(host)}:${number}${PATH}` });
  if (port !== undefined) return { listener: await at(port), lack: undefined };
  try {
    return { listener: await at(USUAL_PORT), lack: undefined };
  } catch (cause) {
    if (!isPcAgentError(cause, 'bearer/unavailable')) throw cause;
    return { listener: await at(0), lack: otherPort(cause) };
  }
}

/** The address, and where an interface was named, that it is still the one which it has. */
function isStill(wanted: string, { host }: NetworkPlace, interfaces: Interfaces): boolean {
  try {
    return isHere(host, interfaces) && networkPlace(wanted, interfaces).host === host;
  } catch {
    return false;
  }
}

function moved({ host }: NetworkPlace): PcAgentError {
  return new PcAgentError('listening/interface-absent', `${host} is not the address of that interface any more`, {
    retry: 'later',
    details: { interface: host },
  });
}

function entryOf({ address, port, bytesIn, bytesOut, lasted }: EndedConnection, clock: Pick<Clock, 'now'>) {
  const at = new Date(clock.now().getTime() - lasted).toISOString();
  return { host: address, port, purpose: 'handset-call', bytesIn, bytesOut, initiator: 'handset', at };
}
