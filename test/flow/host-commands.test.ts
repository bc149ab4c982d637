import { appendFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { placesOf } from '../support/host-face.ts';
import { DEVICE, GAME, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type ProgramEvent, type Stage } from '../support/processes.ts';

const MAPS = 'com.example.maps';

type Result = ProgramEvent & { readonly exit: number | null };

/** Runs a command to its end. */
const runner =
  (stage: Stage) =>
  (...args: readonly string[]): Promise<Result> =>
    stage.agent(...args).result();

type Play = (stage: Stage, run: ReturnType<typeof runner>) => Promise<void>;

const alone = (play: Play) => onStage((stage) => play(stage, runner(stage)));

const besideHost = (play: Play) =>
  onStage(async (stage) => {
    const host = stage.agent('serve');
    await host.address();
    await play(stage, runner(stage));
    expect(await host.terminate()).toMatchObject({ exit: 0, ok: true });
  });

/** What section 3 of the contract says. */
describe('the commands of the contract', () => {
  it('PCA-02: keep packages of this machine, show, verify and remove them', () =>
    alone(async (stage, run) => {
      const files = ['one.bin', 'two.bin', 'three.bin'].map((name) => join(stage.folder, name));
      for (const [index, file] of files.entries()) await writeFile(file, new Uint8Array(5000).fill(index));
      expect(await run('packages', 'add', ...files, '--id', 'x')).toMatchObject({ exit: 64, code: 'cli/usage' });
      expect(await run('packages', 'add', ...files)).toMatchObject({
        exit: 0,
        packages: [{ id: 'one', trust: 'verified' }, { id: 'two' }, { id: 'three' }],
      });
      const named = ['--id', 'com.example.one', '--name', 'One', '--version', '3', '--model', 'M1'];
      const first = files[0] ?? '';
      expect(await run('packages', 'add', first, ...named)).toMatchObject({ exit: 0 });
      const kept = { id: 'com.example.one', name: 'One', version: '3', model: 'M1', size: 5000 };
      expect(await run('packages', 'show', 'com.example.one')).toMatchObject({ exit: 0, package: kept });
      expect(((await run('packages', 'list')).packages as unknown[]).length).toBe(4);
      expect(await run('packages', 'remove', 'two')).toMatchObject({ exit: 0, removed: ['two'] });
      for (const verb of ['show', 'remove', 'verify']) {
        expect(await run('packages', verb, 'two'), verb).toMatchObject({ exit: 3, ok: false, code: 'cache/absent' });
      }
      expect(await run('packages', 'add', join(stage.folder, 'none'))).toMatchObject({ exit: 1, ok: false });

      expect(await run('packages', 'verify')).toMatchObject({ exit: 0, ok: true });
      const { sha256 } = (await run('packages', 'show', 'three')).package as { readonly sha256: string };
      await appendFile(await contentOf(stage, sha256), 'x');
      const damaged = await run('packages', 'verify');
      expect(damaged).toMatchObject({ exit: 1, ok: false, code: expect.stringMatching(/^cache\//) });
      expect((damaged.checks as { readonly id: string; readonly ok: boolean }[]).filter(({ ok }) => !ok)).toMatchObject(
        [{ id: 'three' }],
      );
      // The two packages of one content are sound, so they stay in use.
      expect(await run('packages', 'verify', 'one')).toMatchObject({ exit: 0, checks: [{ id: 'one', ok: true }] });
    }));

  it('ACT-06: fetch with a digest, with a manifest and without; what nobody vouches for is not installed unasked', () =>
    besideHost(async (stage, run) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      const packages = await dms.client.packages();
      const [game, maps] = [GAME, MAPS].map((wanted) => packages.find(({ id }) => id === wanted));
      const manifest = new URL('/packages/index.json', dms.url).href;
      const fetch = (url = '', ...flags: readonly string[]) => run('packages', 'fetch', url, ...flags);
      expect(await fetch(game?.url, '--sha256', 'beef')).toMatchObject({ exit: 64, code: 'cli/usage' });
      expect(await fetch(game?.url, '--sha256', maps?.sha256 ?? '')).toMatchObject({
        exit: 1,
        code: 'cache/digest-mismatch',
      });
      expect(await run('packages', 'list')).toMatchObject({ packages: [] });
      expect(await fetch(game?.url, '--sha256', game?.sha256 ?? '', '--id', 'by-digest')).toMatchObject({
        exit: 0,
        package: { id: 'by-digest', trust: 'verified', sha256: game?.sha256 },
      });
      const origin = { provider: new URL(dms.url).host, source: maps?.url };
      const vouched = { id: MAPS, name: 'maps', version: '1.1', trust: 'verified', size: maps?.size, ...origin };
      expect(await fetch(maps?.url, '--manifest', manifest)).toMatchObject({ exit: 0, package: vouched });
      const other = await ourDms(stage);
      const otherGame = (await other.client.packages()).find(({ id }) => id === GAME);
      expect(await fetch(otherGame?.url, '--manifest', manifest)).toMatchObject({ exit: 1, ok: false });

      const flags = ['--id', 'doubtful', '--name', 'doubtful', '--version', '2.0'];
      const plain = await ourDms(stage, '--packages', await folderWith(stage, 'plain.bin'));
      const url = (await plain.client.packages())[0]?.url;
      expect(await fetch(url, ...flags)).toMatchObject({ exit: 0, package: { id: 'doubtful', trust: 'unverified' } });
      const install = ['install', '--handset', handset.address, '--package', 'doubtful'];
      expect(await run(...install)).toMatchObject({ exit: 1, ok: false, code: 'cache/unverified' });
      expect(handset.program.of('session')).toEqual([]);
      expect(await run(...install, '--allow-unverified')).toMatchObject({ exit: 0, jobs: [{ state: 'done' }] });
    }));

  it('PCA-07: keep DM servers, try the way to them, and relay an installation to one by its name', () =>
    alone(async (stage, run) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      expect(await run('dms', 'test')).toMatchObject({ exit: 3, code: 'dms/profile-unknown' });
      expect(await run('dms', 'add', 'no address')).toMatchObject({ exit: 64 });
      expect(await run('dms', 'add', dms.url, '--name', 'ours', '--default')).toMatchObject({ exit: 0 });
      expect(await run('dms', 'add', dms.url, '--name', 'ours')).toMatchObject({
        exit: 1,
        code: 'dms/profile-exists',
      });
      expect(await run('dms', 'list')).toMatchObject({ exit: 0, profiles: [{ name: 'ours', isDefault: true }] });
      expect(await run('dms', 'test')).toMatchObject({ exit: 0, ok: true });

      const both = ['--handset', handset.address, '--dms', 'ours'];
      expect(await run('install', ...both, '--package', GAME, '--offline')).toMatchObject({ exit: 64 });
      expect(await run('install', ...both, '--package', GAME)).toMatchObject({ exit: 0, jobs: [{ state: 'done' }] });
      const inventory = await run('inventory', ...both);
      expect(inventory).toMatchObject({ exit: 0, device: DEVICE });
      expect(inventory.components).toContainEqual(expect.objectContaining({ id: GAME, version: '2.0' }));
      expect(await run('install', ...both, '--package', 'none')).toMatchObject({ exit: 1, ok: false });
      expect(await run('remove', ...both, '--component', GAME)).toMatchObject({ exit: 0 });
      const offline = await run('inventory', '--handset', DEVICE);
      expect(offline).toMatchObject({ exit: 0, ok: true });
      expect(offline.components).not.toContainEqual(expect.objectContaining({ id: GAME }));

      await dms.program.terminate();
      expect(await run('dms', 'test', 'ours')).toMatchObject({
        exit: 1,
        ok: false,
        code: expect.stringMatching(/^dms\//),
      });
      expect(await run('dms', 'remove', 'ours')).toMatchObject({ exit: 0, removed: 'ours' });
      expect(await run('dms', 'remove', 'ours')).toMatchObject({ exit: 3, code: 'dms/profile-unknown' });
      expect(await run('install', ...both, '--package', GAME)).toMatchObject({
        exit: 3,
        code: 'dms/profile-unknown',
      });
      expect(await run('handsets')).toMatchObject({ exit: 0, handsets: [{ device: DEVICE, virtual: true }] });
    }));

  it.each([
    ['alone', alone],
    ['beside a host', besideHost],
  ] as const)('PCA-07: come several at once, %s, and each has its own result', (_where, play) =>
    play(async (stage, run) => {
      const names = ['a', 'b', 'c'];
      const folder = await folderWith(stage, ...names.map((name) => `${name}.bin`));
      const phones = await Promise.all(
        [0, 1].map((index) => ourHandset(stage, '--imei', ['004999010640000', '004999010640018'][index] ?? '')),
      );
      expect(await run('packages', 'add', ...names.map((name) => join(folder, `${name}.bin`)))).toMatchObject({
        exit: 0,
      });
      const results = await Promise.all([
        // Two for one handset: one after the other.
        run('install', '--handset', phones[0]?.address ?? '', '--package', 'a', 'b'),
        run('install', '--handset', phones[0]?.address ?? '', '--package', 'c'),
        run('install', '--handset', phones[1]?.address ?? '', '--package', 'a'),
        run('packages', 'verify'),
      ]);
      expect(results.map(({ exit }) => exit)).toEqual([0, 0, 0, 0]);
      expect(results.map(({ jobs = [] }) => (jobs as unknown[]).length)).toEqual([2, 1, 1, 0]);
      const { components } = await run('inventory', '--handset', phones[0]?.address ?? '');
      const ids = (components as { readonly id: string }[]).map(({ id }) => id);
      for (const name of names) expect(ids.filter((id) => id === name)).toHaveLength(1);
    }),
  );
});

describe('handsets --watch', () => {
  it('shows who comes until it is told to end', () =>
    onStage(async (stage) => {
      const host = stage.agent('serve');
      await host.address();
      const watch = stage.agent('handsets', '--watch');
      const { address } = await ourHandset(stage);
      expect(await runner(stage)('inventory', '--handset', address)).toMatchObject({ exit: 0 });
      await watch.event('the handset', ({ type, device }) => type === 'handset' && device === DEVICE);
      expect(await watch.terminate()).toMatchObject({ exit: 0, ok: true });
    }));
});

async function contentOf(stage: Stage, digest: string): Promise<string> {
  const { content } = placesOf(join(stage.folder, 'home'));
  const all = await readdir(content, { recursive: true });
  return join(content, all.find((name) => name.endsWith(digest)) ?? '');
}

async function folderWith(stage: Stage, ...names: readonly string[]): Promise<string> {
  const folder = join(stage.folder, 'dumps');
  for (const name of names) await writeFile(join(folder, name), name.repeat(1000));
  return folder;
}
