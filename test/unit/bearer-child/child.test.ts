import { spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { Bearer, BearerAddress } from '../../../src-main/bearer/bearer.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { type ChildBearersOptions, childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import type { Invitation } from '../../../src-main/bearer/child/meeting-place.ts';
import { nodeBearerChild } from '../../../src-main/bearer/child/start-child.ts';
import type { TcpAddress } from '../../../src-main/bearer/tcp/tcp-address.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { thoroughly } from '../../support/thoroughly.ts';

const never = new AbortController().signal;
const CHILD = new URL('fixtures/trick-child.ts', import.meta.url);
const LOST = { code: 'bearer/lost' };
const own = createTcpBearer();

/** Bearers with a child that has tricks, and what was noted and where it was invited to. */
function rig(options: Partial<ChildBearersOptions> = {}) {
  const notes: string[] = [];
  const invited: Invitation[] = [];
  const start = options.start ?? nodeBearerChild(CHILD);
  const bearers = childBearers({
    tcp: true,
    note: (text) => notes.push(text),
    ...options,
    start: (invitation) => {
      invited.push(invitation);
      return start(invitation);
    },
  });
  onTestFinished(() => bearers.close());
  const tcp = bearers.for('tcp');
  const trick = (name: string) =>
    tcp.dial(tcp.parse(`tcp:${name}.invalid:1`), { signal: never }).then(
      () => undefined,
      (error: unknown) => error as { readonly code: string; readonly details: { readonly pid: number } },
    );
  return { bearers, tcp, trick, notes, invited };
}

async function farEnd(): Promise<{ readonly address: TcpAddress; readonly next: () => Promise<ByteStream> }> {
  const waiting: ((stream: ByteStream) => void)[] = [];
  const come: ByteStream[] = [];
  const listener = await own.listen(own.parse('tcp:127.0.0.1:0'), {
    signal: never,
    onStream: (stream) => {
      onTestFinished(() => stream.close());
      const next = waiting.shift();
      if (next === undefined) come.push(stream);
      else next(stream);
    },
  });
  onTestFinished(() => listener.close());
  return {
    address: own.parse(listener.address.text),
    next: () => {
      const stream = come.shift();
      return stream === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(stream);
    },
  };
}

async function dial(bearer: Bearer, address: BearerAddress): Promise<ByteStream> {
  const stream = await bearer.dial(address, { signal: never });
  onTestFinished(() => stream.close());
  return stream;
}

/** Writes until it is told that nobody takes it any more. */
async function flood(stream: ByteStream, onWritten: () => void): Promise<unknown> {
  const bytes = new Uint8Array(65_536);
  try {
    for (;;) {
      await stream.write(bytes, never);
      onWritten();
    }
  } catch (error) {
    return error;
  }
}

async function drain(stream: ByteStream): Promise<void> {
  while ((await stream.read(never)) !== undefined);
}

describe('the process with the native modules', () => {
  it('may be killed in mid-transfer: its streams are lost, others go on, and the next request has a new one', async () => {
    const { tcp, trick, notes, bearers } = rig();
    const far = await farEnd();
    const through = await dial(tcp, far.address);
    const throughFar = await far.next();
    drain(throughFar).catch(() => undefined);
    const beside = await dial(own, far.address);
    const besideFar = await far.next();
    const reading = through.read(never);
    reading.catch(() => undefined);
    let written = 0;
    let killed: Promise<unknown> | undefined;
    const failed = await flood(through, () => {
      written += 1;
      if (written === 20) killed = trick('kill');
    });
    expect(failed).toMatchObject({ ...LOST, retry: 'same-bearer' });
    await expect(reading).rejects.toMatchObject(LOST);
    await expect(through.write(Uint8Array.of(1), never)).rejects.toMatchObject(LOST);
    expect(await killed).toMatchObject({ code: 'bearer/child-lost', retry: 'later' });
    await beside.write(Uint8Array.of(7), never);
    expect(await besideFar.read(never)).toEqual(Uint8Array.of(7));
    const again = await dial(tcp, far.address);
    await again.write(Uint8Array.of(8), never);
    expect(await (await far.next()).read(never)).toEqual(Uint8Array.of(8));
    expect(notes).toHaveLength(1);
    await bearers.close();
    await expect(again.read(never)).rejects.toMatchObject(LOST);
    await expect(tcp.dial(far.address, { signal: never })).rejects.toMatchObject({ code: 'bearer/child-lost' });
  });

  it('makes room for another when the system holds its Bluetooth, once nobody needs it for a cable', async () => {
    const { tcp, trick, notes } = rig();
    const far = await farEnd();
    const through = await dial(tcp, far.address);
    const throughFar = await far.next();
    const before = await trick('pid');
    expect(await trick('stuck')).toMatchObject({ code: 'bearer/timeout', retry: 'later' });
    await through.write(Uint8Array.of(7), never);
    expect(await throughFar.read(never)).toEqual(Uint8Array.of(7));
    expect(await trick('pid')).toMatchObject({ details: { pid: before?.details.pid } });
    expect(notes).toEqual([]);
    // Nor does a handset suffer that is just being dialled.
    const dialled = trick('slow');
    await trick('pid');
    await through.close();
    expect(await dialled).toMatchObject({ code: 'bearer/unavailable', details: { pid: before?.details.pid } });
    await vi.waitFor(() => expect(notes).toHaveLength(1), 30_000);
    expect((await trick('pid'))?.details.pid).not.toBe(before?.details.pid);
    expect(await trick('stuck')).toMatchObject({ code: 'bearer/timeout' });
    await vi.waitFor(() => expect(notes).toHaveLength(2), 30_000);
  });

  it('is killed when it hangs, and a listener of it listens again', async () => {
    const { tcp, trick, notes } = rig({ heartbeat: milliseconds(400) });
    const arrived: ByteStream[] = [];
    const listener = await tcp.listen(tcp.parse('tcp:127.0.0.1:0'), {
      signal: never,
      onStream: (stream) => {
        onTestFinished(() => stream.close());
        arrived.push(stream);
      },
    });
    expect(await trick('hang')).toMatchObject({ code: 'bearer/child-lost', details: { how: 'it did not answer' } });
    expect(notes[0]).toContain('it did not answer');
    const address = own.parse(listener.address.text);
    const visit = async () => {
      const stream = await dial(own, address);
      await stream.write(Uint8Array.of(9), never);
      return arrived.length;
    };
    await expect.poll(() => visit().catch(() => 0)).toBeGreaterThan(0);
    expect(await arrived[0]?.read(never)).toEqual(Uint8Array.of(9));
    await listener.close();
    await expect(own.dial(address, { signal: never })).rejects.toMatchObject({ code: 'bearer/unavailable' });
  });

  thoroughly('holds nothing of a thousand streams that were closed, and of dials that were broken off', async () => {
    const { tcp, trick } = rig();
    const pid = (await trick('pid'))?.details.pid ?? 0;
    const listener = await own.listen(own.parse('tcp:127.0.0.1:0'), {
      signal: never,
      onStream: (stream) => void echo(stream).finally(() => stream.close()),
    });
    onTestFinished(() => listener.close());
    const address = own.parse(listener.address.text);
    const { signal } = new AbortController();
    const held = () => ({
      listeners: getEventListeners(signal, 'abort').length,
      host: [...process.getActiveResourcesInfo(), ...descriptorsOf(process.pid)].length,
      child: descriptorsOf(pid).length,
    });
    const visit = async (round: number): Promise<void> => {
      if (round % 10 === 0) {
        const breakOff = new AbortController();
        const dialled = tcp.dial(address, { signal: breakOff.signal }).then((stream) => stream.close());
        if (round % 20 === 0) await new Promise(setImmediate);
        breakOff.abort();
        return dialled.catch((error: unknown) => expect(error).toMatchObject({ name: 'AbortError' }));
      }
      const stream = await tcp.dial(address, { signal });
      await stream.write(Uint8Array.of(round & 0xff), signal);
      expect(await stream.read(signal)).toEqual(Uint8Array.of(round & 0xff));
      await stream.close();
    };
    const visits = async (count: number): Promise<void> => {
      for (let round = 1; round <= count; round += 8) {
        await Promise.all(Array.from({ length: 8 }, (_, index) => visit(round + index)));
      }
    };
    await visits(40);
    const before = held();
    await visits(1000);
    // The kernel's end of a connection may come some turns after its stream is closed.
    await expect.poll(() => atMost(held(), before)).toEqual([]);
  });

  it('serves on when a native module fails, cannot be loaded, or has nothing to work with', async () => {
    const { bearers, tcp, trick } = rig();
    const before = await trick('pid');
    await trick('reject');
    await trick('no-serialport');
    const [serial, usb] = [bearers.for('serial'), bearers.for('usb')];
    await expect(serial.dial(serial.parse('serial:/dev/ttyS0'), { signal: never })).rejects.toMatchObject({
      code: 'bearer/module-missing',
      details: { bearer: 'serial', os: 'no build for this system' },
    });
    await expect(usb.dial(usb.parse('usb:FFFF:FFFF:nobody'), { signal: never })).rejects.toMatchObject({
      code: 'bearer/unavailable',
    });
    const things = await bearers.discovery.look(never);
    expect(things.every(({ id }) => id !== '')).toBe(true);
    const stop = new AbortController();
    await bearers.discovery.watch((seen) => {
      expect(seen).toEqual(things);
      stop.abort();
    }, stop.signal);
    await expect(bearers.discovery.look(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    const far = await farEnd();
    await dial(tcp, far.address);
    expect((await trick('pid'))?.details.pid).toBe(before?.details.pid);
  });

  it.skipIf(process.platform === 'win32')('ends when its host is killed, and leaves nothing behind', async () => {
    const fixture = fileURLToPath(new URL('fixtures/host.ts', import.meta.url));
    const host = spawn(process.execPath, ['--eval', `import(${JSON.stringify(fixture)}).then((it) => it.main())`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void host.kill('SIGKILL'));
    const [line] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
    const { pid, folder } = JSON.parse(line) as { pid: number; folder: string };
    expect(isRunning(pid)).toBe(true);
    expect(existsSync(folder)).toBe(true);
    host.kill('SIGKILL');
    await expect.poll(() => isRunning(pid) || existsSync(folder)).toBe(false);
  });
});

async function echo(stream: ByteStream): Promise<void> {
  for (;;) {
    const bytes = await stream.read(never);
    if (bytes === undefined) return;
    await stream.write(bytes, never);
  }
}

/** Only Linux shows them. */
function descriptorsOf(pid: number): readonly string[] {
  return process.platform === 'linux' ? readdirSync(`/proc/${pid}/fd`) : [];
}

/** What there is more of than before; a few come and go by themselves. */
function atMost(now: Readonly<Record<string, number>>, before: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(now)
    .filter(([name, count]) => count > (before[name] ?? 0) + 4)
    .map(([name, count]) => `${name}: ${count} rather than ${before[name]}`);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('Bluetooth in the child', () => {
  it('tells the services of a handset, what carries the octets, and who calls', async () => {
    const { bearers } = rig();
    expect(await bearers.rfcomm.services('00:1A:89:10:20:30', never)).toEqual([
      { kind: 'syncml-dm-client', channel: 13, name: 'SyncML DM Client' },
      { kind: 'obex-push', channel: 9 },
    ]);
    const state = await bearers.rfcomm.state(never);
    expect(state).toEqual(await ownProcessBearers().rfcomm.state(never));
    expect(state).toMatchObject({ implementation: 'addon', lookUp: true });
    const bluetooth = bearers.for('bluetooth');
    const called = Promise.withResolvers<ByteStream>();
    const listener = await bluetooth.listen(bluetooth.parse('bluetooth:00:00:00:00:00:00'), {
      signal: never,
      onStream: called.resolve,
    });
    expect(listener.address.text).toBe('bluetooth:00:00:00:00:00:00@1');
    const near = await dial(bluetooth, bluetooth.parse('bluetooth:00:1A:89:10:20:30@1'));
    const far = await called.promise;
    expect(far.peer).toBe('bluetooth:00:1A:89:10:20:30');
    await Promise.all([near.close(), far.close(), listener.close()]);
  });
});
