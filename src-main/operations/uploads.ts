import { randomUUID } from 'node:crypto';
import { fromBase64 } from '../base/base64.ts';
import type { Clock } from '../base/clock.ts';
import { seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Cache, IncomingPackage } from '../cache/cache.ts';
import type { CachedPackage, PackageMeta } from '../cache/cached-package.ts';
import { KeyedLock } from '../cache/keyed-lock.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Engine } from './engine.ts';
import { packageView } from './views.ts';

/** An upload that nobody goes on with for so long is thrown away: its face has gone. */
const ABANDONED_AFTER = seconds(120);
const MAX_UPLOADS = 8;
/** Longest name of a file; file systems have no longer ones. */
const MAX_NAME = 255;

interface Upload {
  readonly name: string;
  readonly incoming: IncomingPackage;
  /** Ends the wait after which it counts as abandoned. */
  watch: AbortController;
}

/** Files that faces hand over in pieces. */
export class UploadDesk {
  readonly #cache: Pick<Cache, 'receive'>;
  readonly #clock: Pick<Clock, 'sleep'>;
  readonly #uploads = new Map<string, Upload>();
  /** Pieces of one upload are written in the order in which they came. */
  readonly #turns = new KeyedLock();
  /** Places that are taken, also by those that are being opened. */
  #taken = 0;
  #closed = false;

  constructor(cache: Pick<Cache, 'receive'>, clock: Pick<Clock, 'sleep'>) {
    this.#cache = cache;
    this.#clock = clock;
  }

  /** @throws PcAgentError `cache/too-many-uploads`, `/empty`, `/too-large`, `/full`, `/read-only` */
  async begin(name: string, size: number): Promise<string> {
    if (this.#taken >= MAX_UPLOADS || this.#closed) {
      throw new PcAgentError('cache/too-many-uploads', `at most ${MAX_UPLOADS} files at a time`, { retry: 'later' });
    }
    this.#taken += 1;
    const incoming = await this.#cache.receive(size).catch((error: unknown) => {
      this.#taken -= 1;
      throw error;
    });
    const id = randomUUID();
    this.#uploads.set(id, { name: plainName(name), incoming, watch: new AbortController() });
    this.#watch(id);
    if (this.#closed) await this.discard(id);
    return id;
  }

  /** @returns bytes so far. @throws PcAgentError `cache/upload-unknown`, `/piece-invalid`, `/size-mismatch`, `/full` */
  append(id: string, data: string): Promise<number> {
    return this.#turn(id, async ({ incoming }) => {
      try {
        const bytes = fromBase64(data);
        if (bytes === undefined) throw new PcAgentError('cache/piece-invalid', 'the piece is not base64');
        await incoming.append(bytes);
      } catch (error) {
        // A file with a hole in it is of no use.
        await this.#end(id);
        throw error;
      }
      return incoming.received;
    });
  }

  /** @throws PcAgentError `cache/upload-unknown`, `/package-invalid` (it may be asked again), `/size-mismatch`, `/full` */
  finish(id: string, meta: PackageMeta): Promise<CachedPackage> {
    return this.#turn(id, async ({ name, incoming }) => {
      try {
        const kept = await incoming.keep(name, meta);
        await this.#end(id);
        return kept;
      } catch (error) {
        if (!(error instanceof PcAgentError) || error.code !== 'cache/package-invalid') await this.#end(id);
        throw error;
      }
    });
  }

  /** One that is over already has been discarded. */
  async discard(id: string): Promise<void> {
    await this.#turns.run(id, () => this.#end(id));
  }

  /** Throws away what is not finished. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#uploads.keys()].map((id) => this.discard(id)));
  }

  #turn<T>(id: string, work: (upload: Upload) => Promise<T>): Promise<T> {
    return this.#turns.run(id, async () => {
      const upload = this.#uploads.get(id);
      if (upload === undefined) {
        throw new PcAgentError('cache/upload-unknown', 'there is no such upload any more', { retry: 'after-operator' });
      }
      upload.watch.abort();
      try {
        return await work(upload);
      } finally {
        this.#watch(id);
      }
    });
  }

  #watch(id: string): void {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    const watch = new AbortController();
    upload.watch = watch;
    this.#clock.sleep(ABANDONED_AFTER, watch.signal).then(
      () => this.#turns.run(id, async () => (watch.signal.aborted ? undefined : this.#end(id))),
      () => undefined,
    );
  }

  async #end(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (upload === undefined) return;
    this.#uploads.delete(id);
    upload.watch.abort();
    await upload.incoming.discard();
    this.#taken -= 1;
  }
}

export async function beginUpload(
  { uploads }: Engine,
  { name, size }: ParamsOf<'packages.upload'>,
): Promise<ResultOf<'packages.upload'>> {
  return { upload: await uploads.begin(name, size) };
}

export async function takePiece(
  { uploads }: Engine,
  { upload, data }: ParamsOf<'packages.piece'>,
): Promise<ResultOf<'packages.piece'>> {
  return { received: await uploads.append(upload, data) };
}

export async function finishUpload(
  { uploads, changed }: Engine,
  { upload, ...meta }: ParamsOf<'packages.finish'>,
): Promise<ResultOf<'packages.finish'>> {
  const kept = packageView(await uploads.finish(upload, meta));
  changed({ kind: 'package', package: kept });
  return { package: kept };
}

export async function discardUpload(
  { uploads }: Engine,
  { upload }: ParamsOf<'packages.discard'>,
): Promise<ResultOf<'packages.discard'>> {
  await uploads.discard(upload);
  return {};
}

/** The last part of what may be a path of another system, fit to be shown. It never becomes a path here. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return last.replace(/\p{Cc}/gu, '').slice(0, MAX_NAME);
}
