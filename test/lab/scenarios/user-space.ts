/** Handsets in user space, by USB/IP: many of them, and some that lie. */
import assert from 'node:assert/strict';
import { virtualImei } from '../../../src-main/base/imei.ts';
import type { Program, ProgramEvent } from '../../support/processes.ts';
import { attachDevice } from '../usbip/attach.ts';
import {
  bulkEndpoint,
  configurationOf,
  type DeviceShape,
  handsetShape,
  interfaceDescriptor,
  obexFunction,
} from '../usbip/descriptors.ts';
import { UsbipDevice } from '../usbip/device.ts';
import { joinedToTcp, UsbipServer } from '../usbip/server.ts';
import { attachedKinds, type Bench, type Card, isCard } from './bench.ts';
import type { Scenario } from './cable.ts';
import { run, until } from './guest.ts';
import { childOf } from './hot-plug.ts';

const MANY = 32;
/** Milliseconds for all of their cards. */
const MANY_SHOWN = 300_000;
const SOON = 60_000;
/** IMEIs of the gadgets come before. */
const FIRST_IMEI = 100;

interface UserSpaceHandset {
  readonly busId: string;
  readonly device: string;
  readonly address: string;
  readonly program: Program;
}

/** A virtual handset behind a device of USB/IP. */
async function handsetInUserSpace(bench: Bench, server: UsbipServer, number: number, shape: DeviceShape) {
  const imei = virtualImei(FIRST_IMEI + number);
  const program = bench.programs.agent('virtual-handset', '--listen', 'tcp:127.0.0.1:0', '--imei', imei);
  const port = Number((await program.address()).split(':').at(-1));
  const busId = `1-${number}`;
  server.offer(new UsbipDevice(busId, shape, joinedToTcp(port)));
  return { busId, device: `IMEI:${imei}`, address: addressOf(shape), program } satisfies UserSpaceHandset;
}

const cardOf = (bench: Bench, device: string): Card | undefined =>
  bench.watcher.events.filter(isCard).findLast((card) => card.device === device);

function isShown(bench: Bench, device: string): boolean {
  const card = cardOf(bench, device);
  return card !== undefined && attachedKinds(card).includes('usb');
}

const addressOf = ({ strings }: DeviceShape): string => `usb:0421:0123:${strings[2]}`;

/** No number that could be an IMEI: the handset behind it has another one. */
const serialOf = (number: number): string => `LAB36000000${String(number).padStart(4, '0')}`;

/** Descriptors that lie: none of them ends anything. */
export const liars: Scenario = async (bench) => {
  run('modprobe', 'vhci_hcd');
  const server = new UsbipServer();
  const port = await server.listen();
  const child = childOf(bench.host.pid);
  try {
    for (const [index, [name, shape]] of Object.entries(LIARS).entries()) {
      const busId = `1-${40 + index}`;
      server.offer(
        new UsbipDevice(busId, named(shape, name), () => ({ write: async () => undefined, close: () => undefined })),
      );
      await attachDevice(busId, port);
    }
    const told = (name: string) => bench.watcher.events.findLast((event) => isAbout(event, name))?.reason;
    await until('that one without endpoints has no OBEX', SOON, () => told('noEndpoints') === 'bearer/no-obex');
    assert.equal(childOf(bench.host.pid), child, 'the process with the native modules is the same');
    return { reasons: Object.keys(LIARS).map((name) => `${name}: ${told(name)}`) };
  } finally {
    await server.close();
  }
};

/** Some handsets do not say which data interface is theirs. */
export const withoutUnion: Scenario = async (bench) => {
  run('modprobe', 'vhci_hcd');
  const server = new UsbipServer();
  const port = await server.listen();
  try {
    const honest = await handsetInUserSpace(bench, server, 1, named(WITHOUT_UNION, serialOf(1)));
    await attachDevice(honest.busId, port);
    await until('its card', SOON, () => isShown(bench, honest.device));
    const inventory = await bench.face.request('inventory', { handset: honest.address });
    assert.ok((inventory.components ?? []).length > 0, JSON.stringify(inventory));
    await honest.program.terminate();
    return {};
  } finally {
    await server.close();
  }
};

const isAbout = (event: ProgramEvent, name: string): boolean =>
  event.type === 'handset' && event.device === '' && event.name === name;

/** 32 handsets at once: each has its card, and each is asked for its inventory. */
export const many: Scenario = async (bench) => {
  run('modprobe', 'vhci_hcd');
  const server = new UsbipServer();
  const port = await server.listen();
  const numbers = Array.from({ length: MANY }, (_, index) => index + 2);
  const command = ['/project/scenarios.mjs', 'crowd', `${MANY}`, `${FIRST_IMEI + 2}`];
  const crowd = bench.programs.program('crowd', [process.execPath, ...command]);
  try {
    const listening = (of: number) => (event: ProgramEvent) => event.type === 'listening' && event.of === of;
    const handsets: {
      readonly of: number;
      readonly busId: string;
      readonly device: string;
      readonly address: string;
    }[] = [];
    for (const number of numbers) {
      const of = FIRST_IMEI + number;
      const { address } = await crowd.event(`where handset ${of} listens`, listening(of));
      const shape = named(handsetShape(), serialOf(number));
      const joined = joinedToTcp(Number(String(address).split(':').at(-1)));
      server.offer(new UsbipDevice(`1-${number}`, shape, joined));
      handsets.push({ of, busId: `1-${number}`, device: `IMEI:${virtualImei(of)}`, address: addressOf(shape) });
    }
    const began = performance.now();
    for (const { busId } of handsets) await attachDevice(busId, port);
    const missing = () => handsets.filter(({ device }) => !isShown(bench, device));
    await until('the cards of all', MANY_SHOWN, () => missing().length === 0).catch((error: unknown) => {
      const lost = missing().map(({ device, busId }) => `${device} of ${busId}`);
      const cards = handsets.map(({ device }) => ({ device, at: cardOf(bench, device)?.bearers }));
      throw new Error(`${error}: ${lost.join(', ')}; cards: ${JSON.stringify(cards)}`);
    });
    const cards = (performance.now() - began) / 1000;
    const asked = handsets.map(async ({ of, address, device }) => {
      const inventory = await bench.face.request('inventory', { handset: address });
      assert.ok((inventory.components ?? []).length > 0, `${device}: ${JSON.stringify(inventory)}`);
      const own = (event: ProgramEvent) => event.type === 'session' && event.state === 'done' && event.of === of;
      await crowd.event(`a session of ${device}`, own);
    });
    await Promise.all(asked);
    const sessions = (performance.now() - began) / 1000 - cards;
    for (const { busId } of handsets) server.unplug(busId);
    await until('that all are away', SOON, () => !handsets.some(({ device }) => isShown(bench, device)));
    return { handsets: handsets.length, cards, sessions };
  } finally {
    await server.close();
    await crowd.dispose();
  }
};

const HONEST = handsetShape();
const WITHOUT_UNION = configured(
  obexFunction(0, 4).filter((part) => part[2] !== 0x06),
  2,
);

/** What each says of itself is not so. */
const LIARS: Readonly<Record<string, DeviceShape>> = {
  noEndpoints: configured(
    obexFunction(0, 4).filter((part) => part[1] !== 5),
    2,
  ),
  unionToNowhere: configured([...obexFunction(0, 4).slice(0, 3), [5, 0x24, 0x06, 0, 99]], 2),
  lengthOfNothing: configured(
    [...obexFunction(0, 4).slice(0, 2), [0, 0x24, 0x06, 0, 1], ...obexFunction(0, 4).slice(4)],
    2,
  ),
  lengthBeyondEnd: configured([...obexFunction(0, 4).slice(0, 4), [200, 4, 1, 0, 0, 0x0a, 0, 0, 0]], 2),
  onlyOneWay: configured([...obexFunction(0, 4).slice(0, 6), bulkEndpoint(0x81), bulkEndpoint(0x82)], 2),
  thousandInterfaces: configured(
    Array.from({ length: 1000 }, (_, index) => interfaceDescriptor(index & 0xff, 0, 0, [0x02, 0x0b, 0], 4)),
    255,
  ),
};

function configured(parts: readonly (readonly number[])[], interfaces: number): DeviceShape {
  return { ...HONEST, configuration: configurationOf(parts, interfaces) };
}

/** With a name and a serial number of its own. */
function named(shape: DeviceShape, name: string): DeviceShape {
  const [manufacturer = '', , , ...services] = shape.strings;
  return { ...shape, strings: [manufacturer, name, name, ...services] };
}
