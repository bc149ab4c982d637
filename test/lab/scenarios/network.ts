/** A phone that has a network link to the computer: a network namespace at a cable. */
import assert from 'node:assert/strict';
import { virtualImei } from '../../../src-main/base/imei.ts';
import type { Bench, Witnessed } from './bench.ts';
import { witness } from './bench.ts';
import type { Scenario } from './cable.ts';
import { agentCommand } from './guest.ts';
import { Tether } from './tether.ts';
import { inState, letIn, listens, putOff, putOn } from './ways-in.ts';

/** IMEIs of other scenarios come before. */
const IMEI = virtualImei(200);

/** A handset behind a cable of its own posts its DM messages through the computer to the DM server. */
function caller(bench: Bench, tether: Tether, url: string): Witnessed {
  const command = agentCommand('virtual-handset', '--connect', url, '--imei', IMEI);
  return { device: `IMEI:${IMEI}`, program: bench.programs.program('tethered phone', tether.within(...command)) };
}

/** The phone, somebody at another network cable, and the way in that is open to the phone's cable only. */
export interface Network {
  readonly phone: Tether;
  readonly other: Tether;
  /** Where the phone's DM client posts to. */
  readonly address: string;
}

/** Plugs both in and opens the way in, plays, and takes all of it away again. */
export async function atNetwork<T>(bench: Bench, play: (network: Network) => Promise<T>): Promise<T> {
  const [phone, other] = [new Tether('phone', 1), new Tether('other', 2)];
  phone.plug();
  other.plug();
  try {
    const { address = '' } = await putOn(bench, 'network', phone.link);
    return await play({ phone, other, address });
  } finally {
    await putOff(bench, 'network').finally(() => {
      for (const each of [phone, other]) each.unplug();
    });
  }
}

/** Consent once, then sessions; nobody at another interface gets in. In the long part, back by itself with the cable. */
export const tethered: Scenario = (bench, long) =>
  atNetwork(bench, async ({ phone, other, address }) => {
    const first = caller(bench, phone, address);
    const compare = witness(bench, first);
    const held = await letIn(bench, 'network');
    assert.equal(held.device, first.device);
    assert.ok(held.from?.includes(phone.ends.phone), held.from);
    const { messages } = await compare();
    await assertShut(bench, other, address);
    return { messages, ...(long ? await pulledAndBack(bench, phone) : {}) };
  });

/** Seconds until it is known that the cable was pulled, and until it listens again with the cable. */
async function pulledAndBack(bench: Bench, phone: Tether): Promise<Readonly<Record<'gone' | 'back', number>>> {
  const cut = performance.now();
  phone.unplug();
  await inState(bench, 'network', 'waiting');
  const replugged = performance.now();
  phone.plug();
  const { address = '' } = await listens(bench, 'network');
  const back = performance.now();
  await witness(bench, caller(bench, phone, address))();
  return { gone: (replugged - cut) / 1000, back: (back - replugged) / 1000 };
}

/** The other machine has a way to that address, as the computer forwards nothing but takes its own. */
export async function assertShut(bench: Bench, other: Tether, url: string): Promise<void> {
  assert.match(await fetched(bench, other, '/dev/null', url), /^(000|403)$/);
}

/** curl puts what it gets into a file. @returns the status, 000 when there was no answer */
export function fetched(bench: Bench, tether: Tether, file: string, ...args: readonly string[]): Promise<string> {
  return curl(bench, tether, '--output', file, '--write-out', '%{http_code}\\n', ...args);
}

/** @returns what curl says there, whatever came of it */
export async function curl(bench: Bench, tether: Tether, ...args: readonly string[]): Promise<string> {
  const program = bench.programs.program('curl', tether.within('curl', '--silent', '--max-time', '20', ...args));
  await program.ended;
  return program.stdout;
}
