import { describe, expect, it } from 'vitest';
import { fromBase64 } from '../../../src-main/base/base64.ts';
import { concatBytes } from '../../../src-main/base/bytes.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { UPLOAD_PIECE } from '../../../src-main/contract/requests.ts';
import type { HostClient } from '../../../src-renderer/host/host-client.ts';
import { uploadFile } from '../../../src-renderer/screens/packages/upload-file.ts';
import { packageView } from '../../window/fixtures/packages.ts';

const META = { id: ' mail ', name: 'Mail', version: '2.1', model: '' };
const BYTES = Uint8Array.from({ length: UPLOAD_PIECE + 1000 }, (_, index) => index % 251);

type Ask = (name: string, params: Record<string, string>) => unknown;

function fileOf(bytes: Uint8Array) {
  const slice = (start: number, end: number) => ({
    arrayBuffer: async () => bytes.slice(start, end).buffer as ArrayBuffer,
  });
  return { name: 'mail.pkg', size: bytes.length, slice };
}

function hostOf(answer: Ask) {
  const asked: { readonly name: string; readonly params: Record<string, string> }[] = [];
  const request = async (name: string, params: Record<string, string>) => {
    asked.push({ name, params });
    return answer(name, params);
  };
  return { asked, client: { request } as unknown as Pick<HostClient, 'request'> };
}

/** A host that keeps what it is handed. */
function keeping() {
  const pieces: Uint8Array[] = [];
  const host = hostOf((name, params) => {
    if (name === 'packages.upload') return { upload: 'u1' };
    if (name === 'packages.finish') return { package: packageView('mail') };
    if (name === 'packages.piece') pieces.push(fromBase64(params.data ?? '') ?? new Uint8Array());
    return { received: pieces.reduce((sum, { length }) => sum + length, 0) };
  });
  return { ...host, pieces };
}

const options = (onProgress: (received: number) => void = () => undefined) => ({
  signal: new AbortController().signal,
  onProgress,
});

describe('a file on its way to the host', () => {
  it('arrives whole, in pieces of the size that the contract takes, with what is said of it', async () => {
    const { asked, pieces, client } = keeping();
    const progress: number[] = [];
    await uploadFile(
      client,
      fileOf(BYTES),
      META,
      options((received) => progress.push(received)),
    );
    expect(pieces.map(({ length }) => length)).toEqual([UPLOAD_PIECE, 1000]);
    expect(concatBytes(pieces)).toEqual(BYTES);
    expect(progress).toEqual([UPLOAD_PIECE, BYTES.length]);
    expect(asked[0]?.params).toEqual({ name: 'mail.pkg', size: BYTES.length });
    expect(asked.at(-1)).toEqual({
      name: 'packages.finish',
      params: { upload: 'u1', id: 'mail', name: 'Mail', version: '2.1' },
    });
  });

  it('is thrown away at the host when a piece fails, and the failure is the host’s', async () => {
    const { asked, client } = hostOf((name) => {
      if (name === 'packages.upload') return { upload: 'u1' };
      if (name === 'packages.piece') throw new PcAgentError('cache/full', 'no room');
      return {};
    });
    await expect(uploadFile(client, fileOf(BYTES), META, options())).rejects.toMatchObject({ code: 'cache/full' });
    expect(asked.at(-1)).toEqual({ name: 'packages.discard', params: { upload: 'u1' } });
  });

  it('that cannot be read any more says so', async () => {
    const { asked, client } = keeping();
    const gone = { ...fileOf(BYTES), slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }) };
    await expect(uploadFile(client, gone, META, options())).rejects.toMatchObject({ code: 'cache/source-unreadable' });
    expect(asked.at(-1)?.name).toBe('packages.discard');
  });
});
