import type { ListenerView } from '../contract/listening.ts';
import { createDoctor } from '../doctor/doctor.ts';
import { nodeSystem } from '../doctor/node-system.ts';
import type { System } from '../doctor/system.ts';
import { turnKeyOf } from '../handset/ways.ts';
import type { Engine } from '../operations/engine.ts';
import { usbNames } from './handsets/usb-names.ts';
import type { Handlers } from './request-desk.ts';

/** Requests for what keeps handsets from being used, and what mends it. */
export function doctorHandlers(
  { bearers, air, clock, turns, waitedAt }: Pick<Engine, 'bearers' | 'air' | 'clock' | 'turns' | 'waitedAt'>,
  listeners: () => readonly ListenerView[],
  system: System = nodeSystem(),
) {
  const bluetooth = { air, rfcomm: bearers.rfcomm };
  const doctor = createDoctor({
    ...{ system, bearers, bluetooth, clock, listeners },
    turns: {
      keysOf: (thing) => [...thing.functions.map(({ address }) => address), ...usbNames(thing)].map(turnKeyOf),
      occupied: (key) => waitedAt.has(key),
      take: (key, signal) => turns.take(key, signal),
    },
  });
  return {
    'doctor.look': async (_params, { signal }) => ({ findings: [...(await doctor.look(signal))] }),
    'doctor.apply': ({ remedy, digest }, { signal }) => doctor.apply(remedy, signal, digest),
    'doctor.undo': ({ remedy }, { signal }) => doctor.undo(remedy, signal),
  } satisfies Partial<Handlers>;
}
