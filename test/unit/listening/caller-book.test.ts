import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { UntimedEvent } from '../../../src-main/contract/events.ts';
import type { HostChange } from '../../../src-main/contract/host-state.ts';
import { type Call, CallerBook } from '../../../src-main/operations/listening/caller-book.ts';
import type { KeptCaller, Settings } from '../../../src-main/settings/settings.ts';
import { describeEvent } from '../../../src-main/wording/describe-event.ts';
import { HandClock } from '../../support/hand-clock.ts';

const PHONE = 'IMEI:356938035643809';
const { signal } = new AbortController();

function callers(kept: readonly KeptCaller[] = []) {
  const stored = { callers: kept };
  const disk = { full: false };
  const settings = {
    get: () => stored.callers,
    set: async (_name: string, value: readonly KeptCaller[]) => {
      await Promise.resolve();
      if (disk.full) throw new PcAgentError('store/full', 'no room');
      stored.callers = value;
    },
  } as unknown as Settings;
  const clock = new HandClock();
  const changes: HostChange[] = [];
  const events: UntimedEvent[] = [];
  const make = () =>
    new CallerBook({
      ...{ settings, clock },
      handsets: { find: () => undefined },
      changed: (change) => changes.push(change),
      emit: (event) => events.push(event),
    });
  const book = make();
  const call = (facts: Partial<Call>, gone?: Promise<void>) =>
    book.admit({ kind: 'tcp', device: PHONE, ...facts }, { gone, signal });
  return { book, make, clock, changes, events, call, stored, disk };
}

describe('who may come in', () => {
  it('is asked about once, by DevId in any writing, over restarts, and until it is forgotten', async () => {
    const { book, make, call, clock, events, changes } = callers();
    const [first, second] = [
      call({ from: '192.0.2.7', manufacturer: 'Maker' }),
      call({ from: '192.0.2.8', wants: 'http://user:word@dms.example/dm?token=1' }),
    ];
    expect(book.list).toMatchObject([{ state: 'asking', device: PHONE, from: '192.0.2.8', known: false }]);
    expect(book.list[0]?.wants).toBe('http://dms.example/dm');
    const [{ id } = { id: '' }] = book.list;
    await book.answer(id, 'accept');
    expect(await Promise.all([first, second])).toEqual(['accepted', 'accepted']);
    expect(await call({ device: '356938035643809', kind: 'network' })).toBe('accepted');
    const again = make();
    expect(again.list).toMatchObject([{ id, state: 'accepted' }]);
    expect(await again.admit({ kind: 'serial', device: PHONE }, { gone: undefined, signal })).toBe('accepted');
    await book.answer(id, 'refuse');
    await clock.pass(5_000);
    // It goes on calling, and that is told once.
    for (let count = 0; count < 3; count += 1) expect(await call({})).toBe('refused');
    await book.forget(id);
    const stranger = call({});
    expect(book.list).toMatchObject([{ id, state: 'asking' }]);
    await book.forget(id);
    expect(await stranger).toBe('unanswered');
    expect(book.list).toEqual([]);
    expect(events.map((event) => event.type === 'caller' && event.state)).toEqual([
      ...['asking', 'accepted', 'refused', 'refused', 'forgotten', 'asking', 'forgotten'],
    ]);
    expect(changes.at(-1)).toEqual({ kind: 'caller-gone', id });
    await expect(book.answer(id, 'accept')).rejects.toMatchObject({ code: 'listening/caller-unknown' });
    await expect(book.forget(id)).rejects.toMatchObject({ code: 'listening/caller-unknown' });
  });

  it('is another one where the number of an accepted handset comes from another Bluetooth device', async () => {
    const { book, call } = callers();
    const own = { kind: 'bluetooth', from: 'bluetooth:00:11:22:33:44:55' } as const;
    const first = call(own);
    await book.answer(book.list[0]?.id ?? '', 'accept');
    expect(await first).toBe('accepted');
    expect(await call({ ...own, from: 'bluetooth:00:11:22:33:44:55'.toLowerCase() })).toBe('accepted');
    // What it says cannot be read, and it is the same device all the same.
    expect(await book.admit(own, { gone: undefined, signal })).toBe('accepted');
    const thief = call({ ...own, from: 'bluetooth:66:77:88:99:AA:BB' });
    expect(book.list.map(({ state }) => state)).toEqual(['accepted', 'asking']);
    await book.answer(book.list[1]?.id ?? '', 'refuse');
    expect(await thief).toBe('refused');
    expect(await call(own)).toBe('accepted');
    // Over TCP everybody may say that number: neither answer holds there.
    const borrowed = call({ from: '192.0.2.7' });
    expect(book.list.map(({ state }) => state)).toEqual(['accepted', 'refused', 'asking']);
    await book.forget(book.list[2]?.id ?? '');
    expect(await borrowed).toBe('unanswered');
  });

  it('is shown with the place that an accepted number is used from now', async () => {
    const { book, call, clock, events } = callers();
    void call({ from: '192.0.2.7' });
    await book.answer(book.list[0]?.id ?? '', 'accept');
    await clock.pass(5_000);
    expect(await call({ from: '192.0.2.66' })).toBe('accepted');
    expect(book.list).toMatchObject([{ state: 'accepted', from: '192.0.2.66' }]);
    expect(events.at(-1)).toMatchObject({ type: 'caller', state: 'accepted', from: '192.0.2.66' });
    await clock.pass(5_000);
    expect(await call({ from: '192.0.2.66', kind: 'network' })).toBe('accepted');
    expect(book.list).toMatchObject([{ kind: 'network', from: '192.0.2.66' }]);
    await clock.pass(5_000);
    // A line is no place that it was called from.
    expect(await call({ kind: 'serial' })).toBe('accepted');
    expect(book.list).toMatchObject([{ kind: 'serial' }]);
    expect(book.list[0]).not.toHaveProperty('from');
    expect(events).toHaveLength(3);
  });

  it('is answered at the same time as others, and none of the answers is lost', async () => {
    const { book, make, call, stored, disk } = callers();
    const held = ['1', '2', '3'].map((device) => call({ device }));
    const [a, b, c] = book.list.map(({ id }) => id);
    await Promise.all([book.answer(a ?? '', 'accept'), book.answer(b ?? '', 'refuse'), book.answer(c ?? '', 'accept')]);
    expect(await Promise.all(held)).toEqual(['accepted', 'refused', 'accepted']);
    await Promise.all([book.forget(b ?? ''), book.answer(c ?? '', 'refuse')]);
    expect(make().list.map(({ id, state }) => [id, state])).toEqual([
      [a, 'accepted'],
      [c, 'refused'],
    ]);
    // What cannot be kept does not hold, and can be said again.
    disk.full = true;
    const late = call({ device: '4' });
    const id = book.list.at(-1)?.id ?? '';
    await expect(book.answer(id, 'accept')).rejects.toMatchObject({ code: 'store/full' });
    await expect(book.forget(a ?? '')).rejects.toMatchObject({ code: 'store/full' });
    expect(book.list.map(({ state }) => state)).toEqual(['accepted', 'refused', 'asking']);
    disk.full = false;
    await book.answer(id, 'accept');
    expect(await late).toBe('accepted');
    expect(stored.callers).toHaveLength(3);
  });

  it('was missed when nobody answered in time or it left, and the answer then holds for the next call', async () => {
    const { book, call, clock, stored, events } = callers();
    const late = call({});
    await clock.pass(120_000);
    expect(await late).toBe('unanswered');
    const gone = Promise.withResolvers<void>();
    const left = call({}, gone.promise);
    gone.resolve();
    expect(await left).toBe('gone');
    expect(book.list).toMatchObject([{ state: 'missed', missed: 'left' }]);
    expect(events.flatMap((event) => (event.type === 'caller' ? [event.missed] : []))).toEqual([
      ...[undefined, 'unanswered', undefined, 'left'],
    ]);
    expect(events.map((event) => describeEvent(event)).filter((text) => /left before|in time/.test(text))).toEqual([
      `Nobody has let the caller in or sent it away in time: ${PHONE}`,
      `The caller left before anybody had let it in or sent it away: ${PHONE}`,
    ]);
    expect(stored.callers).toEqual([]);
    await book.answer(book.list[0]?.id ?? '', 'accept');
    expect(await call({})).toBe('accepted');
  });

  it('keeps what it said of itself, and its time, when it speaks again while it is held', async () => {
    const { book, call, clock } = callers();
    const first = call({ manufacturer: 'Maker', model: 'X1', from: '192.0.2.7' });
    const [{ until } = {}] = book.list;
    await clock.pass(50_000);
    const again = call({ from: '192.0.2.7', kind: 'network' });
    const same = { manufacturer: 'Maker', model: 'X1', kind: 'network' };
    expect(book.list).toMatchObject([{ ...same, state: 'asking', until }]);
    await clock.pass(70_000);
    expect(await Promise.all([first, again])).toEqual(['unanswered', 'unanswered']);
    expect(book.list).toMatchObject([{ ...same, state: 'missed', missed: 'unanswered' }]);
    // Another question has a time of its own.
    void call({});
    expect(book.list).toMatchObject([{ manufacturer: 'Maker', state: 'asking' }]);
    expect(book.list[0]?.until).not.toBe(until);
    expect(book.list[0]).not.toHaveProperty('missed');
  });

  it('is shown with why it could be carried nowhere, as long as that is so', async () => {
    const { book, changes } = callers();
    let reason: string | undefined = 'listening/no-server';
    const asks = { gone: undefined, signal, lack: () => reason };
    const held = book.admit({ kind: 'tcp', device: PHONE }, asks);
    expect(book.list).toMatchObject([{ reason: 'listening/no-server' }]);
    book.serversChanged();
    expect(changes).toHaveLength(1);
    reason = undefined;
    book.serversChanged();
    expect(book.list[0]).not.toHaveProperty('reason');
    expect(changes.at(-1)).toEqual({ kind: 'caller', caller: book.list[0] });
    await book.answer(book.list[0]?.id ?? '', 'accept');
    expect(await held).toBe('accepted');
  });

  it('is asked about each time where nothing tells it from others, and nothing of that is kept', async () => {
    const { book, clock, stored } = callers();
    const nobody = book.admit({ kind: 'tcp' }, { gone: undefined, signal });
    await book.answer(book.list[0]?.id ?? '', 'accept');
    expect(await nobody).toBe('accepted');
    const other = book.admit({ kind: 'tcp' }, { gone: undefined, signal });
    await clock.pass(120_000);
    expect(await other).toBe('unanswered');
    expect({ list: book.list, stored: stored.callers }).toEqual({ list: [], stored: [] });
  });

  it('is not shown when a flood of made-up numbers calls, and what was missed does not pile up', async () => {
    const { book, call, clock } = callers();
    const flood = Array.from({ length: 100 }, (_, index) => call({ device: `IMEI:${index}` }));
    expect(book.list).toHaveLength(20);
    await clock.pass(120_000);
    const came = await Promise.all(flood);
    expect(came.filter((admission) => admission === 'crowded')).toHaveLength(80);
    for (let wave = 1; wave <= 3; wave += 1) {
      for (let index = 0; index < 20; index += 1) void call({ device: `IMEI:${wave}-${index}` });
      await clock.pass(120_000);
    }
    expect(book.list).toHaveLength(50);
    // Many calls of one: they are not held without end either.
    const same = Array.from({ length: 70 }, () => call({}));
    await clock.pass(120_000);
    expect((await Promise.all(same)).filter((admission) => admission === 'crowded')).toHaveLength(6);
  });

  it('finds a place while one address makes up numbers', async () => {
    const { book, call } = callers();
    for (let index = 0; index < 30; index += 1) void call({ device: `IMEI:${index}`, from: '192.0.2.66' });
    expect(book.list).toHaveLength(10);
    void call({ from: '192.0.2.7' });
    expect(book.list.at(-1)).toMatchObject({ state: 'asking', from: '192.0.2.7' });
  });

  it('is not pushed out of those who were missed by one who calls and leaves without a pause', async () => {
    const { book, call, clock, events } = callers();
    const left = Promise.resolve();
    await call({ from: '192.0.2.7' }, left);
    for (let index = 0; index < 200; index += 1) await call({ device: `IMEI:${index}`, from: '192.0.2.66' }, left);
    expect(book.list).toHaveLength(31);
    expect(book.list[0]).toMatchObject({ state: 'missed', from: '192.0.2.7' });
    expect(events).toHaveLength(62);
    await clock.pass(60_000);
    expect(await call({ device: 'IMEI:200', from: '192.0.2.66' }, left)).toBe('gone');
  });
});
