import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { Bearer } from '../../../src-main/bearer/bearer.ts';
import { createMemoryBearer } from '../../../src-main/bearer/memory/memory-bearer.ts';
import type { JobStore } from '../../../src-main/jobs/job-store.ts';
import { runJobs } from '../../../src-main/offline/run-jobs.ts';
import { installed, packages, plugIn, startBench } from './bench.ts';

const WRITES: readonly PropertyKey[] = [
  'start',
  'note',
  'begin',
  'accept',
  'hear',
  'finish',
  'wait',
  'requeue',
  'cancel',
];

/** The job store of a process that dies right before or right after its n-th write; what it waits for never comes. */
function dying(jobs: JobStore, nth: number, when: 'before' | 'after') {
  const death = Promise.withResolvers<'dead'>();
  let count = 0;
  const die = (): Promise<never> => {
    death.resolve('dead');
    return new Promise(() => undefined);
  };
  const store = new Proxy(jobs, {
    get: (target, name) => {
      const method = Reflect.get(target, name).bind(target);
      if (!WRITES.includes(name)) return method;
      return async (...values: unknown[]) => {
        count += 1;
        if (count > nth || (count === nth && when === 'before')) return die();
        const result = await method(...values);
        return count === nth ? die() : result;
      };
    },
  });
  return { store, death: death.promise };
}

/** A bearer whose streams end with the process that dialled them. */
function mortal(memory: ReturnType<typeof createMemoryBearer>) {
  const streams: ByteStream[] = [];
  const bearer: Bearer = {
    ...memory,
    dial: async (address, options) => {
      const stream = await memory.dial(memory.parse(address.text), options);
      streams.push(stream);
      return stream;
    },
  };
  return { bearer, cut: () => Promise.all(streams.map((stream) => stream.close())) };
}

async function dieAndComeBack(nth: number, when: 'before' | 'after'): Promise<string> {
  const memory = createMemoryBearer();
  const { bearer, cut } = mortal(memory);
  const bench = startBench(bearer);
  const { handset, events, quiet } = await plugIn(memory);
  const ordered = await bench.order({ consent: { text: 'Install?', policy: 'if-possible' } });
  const run = { packages: packages().source, manage: bench.manage() };
  const { store, death } = dying(bench.jobs, nth, when);
  const first = await Promise.race([runJobs({ ...run, store, jobs: ordered }), death]);
  await cut();
  await quiet();
  const recovered = first === 'dead' ? await bench.jobs.recover() : undefined;
  const open = bench.jobs.list({ open: true });
  await runJobs({ ...run, store: bench.jobs, jobs: open });

  expect(bench.jobs.list()).toMatchObject([{ state: 'done', packageVersion: '2.0' }]);
  expect(installed(handset)).toEqual(['2.0']);
  expect(handset.device.agent.alerts).toEqual([]);
  expect(bench.reports()).toHaveLength(1);
  expect(events.filter((event) => 'state' in event && event.state === 'asked')).toHaveLength(1);
  if (recovered === undefined) return 'lived';
  return recovered.queued.length > 0 ? 'queued' : recovered.waiting.length > 0 ? 'waiting' : 'open or ended';
}

describe('a process that dies at a write', () => {
  it.each(['before', 'after'] as const)('right %s it: asked once, installed once, reported once', async (when) => {
    const became: string[] = [];
    for (let nth = 1; became.at(-1) !== 'lived' && nth < 20; nth += 1) became.push(await dieAndComeBack(nth, when));
    expect(became.at(-1)).toBe('lived');
    expect(became).toContain('queued');
    expect(became).toContain('waiting');
    expect(became.length).toBeGreaterThan(5);
  });
});
