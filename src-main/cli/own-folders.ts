import { accessSync, constants } from 'node:fs';
import { PcAgentError } from '../base/errors.ts';
import { makeFolder } from '../base/node/make-folder.ts';

/**
 * Makes the folder of an option, and those above it.
 * @throws PcAgentError `cli/usage`
 */
export function makeOwnFolder(path: string, option: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new PcAgentError('cli/usage', `${option} needs a folder that can be written: ${why}`, { cause: error });
  }
}
