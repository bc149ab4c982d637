import { networkInterfaces } from 'node:os';
import type { UntimedEvent } from '../contract/events.ts';
import type { Engine } from '../operations/engine.ts';
import { bluetoothDoor } from '../operations/listening/bluetooth-door.ts';
import { Listening, type ListeningOptions } from '../operations/listening/listening.ts';
import { networkDoor } from '../operations/listening/network-door.ts';
import { serialDoor } from '../operations/listening/serial-door.ts';
import { tcpDoor } from '../operations/listening/tcp-door.ts';
import type { SessionAudience } from '../operations/session-audience.ts';

export interface ListeningOpening extends Pick<ListeningOptions, 'changed' | 'stays'> {
  readonly engine: Engine;
  readonly audience: SessionAudience;
  readonly emit: (event: UntimedEvent) => void;
}

/** The ways in of this computer. */
export function openListening({ engine, ...options }: ListeningOpening): Listening {
  const { air, bearers, clock, ledger, shelf, waitedAt } = engine;
  const interfaces = networkInterfaces;
  return new Listening({
    ...{ engine, interfaces },
    ...options,
    doors: {
      tcp: tcpDoor({ bearers, interfaces, clock }),
      serial: serialDoor({ bearers, clock, waitedAt }),
      bluetooth: bluetoothDoor({ bearers, air }),
      network: networkDoor({ interfaces, clock, ledger, shelf }),
    },
  });
}
