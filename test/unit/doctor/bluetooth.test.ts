import { expect, it } from 'vitest';
import type { AirAdapter, AirReason } from '../../../src-main/bearer/air/air.ts';
import type { RfcommState } from '../../../src-main/bearer/bluetooth/rfcomm-host.ts';
import { Finding } from '../../../src-main/contract/doctor.ts';
import { checkBluetooth } from '../../../src-main/doctor/checks/bluetooth.ts';
import { examine } from '../../../src-main/doctor/examination.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { FakeSystem } from './fake-system.ts';

const { signal } = new AbortController();
const ADAPTER: AirAdapter = {
  ...{ id: 'hci0', address: '00:AA:01:01:00:01', name: 'Computer' },
  ...{ powered: true, blocked: false, visible: false },
};
const USUAL: RfcommState = { implementation: 'addon', reason: 'usual', sockets: true, lookUp: true };

async function findings(
  reason: AirReason | undefined,
  { adapters = [ADAPTER], kernel = true, rfcomm = USUAL as RfcommState | Error } = {},
) {
  const system = new FakeSystem(kernel ? { '/sys/class/bluetooth/hci0': { link: 'x' } } : {});
  const view = { ...(reason === undefined ? {} : { reason }), adapters, phones: [], searching: false };
  const state = async () => (rfcomm instanceof Error ? Promise.reject(rfcomm) : rfcomm);
  const look = { air: { look: async () => view }, rfcomm: { state } };
  const checked = await checkBluetooth(await examine(system), look, signal);
  for (const { finding } of checked) expect(Finding.parse(finding)).toEqual(finding);
  return checked.map(({ finding }) => finding);
}

it.each<[AirReason, string, string[]]>([
  ['air/blocked', 'bluetooth-radio', ['rfkill unblock bluetooth']],
  ['air/not-powered', 'bluetooth-power', ['bluetoothctl power on']],
  ['air/no-service', 'bluetooth-service', ['systemctl enable --now bluetooth']],
  ['air/permission-denied', 'group:bluetooth', ['usermod -aG bluetooth kim']],
])('%s is trouble where there is an adapter, and the remedy %s is for a person', async (reason, id, commands) => {
  const [bluetooth] = await findings(reason, { adapters: [] });
  expect(bluetooth).toMatchObject({ check: 'bluetooth', state: 'trouble', code: reason });
  expect(bluetooth?.remedy).toMatchObject({ id, kind: 'manual', commands });
  expect(errorText(reason).what).not.toBe(errorText('air/failed').what);
});

it('is no trouble on a computer without an adapter, whatever is missing there', async () => {
  for (const reason of ['air/no-adapter', 'air/no-service', 'air/permission-denied', 'air/not-supported'] as const) {
    const none: RfcommState = { implementation: 'none', reason: 'addon-missing', sockets: false, lookUp: false };
    const states = await findings(reason, { adapters: [], kernel: false, rfcomm: none });
    expect(states.map(({ state, remedy }) => [state, remedy])).toEqual([
      ['unknown', undefined],
      ['unknown', undefined],
    ]);
  }
});

it('says by what octets are carried over the air, and why', async () => {
  const [bluetooth, usual] = await findings(undefined);
  expect(bluetooth).toMatchObject({ state: 'good', facts: [{ name: 'adapters' }] });
  expect(usual).toMatchObject({ check: 'rfcomm', state: 'good' });
  const broken: RfcommState = {
    implementation: 'package',
    reason: 'addon-broken',
    sockets: true,
    lookUp: true,
    os: 'x',
  };
  const [, second] = await findings(undefined, { rfcomm: broken });
  expect(second?.facts.map(({ value }) => value)).toEqual([
    'node-bluetooth-serial-port of npm',
    'the addon cannot be loaded',
    'looked up',
    'x',
  ]);
  const none: RfcommState = { implementation: 'none', reason: 'addon-missing', sockets: false, lookUp: false };
  expect((await findings(undefined, { rfcomm: none }))[1]).toMatchObject({
    ...{ state: 'trouble', code: 'bearer/module-missing' },
  });
  expect((await findings(undefined, { rfcomm: { ...USUAL, sockets: false } }))[1]).toMatchObject({
    ...{ state: 'trouble', code: 'air/no-sockets' },
  });
  expect((await findings(undefined, { rfcomm: new Error('gone') }))[1]).toMatchObject({ state: 'unknown' });
});
