import { mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

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

/** Makes a folder with those above it; when it returns their names are on the disk. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
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
