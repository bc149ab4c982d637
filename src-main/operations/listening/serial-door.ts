import { stat } from 'node:fs/promises';
import type { Clock } from '../../base/clock.ts';
import { PcAgentError } from '../../base/errors.ts';
import { untilAborted } from '../../base/until-aborted.ts';
import type { Bearers } from '../../bearer/bearers.ts';
import { parseSerialAddress } from '../../bearer/serial/serial-address.ts';
import { turnKeyOf } from '../../handset/ways.ts';
import { openObexListener } from '../../relay/obex-listener.ts';
import type { OpenDoor } from './door.ts';
import { placeGone } from './watch-place.ts';

export interface SerialDoorOptions {
  readonly bearers: Pick<Bearers, 'for'>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Nobody is to ask there who it is, by the keys of turns. */
  readonly waitedAt: Set<string>;
}

/** OBEX over a serial port, which has to be named: with `serial:` before it or without. */
export function serialDoor({ bearers, clock, waitedAt }: SerialDoorOptions): OpenDoor {
  return async ({ wanted, onChange: _onChange, ...opening }) => {
    const { path, text } = serialPlace(wanted);
    const bearer = bearers.for('serial');
    const listener = await openObexListener({ ...opening, bearer, address: bearer.parse(text) });
    const key = turnKeyOf(text);
    waitedAt.add(key);
    return {
      ...{ listener, address: listener.address },
      leave: async () => void waitedAt.delete(key),
      // A port of Windows is no file.
      gone: (signal) =>
        path.startsWith('/') ? placeGone(() => absence(path), { clock, signal }) : untilAborted(signal),
    };
  };
}

/** Where a person wants it. @throws PcAgentError `listening/place-invalid`, `bearer/address-invalid` */
export function serialPlace(wanted: string | undefined): ReturnType<typeof parseSerialAddress> {
  if (wanted === undefined) {
    throw new PcAgentError('listening/place-invalid', 'a serial port has to be named, e.g. serial:/dev/ttyS0', {
      retry: 'never',
    });
  }
  return parseSerialAddress(/^serial:/i.test(wanted) ? wanted : `serial:${wanted}`);
}

async function absence(path: string): Promise<PcAgentError | undefined> {
  const there = await stat(path).then(
    () => true,
    () => false,
  );
  if (there) return undefined;
  return new PcAgentError('bearer/unavailable', `there is no port ${path} any more`, {
    retry: 'later',
    details: { bearer: 'serial', address: `serial:${path}` },
  });
}
