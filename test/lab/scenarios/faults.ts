/** Things that cannot be used, each made so on purpose, and what the doctor says of them. */
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import type { Finding } from '../../../src-main/contract/doctor.ts';
import type { Program, ProgramEvent } from '../../support/processes.ts';
import { attachedKinds, type Bench, type Phone } from './bench.ts';
import type { Scenario } from './cable.ts';
import { Gadget } from './gadgets.ts';
import { run, until } from './guest.ts';

const RULES = '/etc/udev/rules.d/70-pc-agent.rules';
const OWN_RULES = '/project/native/udev/70-pc-agent.rules';
/** Longer than any scenario. */
const LONG = '1000';
const SOON = 60_000;

/** What the doctor says, until it says this. */
async function found(bench: Bench, what: string, wanted: (finding: Finding) => boolean): Promise<Finding> {
  let findings: readonly Finding[] = [];
  try {
    await until(what, SOON, async () => {
      ({ findings } = await bench.face.request('doctor.look', {}));
      return findings.some(wanted);
    });
  } catch (error) {
    throw new Error(`${String(error)}: ${JSON.stringify(findings)}`);
  }
  return findings.find(wanted) as Finding;
}

const inTrouble = (check: Finding['check'], code: string) => (finding: Finding) =>
  finding.check === check && finding.state === 'trouble' && finding.code === code;

async function pluggedIn(bench: Bench, phone: Phone): Promise<void> {
  if (!phone.gadget.plugged) phone.gadget.plug();
  await until('its card', SOON, () => {
    const card = bench.lastCard(phone);
    return card !== undefined && attachedKinds(card).length === 2;
  });
}

/** The rules of this version are put there with consent, octet by octet, and taken away again. */
export const rules: Scenario = async (bench) => {
  const { remedy } = await found(
    bench,
    'rules that are missing',
    ({ check, state }) => check === 'udev-rules' && state !== 'good',
  );
  assert.equal(remedy?.kind, 'apply');
  const applied = await bench.face.request('doctor.apply', { remedy: remedy.id });
  assert.equal(applied.state, 'applied', applied.said);
  assert.deepEqual(readFileSync(RULES), readFileSync(OWN_RULES));
  await found(bench, 'rules that are there', ({ check, state }) => check === 'udev-rules' && state === 'good');
  const undone = await bench.face.request('doctor.undo', { remedy: remedy.id });
  assert.equal(undone.state, 'undone', undone.said);
  assert.throws(() => readFileSync(RULES));
  return { remedy };
};

/** Somebody who is not root may not open it: by the command line of that person. */
export const permission: Scenario = async (bench) => {
  await pluggedIn(bench, bench.phone(0));
  const person = [
    'setpriv',
    '--reuid=1000',
    '--regid=1000',
    '--clear-groups',
    process.execPath,
    '/project/pc-agent.mjs',
  ];
  const own = { PC_AGENT_HOME: '/home/person/agent', HOME: '/home/person' };
  const doctor = bench.programs.program('doctor of a person', [...person, 'doctor', '--json'], own);
  const result = await doctor.result();
  assert.equal(result.exit, 1);
  const finding = (result.findings as readonly Finding[]).find(inTrouble('permission', 'bearer/permission-denied'));
  assert.ok(finding, doctor.describe());
  return { finding };
};

/** A program that holds the port until it is told to end. */
async function holding(bench: Bench, phone: Phone, program: string): Promise<Program> {
  const path = `/tmp/${program}`;
  copyFileSync('/usr/bin/sleep', path);
  run('chmod', '755', path);
  const script = `exec 3<>${phone.gadget.port}; flock -n 3 || exit 1; exec ${path} ${LONG}`;
  return bench.programs.program(program, ['bash', '-c', script]);
}

export const held: Scenario = async (bench) => {
  const phone = bench.phone(0);
  await pluggedIn(bench, phone);
  const holder = await holding(bench, phone, 'terminal');
  const busy = inTrouble('holder', 'bearer/busy');
  // Programs that lock the port before it have it open for a moment too.
  const finding = await found(
    bench,
    'that the terminal holds the port',
    (each) => busy(each) && each.facts.some(({ value }) => value === 'terminal'),
  );
  await holder.kill();
  return { finding };
};

export const modemManager: Scenario = async (bench) => {
  const phone = bench.phone(0);
  await pluggedIn(bench, phone);
  const holder = await holding(bench, phone, 'ModemManager');
  const finding = await found(bench, 'the modem service at work', inTrouble('modem-manager', 'bearer/modem-manager'));
  await holder.kill();
  return { finding };
};

/** The kernel has no driver for the port: loaded with consent, and the port is there again. */
export const driver: Scenario = async (bench) => {
  const phone = bench.phone(0);
  await pluggedIn(bench, phone);
  // udev loads the driver for what was plugged in last, and may be late.
  run('udevadm', 'settle', '--timeout=60');
  await until('nobody at the port', SOON, () => {
    try {
      return run('rmmod', 'cdc_acm') === '';
    } catch {
      return false;
    }
  });
  const finding = await found(bench, 'a port without a driver', inTrouble('driver', 'bearer/driver-missing'));
  const applied = await bench.face.request('doctor.apply', { remedy: finding.remedy?.id ?? '' });
  assert.equal(applied.state, 'applied', applied.said);
  await phone.gadget.enumerated();
  await found(
    bench,
    'the driver',
    ({ check, state, place }) => check === 'driver' && state === 'good' && place === finding.place,
  );
  return { finding };
};

/** A phone that shows itself as a disk: there is nothing to speak with. */
export const noObex: Scenario = async (bench) => {
  const phone = bench.phone(3);
  const wasPlugged = phone.gadget.plugged;
  if (wasPlugged) phone.gadget.unplug();
  run('modprobe', 'usb_f_mass_storage');
  const disk = new Gadget(4, { functions: ['mass_storage'], serial: 'DISKMODE', bus: 3 });
  try {
    disk.plug();
    await disk.enumerated();
    const finding = await found(bench, 'a handset without OBEX', inTrouble('service', 'bearer/no-obex'));
    const told = (event: ProgramEvent) => event.type === 'handset' && event.reason === 'bearer/no-obex';
    await bench.watcher.event('what is attached and of no use', told);
    return { finding };
  } finally {
    disk.remove();
    // Whose port has its driver again, before others take drivers away.
    if (wasPlugged) await pluggedIn(bench, phone);
  }
};
