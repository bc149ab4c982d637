import { constants } from 'node:fs';
import { access } from 'node:fs/promises';

/** Whether the port is there and this user may use it; `undefined` where the system tells only who opens it. */
export async function portAccess(path: string): Promise<'usable' | 'denied' | 'absent' | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'absent';
  }
}
