import type { ListenerView } from '../contract/listening.ts';
import { createDoctor } from '../doctor/doctor.ts';
import { nodeSystem } from '../doctor/node-system.ts';
import type { System } from '../doctor/system.ts';
import type { Engine } from '../operations/engine.ts';
import type { Handlers } from './request-desk.ts';

/** Requests for what keeps handsets from being used, and what mends it. */
export function doctorHandlers(
  { bearers, air, clock, turns }: Pick<Engine, 'bearers' | 'air' | 'clock' | 'turns'>,
  listeners: () => readonly ListenerView[],
  system: System = nodeSystem(),
) {
  const doctor = createDoctor({ system, bearers, bluetooth: { air, rfcomm: bearers.rfcomm }, clock, listeners, turns });
  return {
    'doctor.look': async (_params, { signal }) => ({ findings: [...(await doctor.look(signal))] }),
    'doctor.apply': ({ remedy, digest }, { signal }) => doctor.apply(remedy, signal, digest),
    'doctor.undo': ({ remedy }, { signal }) => doctor.undo(remedy, signal),
  } satisfies Partial<Handlers>;
}
