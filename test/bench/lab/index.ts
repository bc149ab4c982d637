/**
 * `bench lab [--rounds N] [--megabytes N]`: inside the virtual machine of `test/lab`, through its kernel's USB stack, an
 * object of OBEX by our USB bearer against bare transfers of npm `usb` of the same sizes, one after the other in each
 * round; then how soon a card shows what the kernel has seen. Exit 0: both goals are met; 1: one is not; 2: no verdict
 * (no machine, too noisy).
 */
import { labMissing, Machine, prepareLab } from '../../lab/host/machine.ts';
import { judge, median, type Round } from '../codec/rounds.ts';

const ROUNDS = 7;
const MEGABYTES = 4;
const GOAL = 0.8;
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
  const verdicts = [await compareBulk(project, args), await cardTimes(project)];
  if (verdicts.includes('not met')) return 1;
  return verdicts.includes('too noisy') ? 2 : 0;
}

async function compareBulk(project: string, args: readonly string[]): Promise<string> {
  const megabytes = numberAfter(args, '--megabytes', MEGABYTES);
  const machine = await played(project, ['bulk', `${megabytes}`, `${numberAfter(args, '--rounds', ROUNDS)}`]);
  const rounds = machine.of('round').map(
    ({ bytes, ours, bare }): Round => ({
      subject: Number(bytes) / Number(ours),
      anchor: Number(bytes) / Number(bare),
    }),
  );
  if (rounds.length === 0) throw new Error(machine.describe());
  const { ratio, spread, verdict } = judge(rounds, GOAL);
  const rate = (of: (round: Round) => number): string => (median(rounds.map(of)) / 1e6).toFixed(2);
  console.log(
    `PUT over USB OBEX: ${ratio.toFixed(2)}x bare transfers (${rate((round) => round.subject)} against ${rate((round) => round.anchor)} MB/s, anchor's spread ${spread.toFixed(2)}), goal ${GOAL}x: ${verdict}`,
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

function numberAfter(args: readonly string[], flag: string, otherwise: number): number {
  const given = args.includes(flag) ? Number(args[args.indexOf(flag) + 1]) : Number.NaN;
  return given > 0 ? given : otherwise;
}
