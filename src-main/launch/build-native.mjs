// Builds what is native: the Bluetooth addon (native/rfcomm), where its binary is not that of its sources, and npm
// node-bluetooth-serial-port for the Node of node_modules, where the system has what it takes. `--force`: both in any
// case. What the system lacks is a warning: everything else of the program works without.
// Plain JavaScript for Node 20 without dependencies.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv, env, execPath, platform } from 'node:process';
import { fileURLToPath } from 'node:url';
import { bundledNode, ROOT } from './node-line.mjs';

const ADDON = join(ROOT, 'native', 'rfcomm');
const SOURCES = join(ADDON, 'src');
const PACKAGE = join(ROOT, 'node_modules', 'node-bluetooth-serial-port');
/** What BlueZ's headers belong to; the package says nothing that helps without them. */
const BLUEZ_HEADER = '/usr/include/bluetooth/bluetooth.h';
const STEP_LIMIT = 5 * 60_000;

/** No exceptions and none of the C++ library: one small binary for every glibc since 2.17, and for Electron. */
const FLAGS = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', '-s', '-fvisibility=hidden'],
  ...['-fno-exceptions', '-fno-rtti', '-fno-threadsafe-statics', '-ffunction-sections', '-fdata-sections'],
  ...['-Wall', '-Wextra', '-Wconversion', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=rfcomm'],
];
const LINKED =
  platform === 'darwin'
    ? ['-undefined', 'dynamic_lookup']
    : ['-nodefaultlibs', '-lc', '-lgcc', '-Wl,--gc-sections,--build-id=none,-z,relro,-z,now'];

/** Where the addon looks for itself. */
const BINARY = join(ADDON, 'prebuilt', `${platform}-${process.arch}`, 'rfcomm.node');

/** Digest of what the addon is made of; each binary has that of its sources in it. */
export function sourcesDigest() {
  const hash = createHash('sha256');
  for (const name of readdirSync(SOURCES).sort()) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(SOURCES, name), 'utf8').replaceAll('\r\n', '\n'))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Whether the binary of this system was built from the sources as they are. */
export function isBinaryRight(binary = BINARY) {
  return existsSync(binary) && readFileSync(binary).includes(sourcesDigest());
}

function warn(text) {
  process.stderr.write(`build:native: ${text}\n`);
}

/** @returns {{ ok: boolean, missing: boolean, answer: string, words: string }} */
function run(file, args, options = {}) {
  const ended = spawnSync(file, args, { cwd: ROOT, encoding: 'utf8', timeout: STEP_LIMIT, ...options });
  const missing = ended.error !== undefined && 'code' in ended.error && ended.error.code === 'ENOENT';
  const words = `${ended.stdout ?? ''}${ended.stderr ?? ''}${ended.error?.message ?? ''}`;
  return { ok: ended.status === 0, missing, answer: (ended.stdout ?? '').trim(), words };
}

/** The folder above `include/node` of the Node that the program runs on. */
function nodeFolder() {
  const folders = [bundledNode(), execPath].flatMap((path) => (path === undefined ? [] : dirname(dirname(path))));
  return folders.find((folder) => existsSync(join(folder, 'include', 'node', 'node_api.h')));
}

/** npm's own copy, or one on the path. */
function nodeGyp() {
  const beside = env.npm_execpath === undefined ? [] : [join(dirname(env.npm_execpath), '..')];
  const global = run('npm', ['root', '-g'], { shell: platform === 'win32' });
  const homes = [...beside, ...(global.ok ? [join(global.answer, 'npm')] : [])];
  const scripts = [
    ...(env.npm_config_node_gyp === undefined ? [] : [env.npm_config_node_gyp]),
    ...homes.map((home) => join(home, 'node_modules', 'node-gyp', 'bin', 'node-gyp.js')),
  ];
  const script = scripts.find((path) => existsSync(path));
  return script === undefined ? { file: 'node-gyp', args: [] } : { file: execPath, args: [script] };
}

function rebuild(folder, node) {
  const { file, args } = nodeGyp();
  const options = {
    // What a user's npm says of it goes before the command line, and is of another Node.
    env: { ...env, npm_config_nodedir: node, RFCOMM_SOURCES: sourcesDigest() },
    shell: file === 'node-gyp' && platform === 'win32',
  };
  return run(file, [...args, 'rebuild', '--directory', folder, `--nodedir=${node}`], options);
}

/** @returns whether nothing is wrong */
function buildAddon(node) {
  mkdirSync(dirname(BINARY), { recursive: true });
  const ended = platform === 'win32' ? buildAddonByGyp(node) : compileAddon(node);
  if (ended.ok) warn(`built ${BINARY}`);
  else if (ended.missing) warn('no C++ compiler: the Bluetooth addon is not built');
  else warn(`the Bluetooth addon cannot be built\n${ended.words}`);
  return ended.ok || ended.missing;
}

function compileAddon(node) {
  const made = join(mkdtempSync(join(dirname(BINARY), '.build-')), 'rfcomm.node');
  const sources = readdirSync(SOURCES).filter((name) => name.endsWith('.cc'));
  const ended = run(env.CXX ?? 'c++', [
    ...FLAGS,
    `-DRFCOMM_SOURCES="${sourcesDigest()}"`,
    ...['-I', join(node, 'include', 'node')],
    ...sources.sort().map((name) => join('native', 'rfcomm', 'src', name)),
    ...LINKED,
    ...['-o', made],
  ]);
  if (ended.ok) renameSync(made, BINARY);
  rmSync(dirname(made), { recursive: true, force: true });
  return ended;
}

function buildAddonByGyp(node) {
  const ended = rebuild(ADDON, node);
  if (ended.ok) renameSync(join(ADDON, 'build', 'Release', 'rfcomm.node'), BINARY);
  rmSync(join(ADDON, 'build'), { recursive: true, force: true });
  return ended;
}

/** Only for who wants it in place of the addon: that it is missing is no fault. */
function buildPackage(node) {
  if (!existsSync(PACKAGE)) return warn('node-bluetooth-serial-port is not installed');
  if (platform === 'linux' && !existsSync(BLUEZ_HEADER)) {
    return warn('no libbluetooth-dev: node-bluetooth-serial-port is not built; the addon needs no such thing');
  }
  const ended = rebuild(PACKAGE, node);
  if (ended.ok) warn('built node-bluetooth-serial-port');
  else if (ended.missing) warn('no node-gyp: node-bluetooth-serial-port is not built');
  else warn(`node-bluetooth-serial-port cannot be built\n${ended.words}`);
}

function buildNative(force) {
  const node = nodeFolder();
  if (node === undefined) return warn('no headers of Node: nothing is built');
  if (!force && isBinaryRight()) warn('the Bluetooth addon is that of its sources');
  else if (!buildAddon(node)) process.exitCode = 1;
  const built = existsSync(join(PACKAGE, 'build', 'Release', 'BluetoothSerialPort.node'));
  if (!force && built) warn('node-bluetooth-serial-port is built already');
  else buildPackage(node);
}

if (argv[1] === fileURLToPath(import.meta.url)) buildNative(argv.includes('--force'));
