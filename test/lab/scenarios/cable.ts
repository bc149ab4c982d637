/** A handset on a cable, as the kernel's own drivers show it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Program } from '../../support/processes.ts';
import { attachedKinds, type Bench, installedOn, type Keeper, offerPackage, witness } from './bench.ts';
import { agentCommand, run, until } from './guest.ts';

/** Octets; the long part delivers the 8 MB that the suite asks for. */
const DELIVERED = { short: 200_000, long: 8 << 20 };
/** Octets of the delivery in which the cable is pulled, and after which. */
const PULLED = { size: 600_000, after: 150_000 };
/** Seconds that a person waits for at most until a loss is shown. */
export const LOSS_LIMIT = 5;

export type Facts = Readonly<Record<string, unknown>>;
export type Scenario = (bench: Bench, long: boolean) => Promise<Facts>;

/** Plugged in: one card that has both ways, with what the handset says of itself. */
export const plugged: Scenario = async (bench) => {
  const phone = bench.phone(0);
  phone.gadget.plug();
  const card = await bench.card(
    phone,
    'a card with both ways that speaks device management',
    (each) => attachedKinds(each).length === 2 && each.speaksDm === true,
  );
  assert.deepEqual([...attachedKinds(card)].sort(), ['serial', 'usb']);
  assert.equal(card.bearers.find(({ kind }) => kind === 'usb')?.address, phone.gadget.address);
  const places = card.bearers.filter(({ attached }) => attached === true).map(({ place }) => place);
  assert.match(String(places[0]), /^\d+-\d/);
  return { card };
};

/** A package goes to the handset in a session that is relayed, and arrives octet by octet. */
export async function relayedInstall(
  bench: Bench,
  phone: Keeper,
  address: string,
  size: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<Facts> {
  const id = `lab-${address.replaceAll(/\W/g, '-')}-${size}`;
  const digest = offerPackage(id, size);
  const compare = witness(bench, phone);
  const began = performance.now();
  const command = agentCommand('install', '--handset', address, '--dms', bench.dmsUrl, '--package', id);
  const install = bench.programs.program('install', command, environment);
  const result = await install.result();
  const took = performance.now() - began;
  assert.deepEqual({ exit: result.exit, ok: result.ok }, { exit: 0, ok: true }, install.describe());
  assert.equal(installedOn(phone, id)?.sha256, digest);
  return { ...(await compare()), bytes: size, seconds: took / 1000 };
}

export const usbSession: Scenario = async (bench, long) => {
  const phone = bench.phone(0);
  return relayedInstall(bench, phone, phone.gadget.address, long ? DELIVERED.long : DELIVERED.short);
};

export const acmSession: Scenario = async (bench) => {
  const phone = bench.phone(0);
  return relayedInstall(bench, phone, `serial:${phone.gadget.port}`, DELIVERED.short / 2);
};

/** Two over each bearer at the same time. */
export const fourAtOnce: Scenario = async (bench) => {
  for (const phone of bench.phones) if (!phone.gadget.plugged) phone.gadget.plug();
  await until('four cards with both ways', 60_000, () =>
    bench.phones.every((phone) => {
      const card = bench.lastCard(phone);
      return card !== undefined && attachedKinds(card).length === 2;
    }),
  );
  const sessions = bench.phones.map((phone, index) =>
    relayedInstall(bench, phone, index % 2 === 0 ? phone.gadget.address : `serial:${phone.gadget.port}`, 50_000),
  );
  return { sessions: await Promise.all(sessions) };
};

/** The cable is pulled in mid-delivery and put back: seen at once, and the same job ends well. */
export const pulled: Scenario = async (bench) => {
  const phone = bench.phone(1);
  if (!phone.gadget.plugged) {
    phone.gadget.plug();
    await bench.card(phone, 'a card', (each) => attachedKinds(each).includes('usb'));
  }
  const delivery = await beginDelivery(bench, 'lab-pulled', phone.gadget.address, PULLED);
  const cut = performance.now();
  phone.gadget.unplug();
  const gone = bench.card(phone, 'that it is away', ({ presence }) => presence !== 'attached');
  const heard = await heardLost(delivery, cut);
  await gone;
  const shown = (performance.now() - cut) / 1000;
  phone.gadget.plug();
  await expectDelivered(delivery, phone, 'lab-pulled');
  assert.ok(heard <= LOSS_LIMIT && shown <= LOSS_LIMIT, `heard after ${heard} s, shown after ${shown} s`);
  return { heard, shown };
};

/** A job without a DM server, which waits for a handset that is lost; resolves when so much of it has gone over. */
export async function beginDelivery(
  bench: Bench,
  id: string,
  address: string,
  { size, after }: { readonly size: number; readonly after: number },
): Promise<Program> {
  writeFileSync(`/tmp/${id}.bin`, randomBytes(size));
  await bench.face.request('packages.add', { files: [{ file: `/tmp/${id}.bin` }] });
  const install = bench.programs.agent(
    ...['install', '--handset', address, '--package', id, '--offline', '--reconnect', '60'],
  );
  await install.event('a part of it', ({ type, done }) => type === 'progress' && Number(done) > after);
  return install;
}

/** Seconds from `cut` until the job has told that its link was lost. */
export async function heardLost(delivery: Program, cut: number): Promise<number> {
  await delivery.event('that the link was lost', ({ type, state }) => type === 'interruption' && state === 'lost');
  return (performance.now() - cut) / 1000;
}

export async function expectDelivered(install: Program, phone: Keeper, id: string): Promise<void> {
  const result = await install.result();
  assert.deepEqual({ exit: result.exit, ok: result.ok }, { exit: 0, ok: true }, install.describe());
  assert.notEqual(installedOn(phone, id), undefined);
}

/** A client that is not ours, on the handset's serial port. */
export const stranger: Scenario = async (bench) => {
  const phone = bench.phone(1);
  if (!phone.gadget.plugged) {
    phone.gadget.plug();
    await bench.card(phone, 'a card', (each) => attachedKinds(each).includes('serial'));
  }
  const bytes = randomBytes(20_000);
  writeFileSync('/tmp/stranger.bin', bytes);
  // It ends with 255 however it went.
  run('bash', '-c', `cd /tmp && timeout 60 obexftp -t ${phone.gadget.port} -p stranger.bin >/dev/null 2>&1; true`);
  assert.equal(Buffer.compare(readFileSync(`${phone.state}/inbox/stranger.bin`), bytes), 0);
  return { bytes: bytes.length };
};
