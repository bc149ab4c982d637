import type { Clock } from '../../base/clock.ts';
import { nodeClock } from '../../base/node/clock.ts';
import { absentAir } from './absent-air.ts';
import type { Air } from './air.ts';
import { BluezAir } from './bluez/bluez-air.ts';

export interface AirOptions {
  readonly clock?: Clock;
  /** Default: this process's. `PC_AGENT_BLUETOOTH` names the adapter, e.g. `hci1`, where there are several. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

/** The Bluetooth of this computer. Nothing is connected or loaded before its first use. */
export function createAir(options: AirOptions = {}): Air {
  const { clock = nodeClock, environment = process.env, platform = process.platform } = options;
  const { PC_AGENT_BLUETOOTH: adapter = '' } = environment;
  if (platform !== 'linux') return absentAir();
  return new BluezAir({ clock, ...(adapter === '' ? {} : { adapter }) });
}
