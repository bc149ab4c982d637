import { adapterPulled, cycles, serviceRestarted } from './adapter.ts';
import { airLost, airSession, otherCarrier, phoneCalls } from './air.ts';
import { compareRfcomm } from './air-bulk.ts';
import { Bench } from './bench.ts';
import { compareBulk } from './bulk.ts';
import { acmSession, fourAtOnce, plugged, pulled, type Scenario, stranger, usbSession } from './cable.ts';
import { serveCrowd } from './crowd.ts';
import { serveFarEnd } from './far-end.ts';
import { driver, held, modemManager, noObex, permission, rules } from './faults.ts';
import { MOST_GADGETS } from './gadgets.ts';
import { radioGround, tetherGround } from './ground.ts';
import { blockedInKernel, say } from './guest.ts';
import { shownSoon, storm } from './hot-plug.ts';
import { tethered } from './network.ts';
import { ranges, strangeRequests } from './network-bytes.ts';
import { obexdServes, obexftpCalls } from './obexd.ts';
import { oneCard } from './one-card.ts';
import { found, pins } from './pairing.ts';
import { livePowered } from './power.ts';
import { flood, silentChannel, strangeRecords } from './strangers.ts';
import { liars, many, withoutUnion } from './user-space.ts';

/** The short part does with two, which start sooner. */
const HANDSETS = { short: 2, long: MOST_GADGETS };

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  plugged,
  usbSession,
  acmSession,
  fourAtOnce,
  pulled,
  stranger,
  shownSoon,
  storm,
  rules,
  permission,
  held,
  modemManager,
  driver,
  noObex,
  liars,
  radioGround,
  tetherGround,
  found,
  pins,
  airSession,
  airLost,
  otherCarrier,
  oneCard,
  adapterPulled,
  serviceRestarted,
  cycles,
  phoneCalls,
  obexdServes,
  obexftpCalls,
  tethered,
  ranges,
  strangeRequests,
  strangeRecords,
  silentChannel,
  flood,
  withoutUnion,
  many,
};

/**
 * The guest's side of the laboratory: `power LIFE`; `bulk MEGABYTES ROUNDS` and its `far-end TTY`; `rfcomm KILOBYTES
 * ROUNDS`; `crowd COUNT FIRST`; or `short NAME…` and `long NAME…`, which run scenarios one after the other on one bench and tell what became of each.
 */
export async function main([what = '', ...names]: readonly string[]): Promise<void> {
  if (what === 'power') return livePowered(Number(names[0]));
  if (what === 'bulk') return compareBulk(Number(names[0]), Number(names[1]));
  if (what === 'rfcomm') return compareRfcomm(Number(names[0]), Number(names[1]));
  if (what === 'crowd') return serveCrowd(Number(names[0]), Number(names[1]));
  if (what === 'far-end') return serveFarEnd(names[0] ?? '');
  const long = what === 'long';
  const bench = new Bench(long ? HANDSETS.long : HANDSETS.short);
  try {
    await bench.open();
    for (const name of names) await play(name, bench, long);
  } catch (error) {
    say({ type: 'trouble', error: textOf(error), programs: bench.programs.describe() });
  } finally {
    await bench.close();
  }
}

async function play(name: string, bench: Bench, long: boolean): Promise<void> {
  const began = performance.now();
  const took = () => (performance.now() - began) / 1000;
  try {
    const facts = await SCENARIOS[name]?.(bench, long);
    if (facts === undefined) throw new Error(`there is no scenario ${name}`);
    say({ type: 'scenario', name, ok: true, took: took(), facts });
  } catch (error) {
    const programs = `${bench.programs.describe()}\n--- blocked in the kernel\n${blockedInKernel()}`;
    say({ type: 'scenario', name, ok: false, took: took(), error: textOf(error), programs });
  }
}

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
