import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { open } from 'node:fs/promises';

/** An attribute is one page at most, and the descriptors of a handset some hundred octets; more is not looked at. */
const MAX_OCTETS = 65_536;
const PAGE = 4_096;
/** More entries of one folder are not looked at. */
const MAX_ENTRIES = 8_192;

/** Whether this user may read and write a device node. */
export type NodeAccess = 'usable' | 'denied' | 'absent';

/**
 * What the kernel shows as files (/sys, /proc, /run/udev, /dev). It changes while it is read: whatever is gone, or is
 * not for this user, is `undefined`, never an error. Paths are as on the computer; `root` is put before them.
 *
 * Nearly all of it is in the kernel's memory and takes microseconds, a tenth of what a thread of the pool costs: it is
 * read at once. What the kernel reads under the lock of a device is not: see `textOfDevice`.
 */
export class SystemFiles {
  readonly #root: string;
  readonly #buffer = new Uint8Array(MAX_OCTETS);
  readonly #decoder = new TextDecoder();

  constructor(root = '/') {
    this.#root = root.replace(/\/$/, '');
  }

  /** Where a path of the computer's, which begins with a slash, is truly to be found. */
  at(path: string): string {
    return this.#root + path;
  }

  /** A file, or as much of it as is looked at. */
  bytes(path: string): Uint8Array | undefined {
    return this.#read(path)?.slice();
  }

  /** A file without the end of line that the kernel puts after an attribute. */
  text(path: string): string | undefined {
    const bytes = this.#read(path);
    return bytes === undefined ? undefined : this.#asText(bytes);
  }

  /** An attribute for which the kernel waits until the device is free; one that does not answer takes its time. */
  async textOfDevice(path: string): Promise<string | undefined> {
    try {
      const file = await open(this.at(path), 'r');
      try {
        const { buffer, bytesRead } = await file.read(new Uint8Array(PAGE), 0, PAGE, null);
        return this.#asText(buffer.subarray(0, bytesRead));
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  }

  number(path: string, radix: 10 | 16): number | undefined {
    const text = this.text(path)?.trim();
    if (text === undefined || !(radix === 16 ? /^(?:0x)?[0-9a-f]{1,8}$/i : /^\d{1,15}$/).test(text)) return undefined;
    return Number.parseInt(text, radix);
  }

  /** Names in a folder; none where there is no such folder. */
  names(path: string): readonly string[] {
    return this.namesIfOurs(path) ?? [];
  }

  /** Names in a folder, `undefined` where it is gone or is not for this user. */
  namesIfOurs(path: string): readonly string[] | undefined {
    return unlessGone(() => readdirSync(this.at(path)).slice(0, MAX_ENTRIES));
  }

  link(path: string): string | undefined {
    return unlessGone(() => readlinkSync(this.at(path)));
  }

  /** Tells one folder from the next one of the same name. */
  inode(path: string): number | undefined {
    return unlessGone(() => statSync(this.at(path)).ino);
  }

  /** Where a path with links in it leads to; for climbing up the tree of devices. */
  real(path: string): string | undefined {
    return unlessGone(() => {
      const root = realpathSync.native(`${this.#root}/`);
      const found = realpathSync.native(this.at(path));
      return root === '/' ? found : found.slice(root.length);
    });
  }

  /** By access(2), which knows access control lists too. */
  access(path: string): NodeAccess {
    try {
      accessSync(this.at(path), constants.R_OK | constants.W_OK);
      return 'usable';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'denied' : 'absent';
    }
  }

  #asText(bytes: Uint8Array): string {
    return this.#decoder.decode(bytes).replace(/\n$/, '');
  }

  /** Attributes tell no true length, so they are read to their end. Holds until the next one is read. */
  #read(path: string): Uint8Array | undefined {
    return unlessGone(() => {
      const file = openSync(this.at(path), 'r');
      try {
        let length = 0;
        for (let count = -1; count !== 0 && length < MAX_OCTETS; length += count) {
          count = readSync(file, this.#buffer, length, MAX_OCTETS - length, null);
        }
        return this.#buffer.subarray(0, length);
      } finally {
        closeSync(file);
      }
    });
  }
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
