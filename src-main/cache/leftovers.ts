import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ContentStore } from './content-store.ts';
import { type CacheFolders, contentPath } from './folders.ts';
import type { PackageIndex } from './package-index.ts';

/** An unfinished download that nobody went on with for so long is given up. */
const PARTIAL_AGE = 30 * 24 * 60 * 60 * 1000;
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Brings folder and index together after a writer was killed or somebody was in the folder: removes what was being
 * written and what the index does not know, and takes contents out of use whose file is gone or has another length.
 * On a folder that cannot be written it leaves what it cannot remove.
 */
export async function clearLeftovers(
  folders: CacheFolders,
  index: PackageIndex,
  contents: ContentStore,
  now: Date,
): Promise<void> {
  for (const name of await namesIn(folders.temporary)) await remove(join(folders.temporary, name));
  await clearPartials(folders.partial, now);
  for (const digest of index.unused()) await contents.discard(digest);
  const known = new Map(index.contents().map((content) => [content.digest, content]));
  for (const name of await contentNames(folders.contents)) {
    if (!known.has(name)) await remove(contentPath(folders, name));
  }
  for (const name of await namesIn(folders.quarantine)) {
    if (known.get(name)?.state !== 'quarantined') await remove(join(folders.quarantine, name));
  }
  for (const { digest, size, state } of known.values()) {
    if (state !== 'ready') continue;
    const found = await sizeOf(contentPath(folders, digest));
    if (found !== size) await contents.condemn(digest, found === undefined ? 'absent' : 'size-mismatch');
  }
}

async function clearPartials(folder: string, now: Date): Promise<void> {
  const names = new Set(await namesIn(folder));
  for (const name of names) {
    const [stem, ending] = [name.replace(/\.[^.]*$/, ''), name.replace(/^.*\./, '')];
    const whole = names.has(`${stem}.part`) && names.has(`${stem}.json`) && (ending === 'part' || ending === 'json');
    const path = join(folder, name);
    if (!whole || (await isOld(path, now))) await remove(path);
  }
}

/** One that is of the future, because the clock was set back, is not old. */
async function isOld(path: string, now: Date): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && now.getTime() - found.mtimeMs > PARTIAL_AGE;
}

async function contentNames(folder: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (const first of await namesIn(folder)) {
    for (const second of await namesIn(join(folder, first))) {
      const names = await namesIn(join(folder, first, second));
      // Only what can be ours and lies where ours lies.
      all.push(...names.filter((name) => DIGEST.test(name) && name.startsWith(first + second)));
    }
  }
  return all;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true }).catch(() => undefined);
}
