/** What is attached by cable: who it is, on which card, and what keeps it from being used. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Clock } from '../../../../src-main/base/clock.ts';
import { nodeClock } from '../../../../src-main/base/node/clock.ts';
import { ownProcessBearers } from '../../../../src-main/bearer/bearers.ts';
import type { AttachedFunction, AttachedThing, Discovery } from '../../../../src-main/bearer/discovery.ts';
import { KeyedLock } from '../../../../src-main/cache/keyed-lock.ts';
import type { HostChange } from '../../../../src-main/contract/host-state.ts';
import type { Identity } from '../../../../src-main/handset/identify/identity.ts';
import { createHandsetRegistry } from '../../../../src-main/handset/registry.ts';
import { HandsetDesk } from '../../../../src-main/host/handsets/handset-desk.ts';
import { findPlace, placeAt } from '../../../../src-main/operations/handset-place.ts';
import { Onward } from '../../../../src-main/operations/onward.ts';
import { cacheRigs } from '../../cache/rig.ts';

const { open } = cacheRigs();
const ANNA = 'IMEI:351234567890120';
const BERT = 'IMEI:351234567890138';
const E62 = { manufacturer: 'Nokia', model: 'E62', firmware: 'V 3.0' };
const context = { emit: () => undefined, signal: new AbortController().signal, part: async () => undefined };

/** Pauses last until `elapse`. */
function stoppedClock() {
  const waiting = new Set<() => void>();
  const slept: number[] = [];
  const clock: Clock = {
    ...nodeClock,
    sleep: (duration, signal) =>
      new Promise((resolve, reject) => {
        slept.push(duration);
        const end = (): void => {
          waiting.delete(end);
          resolve();
        };
        waiting.add(end);
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        if (signal.aborted) reject(signal.reason);
      }),
  };
  const elapse = (): void => {
    for (const end of [...waiting]) end();
  };
  return { clock, slept, elapse };
}

async function rig() {
  const { store, cache, folder } = await open();
  const changes: HostChange[] = [];
  const notes: string[] = [];
  const asked: string[] = [];
  const turns = new KeyedLock();
  const time = stoppedClock();
  let things: readonly AttachedThing[] = [];
  let tell: ((things: readonly AttachedThing[]) => void) | undefined;
  let broken: ((error: Error) => void) | undefined;
  const answers = new Map<string, Partial<Identity> | Promise<Partial<Identity>>>();
  const discovery: Discovery = {
    look: async () => things,
    watch: (onChange, signal) =>
      new Promise((resolve, reject) => {
        tell = onChange;
        broken = reject;
        onChange(things);
        signal.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const handsets = createHandsetRegistry({
    store,
    clock: nodeClock,
    onChange: (record, how) => desk.onChange(record, how),
    onGone: (record, into) => desk.onForgotten(record, into),
    standingOf: (address) => desk.standingOf(address),
  });
  const desk: HandsetDesk = new HandsetDesk({
    ...{ handsets, cache, turns, folder, discovery, clock: time.clock },
    changed: (change) => changes.push(change),
    note: (text) => notes.push(text),
    reach: async () => undefined,
    identify: async (thing) => {
      asked.push(thing.id);
      const via = thing.functions[0]?.address ?? thing.id;
      const answer = (await answers.get(thing.id)) ?? { reason: 'bearer/unusable' };
      return { strong: answer.device !== undefined, via, ...answer };
    },
  });
  onTestFinished(() => desk.close());
  const attach = (...now: readonly AttachedThing[]): void => {
    things = now;
    tell?.(now);
  };
  const card = (device: string) => desk.state.handsets.find((each) => each.device === device);
  return {
    ...{ desk, handsets, turns, changes, notes, asked, answers, attach, card, ...time, call: desk.handlers },
    breakDiscovery: async () => {
      await expect.poll(() => broken).toBeDefined();
      broken?.(new Error('the child is gone'));
      broken = undefined;
    },
  };
}

function usbPhone(place: string, more: Partial<AttachedThing> = {}): AttachedThing {
  const functions: AttachedFunction[] = [
    { kind: 'usb', address: 'usb:0421:0123:SN77' },
    { kind: 'serial', address: `serial:/dev/ttyACM${place.at(-1)}` },
  ];
  return { id: `usb:${place}`, place, vendorId: 0x421, productId: 0x123, serial: 'SN77', functions, ...more };
}

function adapter(number: number, more: Partial<AttachedFunction> = {}): AttachedThing {
  const place = `2-${number}`;
  const functions: AttachedFunction[] = [{ kind: 'serial', address: `serial:/dev/ttyUSB${number}`, ...more }];
  return { id: `usb:${place}`, place, product: 'FT232R', functions };
}

describe('a phone that is plugged in', () => {
  it('is asked once, is one card with its ways, goes, and is known at another port at once', async () => {
    const { desk, attach, answers, asked, card, changes } = await rig();
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    desk.followed(1);
    attach(usbPhone('1-1'));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    expect(card(ANNA)).toMatchObject({
      ...{ ...E62, speaksDm: true, address: 'usb:0421:0123:SN77' },
      bearers: [
        { kind: 'usb', attached: true, place: '1-1' },
        { kind: 'serial', address: 'serial:/dev/ttyACM1', attached: true, place: '1-1' },
      ],
    });
    expect(desk.state.attachments).toEqual([]);
    // It was a thing of nobody while it was asked.
    expect(changes).toContainEqual(
      expect.objectContaining({
        kind: 'attachment',
        attachment: expect.objectContaining({ asking: true, place: '1-1' }),
      }),
    );
    attach();
    await expect.poll(() => card(ANNA)?.presence).toBe('away');
    expect(card(ANNA)?.bearers).toMatchObject([{ attached: false }, { attached: false }]);
    changes.splice(0);
    attach(usbPhone('1-4'));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    expect(card(ANNA)?.bearers[0]).toMatchObject({ kind: 'usb', place: '1-4' });
    expect(changes.filter(({ kind }) => kind === 'attachment')).toEqual([]);
    expect(asked).toEqual(['usb:1-1']);
    expect(desk.state.handsets).toHaveLength(1);
  });

  it('is led to by its name where it is now, when nobody has looked since two changed places', async () => {
    const { desk, handsets, attach, answers, call, asked } = await rig();
    const at = (port: number, serial: string): AttachedThing => {
      const functions: AttachedFunction[] = [{ kind: 'serial', address: `serial:/dev/ttyACM${port}` }];
      return usbPhone(`1-${port}`, { serial, functions });
    };
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    answers.set('usb:1-2', { device: BERT, ...E62, speaksDm: true });
    attach(at(1, 'SN71'), at(2, 'SN72'));
    await call['handsets.list']({}, context);
    await handsets.rename(ANNA, 'Anna');
    attach(at(2, 'SN71'), at(1, 'SN72'));
    const later = performance.now() + 60_000;
    const now = vi.spyOn(performance, 'now').mockReturnValue(later);
    onTestFinished(() => now.mockRestore());
    expect(await call['handsets.find']({ handset: 'anna' }, context)).toEqual({ address: 'serial:/dev/ttyACM2' });
    now.mockReturnValue(later + 60_000);
    attach(at(1, 'SN71'), at(2, 'SN72'));
    const engine = { handsets, bearers: ownProcessBearers(), lookAround: desk.lookAround };
    // Who comes while somebody looks waits for what is found.
    const [anna, bert] = await Promise.all(['Anna', BERT].map((handset) => findPlace(engine, { handset }, context)));
    expect(anna).toMatchObject({ device: ANNA, address: { text: 'serial:/dev/ttyACM1' } });
    expect(bert).toMatchObject({ device: BERT, address: { text: 'serial:/dev/ttyACM2' } });
    // They are known by their numbers: nobody was asked again.
    expect(asked).toEqual(['usb:1-1', 'usb:1-2']);
  });

  it('is there, and so are the others, when that cannot be written down', async () => {
    const { desk, attach, handsets, card, notes } = await rig();
    await handsets.met({ device: ANNA, address: 'usb:0421:0123:SN77', ...E62, speaksDm: true });
    vi.spyOn(handsets, 'met').mockRejectedValue(new Error('the disk is full'));
    desk.followed(1);
    attach(usbPhone('1-1'), adapter(0, { reason: 'bearer/busy' }));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    await expect.poll(() => desk.state.attachments).toMatchObject([{ address: 'serial:/dev/ttyUSB0' }]);
    expect(notes.join()).toContain('the disk is full');
  });

  it('is there under the name that a person has typed for it, as long as it leads to it alone', async () => {
    const { desk, attach, answers, handsets, card, turns, slept } = await rig();
    const end = await turns.take('usb:0421:0123');
    desk.followed(1);
    attach(usbPhone('1-1'));
    await expect.poll(() => slept).toContain(1000);
    await handsets.met({ device: ANNA, address: 'usb:0421:0123', ...E62, speaksDm: true });
    expect(card(ANNA)).toMatchObject({ presence: 'attached', bearers: [{ address: 'usb:0421:0123', attached: true }] });
    expect(desk.state.attachments).toEqual([]);
    end();
    answers.set('usb:1-2', { device: BERT, ...E62, speaksDm: true });
    const functions = [{ kind: 'usb', address: 'usb:0421:0123:SN78' }] as const;
    attach(usbPhone('1-1'), usbPhone('1-2', { serial: 'SN78', functions }));
    await expect.poll(() => card(BERT)?.presence).toBe('attached');
    expect(card(ANNA)?.bearers.find(({ address }) => address === 'usb:0421:0123')?.attached).toBe(false);
  });

  it('at a serial adapter is asked each time that it comes, and takes the place from who was there', async () => {
    const { desk, attach, answers, asked, card } = await rig();
    answers.set('usb:2-0', { device: ANNA, ...E62 });
    desk.followed(1);
    attach(adapter(0));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    attach();
    await expect.poll(() => card(ANNA)?.presence).toBe('away');
    answers.set('usb:2-0', { device: BERT, ...E62 });
    attach(adapter(0));
    await expect.poll(() => card(BERT)?.presence).toBe('attached');
    expect(card(ANNA)).toMatchObject({ presence: 'away' });
    expect(asked).toEqual(['usb:2-0', 'usb:2-0']);
  });

  it.each([
    ['serial:/dev/ttyUSB0@9600', adapter(0)],
    ['usb:0421:0123', usbPhone('1-1')],
    ['usb:0421:0123@1-1', usbPhone('1-1')],
    ['usb:0421:0123:SN77@1-1', usbPhone('1-1')],
  ])('is not asked while a session is with it under another name: %s', async (name, thing) => {
    const { desk, attach, asked, slept, elapse, turns } = await rig();
    const { for: bearerFor } = ownProcessBearers();
    const session = new Onward({
      ...{ turns, clock: nodeClock, signal: context.signal, emit: () => undefined, bearers: { for: bearerFor } },
      handsets: { find: () => undefined },
    });
    await session.enter(placeAt(name, undefined, { for: bearerFor }));
    desk.followed(1);
    attach(thing);
    await expect.poll(() => slept).toContain(1000);
    expect(asked).toEqual([]);
    session.leave();
    elapse();
    await expect.poll(() => asked).toEqual([thing.id]);
  });

  it('is not asked while a session is with it, and the session tells who it is', async () => {
    const { desk, attach, answers, asked, card, turns, handsets, elapse, slept } = await rig();
    const end = await turns.take('serial:/dev/ttyUSB0');
    desk.followed(1);
    attach(adapter(0));
    await expect.poll(() => slept).toContain(1000);
    await handsets.met({ device: ANNA, address: 'serial:/dev/ttyUSB0' });
    expect(card(ANNA)?.presence).toBe('attached');
    expect(desk.state.attachments).toEqual([]);
    expect(asked).toEqual([]);
    end();
    answers.set('usb:2-0', { device: ANNA, ...E62 });
    elapse();
    await expect.poll(() => card(ANNA)?.firmware).toBe('V 3.0');
  });

  it('that does not say who it is stays a thing with a reason, and is asked again after longer and longer', async () => {
    const { desk, attach, answers, asked, slept, elapse, card } = await rig();
    desk.followed(1);
    attach(adapter(0));
    for (const [times, pause] of [5000, 15_000, 60_000, 300_000, 300_000].entries()) {
      await expect.poll(() => slept.at(-1)).toBe(pause);
      expect(asked).toHaveLength(times + 1);
      if (times === 4) answers.set('usb:2-0', { device: ANNA });
      slept.splice(0);
      expect(desk.state.attachments).toMatchObject([
        { address: 'serial:/dev/ttyUSB0', place: '2-0', reason: 'bearer/unusable', finding: 'service:usb:2-0' },
      ]);
      elapse();
    }
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    expect(desk.state.attachments).toEqual([]);
  });

  it('whose plug alone says who it is has its card, and is asked again for what was broken off', async () => {
    const { desk, asked, answers, attach, card, slept, elapse } = await rig();
    desk.followed(1);
    answers.set('usb:1-1', { device: ANNA, manufacturer: 'Nokia', model: 'E62', reason: 'bearer/unusable' });
    attach(usbPhone('1-1'));
    await expect.poll(() => card(ANNA)?.model).toBe('E62');
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    await expect.poll(() => slept).toContain(5000);
    elapse();
    await expect.poll(() => card(ANNA)).toMatchObject({ firmware: 'V 3.0', speaksDm: true });
    elapse();
    attach(usbPhone('1-1'), adapter(0));
    // Who was attached later has been asked by then.
    await expect.poll(() => asked).toContain(adapter(0).id);
    expect(asked.filter((id) => id === 'usb:1-1')).toHaveLength(2);
  });

  it('that is forgotten while it waits for a later question is asked at once', async () => {
    const { desk, asked, answers, attach, card, slept, call } = await rig();
    desk.followed(1);
    answers.set('usb:1-1', { device: ANNA, manufacturer: 'Nokia', model: 'E62', reason: 'bearer/no-obex' });
    attach(usbPhone('1-1'));
    await expect.poll(() => slept).toContain(5000);
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    await call['handsets.forget']({ device: ANNA }, context);
    await expect.poll(() => card(ANNA)?.firmware).toBe('V 3.0');
    expect(asked).toHaveLength(2);
  });

  it('that a session has met stays its card when it is asked and says no number, unless it is of another model', async () => {
    const { desk, attach, answers, asked, card, turns, handsets, elapse, slept } = await rig();
    const end = await turns.take('serial:/dev/ttyUSB0');
    desk.followed(1);
    attach(adapter(0));
    await expect.poll(() => slept).toContain(1000);
    await handsets.met({ device: ANNA, address: 'serial:/dev/ttyUSB0', manufacturer: 'Nokia', model: 'E62' });
    end();
    answers.set('usb:2-0', { manufacturer: 'Nokia', model: 'Nokia E62', firmware: 'V 3.0' });
    elapse();
    await expect.poll(() => card(ANNA)).toMatchObject({ firmware: 'V 3.0', presence: 'attached' });
    expect(desk.state.handsets).toHaveLength(1);
    attach();
    // The cable stays, the phone at its end does not.
    await handsets.met({ device: BERT, model: 'E62' });
    attach(adapter(0, { reason: 'bearer/busy' }));
    await handsets.met({ device: BERT, address: 'serial:/dev/ttyUSB0' });
    answers.set('usb:2-0', { manufacturer: 'Motorola', model: 'V3' });
    attach(adapter(0));
    await expect.poll(() => asked).toHaveLength(2);
    await expect.poll(() => desk.state.handsets.find(({ model }) => model === 'V3')?.presence).toBe('attached');
    expect(card(BERT)?.presence).not.toBe('attached');
  });

  it('may be named, joined and forgotten while it is asked: that is no session', async () => {
    const { desk, attach, answers, asked, call, turns, handsets } = await rig();
    const silence = Promise.withResolvers<Partial<Identity>>();
    answers.set('usb:1-1', silence.promise);
    await handsets.met({ device: ANNA, address: 'usb:0421:0123:SN77', model: 'E62' });
    const { device: other } = await handsets.met({ device: 'card-nokia-e62-0123456789ab', model: 'E62' });
    desk.followed(1);
    attach(usbPhone('1-1'));
    await expect.poll(() => asked).toEqual(['usb:1-1']);
    expect((await call['handsets.join']({ device: ANNA, other }, context)).handset.device).toBe(ANNA);
    expect(await call['handsets.forget']({ device: ANNA }, context)).toEqual({ forgotten: ANNA });
    silence.resolve({ device: ANNA, ...E62 });
    await expect.poll(() => turns.held('usb:0421:0123:SN77')).toBe(false);
    const end = await turns.take(`device ${ANNA}`);
    await handsets.met({ device: ANNA, model: 'E62' });
    await expect(call['handsets.forget']({ device: ANNA }, context)).rejects.toMatchObject({ code: 'handset/busy' });
    end();
  });

  it('is one of two that answered no number: joined or told apart by a person, whose word stays', async () => {
    const { desk, attach, answers, call, handsets } = await rig();
    await handsets.met({ device: ANNA, address: 'tcp:127.0.0.1:650', ...E62 });
    answers.set('usb:2-0', { ...E62 });
    desk.followed(1);
    attach(adapter(0));
    await expect.poll(() => desk.state.handsets.length).toBe(2);
    const other = desk.state.handsets.find(({ device }) => device !== ANNA)?.device ?? '';
    expect(desk.state.handsets.find(({ device }) => device === ANNA)?.likeness).toEqual([
      { device: other, why: 'model' },
    ]);
    await call['handsets.differ']({ device: ANNA, other }, context);
    expect(desk.state.handsets.every(({ likeness }) => likeness === undefined)).toBe(true);
    const { handset } = await call['handsets.join']({ device: other, other: ANNA }, context);
    expect(handset).toMatchObject({ device: ANNA });
    await expect.poll(() => desk.state.handsets).toMatchObject([{ device: ANNA, address: 'serial:/dev/ttyUSB0' }]);
  });
});

describe('a phone over the air', () => {
  const AIR = 'bluetooth:00:1A:89:10:20:30';
  const inTheAir: AttachedThing = {
    ...{ id: AIR, place: '00:1A:89:10:20:30', product: 'Anna’s phone' },
    functions: [{ kind: 'bluetooth', address: AIR }],
  };

  it('is one card with itself at a cable, the better way first, and is known again without being asked', async () => {
    const { desk, attach, answers, asked, card, handsets } = await rig();
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    answers.set(AIR, { device: ANNA, ...E62, speaksDm: true });
    desk.followed(1);
    attach(inTheAir);
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    attach(inTheAir, usbPhone('1-1'));
    await expect.poll(() => card(ANNA)?.bearers).toHaveLength(3);
    expect(card(ANNA)).toMatchObject({
      address: 'usb:0421:0123:SN77',
      bearers: [{ kind: 'usb' }, { kind: 'serial' }, { kind: 'bluetooth', address: AIR, attached: true }],
    });
    // A session on a channel of it is one with this phone.
    await handsets.met({ device: ANNA, address: `${AIR}@13` });
    expect(desk.standingOf(`${AIR}@13`)).toMatchObject({ attached: true, device: ANNA });
    attach(inTheAir);
    await expect.poll(() => card(ANNA)?.address).toContain(AIR);
    attach();
    await expect.poll(() => card(ANNA)?.presence).toBe('away');
    attach(inTheAir);
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    expect(asked).toEqual([AIR, 'usb:1-1']);
    expect(desk.state.handsets).toHaveLength(1);
    expect(desk.state.attachments).toEqual([]);
  });

  it('that says no number has a card of its own name, and one that is silent is a row', async () => {
    const { desk, attach, answers } = await rig();
    answers.set(AIR, { model: 'Anna’s phone', firmware: '1', speaksDm: true });
    desk.followed(1);
    attach(inTheAir);
    await expect.poll(() => desk.state.handsets).toMatchObject([{ model: 'Anna’s phone', speaksDm: true }]);
    const silent = { ...inTheAir, id: 'bluetooth:00:1A:89:10:20:31', place: '00:1A:89:10:20:31' };
    attach({ ...silent, functions: [{ kind: 'bluetooth', address: silent.id }] });
    await expect
      .poll(() => desk.state.attachments)
      .toMatchObject([{ kind: 'bluetooth', name: 'Anna’s phone', address: silent.id, reason: 'bearer/unusable' }]);
  });
});

describe('phones that cannot be told apart by their plugs', () => {
  /** Two of one model whose maker gave all of them the same number: each is known by its port alone. */
  const twin = (place: string): AttachedThing => {
    const address = `usb:0421:0123:SN77@${place}`;
    return usbPhone(place, { functions: [{ kind: 'usb', address }] });
  };

  it('are asked each, also when one of them is known by that number', async () => {
    const { desk, attach, answers, asked, card, handsets } = await rig();
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    answers.set('usb:1-2', { device: BERT, ...E62, speaksDm: true });
    desk.followed(1);
    attach(usbPhone('1-1'));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    attach(twin('1-1'), twin('1-2'));
    await expect.poll(() => card(BERT)?.address).toBe('usb:0421:0123:SN77@1-2');
    await expect.poll(() => card(ANNA)?.address).toBe('usb:0421:0123:SN77@1-1');
    expect(asked).toEqual(['usb:1-1', 'usb:1-1', 'usb:1-2']);
    expect(handsets.ways(ANNA).filter(({ attached }) => attached)).toHaveLength(1);
    // From now on the number tells nothing of one alone either.
    attach(usbPhone('1-4'));
    await expect.poll(() => asked.at(-1)).toBe('usb:1-4');
  });

  it('are asked again where they were exchanged while nobody looked', async () => {
    const { attach, answers, call, asked, card } = await rig();
    const plain = (place: string, attachment: string): AttachedThing => ({
      ...{ id: `usb:${place}`, place, attachment, vendorId: 0x421, productId: 0x123 },
      functions: [{ kind: 'usb', address: `usb:0421:0123@${place}` }],
    });
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    answers.set('usb:1-2', { device: BERT, ...E62, speaksDm: true });
    attach(plain('1-1', '1/3'), plain('1-2', '1/4'));
    await call['handsets.list']({}, context);
    await call['handsets.list']({}, context);
    expect(asked).toEqual(['usb:1-1', 'usb:1-2']);
    attach(plain('1-1', '1/6'), plain('1-2', '1/5'));
    answers.set('usb:1-1', { device: BERT, ...E62, speaksDm: true });
    answers.set('usb:1-2', { device: ANNA, ...E62, speaksDm: true });
    await call['handsets.list']({}, context);
    expect(card(ANNA)?.address).toBe('usb:0421:0123@1-2');
    expect(card(BERT)?.address).toBe('usb:0421:0123@1-1');
  });

  it('are not taken for who was at their port before', async () => {
    const { desk, attach, answers, card, asked } = await rig();
    const plain = (attachment: string): AttachedThing => ({
      ...{ id: 'usb:1-1', place: '1-1', attachment, vendorId: 0x421, productId: 0x123 },
      functions: [{ kind: 'usb', address: 'usb:0421:0123@1-1' }],
    });
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    desk.followed(1);
    attach(plain('1/3'));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    attach();
    await expect.poll(() => card(ANNA)?.presence).toBe('away');
    const said = Promise.withResolvers<Partial<Identity>>();
    answers.set('usb:1-1', said.promise);
    attach(plain('1/4'));
    await expect.poll(() => asked).toHaveLength(2);
    expect(card(ANNA)?.presence).toBe('unknown');
    said.resolve({ device: BERT, ...E62, speaksDm: true });
    await expect.poll(() => card(BERT)?.presence).toBe('attached');
    expect(card(ANNA)?.presence).not.toBe('attached');
  });

  it('are two cards when they say no number either', async () => {
    const { desk, attach, answers } = await rig();
    for (const id of ['usb:1-1', 'usb:1-2']) answers.set(id, { ...E62, speaksDm: true });
    desk.followed(1);
    attach(twin('1-1'), twin('1-2'));
    await expect.poll(() => desk.state.handsets.length).toBe(2);
    expect(desk.state.handsets.map(({ address }) => address).toSorted()).toEqual([
      'usb:0421:0123:SN77@1-1',
      'usb:0421:0123:SN77@1-2',
    ]);
  });
});

describe('a thing that cannot be used', () => {
  it('is a row with its reason, holder and finding, and is asked as soon as it can be', async () => {
    const { desk, attach, answers, asked, card } = await rig();
    const holder = { name: 'minicom', pid: 42 };
    const mute: AttachedThing = {
      id: 'usb:1-9',
      place: '1-9',
      product: 'Phone',
      functions: [],
      reason: 'bearer/no-obex',
    };
    const taken: AttachedThing = { ...mute, id: 'usb:1-8', place: '1-8', reason: 'bearer/busy', holder };
    answers.set('usb:2-0', { device: ANNA });
    desk.followed(1);
    attach(adapter(0, { reason: 'bearer/busy', holder }), mute, taken);
    await expect
      .poll(() => desk.state.attachments)
      .toMatchObject([
        {
          address: 'serial:/dev/ttyUSB0',
          kind: 'serial',
          name: 'FT232R',
          reason: 'bearer/busy',
          holder,
          finding: 'holder:usb:2-0',
        },
        {
          address: 'usb:1-9',
          kind: 'usb',
          name: 'Phone',
          place: '1-9',
          reason: 'bearer/no-obex',
          finding: 'service:usb:1-9',
        },
        { address: 'usb:1-8', reason: 'bearer/busy', holder, finding: 'holder:usb:1-8' },
      ]);
    expect(asked).toEqual([]);
    attach(adapter(0), mute);
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    attach(adapter(0, { reason: 'bearer/permission-denied' }), mute);
    await expect.poll(() => card(ANNA)?.reason).toBe('bearer/permission-denied');
    expect(desk.state.attachments).toHaveLength(1);
  });

  it('is a card when its number is known, and two without a number are two rows', async () => {
    const { desk, attach, handsets, card } = await rig();
    await handsets.met({ device: ANNA, address: 'usb:0421:0123:SN77' });
    desk.followed(1);
    const refused = { kind: 'usb', address: 'usb:0421:0123:SN77', reason: 'bearer/permission-denied' } as const;
    const same = { kind: 'usb', address: 'usb:0421:0001', reason: 'bearer/permission-denied' } as const;
    const twin = (place: string): AttachedThing => ({ id: `usb:${place}`, place, functions: [same] });
    attach(usbPhone('1-1', { functions: [refused] }), twin('1-2'), twin('1-3'));
    await expect.poll(() => card(ANNA)).toMatchObject({ presence: 'attached', reason: 'bearer/permission-denied' });
    await expect.poll(() => desk.state.attachments.map(({ address }) => address)).toEqual(['usb:0421:0001', 'usb:1-3']);
  });
});

describe('discovery', () => {
  it('that fails is said and tried again, and nothing else suffers', async () => {
    const { desk, attach, answers, notes, breakDiscovery, slept, elapse, card, handsets } = await rig();
    desk.followed(1);
    for (let time = 0; time < 3; time += 1) {
      await breakDiscovery();
      await expect.poll(() => slept.length).toBe(time + 1);
      elapse();
      await handsets.met({ device: BERT, address: 'tcp:127.0.0.1:650' });
    }
    expect(card(BERT)?.presence).toBe('attached');
    answers.set('usb:1-1', { device: ANNA });
    attach(usbPhone('1-1'));
    await expect.poll(() => card(ANNA)?.presence).toBe('attached');
    expect(notes).toHaveLength(3);
    expect(notes[0]).toContain('the child is gone');
  });

  it('looks once for who asks for the list and does not follow', async () => {
    const { attach, answers, call, asked } = await rig();
    answers.set('usb:1-1', { device: ANNA, ...E62, speaksDm: true });
    attach(usbPhone('1-1'), adapter(0));
    const { handsets, attachments } = await call['handsets.list']({}, context);
    expect(handsets).toMatchObject([{ device: ANNA, presence: 'attached' }]);
    expect(attachments).toMatchObject([{ address: 'serial:/dev/ttyUSB0', reason: 'bearer/unusable' }]);
    expect(asked.toSorted()).toEqual(['usb:1-1', 'usb:2-0']);
    attach();
    expect((await call['handsets.list']({}, context)).handsets).toMatchObject([{ device: ANNA, presence: 'away' }]);
  });
});
