import { networkInterfaces } from 'node:os';
import type { UntimedEvent } from '../contract/events.ts';
import type { Engine } from '../operations/engine.ts';
import { type BluetoothDoorOptions, bluetoothDoor } from '../operations/listening/bluetooth-door.ts';
import { Listening, type ListeningOptions } from '../operations/listening/listening.ts';
import { networkDoor } from '../operations/listening/network-door.ts';
import { serialDoor } from '../operations/listening/serial-door.ts';
import { tcpDoor } from '../operations/listening/tcp-door.ts';
import type { SessionAudience } from '../operations/session-audience.ts';

export interface ListeningOpening extends Pick<ListeningOptions, 'changed' | 'stays'> {
  readonly engine: Engine;
  /** Absent: nothing publishes our record. */
  readonly air?: BluetoothDoorOptions['air'];
  readonly audience: SessionAudience;
  readonly emit: (event: UntimedEvent) => void;
}

/** The ways in of this computer. */
export function openListening({ engine, air = NO_AIR, ...options }: ListeningOpening): Listening {
  const { bearers, clock, ledger, shelf } = engine;
  const interfaces = networkInterfaces;
  return new Listening({
    ...{ engine, interfaces },
    ...options,
    doors: {
      tcp: tcpDoor({ bearers, interfaces, clock }),
      serial: serialDoor({ bearers, clock }),
      bluetooth: bluetoothDoor({ bearers, air }),
      network: networkDoor({ interfaces, clock, ledger, shelf }),
    },
  });
}

const NO_AIR: BluetoothDoorOptions['air'] = {
  look: async () => ({ reason: 'air/no-service', adapters: [], phones: [], searching: false }),
  follow: () => () => undefined,
  offer: async () => ({ reason: 'air/no-service', close: async () => undefined }),
};
