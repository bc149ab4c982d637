import { toBase64 } from '../../../src-main/base/base64.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../../../src-main/base/errors.ts';
import { UPLOAD_PIECE } from '../../../src-main/contract/requests.ts';
import type { PackageView } from '../../../src-main/contract/results.ts';
import type { HostClient } from '../../host/host-client.ts';
import type { FileMeta } from './file-name-meta.ts';

/** A file as a browser has it. */
export interface UploadFile {
  readonly name: string;
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** Bytes that the host has. */
  readonly onProgress: (received: number) => void;
}

/**
 * Hands a file over to the host piece by piece, so that neither side holds more than one.
 * @throws PcAgentError as the host told it, `cache/source-unreadable`; AbortError. The host then keeps nothing of it
 */
export async function uploadFile(
  client: Pick<HostClient, 'request'>,
  file: UploadFile,
  { id, name, version, model }: FileMeta,
  { signal, onProgress }: UploadOptions,
): Promise<PackageView> {
  const { upload } = await client.request('packages.upload', { name: file.name, size: file.size }, { signal });
  try {
    for (let at = 0; at < file.size; at += UPLOAD_PIECE) {
      const data = base64Of(await read(file, at));
      onProgress((await client.request('packages.piece', { upload, data }, { signal })).received);
    }
    const about = { id: id.trim(), name: name.trim(), version: version.trim() };
    const forModel = model.trim() === '' ? {} : { model: model.trim() };
    return (await client.request('packages.finish', { upload, ...about, ...forModel }, { signal })).package;
  } catch (error) {
    // The host forgets it by itself after a while; a failure to tell it is no failure more.
    await client.request('packages.discard', { upload }).catch(() => undefined);
    throw error;
  }
}

async function read(file: UploadFile, at: number): Promise<Uint8Array> {
  try {
    return new Uint8Array(await file.slice(at, at + UPLOAD_PIECE).arrayBuffer());
  } catch (error) {
    if (isPcAgentError(error) || isAbort(error)) throw error;
    const message = error instanceof Error ? error.message : 'the file cannot be read';
    throw new PcAgentError('cache/source-unreadable', message, { cause: error, retry: 'after-operator' });
  }
}

/** Newer browsers do it themselves. */
function base64Of(bytes: Uint8Array & { readonly toBase64?: () => string }): string {
  return bytes.toBase64?.() ?? toBase64(bytes);
}
