/** A phone in the air: found, paired, called, lost and back; and it calls by itself. */
import assert from 'node:assert/strict';
import { virtualImei } from '../../../src-main/base/imei.ts';
import { type Bench, type Keeper, witness } from './bench.ts';
import { beginDelivery, expectDelivered, heardLost, LOSS_LIMIT, relayedInstall, type Scenario } from './cable.ts';
import { letIn, putOff, putOn } from './ways-in.ts';

/** IMEIs of other scenarios are others. */
const NUMBER = 210;
/** Octets; the long part delivers the 1 MB that the suite asks for. */
const DELIVERED = { short: 30_000, long: 1 << 20 };

/** Octets of the delivery in which the link is lost, and after which. */
const LOST = { size: 200_000, after: 40_000 };

/** A virtual handset at the phone's controller. */
export interface AirHandset extends Keeper {
  /** As it is dialled: the channel is looked up. */
  readonly address: string;
  /** `bluetooth:ADDRESS@CHANNEL`, as it says itself. */
  readonly channel: string;
}

const handsets = new WeakMap<Bench, Promise<AirHandset>>();

/** The same for all scenarios of one bench. */
export function handsetInTheAir(bench: Bench): Promise<AirHandset> {
  const handset = handsets.get(bench) ?? begin(bench);
  handsets.set(bench, handset);
  return handset;
}

/** Nobody answers at the phone's controller any more. */
export async function endHandsetInTheAir(bench: Bench): Promise<void> {
  const handset = handsets.get(bench);
  handsets.delete(bench);
  await (await handset)?.program.dispose();
}

async function begin(bench: Bench): Promise<AirHandset> {
  const { phone } = await bench.radio();
  const imei = virtualImei(NUMBER);
  const state = `/tmp/air-${NUMBER}`;
  const address = `bluetooth:${phone.address}`;
  const keeps = ['--state', state, '--inbox', `${state}/inbox`];
  const program = bench.programs.agent('virtual-handset', '--listen', address, '--imei', imei, ...keeps);
  return { device: `IMEI:${imei}`, program, state, address, channel: await program.address() };
}

/** A whole session by the channel that its record tells. */
export const airSession: Scenario = async (bench, long) => {
  const phone = await handsetInTheAir(bench);
  return relayedInstall(bench, phone, phone.address, long ? DELIVERED.long : DELIVERED.short);
};

/** The phone calls the computer, is let in once, and its session is relayed. */
export const phoneCalls: Scenario = async (bench, long) => {
  const { address = '' } = await putOn(bench, 'bluetooth');
  try {
    const messages = await calledFirst(bench, address);
    // It is known now, and need not be let in again.
    if (long) await (await call(bench, address)).compare();
    return { messages };
  } finally {
    await putOff(bench, 'bluetooth');
  }
};

/** A phone that is not known calls there and is let in. @returns how many messages went by */
async function calledFirst(bench: Bench, address: string): Promise<number> {
  const radio = await bench.radio();
  const { phone, compare } = await call(bench, address);
  const held = await letIn(bench, 'bluetooth');
  assert.equal(held.device, phone.device);
  assert.equal(held.from, `bluetooth:${radio.phone.address}`);
  return (await compare()).messages;
}

async function call(bench: Bench, address: string) {
  const radio = await bench.radio();
  await radio.idle();
  const imei = virtualImei(NUMBER + 1);
  const channel = /@(\d+)$/.exec(address)?.[1] ?? '';
  const connect = `bluetooth:${radio.computer.address}@${channel}`;
  const program = bench.programs.agent('virtual-handset', '--connect', connect, '--imei', imei);
  const phone = { device: `IMEI:${imei}`, program };
  return { phone, compare: witness(bench, phone) };
}

/** Out of range in mid-delivery and back: heard soon, and the same job ends well. */
export const airLost: Scenario = async (bench) => {
  const radio = await bench.radio();
  const phone = await handsetInTheAir(bench);
  try {
    const delivery = await beginDelivery(bench, 'air-lost', phone.address, LOST);
    const cut = performance.now();
    radio.lose(radio.phone);
    const heard = await heardLost(delivery, cut);
    radio.regain(radio.phone);
    await expectDelivered(delivery, phone, 'air-lost');
    assert.ok(heard <= LOSS_LIMIT, `heard after ${heard} s`);
    return { heard };
  } finally {
    radio.regain(radio.phone);
  }
};

/** The same session by the other program that may carry octets over Bluetooth, in a process of its own. */
export const otherCarrier: Scenario = async (bench, long) => {
  const phone = await handsetInTheAir(bench);
  const environment = { PC_AGENT_HOME: '/tmp/home-of-package', PC_AGENT_RFCOMM: 'package' };
  return relayedInstall(bench, phone, phone.channel, long ? DELIVERED.long : DELIVERED.short, environment);
};
