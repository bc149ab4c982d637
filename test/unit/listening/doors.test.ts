import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { NetworkInterfaceInfo } from 'node:os';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { untilAborted } from '../../../src-main/base/until-aborted.ts';
import type { Air, AirOffer, AirView, ServiceRecord } from '../../../src-main/bearer/air/air.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import { parseBluetoothAddress } from '../../../src-main/bearer/bluetooth/bluetooth-address.ts';
import { parseSerialAddress } from '../../../src-main/bearer/serial/serial-address.ts';
import { parseTcpAddress } from '../../../src-main/bearer/tcp/tcp-address.ts';
import type { ListenerKind, ListenerView } from '../../../src-main/contract/listening.ts';
import { bluetoothDoor } from '../../../src-main/operations/listening/bluetooth-door.ts';
import type { OpenDoor } from '../../../src-main/operations/listening/door.ts';
import { Doorway } from '../../../src-main/operations/listening/doorway.ts';
import type { Interfaces } from '../../../src-main/operations/listening/network-place.ts';
import { serialDoor } from '../../../src-main/operations/listening/serial-door.ts';
import { tcpDoor } from '../../../src-main/operations/listening/tcp-door.ts';
import { HandClock } from '../../support/hand-clock.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A way in, and what is told of it. */
function doorway(kind: ListenerKind, clock: HandClock, open: OpenDoor) {
  const told: ListenerView[] = [];
  const way = new Doorway({
    ...{ kind, clock, open },
    carry: () => () => Promise.reject(new TypeError('nobody calls in this test')),
    onChange: (view) => told.push(view),
    onFault: () => undefined,
  });
  endings.push(() => way.close());
  const states = () => told.splice(0).map(({ state, reason, address }) => [state, reason ?? address]);
  return { way, states };
}

/** A bearer that listens where it may, and knows what it listens on. */
function bearer(
  parse: (text: string) => { readonly bearer: string; readonly text: string },
  refused: () => readonly string[],
  os = 'EACCES',
) {
  const open: string[] = [];
  const made = {
    parse,
    async listen(address: { readonly text: string }) {
      if (refused().some((text) => address.text.endsWith(text))) {
        throw new PcAgentError('bearer/unavailable', `cannot listen on ${address.text} (${os})`, { details: { os } });
      }
      open.push(address.text);
      const text = address.text
        .replace(/:0$/, ':40000')
        .replace(/(?<!@\d)$/, parse === parseBluetoothAddress ? '@7' : '');
      return {
        address: { ...address, text },
        close: async () => void open.splice(open.indexOf(address.text), 1),
      };
    },
  };
  return { open, bearers: { for: () => made as unknown as Bearer } };
}

const info = (address: string): NetworkInterfaceInfo =>
  ({ address, cidr: `${address}/24`, family: 'IPv4', internal: false }) as NetworkInterfaceInfo;

describe('OBEX over TCP', () => {
  it('takes port 650 where the system allows it, else another one that is shown', async () => {
    const clock = new HandClock();
    let refused: string[] = [];
    const { open, bearers } = bearer(parseTcpAddress, () => refused);
    const { way, states } = doorway('tcp', clock, tcpDoor({ bearers, clock, interfaces: () => ({}) }));
    await way.putOn({ kind: 'tcp' });
    expect(states()).toEqual([
      ['starting', undefined],
      ['listening', 'tcp:0.0.0.0:650'],
    ]);
    refused = [':650'];
    await way.putOn({ kind: 'tcp' });
    expect(way.view).toMatchObject({ address: 'tcp:0.0.0.0:10650', reason: 'listening/other-port' });
    expect(way.view.message).toContain('EACCES');
    refused = [':650', ':10650'];
    await way.putOn({ kind: 'tcp' });
    expect(way.view.address).toBe('tcp:0.0.0.0:40000');
    await way.putOn({ kind: 'tcp', address: ':650' });
    expect(way.view).toMatchObject({ state: 'waiting', reason: 'listening/failed', wanted: ':650' });
    refused = [];
    await clock.pass(3_000);
    expect(way.view).toMatchObject({ state: 'listening', address: 'tcp:0.0.0.0:650' });
    await way.putOff();
    expect({ open, state: way.view.state }).toEqual({ open: [], state: 'off' });
    const other = bearer(parseTcpAddress, () => [':5000'], 'EADDRINUSE');
    const taken = doorway('tcp', clock, tcpDoor({ bearers: other.bearers, clock, interfaces: () => ({}) }));
    await taken.way.putOn({ kind: 'tcp', address: ':5000' });
    expect(taken.way.view).toMatchObject({ state: 'waiting', reason: 'listening/port-taken' });
  });

  it('listens again when the interface is back, and tells each time once', async () => {
    const clock = new HandClock();
    let interfaces: Interfaces = { usb0: [info('192.168.42.1')] };
    const { open, bearers } = bearer(parseTcpAddress, () => []);
    const { way, states } = doorway('tcp', clock, tcpDoor({ bearers, clock, interfaces: () => interfaces }));
    await way.putOn({ kind: 'tcp', address: 'usb0:5000' });
    await clock.pass(10_000);
    expect(states()).toEqual([
      ['starting', undefined],
      ['listening', 'tcp:192.168.42.1:5000'],
    ]);
    interfaces = {};
    await clock.pass(2_000);
    expect({ told: states(), open }).toEqual({ told: [['waiting', 'listening/interface-absent']], open: [] });
    const { since } = way.view;
    await clock.pass(20_000);
    expect({ told: states(), since: way.view.since }).toEqual({ told: [], since });
    // The phone gives the computer another address this time.
    interfaces = { usb0: [info('192.168.43.1')] };
    await clock.pass(3_000);
    expect(states()).toEqual([['listening', 'tcp:192.168.43.1:5000']]);
  });
});

describe('a way in whose opening does not end', () => {
  it('is waited for no longer when something else is wanted', async () => {
    const begun = Promise.withResolvers<void>();
    const { way, states } = doorway('tcp', new HandClock(), ({ signal }) => {
      begun.resolve();
      return untilAborted(signal);
    });
    const waiting = way.putOn({ kind: 'tcp' });
    await begun.promise;
    expect(way.view.state).toBe('starting');
    way.giveUp();
    await waiting;
    await way.putOff();
    expect(states()).toEqual([
      ['starting', undefined],
      ['off', undefined],
    ]);
  });
});

describe('a way in that cannot be shut in order', () => {
  it('is left all the same, and what went wrong is told', async () => {
    const faults: string[] = [];
    const done: string[] = [];
    const way = new Doorway({
      ...{ kind: 'tcp', clock: new HandClock() },
      open: async () => ({
        ...{ address: 'tcp:127.0.0.1:1', leave: () => Promise.reject(new TypeError('no leave')) },
        listener: {
          address: 'tcp:127.0.0.1:1',
          shut: async () => void done.push('shut'),
          close: async () => {
            done.push('close');
            throw new PcAgentError('bearer/lost', 'the process of bearers has ended');
          },
        },
        gone: untilAborted,
      }),
      carry: () => () => Promise.reject(new TypeError('nobody calls in this test')),
      onChange: () => undefined,
      onFault: ({ code }) => faults.push(code),
    });
    await way.putOn({ kind: 'tcp' });
    await way.close();
    expect(way.view.state).toBe('off');
    expect({ done, faults }).toEqual({ done: ['shut', 'close'], faults: ['listening/failed', 'bearer/lost'] });
  });
});

describe('OBEX over a serial port', () => {
  it('waits for a port that was pulled out', async () => {
    const clock = new HandClock();
    const folder = mkdtempSync(join(tmpdir(), 'pc-agent-door-'));
    endings.push(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'ttyUSB0');
    writeFileSync(path, '');
    let refused: string[] = [];
    const waitedAt = new Set<string>();
    const { open, bearers } = bearer(parseSerialAddress, () => refused);
    const { way, states } = doorway('serial', clock, serialDoor({ bearers, clock, waitedAt }));
    await way.putOn({ kind: 'serial', address: path });
    await clock.pass(6_000);
    expect(states()).toEqual([
      ['starting', undefined],
      ['listening', `serial:${path}`],
    ]);
    rmSync(path);
    refused = ['ttyUSB0'];
    await clock.pass(2_000);
    await expect.poll(() => way.view.reason).toBe('listening/failed');
    expect([open, [...waitedAt]]).toEqual([[], []]);
    writeFileSync(path, '');
    refused = [];
    await clock.pass(3_000);
    expect(states().at(-1)).toEqual(['listening', `serial:${path}`]);
    // Nobody asks there meanwhile who it is.
    expect([...waitedAt]).toEqual([`serial:${path}`]);
  });
});

describe('OBEX over Bluetooth', () => {
  const usable: AirView = { adapters: [], phones: [], searching: false };
  function air(first: AirView) {
    const listeners = new Set<(view: AirView) => void>();
    const offered: (ServiceRecord & { offer: AirOffer; change: (reason: AirOffer['reason']) => void })[] = [];
    let view = first;
    const made: Pick<Air, 'look' | 'follow' | 'offer'> = {
      look: async () => view,
      follow: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      offer: async (record, { onChange }) => {
        const offer = {
          reason: view.reason,
          close: async () =>
            void offered.splice(
              offered.findIndex((each) => each.offer === offer),
              1,
            ),
        };
        offered.push({ ...record, offer, change: (reason) => onChange?.(Object.assign(offer, { reason })) });
        return offer;
      },
    };
    const becomes = (next: AirView): void => {
      view = next;
      for (const listener of [...listeners]) listener(next);
    };
    return { air: made, offered, becomes };
  }

  it('publishes the record of a DM server for its channel, and says when nobody does', async () => {
    const clock = new HandClock();
    const { bearers, open } = bearer(parseBluetoothAddress, () => []);
    const { air: made, offered, becomes } = air(usable);
    const { way } = doorway('bluetooth', clock, bluetoothDoor({ bearers, air: made }));
    await way.putOn({ kind: 'bluetooth' });
    expect(way.view).toMatchObject({ state: 'listening', address: 'bluetooth:00:00:00:00:00:00@7' });
    // OMA DM over OBEX, service class of the DM server.
    expect(offered).toMatchObject([{ uuid: '00000003-0000-1000-8000-0002ee000002', channel: 7 }]);
    offered[0]?.change('air/no-service');
    expect(way.view).toMatchObject({ state: 'listening', reason: 'listening/no-record' });
    expect(way.view.message).toContain('air/no-service');
    offered[0]?.change(undefined);
    expect(way.view.reason).toBeUndefined();
    await way.putOff();
    expect({ open, offered }).toEqual({ open: [], offered: [] });
    // The one adapter's own address is what a handset calls.
    const adapter = {
      id: 'hci0',
      address: 'AA:BB:CC:DD:EE:FF',
      name: 'pc',
      powered: true,
      blocked: false,
      visible: false,
    };
    becomes({ ...usable, adapters: [adapter, { ...adapter, powered: false }] });
    await way.putOn({ kind: 'bluetooth', address: '9' });
    expect(way.view).toMatchObject({ wanted: '9', address: 'bluetooth:AA:BB:CC:DD:EE:FF@9' });
    becomes({ ...usable, adapters: [adapter, adapter] });
    await way.putOn({ kind: 'bluetooth' });
    expect(way.view.address).toBe('bluetooth:00:00:00:00:00:00@7');
  });

  it.each([
    ['EAFNOSUPPORT', undefined, 'air/no-sockets'],
    ['EADDRNOTAVAIL', 'air/no-service', 'air/no-adapter'],
    ['EINVAL', 'air/no-service', 'air/no-service'],
    ['EADDRINUSE', 'air/no-service', 'listening/port-taken'],
    ['EINVAL', undefined, 'listening/failed'],
  ] as const)('says in the words of the air what the system means by %s beside %s: %s', async (os, reason, told) => {
    const clock = new HandClock();
    let refused: string[] = [];
    const { bearers, open } = bearer(parseBluetoothAddress, () => refused, os);
    const { air: made } = air(reason === undefined ? usable : { ...usable, reason });
    const { way } = doorway('bluetooth', clock, bluetoothDoor({ bearers, air: made }));
    await way.putOn({ kind: 'bluetooth', address: '3' });
    const before = way.view;
    refused = ['@4'];
    // The record can be published once at a time: the old channel is shut for the new one, and is open again then.
    await expect(way.moveTo({ kind: 'bluetooth', address: '4' }, () => false)).rejects.toMatchObject({ code: told });
    expect({ ...way.view, since: before.since }).toEqual(before);
    expect(open).toEqual(['bluetooth:00:00:00:00:00:00@3']);
    await way.putOff();
    await way.moveTo({ kind: 'bluetooth', address: '4' }, () => false);
    expect(way.view).toMatchObject({ state: 'waiting', reason: told });
  });

  it('waits for the adapter, and listens without a record where there is no BlueZ', async () => {
    const clock = new HandClock();
    const { bearers, open } = bearer(parseBluetoothAddress, () => []);
    const { air: made, becomes } = air({ ...usable, reason: 'air/no-adapter' });
    const { way, states } = doorway('bluetooth', clock, bluetoothDoor({ bearers, air: made }));
    await way.putOn({ kind: 'bluetooth' });
    expect(states()).toEqual([
      ['starting', undefined],
      ['waiting', 'air/no-adapter'],
    ]);
    becomes(usable);
    await clock.pass(3_000);
    expect(states()).toEqual([['listening', 'bluetooth:00:00:00:00:00:00@7']]);
    becomes({ ...usable, reason: 'air/blocked' });
    await clock.pass(0);
    expect({ told: states(), open }).toEqual({ told: [['waiting', 'air/blocked']], open: [] });
    becomes({ ...usable, reason: 'air/no-service' });
    await clock.pass(3_000);
    expect(way.view).toMatchObject({ state: 'listening', reason: 'listening/no-record' });
  });
});
