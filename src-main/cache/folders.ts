import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from './disk-error.ts';

/**
 * ```
 * sha256/ab/cd/<digest>     contents, whole and on disk since they have that name
 * tmp/<pid>-<n>             being written; nothing of it outlives the writer
 * partial/<key>.part .json  unfinished downloads and what is known of them
 * quarantine/<digest>       contents that were found wrong
 * ```
 */
export interface CacheFolders {
  readonly root: string;
  readonly contents: string;
  readonly temporary: string;
  readonly partial: string;
  readonly quarantine: string;
}

export function cacheFolders(root: string): CacheFolders {
  return {
    root,
    contents: join(root, 'sha256'),
    temporary: join(root, 'tmp'),
    partial: join(root, 'partial'),
    quarantine: join(root, 'quarantine'),
  };
}

export function contentPath({ contents }: CacheFolders, digest: string): string {
  return join(contents, digest.slice(0, 2), digest.slice(2, 4), digest);
}

/**
 * Makes a folder with those above it; when it returns their names are on the disk. Node's own way says ENOENT where a
 * disk is read-only.
 */
export async function makeFolder(folder: string): Promise<void> {
  const above = dirname(folder);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return;
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await mkdir(folder, { mode: 0o700 }).catch((again: unknown) => {
      // Somebody else wanted it at the same time.
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
  await syncFolder(above);
}

/** Brings the names in a folder to the disk. Windows has no such call and needs none. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
