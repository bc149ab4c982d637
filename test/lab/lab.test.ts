import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProgramEvent, ROOT } from '../support/processes.ts';
import { CONTINUOUS, LONG } from '../support/thoroughness.ts';
import { labTest, Machine, prepareLab } from './host/machine.ts';
import { labMissing } from './host/missing.ts';

/** Seconds for all scenarios of one boot. */
const LIMIT = LONG ? 2_700 : 900;
/** 32 handsets are as many processes. */
const MEMORY = LONG ? 6_144 : 1_536;

/** What is shown, by the scenarios that show it, in the order in which they are played on one bench. */
const SHORT = {
  plugged:
    'ACT-08 ACT-11: plugged in, a handset is one card with its OBEX function and its serial port, and tells who it is',
  usbSession:
    'ACT-08: a relayed session over USB OBEX brings a package octet by octet, and both ends saw the same messages',
  acmSession: 'ACT-08: the same handset at its serial port is switched to OBEX and served as well',
  pulled:
    'PCA-04: a cable that is pulled in mid-delivery is seen within 5 s, and the job goes on when it is back in its port',
  liars: 'descriptors that lie end nothing',
  found:
    'ACT-11: a phone in the air is found by name, paired once both show the same digits, and is a card that tells who it is',
  airSession: 'ACT-08: a relayed session over Bluetooth, by the channel of its record, brings a package octet by octet',
  tethered:
    'ACT-08: a phone at a network cable is let in once and posts through the computer, unchanged; another interface is shut',
} as const;
/** For who has eight minutes: what the cards, a session and a loss cannot be without. */
const { acmSession: _acm, found: _found, airSession: _air, tethered: _tethered, ...CABLE_ALONE } = SHORT;
const ONLY_LONG = {
  shownSoon: 'ACT-11 PCA-04: from the event of the kernel to the card it takes 2 s at most (median)',
  held: 'the doctor names the program that holds a port',
  phoneCalls: 'ACT-08: a phone calls over Bluetooth, is let in once, and both ends saw the same messages',
  obexdServes: 'BlueZ’s own OBEX server takes an object from our client, gives one and lists its folder',
  stranger: 'obexftp leaves an object at our virtual handset over the kernel’s serial driver',
  airLost:
    'PCA-04: a phone that goes out of range in mid-delivery is lost within 5 s, and the job goes on when it is back',
  adapterPulled:
    'PCA-04: an adapter that is pulled in mid-delivery is seen within 5 s, and the job goes on when it is back',
  serviceRestarted:
    'PCA-04: after a new start of the Bluetooth service records are published again, and a phone has its card 2 s after the answer to an inquiry',
  pins: 'a phone with a PIN is paired when both sides enter the same, and given up when nobody does',
  cycles: '1,000 connections over Bluetooth are opened and closed, and nothing is left behind',
  obexftpCalls: 'obexftp leaves an object at our virtual handset over Bluetooth',
  strangeRecords: 'phones whose records are none end with a code, and harm nobody',
  silentChannel: 'a channel that accepts and says nothing ends at the time limit',
  flood: 'a caller that pours octets into the way in over Bluetooth is shut out, and nobody is asked about it',
  ranges:
    'CMP-04 PCA-02: a phone at a network cable downloads a package from the cache, goes on where it stopped, and another interface is shut',
  strangeRequests:
    'requests over a network cable that two programs could read differently are answered here and never reach the DM server',
  radioGround: 'hcitool, sdptool, socat and obexftp find, call and serve a phone at a controller of its own',
  tetherGround: 'curl on a phone at a network cable reaches the computer until the cable is pulled',
  fourAtOnce: 'ACT-08: four handsets are served at once, two over each bearer',
  withoutUnion: 'a handset whose descriptors have no union is served all the same',
  rules: 'the doctor puts the rules of this version there, octet by octet, and takes them away again',
  permission: 'the doctor tells somebody who may not open the nodes, and shows the rule',
  modemManager: 'the doctor sees ModemManager at a port',
  noObex: 'the doctor says of a handset in disk mode that it offers nothing to speak with',
  driver: 'the doctor loads the driver that a port lacks',
  storm: '200 times in and out in a minute: the list is right in the end, and no descriptor is left open',
  many: '32 handsets by USB/IP have their cards and are asked for their inventory',
  // The last, as it takes the place of a handset.
  oneCard: 'PCA-04: a phone by cable and by air is one card; its job takes the cable, and the air when that is pulled',
} as const;
/** Compiled by `npm run build:native`, where the system has what it takes. */
const OTHER_CARRIER = 'node_modules/node-bluetooth-serial-port/build/Release/BluetoothSerialPort.node';
const ONLY_COMPILED = {
  otherCarrier: 'ACT-08: the same session by node-bluetooth-serial-port in place of our own addon',
} as const;
const compiled = existsSync(join(ROOT, OTHER_CARRIER));
const SCENARIOS: Readonly<Record<string, string>> = LONG
  ? { ...SHORT, ...(compiled ? ONLY_COMPILED : {}), ...ONLY_LONG }
  : CONTINUOUS
    ? SHORT
    : CABLE_ALONE;

let machine: Machine | undefined;

beforeAll(async () => {
  if (labMissing() !== undefined) return;
  const project = await prepareLab('cable');
  const args = [LONG ? 'long' : 'short', ...Object.keys(SCENARIOS)];
  machine = await Machine.boot({ project, args, limit: LIMIT, memory: MEMORY });
}, 10 * 60_000);

afterAll(async () => machine?.dispose());

describe('in the laboratory', () => {
  for (const [name, title] of Object.entries(SCENARIOS)) {
    labTest(title, async () => expectPlayed(name), LIMIT * 1000);
  }
  if (LONG && !compiled) {
    const what = `${ONLY_COMPILED.otherCarrier} [it is not compiled: npm run build:native]`;
    it.skipIf(process.env.PC_AGENT_REQUIRE_PEERS !== '1')(what, () => expect.unreachable('and that is required'));
  }
});

async function expectPlayed(name: string): Promise<void> {
  const isIt = (event: ProgramEvent) => event.type === 'trouble' || (event.type === 'scenario' && event.name === name);
  const end = await machine?.event(`what became of ${name}`, isIt);
  expect(end?.ok, `${end?.error}\n${end?.programs}`).toBe(true);
  process.stdout.write(`  ${name}, ${Number(end?.took).toFixed(1)} s: ${JSON.stringify(shortened(end?.facts))}\n`);
}

/** Numbers only: the rest is for failures. */
function shortened(facts: unknown): object {
  const all = Object.entries((facts ?? {}) as Readonly<Record<string, unknown>>);
  return Object.fromEntries(all.filter(([, value]) => typeof value === 'number'));
}
