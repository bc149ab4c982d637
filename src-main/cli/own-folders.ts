import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PcAgentError } from '../base/errors.ts';

/**
 * Makes the folder of an option, and those above it. One after the other: Node's own recursive way does not come to an end
 * where a file system says of a new folder that it cannot be there (`/proc`).
 * @throws PcAgentError `cli/usage`
 */
export function makeFolder(path: string, option: string): void {
  const missing: string[] = [];
  let there = path;
  // A drive that is not there is above itself.
  for (; !existsSync(there) && dirname(there) !== there; there = dirname(there)) missing.unshift(there);
  try {
    if (!statSync(there).isDirectory()) throw new Error(`${there} is a file`);
    for (const folder of missing) makeOne(folder);
    if (!statSync(path).isDirectory()) throw new Error(`${path} is a file`);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PcAgentError('cli/usage', `${option} needs a folder that can be written: ${why}`, { cause: error });
  }
}

/** Another process may be doing the same. */
function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}
