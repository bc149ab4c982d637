import { constants } from 'node:fs';
import { access, open, readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';

/** An attribute of the kernel's is one page at most. */
const MAX_TEXT = 4_096;
/** More entries of one folder are not looked at. */
const MAX_ENTRIES = 8_192;

/** Whether this user may read and write a device node. */
export type NodeAccess = 'usable' | 'denied' | 'absent';

/**
 * What the kernel shows as files (/sys, /proc, /run/udev, /dev). It changes while it is read: whatever is gone, or is
 * not for this user, is `undefined`, never an error. Paths are as on the computer; `root` is put before them.
 */
export class SystemFiles {
  readonly #root: string;

  constructor(root = '/') {
    this.#root = root;
  }

  /** Where a path of the computer's is truly to be found. */
  at(path: string): string {
    return join(this.#root, path);
  }

  /** The first `max` octets of a file. */
  bytes(path: string, max: number): Promise<Uint8Array | undefined> {
    return unlessGone(async () => {
      const file = await open(this.at(path), 'r');
      try {
        return await readUpTo(file, max);
      } finally {
        await file.close();
      }
    });
  }

  /** An attribute without the end of line that the kernel puts after it. */
  async text(path: string, max = MAX_TEXT): Promise<string | undefined> {
    const bytes = await this.bytes(path, max);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes).replace(/\n$/, '');
  }

  async number(path: string, radix: 10 | 16): Promise<number | undefined> {
    const text = (await this.text(path))?.trim();
    if (text === undefined || !(radix === 16 ? /^(?:0x)?[0-9a-f]{1,8}$/i : /^\d{1,15}$/).test(text)) return undefined;
    return Number.parseInt(text, radix);
  }

  /** Names in a folder; none where there is no such folder. */
  async names(path: string): Promise<readonly string[]> {
    return (await this.namesIfOurs(path)) ?? [];
  }

  /** Names in a folder, `undefined` where it is gone or is not for this user. */
  namesIfOurs(path: string): Promise<readonly string[] | undefined> {
    return unlessGone(async () => (await readdir(this.at(path))).slice(0, MAX_ENTRIES));
  }

  link(path: string): Promise<string | undefined> {
    return unlessGone(() => readlink(this.at(path)));
  }

  /** Where a path with links in it leads to; for climbing up the tree of devices. */
  async real(path: string): Promise<string | undefined> {
    const [root, found] = await Promise.all([
      unlessGone(() => realpath(this.at('/'))),
      unlessGone(() => realpath(this.at(path))),
    ]);
    if (root === undefined || found === undefined) return undefined;
    return root === '/' ? found : found.slice(root.length);
  }

  /** By access(2), which knows access control lists too. */
  async access(path: string): Promise<NodeAccess> {
    try {
      await access(this.at(path), constants.R_OK | constants.W_OK);
      return 'usable';
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'denied' : 'absent';
    }
  }
}

async function unlessGone<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    return undefined;
  }
}

/** Attributes tell no true length, so they are read to their end. */
async function readUpTo(file: Awaited<ReturnType<typeof open>>, max: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(max);
  let length = 0;
  while (length < max) {
    const { bytesRead } = await file.read(buffer, length, max - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}
