import { expect, it } from 'vitest';
import { PlainPort } from '../../../src-main/bearer/serial/plain-port.ts';
import { UnixPort } from '../../../src-main/bearer/serial/unix-port.ts';

const nothing = async () => undefined;

it.each(['plain', 'unix'])('a break leaves DTR and RTS as they are (%s)', async (kind) => {
  const told: unknown[] = [];
  const set = async (signals: object) => void told.push(signals);
  const binding = { set, update: nothing, close: nothing };
  const port =
    kind === 'plain'
      ? new PlainPort({ ...binding, read: () => Promise.reject(new Error('none')), write: nothing })
      : new UnixPort({ ...binding, fd: 99, poller: { poll: () => undefined, on: () => undefined } });
  await port.setBreak(true);
  await port.setBreak(false);
  // What serialport's bindings are not told they take away.
  expect(told).toEqual([
    { brk: true, dtr: true, rts: true },
    { brk: false, dtr: true, rts: true },
  ]);
});

it('a long write is told of as the line takes it, where serialport itself tells only of its end', async () => {
  const written: number[] = [];
  const port = new PlainPort({
    ...{ set: nothing, update: nothing, close: nothing, read: () => Promise.reject(new Error('none')) },
    write: async ({ length }) => void written.push(length),
  });
  expect(await port.tryWrite(new Uint8Array(10_000))).toBe(4096);
  expect(await port.tryWrite(new Uint8Array(100))).toBe(100);
  expect(written).toEqual([4096, 100]);
});
