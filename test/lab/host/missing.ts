import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../support/find-program.ts';

const PROGRAMS = ['qemu-system-x86_64', 'mmdebstrap', 'cpio', 'xz', 'zstd', 'modprobe', 'mke2fs'];
/** Debian puts some of them where only root looks. */
const SYSTEM_FOLDERS = ['/usr/sbin', '/sbin'];

/** Where a program of the system is; its name where it is nowhere. */
export function systemProgram(name: string): string {
  const inSystem = SYSTEM_FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path));
  return findProgram(name) ?? inSystem ?? name;
}

/** Why there is no laboratory here; `undefined`: there is one. */
export function labMissing(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'needs Linux on x64';
  const missing = PROGRAMS.filter((name) => !existsSync(systemProgram(name)));
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  return process.getuid?.() === 0 ? undefined : 'needs root, to build the image';
}
