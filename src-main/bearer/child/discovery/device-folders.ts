import { type FSWatcher, watch } from 'node:fs';
import type { SystemFiles } from './system-files.ts';

/** Nodes in /dev that come and go with cables; consoles and pseudo-terminals are not among them. */
const PORT_NAME = /^tty[A-Z]+\d{1,5}$/;
const BUSES = '/dev/bus/usb';
const MAX_BUSES = 128;

/** A node has come, gone, or was changed: its rights, or what was written to it. */
export type NodeEvent = { readonly kind: 'comes-or-goes' } | { readonly kind: 'changes'; readonly node: string };

interface Watched {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/**
 * Tells of nodes of serial ports and USB devices as the kernel makes and removes them (inotify on its devtmpfs, with
 * udevd or without it). Folders come and go too: `refresh` watches those that are there now. Where watching is refused,
 * nothing is told.
 */
export class DeviceFolders {
  readonly #files: SystemFiles;
  readonly #tell: (event: NodeEvent) => void;
  readonly #watched = new Map<string, Watched>();
  #closed = false;

  constructor(files: SystemFiles, tell: (event: NodeEvent) => void) {
    this.#files = files;
    this.#tell = tell;
  }

  refresh(): void {
    const buses = this.#files
      .names(BUSES)
      .filter((name) => /^\d{3}$/.test(name))
      .slice(0, MAX_BUSES);
    const wanted = ['/dev', BUSES, ...buses.map((name) => `${BUSES}/${name}`)];
    for (const folder of this.#watched.keys()) if (!wanted.includes(folder)) this.#drop(folder);
    for (const folder of wanted) this.#keep(folder);
  }

  close(): void {
    this.#closed = true;
    for (const folder of this.#watched.keys()) this.#drop(folder);
  }

  /** A folder that was removed and made again is another one, which the old watcher knows nothing of. */
  #keep(folder: string): void {
    const inode = this.#files.inode(folder);
    if (this.#watched.get(folder)?.inode === inode && inode !== undefined) return;
    this.#drop(folder);
    if (inode === undefined || this.#closed) return;
    try {
      const watcher = watch(this.#files.at(folder), { persistent: false }, (kind, name) => {
        this.#hear(folder, kind, name ?? '');
      });
      watcher.on('error', () => this.#drop(folder));
      this.#watched.set(folder, { inode, watcher });
    } catch {
      // The system has no watches left, or the folder went: the looks in between find what comes.
    }
  }

  #drop(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }

  #hear(folder: string, kind: 'rename' | 'change', name: string): void {
    if (folder === '/dev' && name !== 'bus' && !PORT_NAME.test(name)) return;
    this.#tell(kind === 'rename' ? { kind: 'comes-or-goes' } : { kind: 'changes', node: `${folder}/${name}` });
  }
}
