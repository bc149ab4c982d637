import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { Clock } from '../../../src-main/base/clock.ts';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { createUsbBearer, type UsbTraits } from '../../../src-main/bearer/usb/usb-bearer.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { configurationOf, NOKIA_E70, NOKIA_E70_STRINGS, PARTS } from './descriptors.ts';
import { FakeDevice, type FakeDeviceOptions, type FakeEnd } from './fake-device.ts';

const { control, header, obex, union, idle, active, in: endpointIn, out: endpointOut } = PARTS;
const CONFIGURATION = configurationOf([control, header, obex, union, idle, active, endpointIn, endpointOut]);
const never = new AbortController().signal;

const E70: Omit<FakeDeviceOptions, 'place'> = {
  productId: 0x0418,
  configuration: NOKIA_E70,
  strings: NOKIA_E70_STRINGS,
  packetSize: 64,
};

interface Rig {
  readonly devices: readonly FakeDevice[];
  readonly dial: (address: string, signal?: AbortSignal) => Promise<ByteStream>;
}

function rig(devices: readonly Partial<FakeDeviceOptions>[], options: { clock?: Clock; traits?: UsbTraits } = {}): Rig {
  const plugged = devices.map((device) => new FakeDevice({ configuration: CONFIGURATION, ...device }));
  const { traits, ...rest } = options;
  const bearer = createUsbBearer(
    { devices: async () => plugged },
    { ...rest, ...(traits === undefined ? {} : { traits: () => traits }), stallLimit: seconds(30) },
  );
  return { devices: plugged, dial: (text, signal = never) => bearer.dial(bearer.parse(text), { signal }) };
}

async function open(device: Partial<FakeDeviceOptions> = {}, options: { clock?: Clock; traits?: UsbTraits } = {}) {
  const { devices, dial } = rig([device], options);
  const stream = await dial('usb:0421:0123');
  const [plugged] = devices;
  const end = plugged?.end;
  if (plugged === undefined || end === undefined) throw new Error('nothing was selected');
  return { stream, device: plugged, end };
}

/** An OBEX packet of that length. */
function packet(length: number, code = 0x90): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => [code, length >> 8, length & 0xff][at] ?? at & 0xff);
}

async function readExactly(stream: ByteStream | FakeEnd, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for (let count = 0; count < length; ) {
    const part = (await stream.read(never)) ?? new Uint8Array(0);
    parts.push(part);
    count += part.length;
  }
  return Uint8Array.from(Buffer.concat(parts));
}

describe('dialling a USB handset', () => {
  it('takes the interfaces of device management, selects them, and gives them back', async () => {
    const { devices, dial } = rig([E70]);
    const stream = await dial('usb:0421:0418');
    await stream.close();
    await stream.close();
    expect(devices[0]?.log).toEqual(['claim 8', 'claim 9', 'select 9.1', 'cancel in', 'select 9.0', 'close']);
    expect(devices[0]?.claimed.size).toBe(0);
    await (await dial('usb:0421:0418')).close();
  });

  it('selects nothing where there is nothing to select, and leaves no endpoint halted there', async () => {
    const parts = [control, union, '09 04 01 00 02 0A 00 00 00', endpointIn, endpointOut];
    const { devices, dial } = rig([{ configuration: configurationOf(parts) }]);
    await (await dial('usb:0421:0123')).close();
    expect(devices[0]?.log).toEqual(['claim 0', 'claim 1', 'cancel in', 'clear in', 'clear out', 'close']);
  });

  const serials = ['350000000000012', 'A B@C%D:E', 'ü é', '  \u0000\u0007S-1 '];
  it.each([
    ['usb:0421:0123:350000000000012', '1-1'],
    ['usb:0421:0123:A%20B%40C%25D:E', '1-2'],
    ['usb:0421:0123:ü%20é', '1-3'],
    ['usb:0421:0123:S-1', '1-4'],
    ['usb:0421:0123@1-3', '1-3'],
    ['USB:0421:0123:S-1@1-4', '1-4'],
  ])('finds %s', async (address, place) => {
    const { devices, dial } = rig(serials.map((serial, index) => ({ serial, place: `1-${index + 1}` })));
    const stream = await dial(address);
    expect(devices.filter(({ claimed }) => claimed.size > 0).map((device) => device.place)).toEqual([place]);
    await stream.close();
  });

  it('says which ports they are at when several handsets fit', async () => {
    const { dial } = rig([{ place: '1-1' }, { place: '1-2', serial: 'S' }, { place: '2-1.4' }, E70]);
    await expect(dial('usb:0421:0123')).rejects.toMatchObject({
      code: 'bearer/ambiguous',
      details: { address: 'usb:0421:0123', places: ['1-1', '1-2', '2-1.4'] },
    });
    await (await dial('usb:0421:0123:S')).close();
  });

  it('says that a handset is not there: none, another serial number, another port, one that cannot be asked', async () => {
    const { devices, dial } = rig([{ serial: 'S' }]);
    for (const address of ['usb:0421:0999', 'usb:0421:0123:T', 'usb:0421:0123@1-2']) {
      await expect(dial(address)).rejects.toMatchObject({ code: 'bearer/unavailable', details: { address } });
    }
    devices[0]?.failing.set('serial', new Error('it does not answer'));
    await expect(dial('usb:0421:0123:S')).rejects.toMatchObject({ code: 'bearer/unavailable' });
  });

  it.each([
    ['open', 'bearer/permission-denied'],
    ['open', 'bearer/driver-missing'],
    ['configuration', 'bearer/lost'],
    ['claim', 'bearer/busy'],
    ['select', 'bearer/lost'],
  ])('passes on what stands against it (%s: %s), with the address, and holds nothing', async (call, code) => {
    const { devices, dial } = rig([{}]);
    devices[0]?.failing.set(
      call,
      new PcAgentError(code, 'the system says no', { retry: 'later', details: { os: 'E' } }),
    );
    const address = 'usb:0421:0123';
    await expect(dial(address)).rejects.toMatchObject({ code, details: { address, os: 'E' }, retry: 'later' });
    expect(devices[0]?.claimed.size).toBe(0);
    expect(devices[0]?.log.at(-1)).toBe(call === 'open' ? undefined : 'close');
  });

  it('says that a handset has no OBEX, with what is damaged, or that it cannot be read', async () => {
    const none = configurationOf(['09 04 00 00 00 08 06 50 00', '00 00']);
    const { dial } = rig([{ configuration: none }, { configuration: none.subarray(0, 8), place: '1-2' }]);
    await expect(dial('usb:0421:0123@1-1')).rejects.toMatchObject({
      code: 'bearer/no-obex',
      details: { damage: 'a descriptor at 18 of 0 octets, 2 are left' },
    });
    await expect(dial('usb:0421:0123@1-2')).rejects.toMatchObject({
      code: 'bearer/descriptor-invalid',
      details: { address: 'usb:0421:0123@1-2' },
    });
  });

  it('is busy while another conversation goes on, and nobody can be listened for', async () => {
    const { dial } = rig([{}]);
    const first = await dial('usb:0421:0123');
    await expect(dial('usb:0421:0123')).rejects.toMatchObject({ code: 'bearer/busy' });
    await first.close();
    const bearer = createUsbBearer({ devices: async () => [] });
    const listening = bearer.listen(bearer.parse('usb:0421:0123'), { signal: never, onStream: () => undefined });
    await expect(listening).rejects.toMatchObject({ code: 'bearer/unavailable', retry: 'never' });
  });

  it('gives up on a device that hangs, or when it is told to, and closes what comes late', async () => {
    const clock = new HandClock();
    const { devices, dial } = rig([{}], { clock });
    const [device] = devices;
    const late = Promise.withResolvers<void>();
    const opening = device?.open.bind(device);
    if (device === undefined || opening === undefined) throw new Error('no device');
    device.open = () => late.promise.then(opening);
    const hanging = dial('usb:0421:0123');
    hanging.catch(() => undefined);
    await clock.pass(16_000);
    await expect(hanging).rejects.toMatchObject({ code: 'bearer/timeout', details: { limit: 15_000 } });
    const breakOff = new AbortController();
    const abandoned = dial('usb:0421:0123', breakOff.signal);
    abandoned.catch(() => undefined);
    await clock.pass(1);
    breakOff.abort();
    await clock.pass(1000);
    await expect(abandoned).rejects.toMatchObject({ name: 'AbortError' });
    late.resolve();
    await clock.pass(2000);
    expect(device.log).toEqual(['close', 'close']);
  });

  it('opens four at a time at a crowded hub: the limit of the others begins with their turn', async () => {
    const clock = new HandClock();
    const hub = Array.from({ length: 8 }, (_, at) => ({ place: `1-${at + 1}` }));
    const { devices, dial } = rig(hub, { clock });
    let begun = 0;
    for (const device of devices) {
      const opening = device.open.bind(device);
      device.open = async () => {
        begun += 1;
        await clock.sleep(seconds(9), never);
        return opening();
      };
    }
    const first = devices.slice(0, 5).map(({ place }) => dial(`usb:0421:0123@${place}`));
    const gone = new AbortController();
    const notWanted = dial('usb:0421:0123@1-6', gone.signal);
    const last = dial('usb:0421:0123@1-7');
    notWanted.catch(() => undefined);
    await clock.pass(1);
    expect(begun).toBe(4);
    gone.abort();
    await expect(notWanted).rejects.toMatchObject({ name: 'AbortError' });
    await clock.pass(2000);
    expect(begun).toBe(6);
    await clock.pass(9000);
    for (const stream of await Promise.all([...first, last])) await stream.close();
    expect(devices.map(({ log }) => log.includes('close'))).toEqual([true, true, true, true, true, false, true, false]);
  });

  it.each(['hang', 'are given up'])('lets others have their turn soon where devices %s', async (how) => {
    const clock = new HandClock();
    const hub = Array.from({ length: 5 }, (_, at) => ({ place: `1-${at + 1}` }));
    const { devices, dial } = rig(hub, { clock });
    const sick = devices.slice(0, 4);
    for (const device of sick) device.open = () => new Promise(() => undefined);
    const gone = new AbortController();
    const hanging = sick.map(({ place }) => dial(`usb:0421:0123@${place}`, gone.signal));
    const ends = hanging.map((each) => each.catch((error: unknown) => error));
    const well = dial('usb:0421:0123@1-5');
    if (how === 'are given up') gone.abort();
    await clock.pass(2000);
    await (await well).close();
    await clock.pass(14_000);
    const ended = how === 'hang' ? { code: 'bearer/timeout', details: { limit: 15_000 } } : { name: 'AbortError' };
    for (const end of ends) expect(await end).toMatchObject(ended);
  });

  it('is free again when it says that opening was broken off, wherever that was', async () => {
    const calls = ['open', 'configuration', 'claim', 'select'] as const;
    for (const call of calls) {
      const { devices, dial } = rig([{}], {});
      const [device] = devices;
      if (device === undefined) throw new Error('no device');
      const opening = device.open.bind(device);
      device.open = async () => {
        const opened = await opening();
        const close = opened.close.bind(opened);
        // A real one gives interfaces back to the system's drivers meanwhile.
        opened.close = () => new Promise(setImmediate).then(close);
        return opened;
      };
      const breakOff = new AbortController();
      device.check = (now) => {
        if (now === call) breakOff.abort();
      };
      await expect(dial('usb:0421:0123', breakOff.signal)).rejects.toMatchObject({ name: 'AbortError' });
      expect([call, device.claimed.size, device.log.at(-1)]).toEqual([call, 0, 'close']);
      device.check = () => undefined;
      await (await dial('usb:0421:0123')).close();
    }
  });
});

describe('the stream of a USB handset', () => {
  it.each([
    [undefined, [511, 512, 0, 513, 65_536, 34_464, 65_536, 0]],
    [{ noZeroLengthPacket: true }, [511, 512, 513, 65_536, 34_464, 65_536]],
  ])(
    'ends a write that fills its last packet by one of length zero, unless the handset must not have it',
    async (traits, lengths) => {
      const { stream, end } = await open({ room: 1_000_000 }, traits === undefined ? {} : { traits });
      for (const length of [511, 512, 0, 513]) await stream.write(packet(length), never);
      // Longer than a packet may be: two in one write.
      for (const length of [100_000, 65_536]) {
        await stream.write(Buffer.concat([packet(65_000), packet(length - 65_000)]), never);
      }
      expect(end.out.lengths).toEqual(lengths);
      expect(await readExactly(end, 511)).toEqual(packet(511));
      await stream.close();
    },
  );

  it('ends no transfer in the middle of an OBEX packet that comes in pieces, unless the rest does not come', async () => {
    const { stream, end } = await open({ room: 1_000_000 });
    const [first, long] = [packet(7, 0x80), packet(65_535, 0x02)];
    await stream.write(first, never);
    // As long as the pieces are that a local socket gives: once full packets of USB, once not.
    for (const [from, to] of [
      [0, 36_864],
      [36_864, 60_000],
      [60_000, 65_535],
    ]) {
      await stream.write(long.subarray(from, to), never);
    }
    expect(end.out.lengths).toEqual([7, 36_864, 23_040, 5631]);
    expect(await readExactly(end, 7)).toEqual(first);
    expect(Buffer.compare(await readExactly(end, 65_535), long)).toBe(0);
    await stream.write(long.subarray(0, 1000), never);
    await expect.poll(() => end.out.lengths.slice(4)).toEqual([512, 488]);
    await stream.write(long.subarray(1000, 1024), never);
    await stream.close();
    expect(end.out.lengths.slice(6)).toEqual([24]);
  });

  it.each([true, false])(
    'reads packets of every length whether (%s) or not transfers end by a packet of length zero',
    async (endsTransfers) => {
      const { stream, end } = await open({ endsTransfers });
      for (const length of [3, 4, 511, 512, 513, 1023, 1024, 1025, 4096, 65_024, 65_535]) {
        await end.write(packet(length), never);
        expect(Buffer.compare(await readExactly(stream, length), packet(length))).toBe(0);
      }
      // Heads that are cut by the end of a transfer, and two packets in one.
      for (const piece of [
        packet(1024).subarray(0, 2),
        packet(1024).subarray(2),
        Buffer.concat([packet(5), packet(507)]),
      ]) {
        await end.write(piece, never);
        expect(Buffer.compare(await readExactly(stream, piece.length), piece)).toBe(0);
      }
      // What is no OBEX packet is read all the same.
      for (const noise of [Uint8Array.of(0, 0, 1), new Uint8Array(1024)]) {
        await end.write(noise, never);
        expect((await readExactly(stream, noise.length)).length).toBe(noise.length);
      }
      await stream.close();
    },
  );

  it('asks for no more when nobody reads, and the device keeps the rest', async () => {
    const { stream, end } = await open({ room: 65_536 });
    let sent = 0;
    const flood = (async () => {
      for (; sent < 100; sent += 1) await end.write(packet(65_535), never);
    })();
    flood.catch(() => undefined);
    for (let turn = 0; turn < 300; turn += 1) await new Promise(setImmediate);
    expect(sent).toBeLessThan(8);
    const total = (await readExactly(stream, 65_535 * 10)).length;
    expect(total).toBe(65_535 * 10);
    await stream.close();
  });

  it('clears an endpoint that is halted once, and gives up when it is halted again', async () => {
    const { stream, device, end } = await open();
    end.in.halt();
    await end.out.put(new Uint8Array(0), true);
    const reading = readExactly(stream, 5);
    await new Promise(setImmediate);
    await end.write(packet(5), never);
    expect(await reading).toEqual(packet(5));
    expect(device.log).toContain('clear in');
    end.out.halted = true;
    await stream.write(packet(5), never);
    expect(device.log).toContain('clear out');
    // Nobody knows how much of a longer one was taken.
    end.out.halted = true;
    await expect(stream.write(packet(513), never)).rejects.toMatchObject({ code: 'bearer/lost' });
    await stream.close();

    const stuck = await open();
    Object.defineProperty(stuck.end.in, 'halted', { get: () => true, set: () => undefined });
    const waiting = stuck.stream.read(never);
    stuck.end.in.halt();
    await expect(waiting).rejects.toMatchObject({ code: 'bearer/lost' });
    await stuck.stream.close();
    expect(stuck.device.claimed.size).toBe(0);
  });

  it('is lost at once when the device is pulled out, in a read, in a write and in a later one', async () => {
    const { stream, device } = await open({ room: 4096 });
    const reading = stream.read(never);
    const writing = stream.write(packet(60_000), never);
    reading.catch(() => undefined);
    writing.catch(() => undefined);
    device.remove();
    await expect(reading).rejects.toMatchObject({ code: 'bearer/lost', retry: 'same-bearer' });
    await expect(writing).rejects.toMatchObject({ code: 'bearer/lost' });
    await expect(stream.write(packet(3), never)).rejects.toMatchObject({ code: 'bearer/lost' });
    await stream.close();
    expect(device.claimed.size).toBe(0);
  });

  it('gives what came before the device was pulled out', async () => {
    const { stream, device, end } = await open();
    await end.write(packet(100), never);
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    device.remove();
    expect(await readExactly(stream, 100)).toEqual(packet(100));
    await expect(stream.read(never)).rejects.toMatchObject({ code: 'bearer/lost' });
    await stream.close();
  });

  it('says so when the device takes nothing for too long, and lets go of what it waits for when it is closed', async () => {
    const clock = new HandClock();
    const { stream, device } = await open({ room: 4096 }, { clock });
    const writing = stream.write(packet(60_000), never);
    writing.catch(() => undefined);
    await clock.pass(31_000);
    await expect(writing).rejects.toMatchObject({ code: 'bearer/timeout', details: { limit: 30_000 } });
    await stream.close();
    expect(device.log.slice(-4)).toEqual(['cancel in', 'cancel out', 'select 1.0', 'close']);
  });

  it('can be closed after a write that was broken off, whose transfer still waits', async () => {
    const { stream, device } = await open({ room: 4096 });
    const breakOff = new AbortController();
    const writing = stream.write(packet(60_000), breakOff.signal);
    writing.catch(() => undefined);
    breakOff.abort();
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    await stream.close();
    expect(device.log.slice(-2)).toEqual(['select 1.0', 'close']);
  });

  it('resets the port of a device that lets go of nothing', async () => {
    const clock = new HandClock();
    const { stream, device } = await open({}, { clock });
    device.failing.set('cancel', new Error('no'));
    const closing = stream.close();
    await clock.pass(1500);
    await closing;
    expect(device.log).toContain('reset');
    expect(device.claimed.size).toBe(0);
  });

  it('keeps no interface of a device that cannot be reset either', async () => {
    const clock = new HandClock();
    const { stream, device } = await open({}, { clock });
    for (const call of ['cancel', 'reset']) device.failing.set(call, new Error('no'));
    const closing = stream.close();
    for (let second = 0; second < 3; second += 1) await clock.pass(1000);
    await closing;
    expect(device.claimed.size).toBe(0);
  });

  it('waits for a device that needs a moment after it was selected', async () => {
    const clock = new HandClock();
    const { devices, dial } = rig([{}], { clock, traits: { settle: milliseconds(500) } });
    let stream: ByteStream | undefined;
    const dialling = dial('usb:0421:0123').then((opened) => {
      stream = opened;
    });
    await clock.pass(499);
    expect(devices[0]?.log).toEqual(['claim 0', 'claim 1', 'select 1.1']);
    expect(stream).toBeUndefined();
    await clock.pass(1);
    await dialling;
    const closing = stream?.close();
    await clock.pass(1);
    await closing;
  });
});
