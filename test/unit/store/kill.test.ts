import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CONTINUOUS, LONG } from '../../support/thoroughness.ts';
import { scratch } from './scratch.ts';

const { open, file } = scratch();

const KILLS = LONG ? 200 : CONTINUOUS ? 12 : 3;
const WRITER = fileURLToPath(new URL('fixtures/writer.ts', import.meta.url));

/** Starts a writer and kills it as soon as it has said `after` lines. @returns what it said until it was dead. */
async function killedWriter(path: string, first: number, after: number): Promise<readonly number[]> {
  const writer = spawn(process.execPath, [WRITER, path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(writer, 'close');
  const acknowledged: number[] = [];
  // What is still in the pipe when it is dead was acknowledged too.
  for await (const line of createInterface({ input: writer.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === after) writer.kill('SIGKILL');
  }
  const [, signal] = await closed;
  expect(signal).toBe('SIGKILL');
  return acknowledged;
}

it(
  'a killed process loses nothing that was acknowledged, and leaves nothing half',
  async () => {
    const path = file();
    const acknowledged: number[] = [];
    let first = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Spread over groups, checkpoints (every 1,000 pages) and the first moments after a recovery.
      const said = await killedWriter(path, first, 1 + ((kill * 337) % 1500));
      expect(said.length).toBeGreaterThan(0);
      acknowledged.push(...said);
      const store = open(path);
      const keys = store.read((db) => db.all<{ key: string }>('SELECT key FROM settings')).map(({ key }) => key);
      await store.close();
      const present = new Set(keys);
      const lost = acknowledged.filter(
        (number) => !(present.has(`first-${number}`) && present.has(`second-${number}`)),
      );
      expect(lost, `after kill ${kill + 1}`).toEqual([]);
      // What was traced before an acknowledged work is there as well.
      expect(acknowledged.filter((number) => !present.has(`trace-${number}`))).toEqual([]);
      const half = keys.filter((key) => key.startsWith('first-') && !present.has(key.replace('first', 'second')));
      expect(half).toEqual([]);
      const unsaid = keys.filter((key) => key.startsWith('first-')).length - acknowledged.length;
      expect(unsaid).toBeLessThanOrEqual((kill + 1) * 16);
      first += 10_000;
    }
  },
  KILLS * 5000,
);
