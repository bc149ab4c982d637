import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { LoopbackMeeting } from '../../../src-main/bearer/child/native/loopback-meeting.ts';
import { chooseRfcomm } from '../../../src-main/bearer/child/native/rfcomm.ts';
import { RfcommAddon } from '../../../src-main/bearer/child/native/rfcomm-addon.ts';
import {
  CLOSED,
  findRfcommBinary,
  loadRfcommBinary,
  type RfcommBinary,
  type RfcommHandler,
} from '../../../src-main/bearer/child/native/rfcomm-binary.ts';
import { isBinaryRight, sourcesDigest } from '../../../src-main/launch/build-native.mjs';
import { ownAddon } from './joined-host.ts';

vi.mock('node-bluetooth-serial-port', () => ({ default: { BluetoothSerialPort: class {} } }));

const never = new AbortController().signal;

describe('the Bluetooth addon', () => {
  it('was built from the sources that lie beside it', () => {
    expect(isBinaryRight()).toBe(true);
    expect(loadRfcommBinary(findRfcommBinary() ?? '').sources).toBe(sourcesDigest());
  });

  it('refuses what is no address, channel or number of its own, and goes on', () => {
    const binary = loadRfcommBinary(findRfcommBinary() ?? '');
    expect(() => binary.connect(0, 'AA:BB:CC:DD:EE:FF', 1, 1)).toThrow('not started');
    binary.start(() => undefined);
    expect(() => binary.start(() => undefined)).toThrow('started already');
    for (const address of ['', 'AA:BB:CC:DD:EE', 'aa:bb:cc:dd:ee:ff', 'AA:BB:CC:DD:EE:FF:', 'AA-BB-CC-DD-EE-FF']) {
      expect(() => binary.connect(0, address, 1, 1)).toThrow('an address is wrong');
      expect(() => binary.listen(0, address, 1)).toThrow('an address is wrong');
    }
    expect(() => binary.connect(0, 'AA:BB:CC:DD:EE:FF', 31, 1)).toThrow('a number is wrong');
    expect(() => binary.connect(2, 'AA:BB:CC:DD:EE:FF', 1, 1)).toThrow('a number is wrong');
    expect(() => binary.stop(0)).toThrow('a number is wrong');
    expect(() => binary.meet(1, 'short')).toThrow('the secret is wrong');
    binary.stop(4_000_000_000);
    binary.reset(1);
  });

  it('leaks no descriptor and no thread in 1,000 connections', async () => {
    const count = (what: 'fd' | 'task'): number => readdirSync(`/proc/self/${what}`).length;
    const round = async (): Promise<void> => {
      const [near, far] = await ownAddon().pair();
      await near.write(Uint8Array.of(1), never);
      await far.read(never);
      await Promise.all([near.close(), far.close()]);
    };
    for (let turn = 0; turn < 10; turn += 1) await round();
    // What this process does beside may come and go.
    const most = { fd: count('fd') + 20, task: count('task') + 20 };
    for (let turn = 0; turn < 1000; turn += 1) await round();
    expect(count('fd')).toBeLessThan(most.fd);
    expect(count('task')).toBeLessThan(most.task);
  });
});

describe('the addon’s thread, when the system does not let it go on', () => {
  /** It takes what is asked, and says what became of it when it is told to. */
  function silent() {
    let last = 0;
    let say: RfcommHandler = () => undefined;
    const next = (): number => {
      last += 1;
      return last;
    };
    const binary: RfcommBinary = {
      sources: '',
      sockets: () => '',
      start: (handler) => {
        say = handler;
      },
      connect: next,
      listen: () => [next(), 7],
      stop: () => undefined,
      reset: () => undefined,
      hold: () => undefined,
      pair: () => [next(), next()],
      meet: () => undefined,
    };
    return { addon: new RfcommAddon(binary), say: (kind: number, id: number) => say(kind, id, '', -1, 0, '') };
  }
  const peer = { address: '00:1A:89:10:20:30', channel: 3 };
  const STUCK = { code: 'bearer/timeout', details: { os: 'stuck' } };
  /** What it has come to up to now. */
  function watched(work: Promise<unknown>) {
    const seen: { error?: unknown; over: boolean } = { over: false };
    work.then(
      () => Object.assign(seen, { over: true }),
      (error: unknown) => Object.assign(seen, { over: true, error }),
    );
    return seen;
  }

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is waited for as long as it may take and 5 s', async () => {
    const { addon } = silent();
    const dialled = watched(addon.connect(peer, { signal: never, limit: seconds(20) }));
    const asked = watched(addon.records(peer.address, { signal: never, limit: seconds(20) }));
    await vi.advanceTimersByTimeAsync(24_900);
    expect([dialled.over, asked.over]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(400);
    expect([dialled.error, asked.error]).toMatchObject([STUCK, STUCK]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is waited for 5 s by who has given up, and by who stops listening', async () => {
    const { addon } = silent();
    const stop = new AbortController();
    const left = watched(addon.connect(peer, { signal: stop.signal, limit: seconds(20) }));
    const place = { adapter: '00:00:00:00:00:00' };
    const listening = await addon.listen(place, { signal: never, onStream: () => undefined });
    await vi.advanceTimersByTimeAsync(1_000);
    stop.abort();
    const closed = watched(listening.close());
    await vi.advanceTimersByTimeAsync(4_900);
    expect([left.over, closed.over]).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(400);
    expect([left.error, closed.error]).toMatchObject([STUCK, STUCK]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not stuck when it says in time that what was given up is closed', async () => {
    const { addon, say } = silent();
    const stop = new AbortController();
    const left = watched(addon.connect(peer, { signal: stop.signal, limit: seconds(20) }));
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    await vi.advanceTimersByTimeAsync(4_000);
    say(CLOSED, 1);
    await vi.advanceTimersByTimeAsync(0);
    expect(left.error).toMatchObject({ name: 'AbortError' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the place where streams are handed over on Windows', () => {
  it('gives each to who waits for its number, whoever comes first, and nothing to who does not know the secret', async () => {
    const place = await LoopbackMeeting.open();
    const hello = (secret: string, number: string, rest = ''): Socket => {
      const socket = connect(place.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`${secret}${number}${rest}`);
      return socket;
    };
    const early = hello(place.secret, '0000000a', 'octets');
    const late = place.arrival(11);
    const eleven = hello(place.secret, '0000000b');
    const strangers = [hello('0'.repeat(32), '0000000c'), hello(place.secret, 'zzzzzzzz'), hello('', 'x'.repeat(40))];
    const ten = await place.arrival(10);
    await vi.waitFor(() => expect(ten.readableLength).toBe(6));
    expect(ten.read()?.toString()).toBe('octets');
    expect((await late).remotePort).toBe(eleven.localPort);
    await Promise.all(strangers.map((stranger) => once(stranger.resume(), 'close')));
    for (const socket of [early, eleven, ten, await late]) socket.destroy();
  });
});

describe('what carries octets over Bluetooth', () => {
  it('is the addon, where it can be loaded', async () => {
    const { state } = await chooseRfcomm(undefined, findRfcommBinary());
    expect(state).toMatchObject({ implementation: 'addon', reason: 'usual', lookUp: true });
    expect(state.sockets).toBe(state.os === undefined);
    expect((await chooseRfcomm('addon', findRfcommBinary())).state).toEqual({ ...state, reason: 'asked-for' });
  });

  it('is the package where the addon is missing or broken, or when it is asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rfcomm-'));
    const broken = join(folder, 'rfcomm.node');
    writeFileSync(broken, 'no binary');
    const has = { implementation: 'package', sockets: true, lookUp: false };
    expect((await chooseRfcomm(undefined, undefined)).state).toEqual({ ...has, reason: 'addon-missing' });
    expect((await chooseRfcomm('package', findRfcommBinary())).state).toEqual({ ...has, reason: 'asked-for' });
    expect((await chooseRfcomm(undefined, broken)).state).toMatchObject({
      ...has,
      reason: 'addon-broken',
      os: expect.stringContaining(broken),
    });
    // Loading it would end this process.
    writeFileSync(broken, readFileSync(findRfcommBinary() ?? '').subarray(0, 9000));
    expect((await chooseRfcomm('addon', broken)).state).toMatchObject({
      implementation: 'none',
      os: expect.any(String),
    });
    writeFileSync(broken, 'no binary');
    const { host, state } = await chooseRfcomm('addon', broken);
    await rm(folder, { recursive: true });
    expect(state).toMatchObject({ implementation: 'none', reason: 'asked-for', sockets: false });
    const peer = { address: '00:1A:89:10:20:30', channel: 3 };
    await expect(host.connect(peer, { signal: never, limit: milliseconds(1) })).rejects.toMatchObject({
      code: 'bearer/module-missing',
    });
  });
});
