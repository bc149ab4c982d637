import type { HostState } from '../contract/host-state.ts';

/** What would be cut off if the program ended now. */
export interface Risk {
  /** Names of the phones that must not lose their link now. */
  readonly unsafe: readonly string[];
  /** Names of the other phones that are being worked with. */
  readonly busy: readonly string[];
  /** Tasks that are under way, those without a phone too. */
  readonly tasks: number;
}

export const NO_RISK: Risk = { unsafe: [], busy: [], tasks: 0 };

/** Read from the host's state; the word on the cable is the session machine's. */
export function riskOf(state: HostState | undefined): Risk {
  if (state === undefined) return NO_RISK;
  const unsafe = new Set<string>();
  const busy = new Set<string>();
  for (const { device, handset, phase, unplug } of state.sessions) {
    if (phase === 'over') continue;
    (unplug === 'unsafe' ? unsafe : busy).add(nameOf(state, device, handset));
  }
  const tasks = state.tasks.filter(({ end }) => end === undefined);
  for (const { device, handset } of tasks) {
    if (device !== undefined || handset !== undefined) busy.add(nameOf(state, device, handset));
  }
  return { unsafe: [...unsafe], busy: [...busy].filter((name) => !unsafe.has(name)), tasks: tasks.length };
}

export function isAtRisk({ unsafe, busy, tasks }: Risk): boolean {
  return unsafe.length > 0 || busy.length > 0 || tasks > 0;
}

/** As a person knows the phone: its alias, else its model with the end of its number, else where it is. */
function nameOf(state: HostState, device: string | undefined, address: string | undefined): string {
  const known = state.handsets.find((row) =>
    device === undefined ? row.address !== undefined && row.address === address : row.device === device,
  );
  if (known?.alias !== undefined) return known.alias;
  const id = known?.device ?? device;
  const end = id === undefined ? undefined : `…${id.slice(-4)}`;
  const name = [known?.manufacturer, known?.model].filter((part) => part !== undefined).join(' ');
  if (name !== '') return end === undefined ? name : `${name} (${end})`;
  return address ?? end ?? '?';
}
