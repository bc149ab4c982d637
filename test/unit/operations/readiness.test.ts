import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { HandsetRecord } from '../../../src-main/handset/registry.ts';
import { LinkRates } from '../../../src-main/operations/link-rates.ts';
import { packagesReadiness } from '../../../src-main/operations/packages-readiness.ts';
import { bytesOf, cacheRigs, signal } from '../cache/rig.ts';

const rigs = cacheRigs();

const handset = (device: string, model: string | undefined): HandsetRecord => ({
  ...{ device, model, alias: undefined, manufacturer: undefined, address: undefined },
  ...{ firmware: undefined, speaksDm: undefined, serial: undefined, provisional: false, metAt: undefined, ways: [] },
  ...{ firstSeen: '', lastSeen: '', virtual: false },
});

describe('what handsets could be given with no network', () => {
  async function open() {
    const { cache, file } = await rigs.open();
    const server = await rigs.serve(bytesOf(40));
    await cache.add(file(bytesOf(10)), { signal, id: 'any' });
    await cache.add(file(bytesOf(20)), { signal, id: 'one', model: ' M  one ' });
    await cache.add(file(bytesOf(30)), { signal, id: 'two', model: 'M two' });
    await cache.fetch(server.url, { signal, id: 'stranger' });
    const list = () => [handset('a', 'm ONE'), handset('b', 'M three'), handset('c', undefined)];
    return { cache, handsets: { list } };
  }

  it('is counted for each handset whose model is known', async () => {
    expect(packagesReadiness(await open(), {})).toEqual({
      handsets: [
        { device: 'a', ready: 2 },
        { device: 'b', ready: 1 },
      ],
    });
  });

  it('has a reason for one package that may not be given', async () => {
    const engine = await open();
    expect(packagesReadiness(engine, { id: 'one' })).toEqual({
      handsets: [
        { device: 'a', ready: 1 },
        { device: 'b', ready: 0, code: 'offline/wrong-model' },
      ],
    });
    expect(packagesReadiness(engine, { id: 'stranger' }).handsets[0]).toMatchObject({ code: 'cache/unverified' });
    expect(() => packagesReadiness(engine, { id: 'none' })).toThrow(expect.objectContaining({ code: 'cache/absent' }));
  });
});

describe('the rate of a link', () => {
  const session = { type: 'session', id: '1', handset: 'h', dms: 'd' } as const;
  const progress = { type: 'progress', session: '1', total: 100_000 } as const;

  function open() {
    let time = 0;
    const clock: Pick<Clock, 'monotonic'> = { monotonic: () => time };
    const rates = new LinkRates(clock);
    const run = (address: string, end: 'done' | 'failed', bytes: number, took: number): void => {
      const emit = rates.measured(address, () => undefined);
      emit({ ...session, state: 'started' });
      emit({ ...progress, done: 1000 });
      time += milliseconds(took);
      emit({ ...progress, done: 1000 + bytes });
      emit({ ...session, state: end });
    };
    return { rates, run };
  }

  it('is what sessions that were done took, at this address or else over this kind of bearer', () => {
    const { rates, run } = open();
    expect(rates.rate('tcp:h:1')).toBeUndefined();
    run('tcp:h:1', 'done', 50_000, 1000);
    expect(rates.rate('tcp:h:1')).toBe(50_000);
    expect(rates.rate('tcp:other:1')).toBe(50_000);
    expect(rates.rate('serial:/dev/ttyACM0')).toBeUndefined();
    run('serial:/dev/ttyACM0', 'done', 1000, 1000);
    expect(rates.rate('serial:/dev/ttyACM0')).toBe(1000);
    expect(rates.rate('tcp:h:1')).toBe(50_000);
  });

  it('is that of the link over which it went on, and the time between two is none of theirs', () => {
    let time = 0;
    const rates = new LinkRates({ monotonic: () => time });
    const emit = rates.measured('usb:1', () => undefined);
    const deliver = (from: number, to: number, took: number): void => {
      emit({ ...progress, done: from });
      time += took;
      emit({ ...progress, done: to });
    };
    emit({ ...session, state: 'started' });
    deliver(1000, 41_000, 100);
    time += 60_000;
    const news = { session: '1', code: 'bearer/lost', how: 'repeated' } as const;
    emit({ type: 'continuation', ...news, from: 'usb:1', over: 'bluetooth:1' });
    deliver(42_000, 52_000, 1000);
    emit({ ...session, state: 'done' });
    expect([rates.rate('usb:1'), rates.rate('bluetooth:1')]).toEqual([400_000, 10_000]);
  });

  it('is not learnt from what failed or was over before the clock had moved', () => {
    const { rates, run } = open();
    run('tcp:h:1', 'failed', 50_000, 1000);
    run('tcp:h:1', 'done', 50_000, 1);
    expect(rates.rate('tcp:h:1')).toBeUndefined();
  });
});
