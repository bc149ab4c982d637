import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { PcAgentError } from '../base/errors.ts';

/** `sun_path` holds 108 octets on Linux and 104 on macOS and the BSDs, with the NUL at the end. */
const LONGEST_PATH = 103;

/**
 * Where the host of a data folder listens for faces: a socket in `runtime`; when its path would be too long one in a
 * folder of ours below the system's temporary one; on Windows a named pipe. Both sides compute it, so it depends on
 * the places only.
 */
export function hostEndpoint(runtime: string, platform: NodeJS.Platform = process.platform): string {
  const name = createHash('sha256').update(runtime).digest('hex').slice(0, 24);
  if (platform === 'win32') return `\\\\.\\pipe\\pc-agent-${name}`;
  const path = join(runtime, 'host.sock');
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  return join(sharedFolder(), `${name}.sock`);
}

/**
 * Makes the folder of the socket, for nobody else to look into.
 * @throws PcAgentError `host/socket-unsafe` when somebody else was there first: the temporary folder is everybody's.
 */
export function prepareEndpoint(endpoint: string): void {
  const folder = sharedFolder();
  if (process.platform === 'win32' || !endpoint.startsWith(`${folder}/`)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== userInfo().uid) {
    throw new PcAgentError('host/socket-unsafe', `${folder} belongs to somebody else`, {
      retry: 'after-operator',
      details: { folder },
    });
  }
  chmodSync(folder, 0o700);
}

function sharedFolder(): string {
  return join(tmpdir(), `pc-agent-${userInfo().uid}`);
}
