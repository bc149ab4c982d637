/** A store on the disk that can be opened again, and a clock that the test sets. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import type { NewOrder } from '../../../src-main/jobs/job.ts';
import { createJobStore, type JobStore } from '../../../src-main/jobs/job-store.ts';
import { createOutbox } from '../../../src-main/jobs/outbox/outbox.ts';
import { openStore, type Store } from '../../../src-main/store/store.ts';

export const DEVICE = 'IMEI:004999010640000';
export const SHA256 = 'ab'.repeat(32);

/** Sleepers wake when the test moves the time past their moment. */
export class TestClock implements Clock {
  #time = Date.parse('2026-01-01T00:00:00Z');
  readonly #sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  #watchers: (() => void)[] = [];

  now(): Date {
    return new Date(this.#time);
  }

  monotonic(): number {
    return this.#time;
  }

  sleep(duration: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { at: this.#time + duration, wake: () => end(resolve) };
      const onAbort = (): void => end(() => reject(signal.reason));
      const end = (settle: () => void): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.add(sleeper);
      for (const watcher of this.#watchers.splice(0)) watcher();
    });
  }

  /** Resolves when somebody sleeps. */
  async slept(): Promise<void> {
    if (this.#sleepers.size === 0) await new Promise<void>((resolve) => this.#watchers.push(resolve));
  }

  /** Milliseconds until the next sleeper wakes. */
  get pause(): number {
    return Math.min(...[...this.#sleepers].map(({ at }) => at)) - this.#time;
  }

  move(milliseconds: number): void {
    this.#time += milliseconds;
    for (const sleeper of [...this.#sleepers]) if (sleeper.at <= this.#time) sleeper.wake();
  }
}

export function startBench() {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-jobs-'));
  const clock = new TestClock();
  const told: string[] = [];
  let store: Store;
  onTestFinished(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const open = () => {
    store = openStore({ file: join(folder, 'pc-agent.db'), clock: nodeClock });
    const jobs = createJobStore({ store, clock, onReport: () => told.push('report') });
    return { store, jobs, outbox: createOutbox(store, clock) };
  };
  return {
    clock,
    told,
    ...open(),
    /** What the next process finds. */
    reopen: async () => {
      await store.close();
      return open();
    },
  };
}

export async function orderOne(jobs: JobStore, more: Partial<NewOrder> = {}) {
  const [job] = await jobs.order({
    operation: 'install',
    ...(more.operation === undefined ? { package: 'com.example.game' } : {}),
    handsets: [{ handset: 'tcp:127.0.0.1:650', device: DEVICE }],
    ...more,
  });
  if (job === undefined) throw new Error('an order without a job');
  return job;
}

/** A job that has ended as done, with its report in the outbox. */
export async function reported(jobs: JobStore, reportTo: string, more: Partial<NewOrder> = {}) {
  const job = await orderOne(jobs, { reportTo, ...more });
  await jobs.start(job.id);
  await jobs.note(job.id, { package: { version: '2.0', sha256: SHA256 } });
  return jobs.finish(job.id, { state: 'done', resultCode: 1200, alert: new Uint8Array([1, 2, 3]) });
}
