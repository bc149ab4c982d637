/** `bench lab` inside the machine: OBEX through our RFCOMM bearer against plain sockets that send packets of the same sizes. */
import { setTimeout as sleep } from 'node:timers/promises';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { Programs, run, say } from './guest.ts';
import { putSeconds } from './put-seconds.ts';
import { Radio } from './radio.ts';

const HOME = '/tmp/home';
/** Made of `bare/rfcomm.c` where the bench was started. */
const BARE = '/project/rfcomm';
const CHANNEL = 7;
/** Octets of an OBEX packet at most (IrOBEX 1.5, 3.4.1.4). */
const PACKET = 65_535;
/** Milliseconds in which the last channel is closed for good. */
const BETWEEN = 300;
const never = new AbortController().signal;

/** Says seconds of both, round after round; the first warms up and is not said. */
export async function compareRfcomm(kilobytes: number, rounds: number): Promise<void> {
  const programs = new Programs(HOME);
  const bearers = ownProcessBearers();
  try {
    const radio = new Radio(programs);
    await radio.open();
    const { address } = radio.phone;
    const end = programs.program('far end', [BARE, 'serve', `${CHANNEL}`]);
    await end.event('where it listens', ({ type }) => type === 'listening');
    const packets = Math.ceil((kilobytes * 1024) / PACKET);
    const body = Buffer.alloc(packets * PACKET, 'octets of no meaning');
    const bare = () => Number(run(BARE, 'call', address, `${CHANNEL}`, `${PACKET}`, `${packets}`));
    const ours = async () => {
      const bearer = bearers.for('bluetooth');
      const stream = await bearer.dial(bearer.parse(`bluetooth:${address}@${CHANNEL}`), { signal: never });
      return putSeconds(stream, body);
    };
    for (let round = 0; round <= rounds; round += 1) {
      const taken: Record<string, number> = {};
      const turns = [{ ours }, { bare }];
      for (const turn of round % 2 === 1 ? turns : turns.toReversed()) {
        for (const [name, what] of Object.entries(turn)) taken[name] = await what();
        await sleep(BETWEEN);
      }
      if (round > 0) say({ type: 'round', bytes: body.length, ...taken });
    }
  } finally {
    await bearers.close();
    await programs.end();
  }
}
