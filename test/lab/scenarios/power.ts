import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { type HostFace, hostFace, placesOf, rowsOf } from '../../support/host-face.ts';
import { Programs, say } from './guest.ts';

const HOME = '/kept/home';
const HANDSET = '/kept/handset';
/** Thrown away with the machine. */
const FILES = '/tmp/files';
const ATLAS_SIZE = 3_000_001;
const TOOL_SIZE = 40_001;
const TOOLS = 12;
/** The components of each bundle; all have its number as their version. */
const PARTS = ['map', 'route', 'voice'] as const;

interface StateFile {
  readonly components?: readonly { readonly id: string; readonly version: string; readonly sha256: string }[];
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const filled = (size: number, seed: number): Uint8Array => new Uint8Array(size).fill(seed & 0xff);

/**
 * One life of the machine: tells what the kept disk holds, then works until the power goes. Every line is written when
 * the host has acknowledged what it says.
 */
export async function livePowered(life: number): Promise<void> {
  mkdirSync(FILES, { recursive: true });
  const programs = new Programs(HOME);
  say({ type: 'starting', life });
  // Before the handset runs, which puts its own leftovers in order.
  const found = installedOn();
  const host = programs.agent('serve');
  const handset = programs.agent('virtual-handset', '--listen', 'tcp:127.0.0.1:7000', '--state', HANDSET);
  const [, address] = await Promise.all([host.address(), handset.address()]);
  const face = await hostFace(HOME);
  say({ type: 'kept', life, components: found, ...(await stateOf(face)) });
  say({ type: 'working', life });
  const web = await serveFiles();
  await Promise.all([
    endlessly((round) => installBundle(face, address, life * 100 + round)),
    endlessly((round) => addTool(face, life * 100 + round)),
    endlessly((round) => fetchAtlas(face, web, life * 100 + round)),
  ]);
}

function installedOn(): StateFile['components'] {
  const path = join(HANDSET, 'handset.json');
  if (!existsSync(path)) return [];
  const { components = [] } = JSON.parse(readFileSync(path, 'utf8')) as StateFile;
  return components.map(({ id, version, sha256: digest }) => ({ id, version, sha256: digest }));
}

/** What the host that has just started knows, and what lies in the folder of contents. */
async function stateOf(face: HostFace) {
  const { packages } = await face.request('packages.list', {});
  const { checks } = await face.request('packages.verify', {});
  const { content } = placesOf(HOME);
  const files = existsSync(content) ? readdirSync(content, { recursive: true, encoding: 'utf8' }) : [];
  return {
    packages: packages.map(({ id, sha256: digest, trust, quarantined }) => ({
      id,
      sha256: digest,
      trust,
      quarantined,
    })),
    checks: checks.map(({ id, ok }) => ({ id, ok })),
    contents: files.filter((name) => /^sha256\/..\/..\/./.test(name)).map((name) => name.split('/').at(-1)),
    jobs: rowsOf<{ id: string; state: string }>(HOME, 'SELECT id, state FROM jobs'),
  };
}

async function endlessly(work: (round: number) => Promise<void>): Promise<never> {
  for (let round = 0; ; round += 1) await work(round);
}

async function addTool(face: HostFace, round: number): Promise<void> {
  const id = `tool-${round % TOOLS}`;
  const bytes = filled(TOOL_SIZE + (round % 7), round);
  const file = join(FILES, `${id}.bin`);
  writeFileSync(file, bytes);
  say({ type: 'open', id, sha256: sha256(bytes) });
  await face.request('packages.add', { files: [{ file }] });
  say({ type: 'acknowledged', id, sha256: sha256(bytes) });
}

async function fetchAtlas(face: HostFace, web: Web, round: number): Promise<void> {
  const id = `atlas-${round % 2}`;
  const bytes = filled(ATLAS_SIZE, round);
  web.files.set(`/${id}.bin`, bytes);
  say({ type: 'open', id, sha256: sha256(bytes) });
  await face.request('packages.fetch', { url: `${web.url}/${id}.bin`, sha256: sha256(bytes) });
  say({ type: 'acknowledged', id, sha256: sha256(bytes) });
  say({ type: 'open', id });
  await face.request('packages.remove', { id });
  say({ type: 'acknowledged', id });
}

async function installBundle(face: HostFace, address: string, round: number): Promise<void> {
  const version = `${round}.0`;
  const id = `bundle-${round}`;
  const parts = PARTS.map((part, index) => ({
    ...{ id: `com.example.${part}`, name: part, version, needs: [] },
    content: filled(50_000, round + index),
  }));
  const file = join(FILES, `${id}.bin`);
  writeFileSync(file, writeSoftware(parts, { digest: nodeDigest }));
  await face.request('packages.add', { files: [{ file, id, version }] });
  const { jobs } = await face.request('install', { handset: address, packages: [id] });
  for (const { job, state, code } of jobs) {
    say({ type: 'job', job, state, code, ...(state === 'done' ? { version } : {}) });
  }
}

interface Web {
  readonly url: string;
  readonly files: Map<string, Uint8Array>;
}

async function serveFiles(): Promise<Web> {
  const files = new Map<string, Uint8Array>();
  const server: Server = createServer((request, response) => {
    const bytes = files.get(request.url ?? '');
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-length': bytes?.length ?? 0 }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`, files };
}
