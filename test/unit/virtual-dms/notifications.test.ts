import { describe, expect, it } from 'vitest';
import { milliseconds, seconds } from '../../../src-main/base/durations.ts';
import { createNotificationQueue } from '../../../src-main/virtual/dms/notifications.ts';
import { startDms } from './dms-fixture.ts';

const DEVICE = 'IMEI:490154203237518';
const BODY = Uint8Array.of(0, 1, 254, 255);
const signal = new AbortController().signal;
const none = milliseconds(0);
const make = () => BODY;

describe('createNotificationQueue', () => {
  it('hands a wish out again only after the repeat time, made anew, until a session settles it', async () => {
    let now = 0;
    const queue = createNotificationQueue({ repeatAfter: seconds(30), monotonic: () => now });
    const id = queue.enqueue(DEVICE, (attempt) => Uint8Array.of(attempt));
    const due = () => queue.wait(DEVICE, { time: none, signal });
    expect(await due()).toEqual([{ id, device: DEVICE, body: Uint8Array.of(0) }]);
    expect(await due()).toEqual([]);
    now = 29_999;
    expect(await due()).toEqual([]);
    now = 30_000;
    const [again, ...rest] = await due();
    expect(rest).toEqual([]);
    expect(again?.body).toEqual(Uint8Array.of(1));
    expect(again?.id).not.toBe(id);
    queue.settled('490154203237518');
    now = 90_000;
    expect(await due()).toEqual([]);
  });

  it('hands a wish out again at once when its last notification was ignored, once for each', async () => {
    const queue = createNotificationQueue({ monotonic: () => 0 });
    let ignored = queue.enqueue(DEVICE, (attempt) => Uint8Array.of(attempt));
    const first = ignored;
    expect(await queue.wait(DEVICE, { time: none, signal, ignored })).toHaveLength(1);
    for (let attempt = 1; attempt < 4; attempt += 1) {
      const [next] = await queue.wait(DEVICE, { time: none, signal, ignored });
      expect(next?.body).toEqual(Uint8Array.of(attempt));
      ignored = next?.id ?? '';
      for (const other of ['nobody', first]) {
        expect(await queue.wait(DEVICE, { time: none, signal, ignored: other })).toEqual([]);
      }
    }
  });

  it('wakes a poll that waits when one comes, for that device only', async () => {
    const queue = createNotificationQueue();
    const mine = queue.wait('490154203237518', { time: seconds(20), signal });
    queue.enqueue('IMEI:352099001761481', make);
    const id = queue.enqueue(DEVICE, make);
    expect(await mine).toEqual([{ id, device: DEVICE, body: BODY }]);
  });

  it('repeats within a poll that is open when the time comes', async () => {
    const queue = createNotificationQueue({ repeatAfter: milliseconds(30) });
    queue.enqueue(DEVICE, make);
    await queue.wait(DEVICE, { time: none, signal });
    expect((await queue.wait(DEVICE, { time: seconds(20), signal })).map((each) => each.body)).toEqual([BODY]);
  });

  it('gives a notification to one of two polls', async () => {
    const queue = createNotificationQueue();
    const polls = [1, 2].map(() => queue.wait(DEVICE, { time: milliseconds(50), signal }));
    queue.enqueue(DEVICE, make);
    expect((await Promise.all(polls)).map((due) => due.length).sort()).toEqual([0, 1]);
  });

  it('counts nothing as handed out to a poll that went away', async () => {
    const queue = createNotificationQueue();
    const stop = new AbortController();
    const poll = queue.wait(DEVICE, { time: seconds(20), signal: stop.signal });
    stop.abort();
    queue.enqueue(DEVICE, make);
    expect(await poll).toEqual([]);
    expect(await queue.wait(DEVICE, { time: none, signal })).toHaveLength(1);
  });

  it('stays small when nobody polls', async () => {
    const queue = createNotificationQueue();
    const ids = Array.from({ length: 100 }, () => queue.enqueue(DEVICE, make));
    const due = await queue.wait(DEVICE, { time: none, signal });
    expect(due.map((each) => each.id)).toEqual(ids.slice(-16));
  });
});

describe('the notification interface', () => {
  it('answers a poll that waits with the bytes in base64', async () => {
    const { get, notifications } = await startDms();
    const poll = get('/api/v1/notifications?device=490154203237518&wait=20');
    const id = notifications.enqueue(DEVICE, make);
    expect((await poll).json).toEqual({ notifications: [{ id, device: DEVICE, body: 'AAH+/w==' }] });
    expect((await get(`/api/v1/notifications?device=${DEVICE}&wait=0`)).json).toEqual({ notifications: [] });
    const { json } = await get(`/api/v1/notifications?device=${DEVICE}&wait=0&ignored=${id}`);
    expect(json).toEqual({ notifications: [{ id: expect.any(String), device: DEVICE, body: 'AAH+/w==' }] });
    expect(json.notifications[0].id).not.toBe(id);
  });

  it('refuses a poll without device or with a wait that is no time', async () => {
    const { get } = await startDms();
    for (const query of ['', '?device=', '?device=1&wait=-1', '?device=1&wait=x', '?device=1&wait=NaN']) {
      const answer = await get(`/api/v1/notifications${query}`);
      expect([answer.status, answer.json.code], query).toEqual([400, 'notification/query-invalid']);
    }
  });

  it('ends open polls when the server ends', async () => {
    const { server, get } = await startDms();
    const poll = get('/api/v1/notifications?device=1').catch(() => 'cut');
    await get('/api/v1/jobs');
    await server.close();
    expect(await poll).toBeDefined();
  });
});
