import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemBusPath } from '../../../src-main/bearer/air/bluez/bus.ts';
import { readRadioBlocks } from '../../../src-main/bearer/air/bluez/radio-blocks.ts';
import { createAir } from '../../../src-main/bearer/air/create-air.ts';
import { dmRecord } from '../../../src-main/bearer/air/dm-records.ts';

const { signal } = new AbortController();

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'pc-agent-air-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('switches of radios are read as the kernel shows them, those of Bluetooth only', async () => {
  const made = folder();
  const switches = { rfkill0: ['bluetooth', 'hci0', '0', '1'], rfkill1: ['wlan', 'phy0', '1', '0'] };
  for (const [name, [type, own, soft, hard]] of Object.entries({
    ...switches,
    ...{ rfkill2: ['bluetooth', 'tpacpi_bluetooth_sw', '1', '0'], rfkill3: ['bluetooth', 'hci1', '0', '0'] },
  })) {
    mkdirSync(join(made, name));
    for (const [file, text] of Object.entries({ type, name: own, soft, hard })) {
      writeFileSync(join(made, name, file), `${text}\n`);
    }
  }
  // It was unplugged in the middle.
  mkdirSync(join(made, 'rfkill4'));
  expect(await readRadioBlocks(made)).toEqual(
    new Map([
      ['hci0', true],
      ['tpacpi_bluetooth_sw', true],
      ['hci1', false],
    ]),
  );
  expect(await readRadioBlocks(join(made, 'none'))).toEqual(new Map());
});

test('the system bus is where the environment says, and nothing is loaded where there is none', async () => {
  const path = join(folder(), 'a bus');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  const named = (address: string) => systemBusPath({ DBUS_SYSTEM_BUS_ADDRESS: address });
  expect(await named(`unix:path=${path.replace(' ', '%20')},guid=1234`)).toBe(path);
  expect(await named(`tcp:host=x,port=1;unix:path=${path}`)).toBe(path);
  expect(await named(`unix:path=${path}x`)).toBeUndefined();
  // No socket at all.
  expect(await named(`unix:path=${tmpdir()}`)).toBeUndefined();

  const air = createAir({ platform: 'win32' });
  expect((await air.look(signal)).reason).toBe('air/not-supported');
  const linux = createAir({ platform: 'linux', environment: { PC_AGENT_BLUETOOTH: '' } });
  expect(linux.view).toEqual({ reason: 'air/no-service', adapters: [], phones: [], searching: false });
  await linux.close();
  await linux.close();
});

test('who listens at a channel has the record of a DM client or server, others have none', () => {
  expect(dmRecord('client', 'bluetooth:00:AA:01:00:00:00@13')).toEqual({
    ...{ uuid: '00000004-0000-1000-8000-0002ee000002', name: 'SyncML DM Client', channel: 13 },
  });
  expect(dmRecord('server', 'bluetooth:00:00:00:00:00:00@2')?.uuid).toBe('00000003-0000-1000-8000-0002ee000002');
  expect(dmRecord('server', 'bluetooth:00:00:00:00:00:00')).toBeUndefined();
  expect(dmRecord('client', 'tcp:127.0.0.1:650')).toBeUndefined();
});
