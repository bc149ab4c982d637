import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Variant } from 'dbus-native';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../../src-main/cli/bluetooth.ts';
import { withHost } from '../../../src-main/host/client.ts';
import { DEVICE, FalseBluez, PHONE } from './false-bluez.ts';

let bluez: FalseBluez;
let home: string;
const printed: string[] = [];
const notes: string[] = [];

beforeEach(async () => {
  bluez = await FalseBluez.start();
  home = await mkdtemp(join(tmpdir(), 'pc-agent-air-'));
  vi.stubEnv('PC_AGENT_HOME', home);
  vi.stubEnv('DBUS_SYSTEM_BUS_ADDRESS', `unix:path=${bluez.path}`);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await bluez.close();
  await rm(home, { recursive: true, force: true });
});

function bluetooth(verb: string, address?: string, flags: Readonly<Record<string, unknown>> = {}) {
  printed.length = 0;
  notes.length = 0;
  return run(verb, address === undefined ? [] : [address], flags, {
    emit: () => undefined,
    note: (text) => void notes.push(text),
    print: (text) => void printed.push(text),
    signal: AbortSignal.timeout(20_000),
    ...{ json: true, unmask: false, resolvePath: (path) => path },
  });
}

test('a Yes on the command line is for the phone that is paired there, and an answer that does not fit is told', async () => {
  await bluez.appear();
  bluez.addAdapter();
  bluez.addDevice(PHONE);
  const other = bluez.addDevice('00:AA:01:00:00:07');
  let stranger: Promise<string> | undefined;
  bluez.onPair = async (ask) => {
    stranger = bluez.ask('RequestConfirmation', 'ou', [other, 666]).then(
      () => 'let in',
      () => 'turned away',
    );
    await ask('RequestPasskey', 'o', []);
  };
  const stop = new AbortController();
  await withHost({ signal: AbortSignal.timeout(20_000), note: () => undefined }, async (host) => {
    // Another face shows this computer to everybody.
    const face = { emit: () => undefined, signal: stop.signal };
    const show = host.request('air.show', { seconds: 60 }, face).catch(() => undefined);
    await vi.waitFor(() => expect(bluez.calls).toContain('Discoverable=true'), { interval: 5 });
    const pairing = bluetooth('pair', PHONE, { yes: true, pin: 'letters' });
    await vi.waitFor(() => expect(notes).toHaveLength(3), { interval: 5 });
    await bluez.ask('Cancel', '', []);
    expect(await stranger).toBe('turned away');
    await pairing.catch(() => undefined);
    stop.abort();
    await show;
  });
  expect(notes[0]).toBe(`Enter the digits that Handset 0 (bluetooth:${PHONE}) shows.`);
  expect(notes[1]).toMatch(/characters/);
});

test('phones are found, paired with what the command line says, listed and forgotten', async () => {
  await bluez.appear();
  expect(await bluetooth('list')).toMatchObject({ exitCode: 1, ok: false, code: 'air/no-adapter' });
  bluez.addAdapter();
  const path = bluez.addDevice(PHONE, { UUIDs: new Variant('as', []) });
  expect(await bluetooth('find', undefined, { seconds: '1' })).toMatchObject({ exitCode: 0, air: { phones: [{}] } });
  expect(printed).toEqual([`bluetooth:${PHONE}  Handset 0  not paired  -60 dBm`]);

  let entered: unknown;
  bluez.onPair = async (ask) => {
    entered = await ask('RequestPinCode', 'o', []);
    await ask('RequestConfirmation', 'ou', [42]);
    bluez.change(path, DEVICE, { UUIDs: new Variant('as', ['00000004-0000-1000-8000-0002ee000002']) });
  };
  const paired = await bluetooth('pair', `bluetooth:${PHONE}`, { yes: true, pin: '4711' });
  expect(paired).toMatchObject({ exitCode: 0, phone: { address: PHONE, type: 'phone', paired: true, speaksDm: true } });
  expect(entered).toBe('4711');
  expect(notes).toEqual([
    `Choose a PIN for Handset 0 (bluetooth:${PHONE}), and enter it on the phone too.`,
    `Does Handset 0 (bluetooth:${PHONE}) show 000042?`,
  ]);
  await bluetooth('list');
  expect(printed).toEqual([
    'adapter hci1  00:AA:01:01:00:01  Computer',
    `bluetooth:${PHONE}  Handset 0  paired  speaks device management  -60 dBm`,
  ]);
  expect(await bluetooth('forget', PHONE)).toMatchObject({ exitCode: 0, forgotten: PHONE });
  expect(await bluetooth('forget', PHONE)).toMatchObject({ exitCode: 3, code: 'air/phone-unknown' });
  await expect(bluetooth('pair', 'nobody')).rejects.toMatchObject({ code: 'cli/usage' });
  await expect(bluetooth('dance')).rejects.toMatchObject({ code: 'cli/usage' });
});
