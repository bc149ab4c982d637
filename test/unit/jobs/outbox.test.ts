import { describe, expect, it, onTestFinished } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { nodeRandom } from '../../../src-main/base/node/digest.ts';
import type { Outbox, OutboxReport } from '../../../src-main/jobs/outbox/outbox.ts';
import { type Delivery, postReport } from '../../../src-main/jobs/outbox/post-report.ts';
import { backOff, createOutboxSender } from '../../../src-main/jobs/outbox/sender.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { startDms } from '../virtual-dms/dms-fixture.ts';
import { DEVICE, reported, startBench, type TestClock } from './bench.ts';
import { startScriptedDms } from './scripted-dms.ts';

const HOUR = 3600 * 1000;

/** Sends what is in an outbox, as the host does. */
function startSender(outbox: Outbox, clock: TestClock, ledger = createMemoryLedger()) {
  const agent = createHttpAgent();
  onTestFinished(() => agent.close());
  const stop = new AbortController();
  const tries: string[] = [];
  const sender = createOutboxSender({
    outbox,
    clock,
    random: nodeRandom,
    post: (report, signal) => postReport(report, { agent, ledger, clock, signal }),
    onTry: (_report, delivery) => tries.push('code' in delivery ? delivery.code : delivery.kind),
  });
  const running = (): Promise<void> => {
    const done = sender.run(stop.signal);
    onTestFinished(async () => {
      stop.abort();
      await done;
    });
    return done;
  };
  return { sender, ledger, tries, stop, running };
}

describe('a report', () => {
  it('is sent once when all goes well, and its key is its id', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    await reported(jobs, dms.origin);
    const { running, ledger } = startSender(outbox, clock);
    void running();
    await clock.slept();
    const [report] = outbox.list();
    expect(report).toMatchObject({ state: 'acknowledged', acknowledgedAt: '2026-01-01T00:00:00.000Z', tries: 1 });
    expect(dms.requests).toEqual([{ key: report?.id, body: report?.body, path: 'POST /api/v1/reports' }]);
    expect(ledger.entries()).toMatchObject([{ purpose: 'report', initiator: 'outbox' }]);
    expect(outbox.unsent()).toBe(0);
  });

  it('has one effect when the acknowledgement is lost on the wire', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    dms.turns.push('drop-answer');
    await reported(jobs, dms.origin);
    const { running, tries } = startSender(outbox, clock);
    void running();
    await clock.slept();
    expect(outbox.list()).toMatchObject([{ state: 'waiting', tries: 1, code: 'dms/answer-truncated' }]);
    const asked = dms.asked();
    clock.move(clock.pause);
    await asked;
    await clock.slept();
    expect(tries).toEqual(['dms/answer-truncated', 'acknowledged']);
    expect(outbox.list()).toMatchObject([{ state: 'acknowledged', tries: 2, code: undefined }]);
    expect(dms.kept.size).toBe(1);
    expect(dms.requests[1]).toEqual(dms.requests[0]);
  });

  it('is taken by the virtual DMS as it is, and once', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startDms();
    await reported(jobs, dms.url);
    await reported(jobs, dms.url, { operation: 'remove', component: 'com.example.clock' });
    const { sender, stop } = startSender(outbox, clock);
    expect(await sender.flush(stop.signal)).toBe(0);
    const { json } = await dms.get(`/api/v1/reports?device=${DEVICE}`);
    expect(json.reports ?? json).toHaveLength(2);
    expect(dms.internal).toEqual([]);
  });

  it.each([
    ['500', { status: 500 }, 'dms/http-status'],
    ['502', { status: 502 }, 'dms/http-status'],
    ['a redirection, which is not followed', { status: 302, headers: { location: '/' } }, 'dms/http-status'],
    ['204', { status: 204 }, 'dms/http-status'],
    ['401', { status: 401 }, 'dms/http-status'],
    ['429', { status: 429 }, 'dms/http-status'],
  ] as const)('is tried again after %s, later each time', async (_what, turn, code) => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    dms.turns.push(turn, turn, turn, turn);
    await reported(jobs, dms.origin);
    const { running, tries } = startSender(outbox, clock);
    void running();
    for (let count = 0; count < 4; count += 1) {
      await clock.slept();
      const least = 500 * 2 ** count;
      expect(clock.pause).toBeGreaterThanOrEqual(least);
      expect(clock.pause).toBeLessThanOrEqual(2 * least);
      const asked = dms.asked();
      clock.move(clock.pause);
      await asked;
    }
    await clock.slept();
    expect(tries).toEqual([code, code, code, code, 'acknowledged']);
    expect(dms.kept.size).toBe(1);
  });

  it.each([
    ['seconds', '90', 90_000],
    ['a date', 'Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ['more than a day, of which a day is heeded', '999999999', 24 * HOUR],
    ['the past', 'Thu, 01 Jan 2025 00:00:00 GMT', 500],
    ['nonsense', 'soon', 500],
  ] as const)('waits as long as the server asks: Retry-After in %s', async (_what, value, least) => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    dms.turns.push({ status: 429, headers: { 'retry-after': value } });
    await reported(jobs, dms.origin);
    const { running } = startSender(outbox, clock);
    void running();
    await clock.slept();
    expect(clock.pause).toBeGreaterThanOrEqual(least);
    expect(clock.pause).toBeLessThanOrEqual(Math.max(1000, least));
  });

  it.each([404, 405, 501])(
    'stays where a server without the interface says %i, and is offered each hour',
    async (status) => {
      const { jobs, outbox, clock } = startBench();
      const dms = await startScriptedDms();
      dms.turns.push({ status });
      await reported(jobs, dms.origin);
      const { running } = startSender(outbox, clock);
      void running();
      await clock.slept();
      expect(outbox.list()).toMatchObject([
        { state: 'unsupported', code: 'dms/report-unsupported', message: expect.stringContaining('next inventory') },
      ]);
      expect(clock.pause).toBe(HOUR);
      const asked = dms.asked();
      clock.move(HOUR);
      await asked;
      await clock.slept();
      expect(outbox.list()).toMatchObject([{ state: 'acknowledged' }]);
    },
  );

  it.each([400, 409, 413, 422])(
    'that the server refuses with %i is not sent again, and the others are',
    async (status) => {
      const { jobs, outbox, clock } = startBench();
      const dms = await startScriptedDms();
      dms.turns.push({ status, body: 'no\u0007!' });
      await reported(jobs, dms.origin);
      await reported(jobs, dms.origin);
      const { sender, stop } = startSender(outbox, clock);
      expect(await sender.flush(stop.signal)).toBe(0);
      expect(outbox.list()).toMatchObject([
        { state: 'rejected', code: 'dms/report-rejected', message: expect.stringContaining(`HTTP ${status} no !`) },
        { state: 'acknowledged' },
      ]);
      // An operator may try it again.
      expect(await sender.flush(stop.signal)).toBe(0);
      expect(outbox.list()[0]?.state).toBe('acknowledged');
    },
  );

  it('waits for a server that is away, and goes out when somebody asks for it', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    await dms.close();
    await reported(jobs, dms.origin);
    const { running, sender, stop } = startSender(outbox, clock);
    void running();
    await clock.slept();
    expect(outbox.list()).toMatchObject([{ state: 'waiting', code: 'dms/unreachable' }]);
    await dms.listen();
    expect(await sender.flush(stop.signal)).toBe(0);
    expect(dms.requests).toHaveLength(1);
  });

  it('opens no connection while the offline switch is on', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    await reported(jobs, dms.origin);
    const ledger = createMemoryLedger({ offline: true });
    const { running, sender } = startSender(outbox, clock, ledger);
    void running();
    await clock.slept();
    expect(outbox.list()).toMatchObject([{ state: 'waiting', tries: 0, code: undefined }]);
    expect(dms.requests).toEqual([]);
    expect(ledger.entries()).toEqual([]);
    ledger.setOffline(false);
    const asked = dms.asked();
    sender.wake();
    await asked;
    await clock.slept();
    expect(outbox.list()).toMatchObject([{ state: 'acknowledged', tries: 1 }]);
  });

  it('that comes while the sender sleeps goes out at once', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    const { running, sender } = startSender(outbox, clock);
    void running();
    await clock.slept();
    const asked = dms.asked();
    await reported(jobs, dms.origin);
    sender.wake();
    await asked;
    await clock.slept();
    expect(outbox.list()).toMatchObject([{ state: 'acknowledged' }]);
  });

  it('is not lost for a year when the clock was set back', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    dms.turns.push({ status: 503 });
    await reported(jobs, dms.origin);
    const { sender, stop } = startSender(outbox, clock);
    await sender.flush(stop.signal);
    expect(outbox.due()).toBeUndefined();
    clock.move(-365 * 24 * HOUR);
    expect(outbox.untilDue()).toBe(0);
    expect(outbox.due()).toMatchObject({ state: 'waiting' });
  });

  it('that always fails keeps no other one up', async () => {
    const { jobs, outbox, clock } = startBench();
    const dms = await startScriptedDms();
    dms.turns.push({ status: 500 }, { status: 201 }, { status: 500 }, { status: 201 });
    const poisoned = await reported(jobs, dms.origin);
    await reported(jobs, dms.origin);
    await reported(jobs, dms.origin);
    const { running, tries } = startSender(outbox, clock);
    void running();
    for (let count = 0; count < 2; count += 1) {
      await clock.slept();
      const asked = dms.asked();
      clock.move(clock.pause);
      await asked;
    }
    await clock.slept();
    expect(tries[1]).toBe('acknowledged');
    expect(outbox.list().find(({ job }) => job === poisoned.id)?.tries).toBeGreaterThan(0);
  });

  it('of one server does not wait for another that is away', async () => {
    const { jobs, outbox, clock } = startBench();
    const [away, there] = [await startScriptedDms(), await startScriptedDms()];
    await away.close();
    await reported(jobs, away.origin);
    await reported(jobs, there.origin);
    const { sender, stop } = startSender(outbox, clock);
    expect(await sender.flush(stop.signal)).toBe(1);
    expect(outbox.list().map(({ state }) => state)).toEqual(['waiting', 'acknowledged']);
  });
});

describe('after the end of its process', () => {
  it.each([
    ['nothing was sent', []],
    ['the answer was lost', ['drop-answer']],
    ['the server was in trouble', [{ status: 500 }]],
    ['the server did not know reports', [{ status: 404 }]],
  ] as const)('a report goes out with the same key and bytes: %s', async (_what, turns) => {
    const bench = startBench();
    const dms = await startScriptedDms();
    dms.turns.push(...turns);
    await reported(bench.jobs, dms.origin);
    const before = bench.outbox.list()[0];
    if (turns.length > 0) {
      const { sender, stop } = startSender(bench.outbox, bench.clock);
      expect(await sender.flush(stop.signal)).toBe(1);
    }
    const { outbox } = await bench.reopen();
    const { sender, stop } = startSender(outbox, bench.clock);
    expect(await sender.flush(stop.signal)).toBe(0);
    expect(outbox.list()).toMatchObject([{ id: before?.id, body: before?.body, state: 'acknowledged' }]);
    expect([...dms.kept]).toEqual([[before?.id, before?.body]]);
  });

  it('a report that was on its way is sent again, and has one effect', async () => {
    const bench = startBench();
    const dms = await startScriptedDms();
    await reported(bench.jobs, dms.origin);
    const first = startSender(bench.outbox, bench.clock);
    dms.turns.push('say-nothing');
    const asked = dms.asked();
    const done = first.running();
    await asked;
    first.stop.abort();
    await done;
    expect(bench.outbox.list()).toMatchObject([{ state: 'waiting', tries: 0 }]);
    const { outbox } = await bench.reopen();
    const { sender, stop } = startSender(outbox, bench.clock);
    expect(await sender.flush(stop.signal)).toBe(0);
    expect(dms.requests[1]).toEqual(dms.requests[0]);
    expect(dms.kept.size).toBe(1);
  });

  it('an acknowledged report stays acknowledged and is not sent again', async () => {
    const bench = startBench();
    const dms = await startScriptedDms();
    await reported(bench.jobs, dms.origin);
    const { sender, stop } = startSender(bench.outbox, bench.clock);
    await sender.flush(stop.signal);
    const { outbox } = await bench.reopen();
    const again = startSender(outbox, bench.clock);
    await again.sender.flush(again.stop.signal);
    expect(dms.requests).toHaveLength(1);
  });
});

describe('the sender', () => {
  it('goes on when the store cannot keep what came of a try', async () => {
    const { jobs, outbox, clock } = startBench();
    await reported(jobs, 'http://dms.example');
    const errors: unknown[] = [];
    let broken = true;
    const fragile: Outbox = {
      ...outbox,
      acknowledge: (id) => {
        if (!broken) return outbox.acknowledge(id);
        return Promise.reject(new PcAgentError('store/full', 'the disk is full'));
      },
    };
    const sent: OutboxReport[] = [];
    const post = async (report: OutboxReport): Promise<Delivery> => {
      sent.push(report);
      return { kind: 'acknowledged' };
    };
    const stop = new AbortController();
    const sender = createOutboxSender({
      outbox: fragile,
      clock,
      random: nodeRandom,
      post,
      onError: (error) => errors.push(error),
    });
    const done = sender.run(stop.signal);
    await clock.slept();
    expect(errors).toMatchObject([{ code: 'store/full' }]);
    broken = false;
    clock.move(clock.pause);
    while (outbox.unsent() > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(sent.map(({ id }) => id)).toEqual([sent[0]?.id, sent[0]?.id]);
    stop.abort();
    await done;
  });

  it('never waits longer than an hour by itself, and never less than half a pause', () => {
    const lowest = { bytes: () => new Uint8Array([0, 0]) };
    const highest = { bytes: () => new Uint8Array([255, 255]) };
    expect([0, 1, 2, 3].map((tries) => backOff(tries, lowest))).toEqual([500, 1000, 2000, 4000]);
    expect(backOff(0, highest)).toBeLessThanOrEqual(1000);
    expect(backOff(1000, highest)).toBeLessThanOrEqual(HOUR);
    expect(backOff(1000, lowest)).toBe(HOUR / 2);
  });
});
