import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { concatBytes, textOf, utf8 } from '../../../src-main/base/bytes.ts';
import type { Clock } from '../../../src-main/base/clock.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { switchToObex } from '../../../src-main/bearer/serial/at-switch.ts';
import { PreludeStream } from '../../../src-main/bearer/serial/prelude-stream.ts';
import { connectObex } from '../../../src-main/obex/client.ts';

const never = new AbortController().signal;
const CONNECTED = Uint8Array.of(0xa0, 0x00, 0x07, 0x10, 0x00, 0xff, 0xff);

/** Time that passes as soon as nothing else happens: a wait takes as many rounds of the event loop as it needs. */
function patientClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    now: () => new Date(0),
    monotonic: () => now,
    sleep: async (duration, signal) => {
      for (let round = 0; round < 20; round += 1) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      slept.push(duration);
      now += duration;
    },
  };
}

/** A modem that says what the table says, else ERROR; what is no command it gives to `other`. */
function modem(
  line: ByteStream,
  answers: Readonly<Record<string, string>>,
  options: { readonly echo?: boolean; readonly other?: (bytes: Uint8Array) => Uint8Array | undefined } = {},
): string[] {
  const heard: string[] = [];
  void (async () => {
    for (;;) {
      const bytes = await line.read(never);
      if (bytes === undefined) return;
      if (options.echo === true) await line.write(bytes, never);
      const text = textOf(bytes);
      const command = /(AT[^\r]*)\r$/.exec(text)?.[1];
      if (command === undefined) {
        heard.push(text.startsWith('+') || text === '\r' ? text : 'packet');
        const answer = options.other?.(bytes);
        if (answer !== undefined) await line.write(answer, never);
        continue;
      }
      heard.push(command);
      const answer = answers[command] ?? 'ERROR';
      if (answer !== '') await line.write(utf8(`\r\n${answer}\r\n`), never);
    }
  })().catch(() => undefined);
  return heard;
}

const USUAL = { ATZ: 'OK', ATE0: 'OK', AT: 'OK', 'AT+GMI': 'Siemens\r\n\r\nOK' };

describe('from AT commands to OBEX', () => {
  it.each([
    ['AT+CPROT=0', { 'AT+CPROT=0': 'CONNECT' }],
    ['AT+CPROT=0', { 'AT+CPROT=0': 'CONNECT 115200' }],
    ['AT*EOBEX', { 'AT*EOBEX': 'CONNECT' }],
    ['AT+MODE=22', { 'AT+MODE=22': 'OK' }],
    ['AT^SQWE=3', { 'AT^SQWE=0': 'OK', 'AT^SQWE=3': 'OK' }],
  ])('finds %s in the order of the table', async (sequence, answers) => {
    for (const echo of [false, true]) {
      const [pc, line] = memoryPair();
      const heard = modem(line, { ...USUAL, ...answers }, { echo });
      const switched = await switchToObex(pc, { clock: patientClock(), signal: never });
      expect(switched).toEqual({ sequence, maker: 'Siemens' });
      const tried = ['AT+CPROT=0', 'AT*EOBEX', 'AT+MODE=22', 'AT^SQWE=0', 'AT^SQWE=3'];
      expect(heard).toEqual(['ATZ', 'ATE0', 'AT+GMI', ...tried.slice(0, tried.indexOf(sequence) + 1)]);
    }
  });

  it('goes on without what a handset does not say of itself, and after an error that has a number', async () => {
    const [pc, line] = memoryPair();
    modem(line, { ATZ: 'OK', 'AT+GMI': '+CME ERROR: 100', 'AT+CPROT=0': 'CONNECT' });
    const switched = await switchToObex(pc, { clock: patientClock(), signal: never });
    expect(switched).toEqual({ sequence: 'AT+CPROT=0', maker: undefined });
  });

  it('waits 100 ms after CONNECT and drops the rest of the line', async () => {
    const [pc, line] = memoryPair();
    modem(line, { ...USUAL, 'AT+CPROT=0': 'CONNECT\r\n+CIEV: 2' });
    const clock = patientClock();
    await switchToObex(pc, { clock, signal: never });
    expect(clock.slept.at(-2)).toBe(100);
    await line.write(CONNECTED, never);
    expect(await pc.read(never)).toEqual(CONNECTED);
  });

  it('asks twice with 2 s each, then says that nobody answers', async () => {
    const [pc, line] = memoryPair();
    const heard = modem(line, { ATZ: '' });
    const clock = patientClock();
    await expect(switchToObex(pc, { clock, signal: never })).rejects.toMatchObject({ code: 'bearer/timeout' });
    expect(heard).toEqual(['ATZ', 'ATZ']);
    expect(clock.slept.filter((duration) => duration === 2000)).toHaveLength(2);
  });

  it('says so when none of the ways is known', async () => {
    const [pc, line] = memoryPair();
    modem(line, USUAL);
    await expect(switchToObex(pc, { clock: patientClock(), signal: never })).rejects.toMatchObject({
      code: 'bearer/no-obex',
      details: { maker: 'Siemens', tried: ['AT+CPROT=0', 'AT*EOBEX', 'AT+MODE=22', 'AT^SQWE=3'] },
    });
  });

  it('may be broken off, and notices a line that goes, at every command', async () => {
    for (const last of ['ATZ', 'ATE0', 'AT+GMI', 'AT+CPROT=0']) {
      for (const end of ['abort', 'reset'] as const) {
        const [pc, line] = memoryPair();
        const stop = new AbortController();
        void (async () => {
          for (;;) {
            const bytes = await line.read(never);
            if (bytes === undefined) return;
            if (textOf(bytes) !== `${last}\r`) await line.write(utf8('\r\nOK\r\n'), never);
            else if (end === 'abort') stop.abort();
            else line.reset();
          }
        })().catch(() => undefined);
        const expected = end === 'abort' ? { name: 'AbortError' } : { code: 'bearer/lost' };
        const switching = switchToObex(pc, { clock: patientClock(), signal: stop.signal });
        await expect(switching).rejects.toMatchObject(expected);
      }
    }
  });
});

describe('the first packet on a serial line', () => {
  const answerPackets = (bytes: Uint8Array) =>
    bytes[0] === 0x80 ? CONNECTED : bytes[0] === 0x81 ? Uint8Array.of(0xa0, 0, 3) : undefined;

  function line(pc: ByteStream, canBreak: boolean): { sendBreak(): Promise<boolean>; breaks: number } & ByteStream {
    const breakable = {
      breaks: 0,
      read: (signal: AbortSignal) => pc.read(signal),
      write: (bytes: Uint8Array, signal: AbortSignal) => pc.write(bytes, signal),
      close: () => pc.close(),
      sendBreak: async () => {
        if (canBreak) breakable.breaks += 1;
        return canBreak;
      },
    };
    return breakable;
  }

  it('is enough for a handset that speaks OBEX: no command is sent', async () => {
    const [pc, handset] = memoryPair();
    const heard = modem(handset, USUAL, { other: answerPackets });
    const stream = new PreludeStream(line(pc, true), { clock: patientClock() });
    const client = await connectObex(stream, { signal: never });
    await client.close();
    expect(heard).toEqual(['packet', 'packet']);
  });

  it('is found behind noise', async () => {
    const [pc, handset] = memoryPair();
    modem(handset, USUAL, {
      other: (bytes) => {
        const answer = answerPackets(bytes);
        return answer && concatBytes([Uint8Array.of(0x00, 0xff, 0x90, 0x00, 0x01, 0x41), answer]);
      },
    });
    const stream = new PreludeStream(line(pc, true), { clock: patientClock() });
    const client = await connectObex(stream, { signal: never });
    expect(client.packetLimit).toBe(65_535);
  });

  it.each([
    ['says nothing', false],
    ['gives it back as an echo', true],
  ])('is sent again after the commands when the handset %s', async (_name, echo) => {
    const [pc, handset] = memoryPair();
    let packets = 0;
    const heard = modem(
      handset,
      { ...USUAL, 'AT+CPROT=0': 'CONNECT' },
      {
        echo,
        other: (bytes) => {
          packets += 1;
          return packets > 1 ? answerPackets(bytes) : undefined;
        },
      },
    );
    const clock = patientClock();
    const stream = new PreludeStream(line(pc, true), { clock });
    expect((await connectObex(stream, { signal: never })).packetLimit).toBe(65_535);
    expect(clock.slept.includes(3000)).toBe(!echo);
    expect(heard).toEqual(['packet', 'ATZ', 'ATE0', 'AT+GMI', 'AT+CPROT=0', 'packet']);
  });

  it.each([
    ['a break', true],
    ['+++ between two silences', false],
  ])('leaves by %s when commands were needed', async (_name, canBreak) => {
    const [pc, handset] = memoryPair();
    let packets = 0;
    const heard = modem(
      handset,
      { ...USUAL, 'AT+CPROT=0': 'CONNECT' },
      {
        other: (bytes) => {
          packets += 1;
          return packets > 1 ? answerPackets(bytes) : undefined;
        },
      },
    );
    const clock = patientClock();
    const breakable = line(pc, canBreak);
    const client = await connectObex(new PreludeStream(breakable, { clock }), { signal: never });
    await client.close();
    if (canBreak) {
      expect(breakable.breaks).toBe(1);
      // The break has done it: it hears commands again.
      expect(heard.slice(-2)).toEqual(['packet', 'AT']);
    } else {
      await expect.poll(() => heard.slice(-2).join('')).toBe('+++\r');
      expect(clock.slept.filter((duration) => duration === 1000)).toHaveLength(2);
    }
  });
});
