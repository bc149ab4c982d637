import { constants, existsSync, type Stats } from 'node:fs';
import { access, lstat, open, readdir, readlink } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { RULES_NAME } from './rule-files.ts';
import { runProgram } from './run-program.ts';
import { FILE_LIMIT, type NodeStat, type System, type SystemUser } from './system.ts';

/** The operating system that this process runs on. */
export function nodeSystem(): System {
  return {
    platform: process.platform,
    administrator: process.geteuid?.() === 0,
    pid: process.pid,
    user: ownUser(),
    nativeFolder: findNativeFolder(import.meta.dirname),
    readFile,
    list: async (path) => (await readdir(path).catch(() => [])).sort(),
    stat: async (path) => {
      const found = await lstat(path).catch(() => undefined);
      return found === undefined ? undefined : nodeStat(found);
    },
    linkTarget: (path) => readlink(path).catch(() => undefined),
    access: mayUse,
    run: runProgram,
  };
}

/**
 * In the source tree `native` lies beside `src-main`; in a package beside the archive that holds `dist/electron`, as an
 * extra resource. A bundle elsewhere has it in a folder above its own.
 */
export function findNativeFolder(here: string): string | undefined {
  const above = ['.', '..', '../..', '../../..', '../../../..'].map((way) => join(here, way, 'native'));
  return above.find((folder) => existsSync(join(folder, 'udev', RULES_NAME)));
}

function ownUser(): SystemUser {
  const groups = [process.getgid?.(), ...(process.getgroups?.() ?? [])].filter((gid) => gid !== undefined);
  const uid = process.geteuid?.() ?? -1;
  return { uid, name: userName(uid), groups: [...new Set(groups)] };
}

function userName(uid: number): string {
  try {
    return userInfo().username;
  } catch {
    // A user whom the system does not list.
    return String(uid);
  }
}

/** Read in pieces: files of sysfs do not tell their size. */
async function readFile(path: string): Promise<Uint8Array | undefined> {
  try {
    // A pipe that nobody writes to would be waited for.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const buffer = new Uint8Array(FILE_LIMIT);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.slice(0, length);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

function nodeStat(found: Stats): NodeStat {
  const kind = found.isFile()
    ? 'file'
    : found.isDirectory()
      ? 'folder'
      : found.isSymbolicLink()
        ? 'link'
        : found.isCharacterDevice()
          ? 'device'
          : 'other';
  return { kind, uid: found.uid, gid: found.gid, mode: found.mode & 0o7777 };
}

async function mayUse(path: string): Promise<'allowed' | 'denied' | 'absent'> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'allowed';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'denied' : 'absent';
  }
}
