import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { FaultBoard } from '../../../src-main/virtual/handset/fault-board.ts';
import { faultyStream } from '../../../src-main/virtual/handset/faulty-stream.ts';

const signal = new AbortController().signal;
const LOST = { code: 'bearer/lost' };

/** A link whose handset has these faults; sleeps are over at once and are counted. */
function link(...faults: readonly (readonly [name: string, value?: string])[]) {
  const [near, far] = memoryPair({ capacity: 4096 });
  const sleeps: number[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    monotonic: () => 0,
    sleep: async (duration, stop) => {
      stop.throwIfAborted();
      sleeps.push(Math.round(duration));
    },
  };
  const choice = ([name, value]: readonly [string, string?]) => ({ name, ...(value === undefined ? {} : { value }) });
  const board = new FaultBoard(faults.map(choice));
  const stream = faultyStream(far, board, clock);
  const set = (...next: readonly (readonly [string, string?])[]) => board.set(next.map(choice));
  return { near, stream, board, set, sleeps };
}

async function everything(stream: { read: (signal: AbortSignal) => Promise<Uint8Array | undefined> }) {
  const octets: number[] = [];
  for (;;) {
    const piece = await stream.read(signal).catch(() => undefined);
    if (piece === undefined) return octets;
    octets.push(...piece);
  }
}

const counted = (length: number): Uint8Array => Uint8Array.from({ length }, (_none, index) => index & 0xff);

describe('a cable that is pulled at a byte', () => {
  it.each<readonly [string, string, number]>([
    ['of what is sent', 'sent:10', 10],
    ['of both ways together', '25', 5],
    ['of what is received, which does not count here', 'received:21', 30],
  ])('%s: what came before it has arrived, and no octet more', async (_what, value, arrived) => {
    const { near, stream } = link(['cable-at-byte', value]);
    await near.write(counted(20), signal);
    expect(await stream.read(signal)).toEqual(counted(20));
    const writing = stream.write(counted(30), signal);
    if (arrived < 30) await expect(writing).rejects.toMatchObject(LOST);
    else await writing;
    if (arrived === 30) await stream.close();
    expect(await everything(near)).toEqual([...counted(arrived)]);
  });

  it('is pulled in the middle of what comes, and then nothing goes either way', async () => {
    const { near, stream } = link(['cable-at-byte', 'received:7']);
    await near.write(counted(20), signal);
    expect(await stream.read(signal)).toEqual(counted(7));
    await expect(stream.read(signal)).rejects.toMatchObject(LOST);
    await expect(stream.write(counted(1), signal)).rejects.toMatchObject(LOST);
    await expect(near.write(counted(1), signal)).rejects.toMatchObject(LOST);
  });

  it('has carried by then what went before the fault was set', async () => {
    const { near, stream, set } = link();
    await near.write(counted(20), signal);
    await stream.read(signal);
    set(['cable-at-byte', '24']);
    await expect(stream.write(counted(10), signal)).rejects.toMatchObject(LOST);
    expect(await everything(near)).toEqual([...counted(4)]);
  });
});

describe('a slow link', () => {
  it('takes a tenth of a second for a tenth of its bytes, both ways, and changes nothing of them', async () => {
    const { near, stream, sleeps } = link(['slow-link', '1000']);
    await stream.write(counted(250), signal);
    expect(sleeps).toEqual([100, 100, 50]);
    expect(await near.read(signal)).toEqual(counted(250));
    await near.write(counted(150), signal);
    expect(await stream.read(signal)).toEqual(counted(100));
    expect((await stream.read(signal))?.length).toBe(50);
    expect(sleeps.slice(3)).toEqual([100, 50]);
  });

  it('comes late by the delay that was named, also where its rate has no limit', async () => {
    const { stream, sleeps } = link(['slow-link', '0/150']);
    await stream.write(counted(3000), signal);
    expect(sleeps).toEqual([150]);
  });

  it('holds back the other side, which has written what the link can hold', async () => {
    const { near, stream } = link(['slow-link', '100']);
    const writing = near.write(counted(10_000), signal);
    await stream.read(signal);
    const first = await Promise.race([writing.then(() => 'taken'), Promise.resolve('waits')]);
    expect(first).toBe('waits');
    await stream.close();
    await expect(writing).rejects.toMatchObject(LOST);
  });

  it('ends with the signal and has lost nothing of what came', async () => {
    const { near, stream, set } = link(['slow-link', '100']);
    const stop = new AbortController();
    await near.write(counted(40), signal);
    stop.abort();
    await expect(stream.read(stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    set();
    expect(await stream.read(signal)).toEqual(counted(40));
  });
});
