/** The computer's Bluetooth itself: pulled out, put back, its service started anew, and nothing left behind. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { ServiceClass } from '../../../src-main/bearer/bluetooth/service-classes.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { Program } from '../../support/processes.ts';
import { handsetInTheAir } from './air.ts';
import { attachedKinds, type Bench } from './bench.ts';
import { beginDelivery, expectDelivered, heardLost, LOSS_LIMIT, type Scenario } from './cable.ts';
import { run, until } from './guest.ts';
import { searchedFor } from './pairing.ts';

/** Octets of the delivery in which the adapter is pulled, and after which. */
const PULLED = { size: 200_000, after: 40_000 };
/** Seconds from the answer to the inquiry to the card. */
const CARD_LIMIT = 2;
const SEARCH_SECONDS = 3;
const CYCLES = 1_000;
const SOON = 60_000;
const never = new AbortController().signal;

const reasonIs =
  (reason: string | undefined) =>
  ({ air }: HostState): true | undefined =>
    air !== undefined && air.reason === reason ? true : undefined;

/** In mid-delivery: known at once, and the same job ends when it is back; a phone that is found anew has its card soon. */
export const adapterPulled: Scenario = async (bench) => {
  const radio = await bench.radio();
  const eyes = await bench.eyes();
  const phone = await handsetInTheAir(bench);
  await searchedFor(bench);
  await radio.idle();
  const delivery = await beginDelivery(bench, 'adapter-pulled', phone.address, PULLED);
  const cut = performance.now();
  await radio.pull();
  await eyes.see('that there is no adapter', reasonIs('air/no-adapter'));
  const heard = await heardLost(delivery, cut);
  radio.insert();
  await radio.setUp();
  await eyes.see('an adapter', reasonIs(undefined));
  await expectDelivered(delivery, phone, 'adapter-pulled');
  assert.ok(heard <= LOSS_LIMIT, `heard after ${heard} s`);
  return { heard };
};

/** bluetoothd ends and begins: records are published again, and a phone that an inquiry finds has its card at once. */
export const serviceRestarted: Scenario = async (bench) => {
  const radio = await bench.radio();
  const eyes = await bench.eyes();
  const phone = await handsetInTheAir(bench);
  await searchedFor(bench);
  await radio.idle();
  await radio.stopService();
  await eyes.see('that there is no service', reasonIs('air/no-service'));
  await radio.startService();
  await eyes.see('the service', reasonIs(undefined));
  await until('nobody attached', SOON, () => attachedKinds(cardOf(bench, phone.device)).length === 0);
  const monitor = bench.programs.program('dbus-monitor', ['dbus-monitor', '--system', FOUND]);
  await until('the monitor', SOON, () => monitor.stdout !== '');
  const card = bench.card(phone, 'its card', (each) => attachedKinds(each).includes('bluetooth'));
  const shown = card.then(() => Date.now() / 1000);
  const search = bench.face.request('air.search', { seconds: SEARCH_SECONDS });
  const seconds = (await shown) - foundAt(monitor, radio.phone.address);
  await search;
  await monitor.dispose();
  await radio.idle();
  const records = () => run('sdptool', 'browse', radio.phone.address);
  await until('the record of the handset', SOON, () => records().includes(ServiceClass.SyncmlDmClient));
  assert.ok(seconds <= CARD_LIMIT, `${seconds} s`);
  return { seconds };
};

const FOUND = "type='signal',sender='org.bluez',member='PropertiesChanged',arg0='org.bluez.Device1'";

function cardOf(bench: Bench, device: string) {
  const card = bench.lastCard({ device });
  assert.ok(card, device);
  return card;
}

/** Seconds since 1970 at which the service first said how strong the phone's answer was. */
function foundAt(monitor: Program, address: string): number {
  const place = `dev_${address.replaceAll(':', '_')}`;
  let at = Number.NaN;
  for (const line of monitor.stdout.split('\n')) {
    const signal = /^signal time=([\d.]+) .* path=(\S+);/.exec(line);
    if (signal !== null) at = signal[2]?.endsWith(place) === true ? Number(signal[1]) : Number.NaN;
    if (line.includes('"RSSI"') && !Number.isNaN(at)) return at;
  }
  throw new Error(`nobody has found the phone: ${monitor.stdout}`);
}

/** Connected and closed again and again, from both ends: no descriptor and no thread is left. */
export const cycles: Scenario = async (bench) => {
  const radio = await bench.radio();
  await radio.idle();
  const bearers = ownProcessBearers();
  const bearer = bearers.for('bluetooth');
  const listener = await bearer.listen(bearer.parse(`bluetooth:${radio.phone.address}`), {
    signal: never,
    onStream: (stream) => void stream.read(never).then(() => stream.close()),
  });
  const cycle = async (): Promise<void> => {
    const stream = await bearer.dial(listener.address, { signal: never });
    await stream.close();
  };
  try {
    for (let time = 0; time < 10; time += 1) await cycle();
    const before = held();
    const began = performance.now();
    for (let time = 0; time < CYCLES; time += 1) await cycle();
    const seconds = (performance.now() - began) / 1000;
    await until('nothing left behind', SOON, () => {
      const now = held();
      return now.descriptors <= before.descriptors + 1 && now.threads <= before.threads;
    });
    return { cycles: CYCLES, seconds, ...before };
  } finally {
    await listener.close();
    await bearers.close();
  }
};

function held(): { readonly descriptors: number; readonly threads: number } {
  return { descriptors: readdirSync('/proc/self/fd').length, threads: readdirSync('/proc/self/task').length };
}
