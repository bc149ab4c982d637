import { open } from 'node:fs/promises';
import { strictTextOf } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';

/** A notification and a password fit into far less. */
const MAX_FILE = 64 * 1024;

/** The start of a file, `undefined` when there is none. */
export async function fileStart(path: string, most: number = MAX_FILE): Promise<Uint8Array | undefined> {
  try {
    const file = await open(path);
    try {
      const buffer = new Uint8Array(most);
      const { bytesRead } = await file.read(buffer, 0, most);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * The secret that a file holds, without the line break at its end: in a flag everybody on this computer could read it.
 * @throws PcAgentError `cli/usage`
 */
export async function secretInFile(path: string, flag: string): Promise<string> {
  const bytes = await fileStart(path);
  if (bytes === undefined) throw new PcAgentError('cli/usage', `${flag} cannot be read`);
  const text = strictTextOf(bytes);
  // Taken for an empty one nobody would accept it, and nobody would know why.
  if (text === undefined) throw new PcAgentError('cli/usage', `${flag} is not UTF-8 text`);
  return text.replace(/\r?\n$/, '');
}
