import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../src-main/base/byte-stream.ts';
import { isPcAgentError } from '../../src-main/base/errors.ts';
import { readRecords } from '../../src-main/bearer/bluetooth/sdp/sdp-client.ts';
import { servicesIn } from '../../src-main/bearer/bluetooth/sdp/service-records.ts';
import { fuzzCount } from '../support/fuzz-count.ts';
import { mutations } from '../support/mutate.ts';
import { workTime } from '../support/work-time.ts';
import { BLUEZ_LIST, DM_CLIENT, FILE_TRANSFER, listOf, octetsOf, PUSH } from '../unit/bearer-bluetooth/records.ts';

const SEED = Number(process.env.PC_AGENT_FUZZ_SEED ?? 20_261_121);
/** Slowest that one answer may be, on a busy machine. */
const SLOWEST = 500;
const never = new AbortController().signal;
const LISTS = [listOf(DM_CLIENT, PUSH, FILE_TRANSFER), octetsOf(BLUEZ_LIST), listOf(DM_CLIENT)];

/** What is wrong with the services that records gave, or nothing. */
function fault(records: Uint8Array): string | undefined {
  for (const { channel, name = 'none' } of servicesIn(records)) {
    if (!(channel >= 1 && channel <= 30)) return `channel ${channel}`;
    if (name === '' || name.length > 100 || /\p{Cc}/u.test(name)) return `the name ${name}`;
  }
  return undefined;
}

/** A handset that answers each question with the same octets. */
function saying(answer: Uint8Array): ByteStream {
  let waiting = 0;
  return {
    write: async () => {
      waiting += 1;
    },
    read: async () => {
      waiting -= 1;
      return waiting < 0 ? undefined : answer;
    },
    close: async () => undefined,
  };
}

async function outcome(bytes: Uint8Array, work: () => unknown): Promise<string> {
  const start = workTime();
  const hex = (): string => Buffer.from(bytes).toString('hex');
  try {
    const wrong = await work();
    if (typeof wrong === 'string') return `${wrong}: ${hex()}`;
  } catch (error) {
    if (!isPcAgentError(error, 'bearer/records-invalid')) return `${String(error)}: ${hex()}`;
  }
  return workTime() - start > SLOWEST ? `slow: ${hex()}` : 'fine';
}

describe('what a handset says of its Bluetooth services, damaged', () => {
  it('gives services that can be dialled, or an error of ours, in time', async () => {
    const strange: string[] = [];
    for (const bytes of mutations(LISTS, SEED, fuzzCount('sdp')))
      strange.push(await outcome(bytes, () => fault(bytes)));
    expect(strange.filter((found) => found !== 'fine')).toEqual([]);
  });

  it('ends the look-up with records or an error of ours, in time', async () => {
    const answers = LISTS.flatMap((list) =>
      [[0], [2, 7, 7]].map((state) => {
        const length = 2 + list.length + state.length;
        const head = [7, 0, 1, length >> 8, length & 0xff, list.length >> 8, list.length & 0xff];
        return Uint8Array.of(...head, ...list, ...state);
      }),
    );
    const strange: string[] = [];
    for (const bytes of mutations(answers, SEED, fuzzCount('sdp') / 3)) {
      strange.push(await outcome(bytes, async () => void (await readRecords(saying(bytes), never))));
    }
    expect(strange.filter((found) => found !== 'fine')).toEqual([]);
  });
});
