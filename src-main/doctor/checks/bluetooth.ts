import { isAbort } from '../../base/errors.ts';
import type { Air, AirReason, AirView } from '../../bearer/air/air.ts';
import type { Rfcomm, RfcommState } from '../../bearer/bluetooth/rfcomm-host.ts';
import type { Finding } from '../../contract/doctor.ts';
import type { Checked, Examination } from '../examination.ts';
import { computerFinding, fact, type Verdict } from '../finding.ts';
import { bluetoothCure } from '../remedies/other-remedies.ts';

/** What the doctor asks of Bluetooth. */
export interface BluetoothLook {
  readonly air: Pick<Air, 'look'>;
  readonly rfcomm: Pick<Rfcomm, 'state'>;
}

const CARRIERS: Readonly<Record<RfcommState['implementation'], string>> = {
  addon: 'the addon of PC Agent',
  package: 'node-bluetooth-serial-port of npm',
  none: 'nothing but ports of the system, such as /dev/rfcomm0',
};
const WHY: Readonly<Record<RfcommState['reason'], string>> = {
  usual: 'it is there, and is always tried first',
  'asked-for': 'PC_AGENT_RFCOMM names it',
  'addon-missing': 'there is no build of the addon for this system',
  'addon-broken': 'the addon cannot be loaded',
};
/** Where the kernel shows its adapters, whether or not a service runs that uses them. */
const ADAPTERS = '/sys/class/bluetooth';

/** Whether phones can be found and paired, and by what octets would be carried. @throws AbortError */
export async function checkBluetooth(
  { system }: Examination,
  { air, rfcomm }: BluetoothLook,
  signal: AbortSignal,
): Promise<readonly Checked[]> {
  const [view, state, names] = await Promise.all([
    air.look(signal),
    rfcomm.state(signal).catch((error: unknown) => (isAbort(error) ? Promise.reject(error) : undefined)),
    system.list(ADAPTERS),
  ]);
  const adapters = names.filter((name) => /^hci\d+$/.test(name));
  const isThere = adapters.length > 0 || view.adapters.length > 0;
  return [serviceChecked(view, adapters, system.user.name), carrierChecked(state, isThere)];
}

function serviceChecked(view: AirView, adapters: readonly string[], user: string): Checked {
  const { reason } = view;
  const shown = view.adapters.map(({ id, address, name }) => `${id} ${address} ${name}`);
  const facts = [
    fact('adapters', shown.length > 0 ? shown.join(', ') : adapters.join(', ')),
    fact('phones', view.phones.length === 0 ? undefined : view.phones.length),
  ];
  const isThere = adapters.length > 0 || view.adapters.length > 0;
  const state = serviceState(reason, isThere);
  const cure = reason === undefined || state !== 'trouble' ? undefined : bluetoothCure(reason, user);
  const verdict: Verdict = { state, code: reason, facts, remedy: cure?.remedy };
  return { finding: computerFinding('bluetooth', verdict), cure };
}

/** A computer without an adapter lacks nothing that its owner would miss. */
function serviceState(reason: AirReason | undefined, isThere: boolean): Finding['state'] {
  if (reason === undefined) return 'good';
  if (reason === 'air/not-supported' || reason === 'air/no-adapter') return 'unknown';
  return isThere || reason === 'air/blocked' ? 'trouble' : 'unknown';
}

function carrierChecked(state: RfcommState | undefined, isThere: boolean): Checked {
  if (state === undefined) {
    return { finding: computerFinding('rfcomm', { state: 'unknown', code: 'bearer/child-lost', facts: [] }) };
  }
  const { implementation, reason, sockets, lookUp, os } = state;
  const facts = [
    fact('carrier', CARRIERS[implementation]),
    fact('why', WHY[reason]),
    fact('records', lookUp ? 'looked up' : 'not looked up: addresses name the channel'),
    fact('system', os),
  ];
  if (implementation !== 'none' && sockets) return { finding: computerFinding('rfcomm', { state: 'good', facts }) };
  // Kernels load their part for Bluetooth with the first adapter.
  const code = implementation === 'none' ? 'bearer/module-missing' : 'air/no-sockets';
  return { finding: computerFinding('rfcomm', { state: isThere ? 'trouble' : 'unknown', code, facts }) };
}
