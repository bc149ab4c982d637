/**
 * `bench lob`: a package of 100 MB from the PC's own server to a virtual handset that keeps it in a file, both real,
 * over OBEX; the bearer is simulated: each octet on the wire and each turnaround is charged to a faked clock. Messages
 * of 4, 16 and 64 KB, WBXML and XML. The octets are the same whatever the bearer, so one delivery is charged to four
 * clocks. `LOB_MB` makes it smaller for a try. Exit 0: the goals are met; 1: one is not.
 */
import type { Encoding } from '../../../src-main/syncml/model.ts';
import { type Delivery, deliver } from './delivery.ts';
import { BEARERS, ceiling, overheadOf, SHORTEST, secondsOf } from './model.ts';

/** Share of the ceiling. */
const SHARE_GOAL = 0.99;
/** MB that the memory may grow by, whatever the size. */
const GROWTH_GOAL = 16;
const MB = 1_000_000;
const SIZE = 100;
const MESSAGES = [4096, 16_384, 65_535] as const;
const ENCODINGS: readonly Encoding[] = ['wbxml', 'xml'];

export async function run(): Promise<number> {
  const megabytes = Number(process.env.LOB_MB ?? SIZE);
  if (!(megabytes >= 1)) throw new Error('LOB_MB is a number of megabytes from 1');
  // What the first delivery compiles and sets up is not the delivery's own.
  await deliver({ size: MB, maxMessage: 4096, encoding: 'xml' });
  let met = true;
  console.log(`${megabytes} MB; simulated throughput in kB of the package a second`);
  for (const encoding of ENCODINGS) {
    for (const maxMessage of MESSAGES) {
      const delivery = await deliver({ size: megabytes * MB, maxMessage, encoding });
      met = report(delivery, maxMessage, encoding) && met;
    }
  }
  return met ? 0 : 1;
}

/** @returns whether the goals are met. */
function report(delivery: Delivery, maxMessage: number, encoding: Encoding): boolean {
  const { traffic, delivered, messages, cpu, growth } = delivery;
  const grew = growth <= GROWTH_GOAL;
  console.log(
    `${encoding}, messages of ${maxMessage}: ${messages} of them, ${(delivered / messages).toFixed(0)} bytes each; ` +
      `CPU of both ends ${cpu.toFixed(1)} s; memory grew by ${growth.toFixed(1)} MB, goal at most ${GROWTH_GOAL}: ${verdict(grew)}`,
  );
  let met = grew;
  for (const bearer of BEARERS) {
    const rate = delivered / secondsOf(traffic, bearer);
    const most = ceiling(maxMessage, encoding, bearer, overheadOf(encoding));
    const share = rate / most;
    const shortest = rate / ceiling(maxMessage, encoding, bearer, SHORTEST[encoding]);
    met = share >= SHARE_GOAL && met;
    console.log(
      `  ${bearer.name.padEnd(15)} ${kilobytes(rate)} of ${kilobytes(most)} = ${percent(share)}, goal ${percent(SHARE_GOAL)}: ${verdict(share >= SHARE_GOAL)}` +
        ` (${percent(shortest)} with the shortest messages of the model, ${percent(rate / bearer.rate)} of the bearer)`,
    );
  }
  return met;
}

function kilobytes(rate: number): string {
  return (rate / 1000).toFixed(1).padStart(8);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function verdict(met: boolean): string {
  return met ? 'met' : 'not met';
}

if (import.meta.main) process.exitCode = await run();
