// The command line packed into few files (`build-program.mjs`): a start loads those in half of the time that the
// hundreds of modules of the sources take. Plain JavaScript for Node 18.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './node-line.mjs';

const FOLDER = join('dist', 'program');
const PRINT = '.print';

/**
 * Names, sizes and times of everything that the packed program is made of: an edit of any kind changes it.
 * @param {string} [root]
 */
export function printOfSources(root = ROOT) {
  const hash = createHash('sha256');
  const add = (path) => {
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  };
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else add(path);
    }
  };
  walk(join(root, 'src-main'));
  add(join(root, 'package-lock.json'));
  return hash.digest('hex');
}

export function programFolder(root = ROOT) {
  return join(root, FOLDER);
}

/** Path of the packed command line; `undefined` when there is none of the sources as they are now. */
export function packedProgram(root = ROOT) {
  try {
    const folder = programFolder(root);
    if (readFileSync(join(folder, PRINT), 'utf8') !== printOfSources(root)) return undefined;
    return join(folder, 'main.js');
  } catch {
    return undefined;
  }
}

/**
 * The same, for a command line: a test run that has just packed it names its folder in `PC_AGENT_BUILT_PROGRAM`, so that
 * the sources need not be looked through at each of its thousand starts.
 */
export function programToRun(root = ROOT) {
  const folder = programFolder(root);
  const main = join(folder, 'main.js');
  return process.env.PC_AGENT_BUILT_PROGRAM === folder && existsSync(main) ? main : packedProgram(root);
}

/** Says that the packed program is the one of these sources. */
export function keepPrint(print, root = ROOT) {
  writeFileSync(join(programFolder(root), PRINT), print);
}
