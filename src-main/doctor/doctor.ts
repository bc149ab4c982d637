import type { Clock } from '../base/clock.ts';
import { assertNever, PcAgentError } from '../base/errors.ts';
import { oneAtATime } from '../base/one-at-a-time.ts';
import type { Bearers } from '../bearer/bearers.ts';
import type { AttachedThing } from '../bearer/discovery.ts';
import type { Finding, RemedyOutcome } from '../contract/doctor.ts';
import type { ListenerView } from '../contract/listening.ts';
import { type AttachedDevice, lookAtDevice } from './attached-device.ts';
import { type BluetoothLook, checkBluetooth } from './checks/bluetooth.ts';
import { checkBearerProcess, checkUsbSystem, lookAround } from './checks/computer-checks.ts';
import { checkDriver, checkLoaded } from './checks/driver.ts';
import { checkHolder } from './checks/holder.ts';
import { checkModemManager, checkOptIn } from './checks/modem-manager.ts';
import { checkPermission } from './checks/permission.ts';
import { checkService } from './checks/service.ts';
import { checkUdevRules } from './checks/udev-rules.ts';
import { checkWaysIn } from './checks/ways-in.ts';
import { type Checked, type Examination, examine } from './examination.ts';
import { computerFinding, remedyDigest } from './finding.ts';
import { type Errand, runErrand } from './remedies/errand.ts';
import { driverCure } from './remedies/other-remedies.ts';
import { type Cure, modemManagerCure, rulesCure } from './remedies/rule-remedies.ts';
import { openWays, TURN_LIMIT, type Turns, withOpened } from './retest.ts';
import type { System } from './system.ts';

export interface DoctorOptions {
  readonly system: System;
  readonly bearers: Pick<Bearers, 'for' | 'discovery'>;
  readonly clock: Clock;
  /** Bluetooth of this computer. Default: it is not looked at. */
  readonly bluetooth?: BluetoothLook;
  /** How the ways in for handsets that call are now. Default: there are none. */
  readonly listeners?: () => readonly ListenerView[];
  /** One conversation at a time with each address. Default: nobody else has any. */
  readonly turns?: Turns;
}

/** Finds out what keeps handsets from being used, and mends it where it may. */
export interface Doctor {
  /** Changes nothing, and opens nothing. @throws AbortError */
  look(signal: AbortSignal): Promise<readonly Finding[]>;
  /**
   * Does what a remedy says, which a person has agreed to, and tries the devices for real.
   * @param digest of what the person was shown; default: whatever it is now
   * @throws PcAgentError `doctor/remedy-unknown`, `doctor/remedy-changed`, `doctor/remedy-manual`; AbortError
   */
  apply(remedy: string, signal: AbortSignal, digest?: string): Promise<RemedyOutcome>;
  /** Takes it back. @throws PcAgentError `doctor/remedy-unknown`, `doctor/nothing-to-undo`; AbortError */
  undo(remedy: string, signal: AbortSignal): Promise<RemedyOutcome>;
}

interface Look {
  readonly things: readonly AttachedThing[];
  readonly checked: readonly Checked[];
}

/** What stays when the thing that it was done for has gone: names of remedies, and of the checks that lead to them. */
const TRACES = ['udev-rules', 'modem-manager', 'driver'] as const;
type Trace = (typeof TRACES)[number];

/** A computer with more things is not looked through to its end. */
const MOST_THINGS = 200;

export function createDoctor(options: DoctorOptions): Doctor {
  // Two remedies at a time would see each other's half-done work.
  const inTurn = oneAtATime();
  return {
    look: async (signal) => findingsOf(await lookAtAll(options, signal)),
    apply: (remedy, signal, digest) => inTurn(() => treat(options, { remedy, how: 'apply', digest }, signal)),
    undo: (remedy, signal) => inTurn(() => treat(options, { remedy, how: 'undo' }, signal)),
  };
}

async function lookAtAll({ system, bearers, bluetooth, listeners }: DoctorOptions, signal: AbortSignal): Promise<Look> {
  const [examination, looked] = await Promise.all([examine(system), lookAround(() => bearers.discovery.look(signal))]);
  const things = looked.kind === 'things' ? looked.things.slice(0, MOST_THINGS) : [];
  const devices = await Promise.all(things.map((thing) => lookAtDevice(system, thing)));
  const ofComputer = await Promise.all([
    checkUsbSystem(examination),
    checkBearerProcess(looked),
    checkUdevRules(examination, devices),
    checkOptIn(examination, devices),
    checkLoaded(examination, devices),
  ]);
  const ofAir = bluetooth === undefined ? [] : await checkBluetooth(examination, bluetooth, signal);
  const ofThings = await Promise.all(devices.map((device) => checkDevice(examination, device)));
  const waysIn = checkWaysIn(listeners?.() ?? []);
  const checked = [...ofComputer, ...ofAir, ...waysIn, ...ofThings.flat()].filter((each) => each !== undefined);
  signal.throwIfAborted();
  return { things, checked };
}

function checkDevice(examination: Examination, device: AttachedDevice): Promise<readonly (Checked | undefined)[]> {
  return Promise.all([
    checkPermission(examination, device),
    checkHolder(examination, device),
    checkModemManager(examination, device),
    checkDriver(examination, device),
    checkService(device),
  ]);
}

function findingsOf({ checked }: Look): readonly Finding[] {
  return checked.map(({ finding }) => finding);
}

interface Wish {
  readonly remedy: string;
  readonly how: 'apply' | 'undo';
  readonly digest?: string | undefined;
}

async function treat(options: DoctorOptions, wish: Wish, signal: AbortSignal): Promise<RemedyOutcome> {
  const { remedy, how, digest } = wish;
  const before = await lookAtAll(options, signal);
  const found =
    remedied(before, remedy) ?? (how === 'undo' ? await traceOf(options.system, before, remedy) : undefined);
  if (found?.cure === undefined) {
    const names = namesOf(before, how);
    const known = names.length === 0 ? 'and there is none now' : `those that there are: ${names.join(', ')}`;
    throw new PcAgentError('doctor/remedy-unknown', `nothing that is found now has the remedy ${remedy}, ${known}`, {
      details: { remedy, known: names },
    });
  }
  if (digest !== undefined && digest !== remedyDigest(found.cure.remedy)) {
    throw new PcAgentError('doctor/remedy-changed', `what ${remedy} does is not what was shown any more`, {
      retry: 'after-operator',
      details: { remedy },
    });
  }
  // What is good already is left as it is.
  const needless = how === 'apply' && found.finding.state === 'good';
  const errand = errandOf(found.cure, how);
  const outcome = needless ? ({ state: 'done' } as const) : await runErrand(options.system, errand, signal);
  const { state, said } = { said: undefined, ...outcome };
  const now = await lookAtAll(options, signal);
  const done = how === 'apply' ? ('applied' as const) : ('undone' as const);
  return {
    remedy,
    state: state === 'done' ? done : state,
    ...(said === undefined ? {} : { said }),
    findings: [...(await (state === 'done' ? retested(options, found, now, signal) : findingsOf(now)))],
  };
}

/** Those that can be applied, or taken back, now. */
function namesOf({ checked }: Look, how: 'apply' | 'undo'): readonly string[] {
  const can = ({ finding, cure }: Checked) =>
    how === 'apply'
      ? cure?.apply !== undefined && finding.state !== 'good'
      : cure?.undo !== undefined && cure.remedy.applied;
  return [...new Set(checked.filter(can).flatMap(({ cure }) => cure?.remedy.id ?? []))];
}

function remedied({ checked }: Look, remedy: string): Checked | undefined {
  return checked.find(({ cure }) => cure?.remedy.id === remedy);
}

/**
 * What the doctor did can be taken back though nothing that is found now has that remedy: the thing that it was for has
 * gone, or somebody else's rule is in the way. Rules and the driver are the computer's, for whichever thing they were.
 */
async function traceOf(system: System, before: Look, remedy: string): Promise<Checked | undefined> {
  const name = TRACES.find((each) => remedy === each || remedy.startsWith(`${each}:`));
  if (name === undefined) return undefined;
  const found = remedied(before, name);
  if (found !== undefined) return found;
  const cure = await cureOf(name, system);
  if (cure?.remedy.applied !== true) return undefined;
  return { finding: computerFinding(name, { state: 'good', facts: [] }), cure };
}

async function cureOf(name: Trace, system: System): Promise<Cure | undefined> {
  switch (name) {
    case 'udev-rules':
      return rulesCure({ system });
    case 'modem-manager':
      return modemManagerCure({ system, id: name });
    case 'driver':
      return driverCure(system);
    default:
      return assertNever(name);
  }
}

function errandOf({ remedy, apply, undo }: Cure, how: 'apply' | 'undo'): Errand {
  if (how === 'apply') {
    if (apply !== undefined) return apply;
    throw new PcAgentError('doctor/remedy-manual', `the remedy ${remedy.id} is for a person`, {
      details: { remedy: remedy.id },
    });
  }
  if (undo !== undefined && remedy.applied) return undo;
  throw new PcAgentError('doctor/nothing-to-undo', `the doctor did not apply ${remedy.id}`, {
    details: { remedy: remedy.id },
  });
}

/** The thing that the remedy is for is tried for real; after a remedy for the computer all things are. */
async function retested(
  options: DoctorOptions,
  { finding }: Checked,
  now: Look,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const own = finding.id.slice(finding.check.length + 1);
  let findings = findingsOf(now);
  const until = options.clock.monotonic() + TURN_LIMIT;
  for (const thing of now.things.filter(({ id }) => own === '' || id === own)) {
    findings = withOpened(findings, thing.id, await openWays(thing, { ...options, signal, until }));
  }
  return findings;
}
