import type { Clock } from '../../base/clock.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { untilAborted } from '../../base/until-aborted.ts';
import type { Bearers } from '../../bearer/bearers.ts';
import { tcpAddress } from '../../bearer/tcp/tcp-address.ts';
import { openObexListener } from '../../relay/obex-listener.ts';
import { type OpenDoor, otherPort } from './door.ts';
import { type Interfaces, isHere, isWildcard, networkAddress, parsePlace } from './network-place.ts';
import { placeGone } from './watch-place.ts';

export interface TcpDoorOptions {
  readonly bearers: Pick<Bearers, 'for'>;
  readonly interfaces: () => Interfaces;
  readonly clock: Pick<Clock, 'sleep'>;
}

/** `obex` in the registry of ports (IANA); a system may keep the first 1,023 to itself. */
const USUAL_PORT = 650;
/** The next best, so that it is the same one the next time; then any. */
const OTHER_PORTS = [10_650, 0];
const EVERYWHERE = '0.0.0.0';

/** OBEX over TCP: `[HOST][:PORT]`, where a host is an address or an interface. */
export function tcpDoor({ bearers, interfaces, clock }: TcpDoorOptions): OpenDoor {
  return async ({ wanted, onChange: _onChange, ...opening }) => {
    const { host, port } = placeOf(wanted, interfaces());
    const bearer = bearers.for('tcp');
    const ports = port === undefined ? [USUAL_PORT, ...OTHER_PORTS] : [port];
    let refused: PcAgentError | undefined;
    for (const each of ports) {
      const address = bearer.parse(tcpAddress(host, each).text);
      try {
        const listener = await openObexListener({ ...opening, bearer, address });
        const usual = port !== undefined || each === USUAL_PORT;
        return {
          ...{ listener, address: listener.address },
          lack: () => (usual || refused === undefined ? undefined : otherPort(refused)),
          gone: (signal) =>
            isWildcard(host)
              ? untilAborted(signal)
              : placeGone(() => (isHere(host, interfaces()) ? undefined : absent(host)), { clock, signal }),
        };
      } catch (error) {
        if (!isPcAgentError(error, 'bearer/unavailable')) throw error;
        refused ??= error;
      }
    }
    throw refused;
  };
}

type Place = ReturnType<typeof parsePlace>;

/** Where a person wants it, whether that is here now or not. @throws PcAgentError `listening/place-invalid` */
export function tcpPlace(wanted: string | undefined): Place {
  const text = wanted?.replace(/^tcp:/i, '');
  if (text === undefined) return { host: EVERYWHERE, port: undefined };
  if (/^\d+$/.test(text)) {
    throw new PcAgentError('listening/place-invalid', `${text} is no host: did you mean :${text}?`, { retry: 'never' });
  }
  const place = parsePlace(/^:\d{1,5}$/.test(text) ? EVERYWHERE + text : text);
  return { ...place, host: place.host === '*' ? EVERYWHERE : place.host };
}

function placeOf(wanted: string | undefined, interfaces: Interfaces): Place {
  const place = tcpPlace(wanted);
  return isWildcard(place.host) ? place : { ...place, host: networkAddress(place.host, interfaces).address };
}

function absent(host: string): PcAgentError {
  return new PcAgentError('listening/interface-absent', `${host} is no address of this computer any more`, {
    retry: 'later',
    details: { interface: host },
  });
}
