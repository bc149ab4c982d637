import { describe, expect, it } from 'vitest';
import { seconds } from '../../../src-main/base/durations.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { Bearer, BearerKind } from '../../../src-main/bearer/bearer.ts';
import { ownProcessBearers } from '../../../src-main/bearer/bearers.ts';
import { KeyedLock } from '../../../src-main/cache/keyed-lock.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { HandsetWay } from '../../../src-main/handset/ways.ts';
import { handsetPlace } from '../../../src-main/operations/handset-place.ts';
import { Onward, type OnwardOptions } from '../../../src-main/operations/onward.ts';
import { HandClock } from '../../support/hand-clock.ts';

const DEVICE = 'IMEI:004999010640000';
const CABLE = 'tcp:127.0.0.1:1';
const SERIAL = 'serial:/dev/ttyACM0';
const PORT = 'serial:/dev/ttyUSB7';
const never = new AbortController().signal;

const way = (address: string, more: Partial<HandsetWay> = {}): HandsetWay => ({
  ...{ address, attached: true, confidence: 'strong', lastSeen: '2026-01-01T00:00:00Z' },
  kind: address.startsWith('tcp') ? 'tcp' : 'serial',
  ...more,
});

function rig(ways: readonly HandsetWay[], more: Partial<OnwardOptions> = {}) {
  const clock = new HandClock();
  const events: UntimedEvent[] = [];
  const there = new Set<string>();
  const dialled: (readonly [number, string])[] = [];
  const real = ownProcessBearers();
  const bearer = (kind: BearerKind) =>
    ({
      kind,
      parse: (text: string) => real.for(kind).parse(text),
      dial: async ({ text }: { readonly text: string }) => {
        dialled.push([clock.monotonic(), text]);
        if (!there.has(text)) throw new PcAgentError('bearer/unavailable', 'nobody is there');
        return { close: async () => undefined };
      },
    }) as unknown as Bearer;
  const turns = new KeyedLock();
  const onward = new Onward({
    ...{ clock, turns, signal: never, bearers: { for: bearer } },
    handsets: { find: (device) => (device === DEVICE ? { device, ways } : undefined) },
    emit: (event) => events.push(event),
    ...more,
  });
  const at = (address: string) => handsetPlace(address, DEVICE, { bearers: { for: bearer }, handsets: real as never });
  const lost = (address: string, reached: number, code = 'bearer/lost') =>
    onward.next({ place: at(address), device: DEVICE, code, reached }).then((place) => place?.address.text);
  return { clock, events, there, dialled, turns, onward, at, lost };
}

const kinds = (events: readonly UntimedEvent[]) =>
  events.map((event) => (event.type === 'interruption' ? event.state : event.type));

describe('work whose link was lost', () => {
  it('goes on at once over another way to the same handset, and says how', async () => {
    const { there, lost, onward, at, events, dialled } = rig([way(CABLE), way(SERIAL)]);
    there.add(SERIAL);
    expect(await lost(CABLE, 20)).toBe(SERIAL);
    expect(dialled).toEqual([[0, SERIAL]]);
    expect(onward.lost).toBe(true);
    onward.wentOn('new-session', at(SERIAL), (event) => events.push(event), 'A1');
    // Only the first message over it is news.
    onward.wentOn('new-session', at(SERIAL), (event) => events.push(event), 'A1');
    expect(events).toEqual([
      { type: 'continuation', session: 'A1', code: 'bearer/lost', from: CABLE, over: SERIAL, how: 'new-session' },
    ]);
    expect(onward.lost).toBe(false);
  });

  it('tries no way that is not there, cannot be used, cannot be called, or at which another handset answered', async () => {
    const { there, lost, onward, at, dialled } = rig([
      ...[way(SERIAL, { attached: false }), way(PORT, { reason: 'bearer/busy' }), way('serial:/dev/ttyS3')],
      ...[way('http://phone.example/dm', { kind: 'http' }), way('usb:0421:0123:1@1-2', { kind: 'usb' })],
    ]);
    for (const each of [SERIAL, PORT, 'serial:/dev/ttyS3']) there.add(each);
    onward.isStranger(at('serial:/dev/ttyS3'));
    expect(await lost(CABLE, 20)).toBeUndefined();
    expect(dialled.map(([, text]) => text).filter((text) => text.startsWith('serial'))).toEqual([]);
  });

  it('tries a way through the air that nobody has seen there, which only an answer can show', async () => {
    const air = 'bluetooth:00:11:22:33:44:55@4';
    const { there, lost } = rig([way(SERIAL, { attached: false }), way(air, { kind: 'bluetooth', attached: false })]);
    there.add(air).add(SERIAL);
    expect(await lost(CABLE, 20)).toBe(air);
  });

  it('does not call again and again through the air while it waits for a cable', async () => {
    const air = 'bluetooth:00:11:22:33:44:55@4';
    const { clock, lost, dialled, there } = rig([way(air, { kind: 'bluetooth', attached: false })], {
      reconnect: seconds(90),
    });
    const back = lost(CABLE, 20);
    await clock.pass(45_000);
    expect(dialled.filter(([, text]) => text === air)).toHaveLength(3);
    expect(dialled.filter(([, text]) => text === CABLE).length).toBeGreaterThan(15);
    there.add(air);
    await clock.pass(25_000);
    expect(await back).toBe(air);
  });

  it('repeats a message only where the handset itself has said who it is', async () => {
    const { there, onward, at } = rig([way(PORT, { confidence: 'weak' }), way(SERIAL)]);
    for (const each of [SERIAL, PORT]) there.add(each);
    const loss = { place: at(CABLE), device: DEVICE, code: 'bearer/lost', reached: 9 };
    const found = await onward.open(loss, async ({ address }) => address.text, true);
    expect(found?.opened).toBe(SERIAL);
    // That came to nothing: the next session begins where the link stands already.
    expect(await onward.next(loss).then((place) => place?.address.text)).toBe(SERIAL);
  });

  it('tries each way once for a stretch of work, and again when it has got further', async () => {
    const { there, lost } = rig([way(CABLE), way(SERIAL)]);
    for (const each of [CABLE, SERIAL]) there.add(each);
    expect(await lost(CABLE, 20)).toBe(SERIAL);
    expect(await lost(SERIAL, 22)).toBeUndefined();
    expect(await lost(SERIAL, 40)).toBe(CABLE);
    expect(await lost(CABLE, 60)).toBe(SERIAL);
  });

  it('tells that an address is left while it waits there, and that somebody is back', async () => {
    const told: (readonly [string, string])[] = [];
    const { clock, there, lost } = rig([way(CABLE)], {
      reconnect: seconds(30),
      seen: (address, presence) => told.push([address, presence]),
    });
    const back = lost(CABLE, 20);
    await clock.pass(2000);
    expect(told).toEqual([[CABLE, 'away']]);
    there.add(CABLE);
    await clock.pass(3000);
    expect(await back).toBe(CABLE);
    expect(told).toEqual([
      [CABLE, 'away'],
      [CABLE, 'attached'],
    ]);
  });

  it('waits for whichever way comes first, while it may be waited for', async () => {
    const { clock, there, lost, onward, at, events } = rig([way(CABLE), way(SERIAL)], { reconnect: seconds(30) });
    const back = lost(CABLE, 20);
    await clock.pass(2000);
    expect(kinds(events)).toEqual(['lost']);
    there.add(CABLE);
    await clock.pass(3000);
    expect(await back).toBe(CABLE);
    onward.wentOn('new-session', at(CABLE), (event) => events.push(event), 'A1');
    expect(kinds(events)).toEqual(['lost', 'back', 'continuation']);
    expect(events.at(-1)).toMatchObject({ from: CABLE, over: CABLE });

    there.clear();
    const gone = lost(CABLE, 40);
    await clock.pass(30_000);
    expect(await gone).toBeUndefined();
    expect(kinds(events).slice(3)).toEqual(['lost', 'given-up']);
  });

  it('waits anew for a handset that is lost a second time when its work has got further', async () => {
    const { clock, there, lost, events } = rig([], { reconnect: seconds(60) });
    const first = lost(CABLE, 20);
    await clock.pass(30_000);
    there.add(CABLE);
    await clock.pass(5000);
    expect(await first).toBe(CABLE);
    await clock.pass(20 * 60_000);
    there.clear();
    const second = lost(CABLE, 400);
    await clock.pass(30_000);
    there.add(CABLE);
    await clock.pass(5000);
    expect(await second).toBe(CABLE);
    // At the same point it is the same wait.
    there.clear();
    const third = lost(CABLE, 401);
    await clock.pass(30_000);
    expect(await third).toBeUndefined();
    expect(kinds(events)).toEqual(['lost', 'back', 'lost', 'back', 'lost', 'given-up']);
  });

  it('leaves a handset in peace for longer each time that drops its link at the same point', async () => {
    const { clock, there, lost, dialled, onward } = rig([], { reconnect: seconds(600) });
    there.add(CABLE);
    for (let time = 0; time < 200; time += 1) {
      const next = lost(CABLE, 20);
      await clock.pass(70_000);
      if ((await next) === undefined) break;
    }
    // In ten minutes: not the 1,200 times of a look every half a second.
    expect(dialled.length).toBeGreaterThan(5);
    expect(dialled.length).toBeLessThan(20);
    onward.wentThrough();
    const began = clock.monotonic();
    const next = lost(CABLE, 20);
    await clock.pass(600);
    expect(await next).toBe(CABLE);
    expect(dialled.at(-1)?.[0]).toBe(began + 500);
  });

  it('leaves an address alone at which somebody else has his turn, and lets others in when it is over', async () => {
    const { clock, there, lost, onward, turns } = rig([way(SERIAL)]);
    there.add(SERIAL);
    const end = await turns.take(SERIAL);
    const none = lost(CABLE, 20);
    await clock.pass(1000);
    expect(await none).toBeUndefined();
    end();
    expect(await lost(CABLE, 40)).toBe(SERIAL);
    expect(turns.held(SERIAL)).toBe(true);
    onward.leave();
    expect(turns.held(SERIAL)).toBe(false);
  });

  it('ends when it is broken off', async () => {
    const stop = new AbortController();
    const { clock, lost } = rig([way(SERIAL)], { reconnect: seconds(30), signal: stop.signal });
    const next = lost(CABLE, 20);
    await clock.pass(100);
    stop.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('keeps no address for itself when it was broken off while one was opened', async () => {
    const stop = new AbortController();
    const { onward, at, turns } = rig([way(SERIAL)], { signal: stop.signal });
    const loss = { place: at(CABLE), device: DEVICE, code: 'bearer/lost', reached: 9 };
    const open = async () => {
      stop.abort();
      onward.leave();
      return 'opened';
    };
    expect((await onward.open(loss, open))?.opened).toBe('opened');
    expect(turns.held(SERIAL)).toBe(false);
  });

  it('gives up in time although each of many ways hangs', async () => {
    const ports = Array.from({ length: 10 }, (_, index) => way(`serial:/dev/ttyS${index}`, { confidence: 'strong' }));
    const real = ownProcessBearers();
    const hanging = {
      parse: (text: string) => real.for(text.startsWith('tcp') ? 'tcp' : 'serial').parse(text),
      dial: (_address: unknown, { signal }: { readonly signal: AbortSignal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true })),
    } as unknown as Bearer;
    const { clock, lost, events } = rig(ports, { reconnect: seconds(10), bearers: { for: () => hanging } });
    const next = lost(CABLE, 20);
    // Each once at first, then no more than fit into the time.
    await clock.pass(10 * 17_000 + 10_000 + 17_000 + 1000);
    expect(kinds(events)).toEqual(['lost', 'given-up']);
    expect(await next).toBeUndefined();
  });
});
