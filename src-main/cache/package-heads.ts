import { closeSync, openSync, readSync } from 'node:fs';
import type { CachedPackage } from './cached-package.ts';
import { type CacheFolders, contentPath } from './folders.ts';

/** What packages of our own formats begin with: they tell in their first lines what lies in them. */
const MAGIC = Buffer.from('PC-AGENT-');
/** More than the first lines of either format may have. */
const HEAD = 68 * 1024;

/**
 * The first octets of the packages of our own formats. They are read when a package is first shown, at once and in the
 * same turn, since lists are shown so; of any other file that is nine octets.
 */
export class PackageHeads {
  readonly #folders: CacheFolders;
  /** By digest, which says what they are; empty for another format. */
  readonly #known = new Map<string, Uint8Array>();

  constructor(folders: CacheFolders) {
    this.#folders = folders;
  }

  /** The package with its head, where it has one; what cannot be read has none. */
  with<P extends CachedPackage | undefined>(found: P): P {
    if (found === undefined || found.state === 'quarantined') return found;
    const head = this.#known.get(found.digest) ?? this.#read(found.digest);
    return head.length === 0 ? found : { ...found, head };
  }

  #read(digest: string): Uint8Array {
    let file: number | undefined;
    try {
      file = openSync(contentPath(this.#folders, digest), 'r');
      const start = Buffer.alloc(MAGIC.length);
      const own = readSync(file, start, 0, start.length, 0) === start.length && start.equals(MAGIC);
      const whole = Buffer.alloc(own ? HEAD : 0);
      const head = new Uint8Array(own ? whole.subarray(0, readSync(file, whole, 0, HEAD, 0)) : whole);
      this.#known.set(digest, head);
      return head;
    } catch {
      return new Uint8Array();
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}
