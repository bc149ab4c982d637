/**
 * `bench lab [--rounds N] [--megabytes N] [--only usb|card|air]`: inside the virtual machine of `test/lab`, through its
 * kernel's USB stack, an object of OBEX by our USB bearer against bare transfers of npm `usb` of the same sizes, one after
 * the other in each round; how soon a card shows what the kernel has seen; and through its Bluetooth stack an object by
 * our RFCOMM bearer against plain sockets. Exit 0: the goals are met; 1: one is not; 2: no verdict (no machine, no C
 * compiler, too noisy).
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Machine, prepareLab } from '../../lab/host/machine.ts';
import { labMissing } from '../../lab/host/missing.ts';
import { ROOT } from '../../support/processes.ts';
import { judge, median, type Round } from '../codec/rounds.ts';
import { numberAfter } from '../number-after.ts';

const ROUNDS = 7;
const MEGABYTES = 4;
const GOAL = 0.8;
const AIR_GOAL = 0.9;
/** The air carries less than a cable. */
const AIR_SHARE = 8;
const PLAIN_SOCKETS = join(ROOT, 'test', 'lab', 'bare', 'rfcomm.c');
/** Seconds from the kernel's event to the card. */
const CARD_GOAL = 2;
/** Seconds for one boot. */
const LIMIT = 600;

export async function run(args: readonly string[]): Promise<number> {
  const missing = labMissing();
  if (missing !== undefined) {
    console.log(`bench lab: no verdict: ${missing}`);
    return 2;
  }
  const project = await prepareLab('bench');
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1] : undefined;
  const verdicts: string[] = [];
  for (const [name, measure] of Object.entries({ usb: compareUsb, card: cardTimes, air: compareAir })) {
    if (only === undefined || only === name) verdicts.push(await measure(project, args));
  }
  if (verdicts.includes('not met')) return 1;
  return verdicts.every((verdict) => verdict === 'met') ? 0 : 2;
}

async function compareUsb(project: string, args: readonly string[]): Promise<string> {
  const megabytes = numberAfter(args, '--megabytes', MEGABYTES);
  const machine = await played(project, ['bulk', `${megabytes}`, roundsOf(args)]);
  return verdictOf(machine, 'PUT over USB OBEX', 'bare transfers', GOAL);
}

async function compareAir(project: string, args: readonly string[]): Promise<string> {
  const words = ['-O2', '-static', '-o', join(project, 'rfcomm'), PLAIN_SOCKETS];
  const { status, stderr } = spawnSync('cc', words, { encoding: 'utf8' });
  if (status !== 0) {
    console.log(`PUT over RFCOMM: no verdict, as the plain sockets cannot be compiled: ${stderr ?? 'no cc'}`);
    return 'no verdict';
  }
  const kilobytes = (numberAfter(args, '--megabytes', MEGABYTES) * 1024) / AIR_SHARE;
  const machine = await played(project, ['rfcomm', `${kilobytes}`, roundsOf(args)]);
  return verdictOf(machine, 'PUT over RFCOMM', 'plain sockets', AIR_GOAL);
}

function verdictOf(machine: Machine, what: string, against: string, goal: number): string {
  const rounds = machine.of('round').map(
    ({ bytes, ours, bare }): Round => ({
      subject: Number(bytes) / Number(ours),
      anchor: Number(bytes) / Number(bare),
    }),
  );
  if (rounds.length === 0) throw new Error(machine.describe());
  const { ratio, spread, verdict } = judge(rounds, goal);
  const rate = (of: (round: Round) => number): string => (median(rounds.map(of)) / 1e6).toFixed(2);
  console.log(
    `${what}: ${ratio.toFixed(2)}x ${against} (${rate((round) => round.subject)} against ${rate((round) => round.anchor)} MB/s, anchor's spread ${spread.toFixed(2)}), goal ${goal}x: ${verdict}`,
  );
  return verdict;
}

async function cardTimes(project: string): Promise<string> {
  const machine = await played(project, ['long', 'shownSoon']);
  const end = machine.of('scenario').find(({ name }) => name === 'shownSoon');
  if (end?.ok !== true) throw new Error(machine.describe());
  const { median: time, delays } = end.facts as { readonly median: number; readonly delays: readonly number[] };
  const verdict = time <= CARD_GOAL ? 'met' : 'not met';
  console.log(
    `From the kernel's event to the card: ${time.toFixed(2)} s (median of ${delays.length}, at most ${Math.max(...delays).toFixed(2)}), goal ${CARD_GOAL} s: ${verdict}`,
  );
  return verdict;
}

/** A machine that has done this to its end. */
async function played(project: string, args: readonly string[]): Promise<Machine> {
  const machine = await Machine.boot({ project, args, limit: LIMIT });
  try {
    await machine.ended;
    return machine;
  } finally {
    await machine.dispose();
  }
}

const roundsOf = (args: readonly string[]): string => `${numberAfter(args, '--rounds', ROUNDS)}`;
