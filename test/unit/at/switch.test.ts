import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { concatBytes, textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { switchToObex } from '../../../src-main/bearer/serial/at-switch.ts';
import { PreludeStream } from '../../../src-main/bearer/serial/prelude-stream.ts';
import { needsSpeed, parseSerialAddress } from '../../../src-main/bearer/serial/serial-address.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { patientClock } from '../../support/patient-clock.ts';

const never = new AbortController().signal;
const CONNECTED = Uint8Array.of(0xa0, 0x00, 0x07, 0x10, 0x00, 0xff, 0xff);

/** A modem that says what the table says, else ERROR; what is no command it gives to `other`. */
function modem(
  line: ByteStream,
  answers: Readonly<Record<string, string>>,
  options: {
    readonly echo?: boolean;
    readonly other?: (bytes: Uint8Array) => Uint8Array | undefined;
    /** What it takes its time for before it answers the nth command. */
    readonly slow?: (command: string, nth: number) => Promise<void>;
  } = {},
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
      await options.slow?.(command, heard.length);
      const answer = answers[command] ?? 'ERROR';
      if (answer !== '') await line.write(utf8(`\r\n${answer}\r\n`), never);
    }
  })().catch(() => undefined);
  return heard;
}

/** Its answer to the first packet, which may be none, and from the second on that of a handset in OBEX. */
function afterFirst(answer: (bytes: Uint8Array) => Uint8Array | undefined, first?: Uint8Array) {
  let packets = 0;
  return (bytes: Uint8Array) => {
    packets += 1;
    return packets > 1 ? answer(bytes) : first;
  };
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

  it('tries what is known of a handset first, and only then what no other one is asked', async () => {
    const [pc, line] = memoryPair();
    const heard = modem(line, { ...USUAL, 'AT*EOBEX': 'CONNECT' });
    const traits = () => ({ first: ['AT+XLNK', 'AT+MODE=22', 'AT+NOBODY', 'AT+MODE=22'] });
    await switchToObex(pc, { clock: patientClock(), signal: never, traits });
    expect(heard.slice(3)).toEqual(['AT+XLNK', 'AT+MODE=22', 'AT+CPROT=0', 'AT*EOBEX']);
  });

  it('heeds what is known of the maker, behind what worked at the port last', async () => {
    const [pc, line] = memoryPair();
    const heard = modem(line, { ...USUAL, 'AT+GMI': 'SHARP\r\nOK', 'AT+XLNK': 'OK' });
    const clock = patientClock();
    const traits = (maker: string) => (maker === 'SHARP' ? { first: ['AT+XLNK'], settle: milliseconds(700) } : {});
    const known = { worked: { sequence: 'AT*EOBEX', maker: 'SHARP' } };
    await switchToObex(pc, { clock, signal: never, known, traits });
    expect(heard.slice(3)).toEqual(['AT*EOBEX', 'AT+XLNK']);
    expect(clock.slept).toContain(700);
  });

  it('tries what worked with another maker’s handset in its usual place, and what was in vain last', async () => {
    const [pc, line] = memoryPair();
    const heard = modem(line, { ...USUAL, 'AT^SQWE=0': 'OK', 'AT^SQWE=3': 'OK' });
    const known = {
      worked: { sequence: 'AT+XLNK', maker: 'SHARP' },
      failed: [
        { sequence: 'AT+MODE=22', maker: 'Siemens' },
        { sequence: 'AT^SQWE=3', maker: 'Motorola' },
      ],
    };
    await switchToObex(pc, { clock: patientClock(), signal: never, known });
    expect(heard.slice(3)).toEqual(['AT+CPROT=0', 'AT*EOBEX', 'AT^SQWE=0', 'AT^SQWE=3']);
  });

  it.each([
    ['goes on behind one command that is not answered', ['AT+CPROT=0'], 'AT*EOBEX', 4000],
    ['gives a handset up that starts again meanwhile', ['AT+CPROT=0', 'AT*EOBEX'], undefined, 8000],
  ])('%s', async (_name, mute, sequence, waited) => {
    const [pc, line] = memoryPair();
    modem(line, { ...USUAL, 'AT*EOBEX': 'CONNECT', ...Object.fromEntries(mute.map((command) => [command, ''])) });
    const clock = patientClock();
    const switching = switchToObex(pc, { clock, signal: never });
    if (sequence === undefined) await expect(switching).rejects.toMatchObject({ code: 'bearer/timeout' });
    else expect(await switching).toMatchObject({ sequence });
    expect(clock.slept.filter((duration) => duration === 4000)).toHaveLength(waited / 4000);
  });

  it('takes no answer that came too late for that to the next command', async () => {
    const [pc, line] = memoryPair();
    const clock = patientClock();
    // It needs longer for its first command than the limit is, and hears the second meanwhile.
    const slow = async (_command: string, nth: number) => {
      if (nth <= 2) await clock.sleep(milliseconds(1200), never);
    };
    const heard = modem(line, { ...USUAL, 'AT+CPROT=0': 'CONNECT' }, { slow });
    const speeds = { now: 115_200, others: [], set: async () => undefined, found: () => undefined };
    const switched = await switchToObex(pc, { clock, signal: never, speeds });
    expect(switched).toEqual({ sequence: 'AT+CPROT=0', maker: 'Siemens' });
    expect(heard).toEqual(['ATZ', 'ATZ', 'ATE0', 'AT+GMI', 'AT+CPROT=0']);
  });

  it('believes the second of two answers when the first belongs to the command before', async () => {
    const [pc, line] = memoryPair();
    const clock = patientClock();
    // Longer than a command that starts OBEX may take.
    const slow = async (command: string) => {
      if (command === 'AT+CPROT=0') await clock.sleep(milliseconds(4200), never);
    };
    const heard = modem(line, { ...USUAL, 'AT*EOBEX': 'CONNECT' }, { slow });
    const switched = await switchToObex(pc, { clock, signal: never });
    expect(switched).toEqual({ sequence: 'AT*EOBEX', maker: 'Siemens' });
    expect(heard.slice(3)).toEqual(['AT+CPROT=0', 'AT*EOBEX']);
  });

  it('is not confused by what the handset tells by itself', async () => {
    const [pc, line] = memoryPair();
    const babble = 'RING\r\n\r\n+CREG: 1\r\n\r\nNO CARRIER\r\n\r\n^SYSINFO: 2,3,0,5,1\r\n\r\n';
    const answers = { ATZ: 'OK', ATE0: 'OK', 'AT+GMI': 'Sony Ericsson\r\n\r\nOK', 'AT+CPROT=0': 'CONNECT' };
    modem(line, Object.fromEntries(Object.entries(answers).map(([command, text]) => [command, babble + text])));
    // To a command that opens a connection NO CARRIER is an answer: the next way is tried.
    await expect(switchToObex(pc, { clock: patientClock(), signal: never })).rejects.toMatchObject({
      code: 'bearer/no-obex',
      details: { maker: 'Sony Ericsson' },
    });
  });

  it('gives up at once who talks without an end', async () => {
    const [pc, line] = memoryPair();
    let sent = 0;
    void (async () => {
      await line.read(never);
      for (; sent < 16; sent += 1) await line.write(new Uint8Array(65_536).fill(0x55), never);
    })().catch(() => undefined);
    const switching = switchToObex(pc, { clock: patientClock(), signal: never });
    await expect(switching).rejects.toMatchObject({ code: 'bearer/no-obex', details: { command: 'ATZ' } });
    expect(sent).toBeLessThan(4);
    await pc.close();
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

  it('is not answered by an echo that is no sense at this speed', async () => {
    const [pc, handset] = memoryPair();
    const heard = modem(
      handset,
      { ...USUAL, 'AT+CPROT=0': 'CONNECT' },
      {
        other: afterFirst(answerPackets, Uint8Array.of(0x9e, 0xe0, 0x98, 0xf3, 0xa0, 0x66, 0x78, 0xe0, 0x80)),
      },
    );
    const stream = new PreludeStream(line(pc, true), { clock: patientClock() });
    expect((await connectObex(stream, { signal: never })).packetLimit).toBe(65_535);
    expect(heard).toEqual(['packet', 'ATZ', 'ATE0', 'AT+GMI', 'AT+CPROT=0', 'packet']);
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
    const heard = modem(
      handset,
      { ...USUAL, 'AT+CPROT=0': 'CONNECT' },
      {
        echo,
        other: afterFirst(answerPackets),
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
    const heard = modem(
      handset,
      { ...USUAL, 'AT+CPROT=0': 'CONNECT' },
      {
        other: afterFirst(answerPackets),
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

describe('the speed of a line', () => {
  function adapter(speed: number, refused: readonly number[] = []) {
    const [pc, far] = memoryPair();
    let baud = 115_200;
    const found: number[] = [];
    const answers = { ...USUAL, 'AT+CPROT=0': 'CONNECT' };
    const heard: string[] = [];
    void (async () => {
      for (;;) {
        const text = textOf((await far.read(never)) ?? utf8(''));
        if (text === '') return;
        heard.push(`${baud} ${text.trim()}`);
        const answer = Object.entries(answers).find(([command]) => `${command}\r` === text)?.[1] ?? 'ERROR';
        // At another speed there are octets too, but no sense in them.
        await far.write(baud === speed ? utf8(`\r\n${answer}\r\n`) : Uint8Array.of(0xfe, 0x80, 0x0d), never);
      }
    })().catch(() => undefined);
    const speeds = {
      now: 115_200,
      others: [57_600, 38_400, 9600],
      set: async (next: number) => {
        if (refused.includes(next)) throw new PcAgentError('bearer/unavailable', 'not this one');
        baud = next;
      },
      found: (at: number) => void found.push(at),
    };
    return { pc, speeds, found, heard, baud: () => baud };
  }

  it('is looked for where nobody answers, passing over what the adapter cannot do', async () => {
    const { pc, speeds, found, heard } = adapter(9600, [38_400]);
    await switchToObex(pc, { clock: patientClock(), signal: never, speeds });
    expect(found).toEqual([9600]);
    expect(heard).toEqual([
      ...['115200 ATZ', '115200 ATZ', '57600 AT', '9600 AT'],
      ...['9600 ATE0', '9600 AT+GMI', '9600 AT+CPROT=0'],
    ]);
  });

  it('is as before when nobody is there, within the time that a dialled line has', async () => {
    const { pc, speeds, found, baud } = adapter(0);
    const clock = patientClock();
    const switching = switchToObex(pc, { clock, signal: never, speeds });
    await expect(switching).rejects.toMatchObject({ code: 'bearer/timeout' });
    expect([found, baud()]).toEqual([[], 115_200]);
    expect(clock.monotonic()).toBeLessThan(4000);
  });

  it('is looked for on adapters alone, and not where the address names one', () => {
    const search = (text: string) => needsSpeed(parseSerialAddress(text));
    expect(['serial:/dev/ttyUSB0', 'serial:/dev/ttyS4', 'serial:COM12', 'serial:\\\\.\\COM3'].map(search)).toEqual(
      Array(4).fill(true),
    );
    const others = ['/dev/ttyACM0', '/dev/pts/4', '/dev/ttyUSB0@9600', 'COM3@9600', '/dev/rfcomm0', '/dev/ttyGS0'];
    expect(others.map((path) => search(`serial:${path}`))).toEqual(Array(6).fill(false));
  });
});

describe('a dialled line that is asked AT commands first', () => {
  function handset(hears: (text: string, before: readonly string[]) => string | undefined, canBreak = false) {
    const [pc, far] = memoryPair();
    const heard: string[] = [];
    void (async () => {
      for (;;) {
        const text = textOf((await far.read(never)) ?? utf8(''));
        if (text === '') return;
        const answer = hears(text, heard);
        heard.push(text);
        if (answer !== undefined) await far.write(utf8(answer), never);
      }
    })().catch(() => undefined);
    const line = {
      ...{ read: pc.read.bind(pc), write: pc.write.bind(pc), close: pc.close.bind(pc) },
      sendBreak: async () => {
        if (canBreak) heard.push('break');
        return canBreak;
      },
    };
    const clock = patientClock();
    return { stream: new PreludeStream(line, { clock }), heard, clock };
  }
  const OK = '\r\nOK\r\n';

  it.each([
    ['answers at once', false, () => OK, ['AT\r']],
    [
      'wakes up at the first',
      false,
      (_: string, before: readonly string[]) => (before[0] ? OK : undefined),
      ['AT\r', 'AT\r'],
    ],
    [
      'comes back from OBEX by a break',
      true,
      (_: string, before: readonly string[]) => (before.includes('break') ? OK : undefined),
      ['AT\r', 'AT\r', 'break', 'AT\r'],
    ],
    [
      'comes back from OBEX by +++ between two silences',
      true,
      (text: string, before: readonly string[]) => (text === 'AT\r' && before.includes('+++') ? OK : undefined),
      ['AT\r', 'AT\r', 'break', 'AT\r', '+++', '\r', 'AT\r'],
    ],
  ])('finds a handset that %s', async (_name, canBreak, hears, expected) => {
    const { stream, heard } = handset(hears, canBreak);
    await stream.write(utf8('ATE0\r'), never);
    await expect.poll(() => heard).toEqual([...expected, 'ATE0\r']);
    await stream.write(utf8('AT+CGMI\r'), never);
    await expect.poll(() => heard.at(-1)).toBe('AT+CGMI\r');
    await stream.close();
  });

  it('says within five seconds that nobody is there', async () => {
    const { stream, clock } = handset(() => undefined, true);
    await expect(stream.write(utf8('ATE0\r'), never)).rejects.toMatchObject({ code: 'bearer/timeout' });
    expect(clock.monotonic()).toBeLessThanOrEqual(5000);
  });
});
