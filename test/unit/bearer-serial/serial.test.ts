import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { openNativePort } from '../../../src-main/bearer/child/native/serial-port.ts';
import { openPtyPair, type PtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import type { LinePort } from '../../../src-main/bearer/serial/line-port.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { openError } from '../../../src-main/bearer/serial/serial-errors.ts';
import { SerialStream } from '../../../src-main/bearer/serial/serial-stream.ts';

const never = new AbortController().signal;
const cleanUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

async function cable(): Promise<PtyPair> {
  const pair = await openPtyPair(never);
  cleanUp.push(() => pair.close());
  return pair;
}

const raw = createSerialBearer({ openPort: openNativePort, prelude: false });

async function dial(path: string, bearer = raw): Promise<ByteStream> {
  const stream = await bearer.dial(bearer.parse(`serial:${path}`), { signal: never });
  cleanUp.push(() => stream.close());
  return stream;
}

describe('serial address', () => {
  it('is a path with or without a speed, 115200 baud by default', () => {
    expect(raw.parse('serial:/dev/ttyUSB0')).toEqual({
      bearer: 'serial',
      text: 'serial:/dev/ttyUSB0',
      path: '/dev/ttyUSB0',
      baud: 115200,
    });
    expect(raw.parse('serial:COM3@9600')).toMatchObject({ path: 'COM3', baud: 9600 });
  });

  it.each(['serial:', 'serial:/dev/ttyUSB0@100', 'serial:/dev/x@99999999', 'COM3'])('refuses %s', (text) => {
    expect(() => raw.parse(text)).toThrowError(expect.objectContaining({ code: 'bearer/address-invalid' }));
  });
});

describe('opening a serial port', () => {
  it('says that another program uses it', async () => {
    const { near } = await cable();
    await dial(near);
    await expect(dial(near)).rejects.toMatchObject({ code: 'bearer/busy', retry: 'later' });
  });

  it.skipIf(process.platform !== 'linux')('says which program uses it', async () => {
    const { near } = await cable();
    const other = spawn('flock', ['-F', near, 'cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
    cleanUp.push(async () => void other.stdin.end());
    // What comes back has been read by the program that has the port.
    other.stdin.write('.');
    await once(other.stdout, 'data');
    const refused = await dial(near).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 'bearer/busy',
      details: { holder: 'cat', pid: other.pid, bearer: 'serial' },
    });
    expect(String(refused)).toContain(`: cat, process ${other.pid}`);
  });

  it('says that there is none', async () => {
    await expect(dial('/dev/pc-agent-none')).rejects.toMatchObject({
      code: 'bearer/unavailable',
      details: { address: 'serial:/dev/pc-agent-none' },
    });
  });

  it('says that it is something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'serial-'));
    cleanUp.push(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'file'), 'no port');
    await expect(dial(join(folder, 'file'))).rejects.toMatchObject({ code: 'bearer/not-a-tty' });
    await expect(dial(folder)).rejects.toMatchObject({ code: 'bearer/not-a-tty' });
  });

  it.each([
    ['Error: Permission denied, cannot open /dev/ttyS0', 'bearer/permission-denied'],
    ['Opening COM3: Access denied', 'bearer/busy'],
    ['Error: Device or resource busy, cannot open /dev/ttyS0', 'bearer/busy'],
    ['Opening COM9: File not found', 'bearer/unavailable'],
    ['Error: Inappropriate ioctl for device setting custom baud rate of 9600', 'bearer/not-a-tty'],
    ['something never seen', 'bearer/unavailable'],
  ])('takes "%s" for %s', (text, code) => {
    expect(openError(raw.parse('serial:/dev/ttyS0'), new Error(text))).toMatchObject({ code, details: { os: text } });
  });

  it('may be asked for by another name of the port, and at another speed', async () => {
    const { near, far } = await cable();
    const folder = await mkdtemp(join(tmpdir(), 'serial-'));
    cleanUp.push(() => rm(folder, { recursive: true }));
    const link = join(folder, 'phone');
    await symlink(near, link);
    const [one, other] = [await dial(`${link}@921600`), await dial(far)];
    await one.write(Uint8Array.of(1), never);
    expect(await other.read(never)).toEqual(Uint8Array.of(1));
  });

  it('throws away what was in the buffers', async () => {
    const { near, far } = await cable();
    const before = await dial(near);
    const there = await dial(far);
    await there.write(Uint8Array.of(1, 2, 3), never);
    expect(await before.read(never)).toEqual(Uint8Array.of(1, 2, 3));
    await before.close();
    // Nobody has the port open now; the pump still brings these.
    await there.write(new Uint8Array(100).fill(9), never);
    await there.write(new Uint8Array(100).fill(9), never);
    await expect
      .poll(async () => {
        const again = await dial(near);
        await there.write(Uint8Array.of(7), never);
        const first = await again.read(never);
        await again.close();
        return first?.[0];
      })
      .toBe(7);
  });
});

describe('serial stream', () => {
  it('reads while a write waits for room, and writes while a read waits', async () => {
    const { near, far } = await cable();
    const [one, other] = [await dial(near), await dial(far)];
    const reading = one.read(never);
    const flood = one.write(new Uint8Array(8 * 1024 * 1024), never);
    flood.catch(() => undefined);
    await other.write(Uint8Array.of(5), never);
    expect(await reading).toEqual(Uint8Array.of(5));
    // And the write goes on as soon as the other side reads.
    let got = 0;
    while (got < 8 * 1024 * 1024) got += (await other.read(never))?.length ?? 0;
    await flood;
    expect(got).toBe(8 * 1024 * 1024);
  });

  it('gives a write up with bearer/timeout when the line takes nothing', async () => {
    const full: LinePort = {
      tryRead: async () => 0,
      readable: () => new Promise(() => undefined),
      tryWrite: async () => 0,
      writable: async () => new Promise((resolve) => setImmediate(resolve)),
      setBreak: async () => undefined,
      setBaud: async () => undefined,
      onGone: () => undefined,
      close: async () => undefined,
    };
    const stream = new SerialStream(full, { clock: nodeClock, stallLimit: milliseconds(20) });
    await expect(stream.write(Uint8Array.of(1), never)).rejects.toMatchObject({
      code: 'bearer/timeout',
      retry: 'same-bearer',
    });
    await stream.close();
  });

  it('gives no write up while the line takes an octet now and then', async () => {
    const taken: number[] = [];
    const slow: LinePort = {
      tryRead: async () => 0,
      readable: () => new Promise(() => undefined),
      tryWrite: async () => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        taken.push(1);
        return 1;
      },
      writable: async () => undefined,
      setBreak: async () => undefined,
      setBaud: async () => undefined,
      onGone: () => undefined,
      close: async () => undefined,
    };
    const stream = new SerialStream(slow, { clock: nodeClock, stallLimit: milliseconds(400) });
    await stream.write(new Uint8Array(60), never);
    expect(taken.length).toBe(60);
    await stream.close();
  });

  it('notices that the port has gone while nobody reads and the queue is full', async () => {
    const pair = await cable();
    const [one, other] = [await dial(pair.near), await dial(pair.far)];
    const flood = (async () => {
      for (;;) await other.write(new Uint8Array(65_536), never);
    })();
    flood.catch(() => undefined);
    await pair.close();
    await expect(flood).rejects.toMatchObject({ code: 'bearer/lost' });
    await expect(one.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'bearer/lost' });
  });
});

describe('serial listener', () => {
  it('gives the line to the next stream when its owner has closed the one before', async () => {
    const { near, far } = await cable();
    const streams: ByteStream[] = [];
    const arrived: (() => void)[] = [];
    const next = async (count: number) => {
      while (streams.length < count) await new Promise<void>((resolve) => arrived.push(resolve));
      return streams[count - 1];
    };
    const listener = await raw.listen(raw.parse(`serial:${far}`), {
      signal: never,
      onStream: (stream) => {
        streams.push(stream);
        for (const wake of arrived.splice(0)) wake();
      },
    });
    cleanUp.push(() => listener.close());
    const first = await next(1);
    const one = await dial(near);
    await one.write(Uint8Array.of(1), never);
    expect(await first?.read(never)).toEqual(Uint8Array.of(1));
    await first?.close();
    const second = await next(2);
    await one.write(Uint8Array.of(2), never);
    expect(await second?.read(never)).toEqual(Uint8Array.of(2));
    await listener.close();
    await second?.close();
    await expect(dial(far)).resolves.toBeDefined();
  });

  it('ends quietly when the port is taken away, and lets the process end', async () => {
    const pair = await cable();
    const lost = Promise.withResolvers<unknown>();
    const listener = await raw.listen(raw.parse(`serial:${pair.far}`), {
      signal: never,
      onStream: (stream) => void stream.read(never).catch(lost.resolve),
    });
    await pair.close();
    expect(await lost.promise).toMatchObject({ code: 'bearer/lost' });
    await listener.close();
  });
});
