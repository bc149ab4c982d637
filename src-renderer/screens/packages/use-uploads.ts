import { useEffect, useRef, useState } from 'react';
import { isAbort, type PcAgentError } from '../../../src-main/base/errors.ts';
import { useHostClient } from '../../host/host-context.tsx';
import { agentError } from '../../host/use-request.ts';
import type { FileMeta } from './file-name-meta.ts';
import { uploadFile } from './upload-file.ts';

export type UploadState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'sending'; readonly done: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: PcAgentError };

export interface UploadEntry {
  readonly key: number;
  readonly file: File;
  readonly meta: FileMeta;
  readonly state: UploadState;
}

const WAITING: UploadState = { kind: 'waiting' };

/** Files on their way to the host, one after the other; what is not finished is broken off when the screen goes. */
export function useUploads(files: readonly File[], metaOf: (name: string) => FileMeta) {
  const client = useHostClient();
  const [entries, setEntries] = useState<readonly UploadEntry[]>(() =>
    files.map((file, key) => ({ key, file, meta: metaOf(file.name), state: WAITING })),
  );
  const [running, setRunning] = useState(false);
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);

  const setState = (key: number, state: UploadState) =>
    setEntries((all) => all.map((entry) => (entry.key === key ? { ...entry, state } : entry)));

  const sendOne = async ({ key, file, meta }: UploadEntry, signal: AbortSignal): Promise<UploadState> => {
    setState(key, { kind: 'sending', done: 0 });
    try {
      await uploadFile(client, file, meta, { signal, onProgress: (done) => setState(key, { kind: 'sending', done }) });
      return { kind: 'done' };
    } catch (error) {
      return isAbort(error) ? WAITING : { kind: 'failed', error: agentError(error) };
    }
  };

  /** Sends those that are not there yet. @returns how many could be added, and how many could not */
  const send = async (): Promise<{ readonly added: number; readonly failed: number; readonly stopped: boolean }> => {
    stopping.current = new AbortController();
    const { signal } = stopping.current;
    setRunning(true);
    let [added, failed] = [0, 0];
    for (const entry of entries) {
      if (entry.state.kind === 'done' || signal.aborted) continue;
      const state = await sendOne(entry, signal);
      setState(entry.key, state);
      if (state.kind === 'done') added += 1;
      if (state.kind === 'failed') failed += 1;
    }
    setRunning(false);
    return { added, failed, stopped: signal.aborted };
  };

  return {
    entries,
    running,
    send,
    stop: () => stopping.current.abort(),
    setMeta: (key: number, meta: FileMeta) =>
      setEntries((all) => all.map((entry) => (entry.key === key ? { ...entry, meta } : entry))),
    leaveOut: (key: number) => setEntries((all) => all.filter((entry) => entry.key !== key)),
  };
}
