import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ByteSource, piecesOf } from '../../base/byte-source.ts';
import { hostOf } from '../../dlota/descriptor.ts';
import { NotificationCode } from '../../dlota/notification-code.ts';
import type { InstallFailure } from '../../dlota/outcome.ts';
import type { DlotaClient, DownloadedObject, PackageDelivery } from './dlota-client.ts';
import { inboxName } from './inbox-name.ts';

export interface UserDownloadOptions {
  /** Keeps the object as a file there; without it nothing is kept. */
  readonly folder?: string | undefined;
  readonly signal: AbortSignal;
}

/** What a download came to, for the handset's owner. */
export interface UserDownload {
  /** `undefined` when it succeeded, else `dlota/*`. */
  readonly reason: string | undefined;
  /** Of the installation notification, and what became of that. */
  readonly notification: { readonly code: number; readonly report: PackageDelivery['report'] };
  readonly object?: {
    readonly name?: string;
    readonly type: string;
    readonly size: number;
    readonly sha256: string;
    /** Host that it came from in the end, redirects followed. */
    readonly from: string;
    /** Of the file in the folder. */
    readonly file?: string;
  };
  readonly nextUrl?: string;
}

/** A download that the handset's user begins, as by a link on a page: it is asked about, and kept as a file. */
export async function downloadAsUser(
  client: DlotaClient,
  url: string,
  { folder, signal }: UserDownloadOptions,
): Promise<UserDownload> {
  const place = folder === undefined ? undefined : new Place(folder);
  try {
    const delivery = await client.fetchPackage(url, {
      signal,
      consent: 'ask',
      ...(place === undefined ? {} : { install: ({ content }) => place.write(content) }),
    });
    return await ended(delivery, place);
  } finally {
    await place?.clear();
  }
}

async function ended(delivery: PackageDelivery, place: Place | undefined): Promise<UserDownload> {
  const { report, nextUrl } = delivery;
  const next = nextUrl === undefined ? {} : { nextUrl };
  if (delivery.kind === 'failed') {
    const { code, reason } = delivery.failed;
    return { reason, notification: { code, report }, ...next };
  }
  const { type, size, sha256, descriptor } = delivery;
  const name = descriptor?.name === undefined ? {} : { name: descriptor.name };
  const file = place === undefined ? {} : { file: await place.release(fileName(delivery)) };
  delivery.release();
  return {
    reason: undefined,
    notification: { code: NotificationCode.Success, report },
    object: { ...name, type, size, sha256, from: hostOf(delivery.url), ...file },
    ...next,
  };
}

function fileName({ url }: DownloadedObject): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return inboxName(last);
}

/**
 * Where the user finds the object: whole or not at all, and not before the success of its installation was reported
 * (dlota sheet, section 3).
 */
class Place {
  readonly #folder: string;
  readonly #temporary: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.#temporary = join(folder, `.${randomUUID()}.part`);
  }

  async write(content: ByteSource): Promise<InstallFailure | undefined> {
    try {
      await mkdir(this.#folder, { recursive: true });
      const handle = await open(this.#temporary, 'wx', 0o600);
      try {
        for (const piece of piecesOf(content)) await handle.appendFile(piece);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return undefined;
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'memory' : 'device';
    }
  }

  async release(name: string): Promise<string> {
    await rename(this.#temporary, join(this.#folder, name));
    return name;
  }

  async clear(): Promise<void> {
    await rm(this.#temporary, { force: true });
  }
}
