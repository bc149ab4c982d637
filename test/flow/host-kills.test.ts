import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isPcAgentError } from '../../src-main/base/errors.ts';
import { virtualImei } from '../../src-main/base/imei.ts';
import { type HostFace, hostFace, placesOf, rowsOf } from '../support/host-face.ts';
import { seededRandom } from '../support/mutate.ts';
import { type OurDms, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';
import { type TcpProxy, tcpProxy } from '../support/tcp-proxy.ts';
import { LONG } from '../support/thoroughness.ts';

const KILLS = LONG ? 500 : 30;
/** Where the machine is so busy that none of these met what it was meant to, there are more of them. */
const MOST_KILLS = KILLS + 70;
/** The same moments on every run, as far as clocks allow; another number gives other ones. */
const SEED = Number(process.env.PC_AGENT_KILL_SEED ?? 20_251);
/** A fresh handset then, so that inventories stay short. */
const KILLS_PER_HANDSET = 10;
/** Milliseconds in which a host that listens is killed; an installation takes some 150 of them, as does a download. */
const WORKING = 700;
/** The same for a process that has just been started. */
const STARTING = 400;
/** In which a host listens on a computer where these times are right; where it takes longer they are longer too. */
const LISTENING = 700;
const MOST_SLOW = 5;

/** Installed; every handset gets them in turn. */
const SMALL = Array.from({ length: 60 }, (_, index) => `tool-${index}`);
/** Fetched or added, and thrown away again. */
const LARGE = ['atlas-0', 'atlas-1', 'atlas-2'];
/** Only what has come in whole chunks of 4 MiB can be gone on with after a kill. */
const SIZES: Readonly<Record<string, number>> = { 'atlas-0': 1_500_003, 'atlas-1': 3_000_001, 'atlas-2': 11_000_017 };

const random = seededRandom(SEED);
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface JobRow {
  readonly id: string;
  readonly state: string;
  readonly device: string | null;
}

/** What the host has said is done. */
class Promises {
  /** Digest of a package that is kept; `undefined`: it is kept no longer. Without entry: nobody knows. */
  readonly packages = new Map<string, string | undefined>();
  readonly jobs = new Map<string, string>();
}

interface Scene {
  readonly stage: Stage;
  readonly home: string;
  readonly dms: OurDms;
  readonly proxy: TcpProxy;
  readonly digests: ReadonlyMap<string, string>;
  readonly promises: Promises;
  /** What was under way when a host was killed; what was left that can be gone on with. */
  readonly hits: { downloads: number; partial: number };
  fetching: boolean;
  /** How many times as slow as there the computer was last. */
  slowness: number;
}

interface Patient {
  readonly program: Program;
  readonly address: string;
  readonly device: string;
  /** Packages that somebody began to install, in this order. */
  readonly begun: string[];
  /** The one whose end nobody was told. */
  open: string | undefined;
}

/** Packages in a folder of a DMS, which is slow to give them and to take reports, so that kills fall in between. */
async function openScene(stage: Stage): Promise<Scene> {
  const folder = join(stage.folder, 'packages');
  await mkdir(folder);
  const digests = new Map<string, string>();
  for (const [index, id] of [...SMALL, ...LARGE].entries()) {
    const bytes = new Uint8Array(SIZES[id] ?? 40_001 + index).fill(index + 1);
    await writeFile(join(folder, `${id}.bin`), bytes);
    digests.set(id, sha256(bytes));
  }
  const dms = await ourDms(stage, '--packages', folder);
  const slowly = async (request: string) => {
    if (request.startsWith('POST')) await sleep(20);
    else if (request.includes('atlas')) await sleep(1);
  };
  const proxy = await tcpProxy(stage, dms.url, {
    piece: 65_536,
    onAsk: slowly,
    onAnswer: async (request) => {
      await slowly(request);
      return undefined;
    },
  });
  const home = join(stage.folder, 'home');
  return {
    stage,
    home,
    dms,
    proxy,
    digests,
    promises: new Promises(),
    hits: { downloads: 0, partial: 0 },
    fetching: false,
    slowness: 1,
  };
}

async function plugIn({ stage }: Scene, index: number): Promise<Patient> {
  const imei = virtualImei(index);
  const { program, address } = await ourHandset(stage, '--imei', imei, '--max-message', '16384');
  return { program, address, device: `IMEI:${imei}`, begun: [], open: undefined };
}

/** Works until the host is gone. @throws what is no consequence of that. */
async function untilLost(work: () => Promise<void>): Promise<void> {
  try {
    for (;;) await work();
  } catch (error) {
    if (!isPcAgentError(error, 'host/lost')) throw error;
  }
}

async function keepOrRemove(scene: Scene, face: HostFace): Promise<void> {
  const { promises, proxy, digests, stage } = scene;
  const id = pick(LARGE);
  const kept = promises.packages.get(id) !== undefined;
  promises.packages.delete(id);
  if (kept) {
    await face.request('packages.remove', { id });
    promises.packages.set(id, undefined);
    return;
  }
  const url = new URL(`/packages/${id}.bin`, proxy.url).href;
  const trust = random() < 0.5 ? { sha256: digests.get(id) ?? '' } : { manifest: manifestOf(proxy) };
  if (random() < 0.3)
    await face.request('packages.add', { files: [{ file: join(stage.folder, 'packages', `${id}.bin`) }] });
  else {
    scene.fetching = true;
    await face.request('packages.fetch', { url, ...trust });
    scene.fetching = false;
  }
  promises.packages.set(id, digests.get(id));
}

const manifestOf = (proxy: TcpProxy) => new URL('/packages/index.json', proxy.url).href;

/** The package whose installation nobody saw the end of, else the next. */
function nextPackage(patient: Patient): string | undefined {
  if (patient.open !== undefined) return patient.open;
  const next = SMALL[patient.begun.length];
  if (next !== undefined) patient.begun.push(next);
  patient.open = next;
  return next;
}

async function installNext({ promises, proxy }: Scene, face: HostFace, patient: Patient): Promise<void> {
  const id = nextPackage(patient);
  // Nothing is left to do until the kill.
  if (id === undefined) return void (await sleep(WORKING));
  const reportTo = proxy.url.href;
  const { jobs } = await face.request('install', { handset: patient.address, packages: [id], reportTo });
  for (const { job, state, code } of jobs) {
    expect(['done', 'skipped'], `${id}: ${code}`).toContain(state);
    promises.jobs.set(job ?? '', state);
  }
  patient.open = undefined;
}

async function killedServe(scene: Scene, patient: Patient): Promise<void> {
  const started = performance.now();
  const host = scene.stage.agent('serve');
  await host.address();
  scene.slowness = Math.min(MOST_SLOW, Math.max(1, (performance.now() - started) / LISTENING));
  const face = await hostFace(scene.home);
  await expectNothingLost(scene, face, patient);
  const work = Promise.all([
    untilLost(() => keepOrRemove(scene, face)),
    untilLost(() => keepSmall(scene, face)),
    untilLost(() => installNext(scene, face, patient)),
  ]);
  // A kill has no event of its own to wait for: any moment will do.
  await Promise.race([sleep(random() * WORKING * scene.slowness), work]);
  if (scene.fetching) scene.hits.downloads += 1;
  scene.fetching = false;
  await host.kill();
  await work;
}

/** Something small and quick beside it. */
async function keepSmall({ promises, digests, stage }: Scene, face: HostFace): Promise<void> {
  const id = pick(SMALL.slice(50));
  await face.request('packages.add', { files: [{ file: join(stage.folder, 'packages', `${id}.bin`) }] });
  promises.packages.set(id, digests.get(id));
  await sleep(10);
}

/** A command that is the host while it runs. */
async function killedCommand({ stage, promises, proxy, digests, slowness }: Scene, patient: Patient): Promise<void> {
  const id = pick(LARGE);
  const fetch = [
    'packages',
    'fetch',
    new URL(`/packages/${id}.bin`, proxy.url).href,
    '--sha256',
    digests.get(id) ?? '',
  ];
  const small = random() < 0.7 ? nextPackage(patient) : undefined;
  if (small === undefined) promises.packages.delete(id);
  const install = ['install', '--handset', patient.address, '--package', small ?? '', '--report-to', proxy.url.href];
  const command = stage.agent(...(small === undefined ? fetch : install));
  await Promise.race([sleep((STARTING / 2 + random() * WORKING) * slowness), command.ended]);
  await command.kill();
  const { ok, jobs = [] } = (command.of('result').at(-1) ?? {}) as { ok?: boolean; jobs?: JobRow[] };
  if (ok !== true) return;
  if (small === undefined) promises.packages.set(id, digests.get(id));
  else patient.open = undefined;
  for (const { job, state } of jobs as unknown as { job: string; state: string }[]) promises.jobs.set(job, state);
}

async function killedStart({ stage, slowness }: Scene): Promise<void> {
  const host = stage.agent('serve');
  await sleep(random() * STARTING * slowness);
  await host.kill();
}

/** What the host said is so, after all those kills, and nothing is half. */
async function expectNothingLost(scene: Scene, face: HostFace, patient: Patient): Promise<void> {
  const { promises, digests, home, dms } = scene;
  const { packages } = await face.request('packages.list', {});
  const there = new Map(packages.map((each) => [each.id, each]));
  for (const [id, digest] of promises.packages) expect(there.get(id)?.sha256, id).toBe(digest);
  for (const { id, sha256: digest, trust, quarantined } of packages) {
    expect({ digest, trust, quarantined }, id).toEqual({ digest: digests.get(id), trust: 'verified' });
  }
  const { checks } = await face.request('packages.verify', {});
  expect(checks.map(({ id }) => id).sort()).toEqual([...there.keys()].sort());
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  scene.hits.partial += expectTidy(home, new Set(packages.map((each) => each.sha256)));

  const jobs = new Map(rowsOf<JobRow>(home, 'SELECT id, state, device FROM jobs').map((row) => [row.id, row]));
  for (const [id, state] of promises.jobs) expect(jobs.get(id)?.state, id).toBe(state);
  expect([...jobs.values()].filter(({ state }) => state === 'running')).toEqual([]);
  const kept = await dms.client.reports();
  for (const field of [kept.map(({ key }) => key), kept.map(({ report }) => report.job)]) {
    expect(new Set(field).size).toBe(field.length);
  }
  for (const { report } of kept) expect(jobs.get(report.job)?.state).toBe(report.state);
  const sent = rowsOf<{ id: string }>(home, "SELECT id FROM reports WHERE state = 'acknowledged'");
  const keys = new Set(kept.map(({ key }) => key));
  expect(sent.filter(({ id }) => !keys.has(id))).toEqual([]);
  const asked = questionsTo(patient);
  expect(asked.filter((text, index) => asked.indexOf(text) !== index)).toEqual([]);
}

/** One file a content, nothing in writing. @returns how many downloads may be gone on with */
function expectTidy(home: string, digests: ReadonlySet<string>): number {
  const { content } = placesOf(home);
  const files = existsSync(content) ? readdirSync(content, { recursive: true, withFileTypes: true }) : [];
  const names = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name).slice(content.length + 1));
  const partial = names.filter((name) => name.startsWith('partial'));
  const contents = names.filter((name) => name.startsWith('sha256'));
  expect(contents.map((name) => name.split('/').at(-1)).sort()).toEqual([...digests].sort());
  const stems = new Set(partial.map((name) => name.replace(/\.[a-z]+$/, '')));
  expect(partial.sort()).toEqual([...stems].flatMap((stem) => [`${stem}.json`, `${stem}.part`]).sort());
  expect(names).toHaveLength(contents.length + partial.length);
  return stems.size;
}

/** The handset asks its user in the same Sequence that executes, so each question is an Exec. */
function questionsTo({ program }: Patient): readonly string[] {
  return program
    .of('handset')
    .filter(({ state }) => state === 'asked')
    .map(({ question }) => (question as { readonly text: string }).text);
}

/** What was begun can be finished, and was done once. */
async function expectFinished(scene: Scene, patient: Patient): Promise<void> {
  const host = scene.stage.agent('serve');
  await host.address();
  const face = await hostFace(scene.home);
  await expectNothingLost(scene, face, patient);
  while (patient.open !== undefined) await installNext(scene, face, patient);
  for (let tries = 0; (await face.request('reports.send', {})).unsent > 0; tries += 1) expect(tries).toBeLessThan(20);
  const { components = [] } = await face.request('inventory', { handset: patient.address });
  const installed = components.map(({ id }) => id).filter((id) => id.startsWith('tool'));
  expect([...installed].sort()).toEqual([...patient.begun].sort());
  expect([...questionsTo(patient)].sort()).toEqual([...patient.begun].sort().map((id) => `Install ${id} 1.0?`));
  const reports = (await scene.dms.client.reports(patient.device)).map(({ report }) => report);
  for (const id of patient.begun) {
    const states = reports.filter((report) => report.package?.id === id).map(({ state }) => state);
    expect(
      states.filter((state) => state === 'done'),
      id,
    ).toHaveLength(1);
    // Ordered again because nobody had told its end; or three processes died before the handset was told.
    expect(states.filter((state) => !['done', 'skipped', 'failed'].includes(state))).toEqual([]);
  }
  const open = rowsOf<JobRow>(scene.home, 'SELECT id, state, device FROM jobs WHERE ended_at IS NULL');
  expect(open.filter(({ device }) => device === patient.device)).toEqual([]);
  face.close();
  expect(await host.terminate()).toMatchObject({ exit: 0, ok: true });
  expect(await patient.program.terminate()).toMatchObject({ exit: 0 });
}

it(
  `a host killed ${KILLS} times and more while it fetches, installs and reports loses and repeats nothing (seed ${SEED})`,
  () =>
    onStage(async (stage) => {
      const scene = await openScene(stage);
      const files = SMALL.map((id) => join(stage.folder, 'packages', `${id}.bin`));
      expect(await stage.agent('packages', 'add', ...files).result()).toMatchObject({ exit: 0 });
      for (const id of SMALL) scene.promises.packages.set(id, scene.digests.get(id));
      let patient = await plugIn(scene, 0);
      for (let kill = 0; ; kill += 1) {
        if (kill > 0 && kill % KILLS_PER_HANDSET === 0) {
          await expectFinished(scene, patient);
          if (kill >= MOST_KILLS || (kill >= KILLS && allHit(await hitsOf(scene)))) break;
          patient = await plugIn(scene, kill / KILLS_PER_HANDSET);
        }
        if (kill % 10 === 9) await killedStart(scene);
        else if (kill % 5 === 2) await killedCommand(scene, patient);
        else await killedServe(scene, patient);
      }
      // The kills fell where they were meant to: into downloads, into sessions, and between a report and its answer.
      expect(await hitsOf(scene)).toSatisfy(allHit);
    }),
  MOST_KILLS * 10_000,
);

const allHit = ({ downloads, resumed, sessions, reports }: Awaited<ReturnType<typeof hitsOf>>): boolean =>
  [downloads, resumed, sessions, reports].every((count) => count > 0);

async function hitsOf({ home, hits, proxy, dms }: Scene) {
  const [row] = rowsOf<{ hit: number }>(home, "SELECT count(*) AS hit FROM attempts WHERE code = 'job/interrupted'");
  const posts = proxy.requests.filter(({ line }) => line.startsWith('POST')).length;
  const resumed = proxy.requests.filter(({ range }) => range !== undefined).length;
  return { ...hits, resumed, sessions: row?.hit ?? 0, reports: posts - (await dms.client.reports()).length };
}
