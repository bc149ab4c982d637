import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lines } from '../../support/lines.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures', 'process.ts');

function start(behaviour: string) {
  const child = spawn(process.execPath, [FIXTURE, behaviour], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, exited: once(child, 'exit'), err: new Lines(child.stderr) };
}

async function eventsOf(lines: Lines): Promise<readonly Record<string, unknown>[]> {
  return (await lines.ended()).map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the process of a command', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('lets a server end with its result and 0 on %s', async (signal) => {
    const { child, exited } = start('server');
    const lines = new Lines(child.stdout);
    await lines.matching(/"listening"/);
    child.kill(signal);
    expect(await exited).toEqual([0, null]);
    expect(await eventsOf(lines)).toMatchObject([{ type: 'listening' }, { type: 'result', ok: true }]);
  });

  it('ends with 4 when what was going on was broken off by a signal', async () => {
    const { child, exited } = start('brokenOff');
    const lines = new Lines(child.stdout);
    await lines.matching(/"listening"/);
    child.kill('SIGTERM');
    expect(await exited).toEqual([4, null]);
    expect((await eventsOf(lines)).slice(1)).toMatchObject([{ type: 'result', ok: false, code: 'cli/cancelled' }]);
  });

  it.each([
    ['throws', 'cli/unexpected', 'TypeError: no such thing'],
    ['refuses', 'obex/truncated', 'the packet ends early'],
    ['loosePromise', 'cli/unexpected', 'RangeError: nobody waits for this'],
  ])('tells an error as event and as result and ends with 1 when a command %s', async (behaviour, code, message) => {
    const { child, exited } = start(behaviour);
    const events = await eventsOf(new Lines(child.stdout));
    expect(await exited).toEqual([1, null]);
    const told = events.filter(({ type }) => type !== 'listening');
    expect(told).toMatchObject([
      { type: 'error', code, message },
      { type: 'result', ok: false, code, message },
    ]);
  });

  it('gives the offset of an error in the input', async () => {
    const { child } = start('refuses');
    expect((await eventsOf(new Lines(child.stdout)))[0]).toMatchObject({ type: 'error', offset: 7 });
  });

  it('loses no line when it ends right after more than a pipe holds', async () => {
    const { child, exited } = start('talkative');
    const lines = new Lines(child.stdout);
    expect(await exited).toEqual([0, null]);
    const events = await eventsOf(lines);
    expect(events).toHaveLength(20_001);
    expect(events.at(-1)).toMatchObject({ type: 'result', ok: true });
  });

  it('ends quietly when nobody reads its output any more', async () => {
    const { child, exited, err } = start('endless');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [, signal] = await exited;
    expect(signal).toBeNull();
    expect(await err.ended()).toEqual([]);
  });
});
