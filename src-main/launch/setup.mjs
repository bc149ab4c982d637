// Sets the tree up: dependencies (`npm ci`), the command line in few files and, with --renderer, the page and, where
// Electron is installed, the window's processes. Each is skipped when its stamp is right.
// Plain JavaScript for Node 18 without dependencies. Speaks on standard error only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findElectron } from './electron.mjs';
import { NEEDED_MAJOR, ROOT, suitableNode } from './node-line.mjs';
import { packedProgram } from './program.mjs';
import { acquireLock } from './set-up-lock.mjs';

/** A set-up that hangs is ended; a cold cache on a slow line takes a few minutes. */
const STEP_LIMIT = 20 * 60_000;
const OLDEST_NODE = 20;

const LOCK = join(ROOT, '.pc-agent', 'setup.lock');
const DEPENDENCIES_STAMP = join(ROOT, 'node_modules', '.pc-agent-stamp');
const COMMAND_LINE = join(ROOT, 'src-main', 'cli', 'main.ts');
const RENDERER = join(ROOT, 'dist', 'renderer');
const RENDERER_STAMP = join(RENDERER, '.stamp');
/** What the page is made of. */
const RENDERER_SOURCES = [
  'src-renderer',
  'src-main/base',
  'src-main/contract',
  'src-main/wording',
  'package-lock.json',
  'vite.config.ts',
];

const SHELL_STAMP = join(ROOT, 'dist', 'electron', '.stamp');
/** What the window's processes are made of: the host is one of them. */
const SHELL_SOURCES = ['src-main', 'build/icon.png', 'package-lock.json'];

class SetUpError extends Error {}

function say(text) {
  process.stderr.write(`${text}\n`);
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function addToHash(hash, path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return;
  let names;
  try {
    names = readdirSync(full);
  } catch {
    hash.update(`${path}\0`).update(readFileSync(full)).update('\0');
    return;
  }
  for (const name of names.sort()) addToHash(hash, `${path}/${name}`);
}

function dependenciesStamp() {
  const hash = createHash('sha256');
  addToHash(hash, 'package-lock.json');
  return `node ${NEEDED_MAJOR} ${process.platform}-${process.arch} ${hash.digest('hex')}`;
}

function stampOf(sources) {
  const hash = createHash('sha256');
  for (const path of sources) addToHash(hash, path);
  return hash.digest('hex');
}

/** npm as it was called, else the one on the path. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script === undefined || !/npm-cli\.[cm]?js$/.test(script)) return { file: 'npm', args: [] };
  return { file: process.env.npm_node_execpath ?? process.execPath, args: [script] };
}

function run(what, file, args) {
  const ended = spawnSync(file, args, {
    cwd: ROOT,
    // Both streams go to standard error: standard output belongs to the program that is set up.
    stdio: ['ignore', 2, 2],
    timeout: STEP_LIMIT,
    shell: process.platform === 'win32' && file === 'npm',
  });
  if (ended.error !== undefined) throw new SetUpError(`${what} could not run: ${ended.error.message}`);
  if (ended.signal !== null) throw new SetUpError(`${what} was ended by ${ended.signal}`);
  if (ended.status !== 0) throw new SetUpError(`${what} ended with ${ended.status}; its own words are above`);
}

function installDependencies() {
  const npm = npmCommand();
  say('PC Agent set-up: installing dependencies (npm ci), once, about half a minute …');
  rmSync(DEPENDENCIES_STAMP, { force: true });
  const flags = ['--loglevel=error', '--no-audit', '--no-fund', '--include=dev', '--include=optional'];
  const install = () => run('npm ci', npm.file, [...npm.args, 'ci', ...flags, '--prefix', ROOT]);
  try {
    install();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    // npm gives up when a program that still runs puts a file into the folder that is being emptied; that passes.
    say(`PC Agent set-up: ${error.message}; once more …`);
    install();
  }
  mkdirSync(dirname(DEPENDENCIES_STAMP), { recursive: true });
  writeFileSync(DEPENDENCIES_STAMP, dependenciesStamp());
}

function buildRenderer() {
  if (!existsSync(join(ROOT, 'src-renderer', 'index.html'))) return;
  const node = suitableNode();
  if (node === undefined) {
    throw new SetUpError(
      `Node ${NEEDED_MAJOR} is needed to build the page, and node_modules holds none for this system`,
    );
  }
  say('PC Agent set-up: building the page …');
  rmSync(RENDERER_STAMP, { force: true });
  const stamp = stampOf(RENDERER_SOURCES);
  const vite = join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js');
  run('vite build', node, [vite, 'build', '--logLevel', 'warn', '--outDir', RENDERER, '--emptyOutDir']);
  writeFileSync(RENDERER_STAMP, stamp);
}

function buildShell() {
  const node = suitableNode();
  if (node === undefined) throw new SetUpError(`Node ${NEEDED_MAJOR} is needed to build the window`);
  say('PC Agent set-up: building the window …');
  rmSync(SHELL_STAMP, { force: true });
  const stamp = stampOf(SHELL_SOURCES);
  const launch = join(ROOT, 'src-main', 'launch');
  run('the build of the window', node, [join(launch, 'run.mjs'), join(launch, 'build-shell.mjs')]);
  writeFileSync(SHELL_STAMP, stamp);
}

function packProgram() {
  const node = suitableNode();
  if (node === undefined) return;
  say('PC Agent set-up: packing the command line …');
  const launch = join(ROOT, 'src-main', 'launch');
  try {
    run('the packing of the command line', node, [join(launch, 'run.mjs'), join(launch, 'build-program.mjs')]);
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    say(`PC Agent set-up: ${error.message}. It works without, and starts slower.`);
  }
}

async function setUp(withRenderer) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetUpError(`Node ${OLDEST_NODE} or newer is needed; this is Node ${process.versions.node}`);
  }
  const needsDependencies = () => readText(DEPENDENCIES_STAMP) !== dependenciesStamp();
  const needsRenderer = () => withRenderer && readText(RENDERER_STAMP) !== stampOf(RENDERER_SOURCES);
  const needsShell = () =>
    withRenderer && findElectron() !== undefined && readText(SHELL_STAMP) !== stampOf(SHELL_SOURCES);
  const needsPacking = () => existsSync(COMMAND_LINE) && packedProgram() === undefined;
  if (!needsDependencies() && !needsRenderer() && !needsShell() && !needsPacking()) return;
  const release = await acquireLock(LOCK, (pid) => say(`PC Agent set-up: waiting for the set-up of process ${pid} …`));
  try {
    // What was wrong before the wait may have been put right by the other process.
    if (needsDependencies()) installDependencies();
    if (needsRenderer()) buildRenderer();
    if (needsShell()) buildShell();
    if (needsPacking()) packProgram();
  } finally {
    release();
  }
}

try {
  await setUp(process.argv.includes('--renderer'));
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  say(`PC Agent set-up failed: ${error.message}.`);
  process.exitCode = 1;
}
