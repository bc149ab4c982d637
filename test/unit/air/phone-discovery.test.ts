import { expect, test, vi } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { AirPhone, AirView } from '../../../src-main/bearer/air/air.ts';
import { withPhones } from '../../../src-main/bearer/air/phone-discovery.ts';
import type { AttachedThing } from '../../../src-main/bearer/discovery.ts';

const CABLED: AttachedThing = { id: 'usb:1-2', place: '1-2', functions: [{ kind: 'usb', address: 'usb:0421:0123' }] };
const NOW = Date.parse('2026-11-21T12:00:00Z');
const PHONE: AirPhone = {
  address: '00:AA:01:00:00:00',
  paired: true,
  connected: false,
  services: [],
  deviceClass: 0x5a020c,
};

const OBJECT_PUSH = '00001105-0000-1000-8000-00805f9b34fb';
const DM_CLIENT = '00000004-0000-1000-8000-0002ee000001';
const { deviceClass: _none, ...UNCLASSED } = PHONE;

function at(seconds: number): string {
  return new Date(NOW - seconds * 1000).toISOString();
}

function around(...phones: readonly AirPhone[]): AirView {
  return { adapters: [], phones, searching: false };
}

test('phones that are paired, and connected or seen just now, are attached beside what is at cables', async () => {
  const view = around(
    { ...PHONE, name: 'Anna’s phone', connected: true },
    { ...PHONE, address: '00:AA:01:00:00:01', seenAt: at(299) },
    { ...PHONE, address: '00:AA:01:00:00:02', seenAt: at(301) },
    { ...PHONE, address: '00:AA:01:00:00:03' },
    { ...PHONE, address: '00:AA:01:00:00:04', paired: false, connected: true, seenAt: at(1) },
    // A headset, a notebook that takes pushed objects, and one that has said nothing.
    { ...PHONE, address: '00:AA:01:00:00:05', connected: true, deviceClass: 0x240404 },
    { ...PHONE, address: '00:AA:01:00:00:06', connected: true, deviceClass: 0x1c010c, services: [OBJECT_PUSH] },
    { ...UNCLASSED, address: '00:AA:01:00:00:07', connected: true },
    // A palm computer, a phone that lies about its class, and one whose class nobody has heard.
    { ...PHONE, address: '00:AA:01:00:00:08', connected: true, deviceClass: 0x100114, services: [OBJECT_PUSH] },
    { ...PHONE, address: '00:AA:01:00:00:09', connected: true, deviceClass: 0x1c010c, services: [DM_CLIENT] },
    { ...UNCLASSED, address: '00:AA:01:00:00:0A', connected: true, services: [OBJECT_PUSH] },
  );
  const cable = { look: async () => [CABLED], watch: async () => undefined };
  const air = { look: async () => view, follow: () => () => undefined };
  const clock = { now: () => new Date(NOW) };
  const { signal } = new AbortController();
  expect(await withPhones(cable, air, { clock }).look(signal)).toEqual([
    CABLED,
    {
      ...{ id: 'bluetooth:00:AA:01:00:00:00', place: '00:AA:01:00:00:00', product: 'Anna’s phone' },
      functions: [{ kind: 'bluetooth', address: 'bluetooth:00:AA:01:00:00:00' }],
    },
    {
      ...{ id: 'bluetooth:00:AA:01:00:00:01', place: '00:AA:01:00:00:01' },
      functions: [{ kind: 'bluetooth', address: 'bluetooth:00:AA:01:00:00:01' }],
    },
    ...['08', '09', '0A'].map((last) => expect.objectContaining({ id: `bluetooth:00:AA:01:00:00:${last}` })),
  ]);
  const off = { ...air, look: async () => ({ ...view, reason: 'air/not-powered' as const }) };
  expect(await withPhones(cable, off, { clock }).look(signal)).toEqual([CABLED]);
  const hangs = {
    ...air,
    look: (limited: AbortSignal) =>
      new Promise<AirView>((_, reject) => limited.addEventListener('abort', () => reject(limited.reason))),
  };
  expect(await withPhones(cable, hangs, { clock, airLimit: milliseconds(5) }).look(signal)).toEqual([CABLED]);
  const broken = withPhones(cable, hangs, { clock }).look(AbortSignal.timeout(5));
  await expect(broken).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('what comes and goes is told once each, and a phone that was not seen for long goes by itself', async () => {
  const stop = new AbortController();
  let now = NOW;
  let tellAir: (view: AirView) => void = () => undefined;
  let tellCable: (things: readonly AttachedThing[]) => void = () => undefined;
  let following = 0;
  const cable = {
    look: async () => [],
    watch: (onChange: typeof tellCable, signal: AbortSignal) => {
      tellCable = onChange;
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
  const air = {
    look: async () => around(),
    follow: (listener: typeof tellAir) => {
      following += 1;
      tellAir = listener;
      return () => {
        following -= 1;
      };
    },
  };
  const told: string[][] = [];
  const joined = withPhones(cable, air, { clock: { now: () => new Date(now) }, lookEvery: milliseconds(5) });
  const watching = joined.watch((things) => void told.push(things.map(({ id }) => id)), stop.signal);
  const seen = around({ ...PHONE, seenAt: at(0), signal: -60 });
  tellAir(seen);
  expect(told).toEqual([]);
  tellCable([CABLED]);
  tellAir(around({ ...PHONE, seenAt: at(0), signal: -70 }));
  expect(told).toEqual([['usb:1-2', 'bluetooth:00:AA:01:00:00:00']]);
  now += 301_000;
  await vi.waitFor(() => expect(told.at(-1)).toEqual(['usb:1-2']), { interval: 2 });
  tellCable([]);
  expect(told.at(-1)).toEqual([]);
  expect(told).toHaveLength(3);
  stop.abort();
  await watching;
  expect(following).toBe(0);
});
