import { execFileSync, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { extractAll, listPackage } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { VERSION } from '../../src-main/base/version.ts';
import type { FromHostProcess } from '../../src-main/contract/shell-messages.ts';
import { CONTRACT_VERSION } from '../../src-main/contract/version.ts';
import { buildShell } from '../../src-main/launch/build-shell.mjs';
import { faultsOfConfiguration, faultsOfListing, faultsOfUdevRules, readConfiguration } from './pack-rules.ts';

/** What comes on top of Electron, in bytes. */
const ARCHIVE_BUDGET = 5 * 1024 * 1024;
/** `ws` tries the first two and does without; the last is a way to Bluetooth that packages do not have. */
const OPTIONAL = ['bufferutil', 'utf-8-validate', 'node-bluetooth-serial-port'];
const BUILDER = join('node_modules', 'electron-builder', 'cli.js');
/** The whole check takes less than a minute; a builder that tries the network hangs. */
const BUILD_LIMIT = 60_000;
const START_LIMIT = 30_000;

/**
 * Where Electron keeps its fuses: a sentinel, a version, the number of fuses, their states (@electron/fuses,
 * "constants"). `1` is on, so that what the configuration switches off is seen to be switched.
 */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSE_COUNT = 9;

/** What the fuses must read back as (checklist, item 19). */
const FUSES: readonly (readonly [name: keyof typeof FuseV1Options, on: boolean])[] = [
  ['RunAsNode', false],
  ['EnableCookieEncryption', true],
  ['EnableNodeOptionsEnvironmentVariable', false],
  ['EnableNodeCliInspectArguments', false],
  ['EnableEmbeddedAsarIntegrityValidation', true],
  ['OnlyLoadAppFromAsar', true],
  ['GrantFileProtocolExtraPrivileges', false],
];

/** They cannot be loaded from inside the archive. */
const BINDINGS: readonly string[] = [
  '@serialport/bindings-cpp/prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node',
  '@node-usb/usb-linux-x64-gnu/usb.linux-x64-gnu.node',
];

/** A folder that the builder takes for an unpacked Electron. */
function makeDummyElectron(folder: string): void {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const { version } = JSON.parse(readFileSync('node_modules/electron/package.json', 'utf8')) as { version: string };
  const wire = Buffer.concat([Buffer.from(FUSE_SENTINEL), Buffer.from([1, FUSE_COUNT]), Buffer.alloc(FUSE_COUNT, '1')]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('dummy '), wire, Buffer.from(' dummy')]));
  chmodSync(join(folder, 'electron'), 0o755);
  writeFileSync(join(folder, 'version'), version);
  for (const name of ['LICENSE', 'LICENSES.chromium.html']) writeFileSync(join(folder, name), '');
}

function pack(work: string): string {
  const output = join(work, 'packages');
  makeDummyElectron(join(work, 'electron'));
  const options = [`-c.electronDist=${join(work, 'electron')}`, `-c.directories.output=${output}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BUILDER, '--linux', '--x64', '--dir', '--publish', 'never', ...options],
    { encoding: 'utf8', timeout: BUILD_LIMIT },
  );
  if (status !== 0) throw new Error(`electron-builder ended with ${status}:\n${stdout}${stderr}`);
  return join(output, 'linux-unpacked');
}

function checkArchive(resources: string): readonly string[] {
  const archive = join(resources, 'app.asar');
  const faults = [...faultsOfListing(listPackage(archive, { isPack: false }))];
  const { size } = statSync(archive);
  if (size > ARCHIVE_BUDGET) faults.push(`app.asar has ${size} bytes, more than ${ARCHIVE_BUDGET}`);
  for (const binding of BINDINGS) {
    if (!existsSync(join(resources, 'app.asar.unpacked/node_modules', binding))) faults.push(`${binding} is missing`);
  }
  return faults;
}

/** What the addon is made from stays at home. */
const UNPACKED = /^native\/rfcomm\/(?:src\/|binding\.gyp$)/;

/** What the doctor reads and the addon's binary lie beside the archive, octet by octet as in the source. */
function checkNative(resources: string): readonly string[] {
  const files = readdirSync('native', { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map(({ parentPath, name }) => join(parentPath, name)).filter((name) => !UNPACKED.test(name));
  const same = (name: string) => {
    const packed = join(resources, name);
    return existsSync(packed) && readFileSync(packed).equals(readFileSync(name));
  };
  return names.filter((name) => !same(name)).map((name) => `resources/${name} is not as in the source`);
}

async function checkFuses(program: string): Promise<readonly string[]> {
  const wire = await getCurrentFuseWire(program);
  return FUSES.filter(([name, on]) => wire[FuseV1Options[name]] !== (on ? FuseState.ENABLE : FuseState.DISABLE)).map(
    ([name, on]) => `fuse ${name} is not ${on ? 'on' : 'off'}`,
  );
}

/** The archive as files, with what lies beside it in its place: what Electron sees. */
function unpack(resources: string, folder: string): void {
  extractAll(join(resources, 'app.asar'), folder);
  execFileSync('cp', ['-r', `${join(resources, 'app.asar.unpacked')}/.`, folder]);
}

/** Each bundle can be read, and asks only for what is there: Electron, Node's own modules, serialport, usb. */
function checkBundles(app: string, wanted: readonly string[]): readonly string[] {
  const own = [...builtinModules, ...builtinModules.map((name) => `node:${name}`)];
  const known = new Set(['electron', 'serialport', 'usb', ...OPTIONAL, ...own]);
  const faults = wanted.filter((name) => !known.has(name)).map((name) => `a bundle asks for ${name}`);
  for (const name of ['main.js', 'host.js', 'bearer.js', 'peer.js', 'preload.cjs']) {
    const { status, stderr } = node(['--check', join(app, 'dist/electron', name)], app);
    if (status !== 0) faults.push(`${name}: ${stderr}`);
  }
  const serial = node(['--input-type=module', '-e', "(await import('serialport')).SerialPort.list()"], app);
  if (serial.status !== 0) faults.push(`serialport cannot be loaded: ${serial.stderr}`);
  // It lists nothing on a computer without USB, but it loads.
  const usb = node(['--input-type=module', '-e', "(await import('usb')).default.usb.getDevices().catch(() => 0)"], app);
  if (usb.status !== 0) faults.push(`usb cannot be loaded: ${usb.stderr}`);
  return faults;
}

function node(args: readonly string[], cwd: string) {
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8', timeout: START_LIMIT });
}

/** What the packed host is asked for: the demo and a virtual handset run as threads there, from the archive. */
const ASKED = ['demo.run', 'virtual.start'] as const;

/** Starts the packed host as a utility process is started, and speaks to it as the window does. */
async function checkHost(app: string, work: string): Promise<readonly string[]> {
  const child = fork(join(app, 'dist/electron/host.js'), [], {
    cwd: app,
    execArgv: ['--import', resolve('test/support/parent-port.mjs')],
    env: { PATH: process.env.PATH, PC_AGENT_HOME: join(work, 'home') },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(START_LIMIT) });
  const heard: string[] = [];
  const say = (frame: object) => child.send({ kind: 'frame', face: 1, text: JSON.stringify(frame) });
  child.on('message', (message: FromHostProcess) => {
    if (message.kind === 'ready') {
      say({ kind: 'hello', contract: CONTRACT_VERSION, version: VERSION, face: 'pack-check' });
    } else if (message.kind === 'failed') {
      heard.push(`${message.code}: ${message.message}`);
    } else if (message.kind === 'frame') {
      const frame = JSON.parse(message.text) as {
        kind: string;
        id?: number;
        result?: { ok?: boolean };
        error?: object;
      };
      if (frame.kind === 'event' || frame.kind === 'bye') return;
      const good = frame.kind === 'welcome' || (frame.kind === 'response' && frame.result?.ok !== false);
      heard.push(good ? 'good' : JSON.stringify(frame).slice(0, 500));
      const next = ASKED[frame.id ?? 0];
      if (next === undefined) child.send({ kind: 'end' });
      else say({ kind: 'request', id: (frame.id ?? 0) + 1, name: next, params: {} });
    }
  });
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  try {
    const [code] = (await ended) as [number | null];
    const good = code === 0 && heard.join(' ') === 'good good good';
    return good ? [] : [`the packed host ended with ${code} after: ${heard.join('; ')} ${words}`];
  } finally {
    child.kill('SIGKILL');
  }
}

async function faultsOfPackage(work: string): Promise<readonly string[]> {
  const read = readConfiguration();
  const configuration = [...(await faultsOfConfiguration(read)), ...faultsOfUdevRules(read)];
  if (configuration.length > 0) return configuration;
  const wanted = await buildShell();
  const packed = pack(work);
  const resources = join(packed, 'resources');
  const app = join(work, 'app');
  unpack(resources, app);
  const { size } = statSync(join(resources, 'app.asar'));
  process.stdout.write(`app.asar: ${(size / 1024 / 1024).toFixed(2)} MB of ${ARCHIVE_BUDGET / 1024 / 1024} MB\n`);
  return [
    ...checkArchive(resources),
    ...checkNative(resources),
    ...(await checkFuses(join(packed, 'pc-agent'))),
    ...checkBundles(app, wanted),
    ...(await checkHost(app, work)),
  ];
}

/** `npm run pack:check`: packs on a dummy Electron, without any network, and looks at what came of it. */
export async function main(): Promise<void> {
  const began = performance.now();
  const work = mkdtempSync(join(tmpdir(), 'pc-agent-pack-'));
  try {
    const faults = await faultsOfPackage(work);
    for (const fault of faults) process.stdout.write(`FAILED  ${fault}\n`);
    const took = ((performance.now() - began) / 1000).toFixed(1);
    process.stdout.write(
      `${faults.length === 0 ? 'The package is as it should be' : 'The package is wrong'} (${took} s)\n`,
    );
    if (faults.length > 0) process.exitCode = 1;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
