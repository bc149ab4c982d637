import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { CONTINUOUS, LONG } from '../../support/thoroughness.ts';
import { bytesOf, type CacheRig, cacheRigs, filesIn, MIB, sha256, signal, wholeOf } from './rig.ts';

const { open, serve, endings } = cacheRigs();

const WRITER = fileURLToPath(new URL('fixtures/writer.ts', import.meta.url));
const KILLS = LONG ? 100 : CONTINUOUS ? 12 : 3;
const ADDED = bytesOf(6 * MIB + 3);
const FETCHED = bytesOf(9 * MIB + 11, 2);

/** Runs a writer and kills it at some moment after it has opened the cache. @returns what it acknowledged */
async function killedWriter(args: readonly string[], after: number): Promise<ReadonlyMap<string, string>> {
  const child = spawn(process.execPath, [WRITER, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  endings.push(() => void child.kill('SIGKILL'));
  let said = '';
  const ready = Promise.withResolvers<void>();
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.startsWith('ready')) ready.resolve();
  });
  const closed = once(child, 'close');
  await Promise.race([ready.promise, closed]);
  // A kill has no moment of its own to wait for: any will do.
  await sleep(after);
  child.kill('SIGKILL');
  await closed;
  const kept = new Map<string, string>();
  for (const line of said.split('\n').slice(1)) {
    const [name = '', digest = ''] = line.split(' ');
    if (name.startsWith('+') && digest.length === 64) kept.set(name.slice(1), digest);
    else if (name.startsWith('-')) kept.delete(name.slice(1));
  }
  return kept;
}

async function expectWhole({ cache, content }: CacheRig, promised: ReadonlyMap<string, string>): Promise<void> {
  const there = new Map(cache.list().map((each) => [each.id, each]));
  for (const [id, digest] of promised) expect(there.get(id)).toMatchObject({ digest, state: 'ready' });
  for (const { reason } of await cache.verify(undefined, { signal })) expect(reason).toBeUndefined();
  for (const { digest } of there.values()) expect([sha256(ADDED), sha256(FETCHED)]).toContain(digest);
  const referred = new Set([...there.values()].map(({ digest }) => digest));
  const files = filesIn(content);
  expect(files.filter((name) => name.startsWith('sha256'))).toHaveLength(referred.size);
  // An unfinished download and what is known of it may stay, to be gone on with.
  const rest = files.filter((name) => !name.startsWith('sha256'));
  expect(rest.every((name) => /^partial.[0-9a-f]{32}\.(part|json)$/.test(name))).toBe(true);
  expect([0, 2]).toContain(rest.length);
}

describe('a process that is killed while it adds and fetches', () => {
  it(`${KILLS} times leaves what it acknowledged, and nothing half`, { timeout: KILLS * 20_000 }, async () => {
    let rig = await open();
    const file = rig.file(ADDED);
    const server = await serve(FETCHED);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await rig.store.close();
      const args = [rig.folder, file, server.url.href, sha256(FETCHED), `k${kill}-`];
      const promised = await killedWriter(args, Math.random() * 150);
      rig = await rig.reopen();
      await expectWhole(rig, promised);
      // Now and then from nothing, so that bytes are written and fetched again.
      if (kill % 2 === 0) for (const { id } of rig.cache.list()) await rig.cache.remove(id);
    }
    const fetched = await rig.cache.fetch(server.url, { signal, sha256: sha256(FETCHED), id: 'last' });
    expect(await wholeOf(rig.cache, fetched.digest)).toHaveLength(FETCHED.length);
    rmSync(file);
  });
});
