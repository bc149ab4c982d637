import { expect, it } from 'vitest';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { LinePort } from '../../../src-main/bearer/serial/line-port.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { patientClock } from '../../support/patient-clock.ts';

const never = new AbortController().signal;
const CONNECTED = Uint8Array.of(0xa0, 0x00, 0x07, 0x10, 0x00, 0xff, 0xff);
const ANSWERS: Readonly<Record<string, string>> = { ATZ: 'OK', ATE0: 'OK', AT: 'OK', 'AT*EOBEX': 'CONNECT' };

/** An adapter with a handset behind it that hears one speed, and of OBEX only what follows its command. */
function adapter(speed: number, answers = ANSWERS, start = 'AT*EOBEX') {
  const heard: string[] = [];
  const opened: number[] = [];
  const open = async ({ baud }: { readonly baud: number }): Promise<LinePort> => {
    opened.push(baud);
    let now = baud;
    let inObex = false;
    let stir = Promise.withResolvers<void>();
    const waiting: Uint8Array[] = [];
    const say = (bytes: Uint8Array): void => {
      waiting.push(bytes);
      stir.resolve();
      stir = Promise.withResolvers();
    };
    const hear = (bytes: Uint8Array): void => {
      if (now !== speed) return;
      const command = textOf(bytes).trim();
      const packet = (bytes[0] ?? 0) >= 0x80;
      heard.push(packet ? 'packet' : command);
      if (packet && inObex) say(bytes[0] === 0x80 ? CONNECTED : Uint8Array.of(0xa0, 0, 3));
      if (packet) return;
      inObex = command === start;
      say(utf8(`\r\n${answers[command] ?? 'ERROR'}\r\n`));
    };
    return {
      tryRead: async (buffer) => {
        const next = waiting.shift();
        buffer.set(next ?? []);
        return next?.length ?? 0;
      },
      readable: () => (waiting.length > 0 ? Promise.resolve() : stir.promise),
      tryWrite: async (bytes) => {
        hear(bytes.slice());
        return bytes.length;
      },
      writable: async () => undefined,
      setBreak: async () => undefined,
      setBaud: async (next) => {
        if (next === 38_400) throw new Error('not with this chip');
        now = next;
      },
      onGone: () => undefined,
      close: async () => undefined,
    };
  };
  return { open, heard, opened };
}

it('a command that a handset says yes to and then speaks no OBEX is tried last the next time', async () => {
  const says: Readonly<Record<string, string>> = {
    ...ANSWERS,
    'AT*EOBEX': 'ERROR',
    'AT+MODE=22': 'OK',
    'AT^SQWE=0': 'OK',
  };
  const { open, heard } = adapter(115_200, { ...says, 'AT^SQWE=3': 'OK' }, 'AT^SQWE=3');
  const clock = patientClock();
  const bearer = createSerialBearer({ openPort: open, clock });
  const session = async (patience: number): Promise<readonly string[]> => {
    heard.length = 0;
    const stream = await bearer.dial(bearer.parse('serial:/dev/ttyUSB0'), { signal: never });
    try {
      const timeouts = { response: milliseconds(100) };
      await (await connectObex(stream, { signal: never, timeouts })).close();
    } catch (error) {
      expect(error).toMatchObject({ code: 'obex/timeout' });
      await clock.sleep(milliseconds(patience), never);
      await stream.close();
    }
    return heard.filter((text) => text.includes('=') || text.includes('*'));
  };
  const [first, other] = [
    ['AT+CPROT=0', 'AT*EOBEX', 'AT+MODE=22'],
    ['AT^SQWE=0', 'AT^SQWE=3'],
  ];
  // It was broken off, and had no time to answer.
  expect(await session(1000)).toEqual(first);
  expect(await session(10_000)).toEqual(first);
  expect(await session(0)).toEqual(['AT+CPROT=0', 'AT*EOBEX', ...other]);
  expect(await session(0)).toEqual(other);
});

it('a handset behind an adapter is found at its speed, and looked for there with its own command the next time', async () => {
  const { open, heard, opened } = adapter(9600);
  const bearer = createSerialBearer({ openPort: open, clock: patientClock() });
  const session = async (address: string): Promise<readonly string[]> => {
    heard.length = 0;
    const client = await connectObex(await bearer.dial(bearer.parse(address), { signal: never }), { signal: never });
    await client.close();
    return [...heard];
  };
  const first = await session('serial:/dev/ttyUSB0');
  expect(first).toEqual(['AT', 'ATE0', 'AT+GMI', 'AT+CPROT=0', 'AT*EOBEX', 'packet', 'packet', 'AT']);
  const again = await session('serial:/dev/ttyUSB0');
  expect(again).toEqual(['packet', 'ATZ', 'ATE0', 'AT+GMI', 'AT*EOBEX', 'packet', 'packet', 'AT']);
  expect(opened).toEqual([115_200, 9600]);
  // What a person says is not looked for.
  const stream = await bearer.dial(bearer.parse('serial:/dev/ttyUSB0@19200'), { signal: never });
  await expect(connectObex(stream, { signal: never })).rejects.toMatchObject({ code: 'bearer/timeout' });
  await stream.close();
  expect(opened).toEqual([115_200, 9600, 19_200]);
});
