import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { piecesOf } from '../../base/byte-source.ts';
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
  let file: string | undefined;
  const delivery = await client.fetchPackage(url, {
    signal,
    consent: 'ask',
    install: async (object) => {
      if (folder === undefined) return undefined;
      file = fileName(object);
      return keep(object, folder, file);
    },
  });
  const { report, nextUrl } = delivery;
  const next = nextUrl === undefined ? {} : { nextUrl };
  if (delivery.kind === 'failed') {
    const { code, reason } = delivery.failed;
    return { reason, notification: { code, report }, ...next };
  }
  const { type, size, sha256, descriptor } = delivery;
  const name = descriptor?.name === undefined ? {} : { name: descriptor.name };
  delivery.release();
  return {
    reason: undefined,
    notification: { code: 900, report },
    object: { ...name, type, size, sha256, ...(file === undefined ? {} : { file }) },
    ...next,
  };
}

function fileName({ url }: DownloadedObject): string {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  return inboxName(last);
}

/** It appears in the folder whole or not at all. */
async function keep(object: DownloadedObject, folder: string, name: string): Promise<InstallFailure | undefined> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.part`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    try {
      for (const piece of piecesOf(object.content)) await handle.appendFile(piece);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, join(folder, name));
    return undefined;
  } catch (error) {
    await rm(temporary, { force: true });
    return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'memory' : 'device';
  }
}
