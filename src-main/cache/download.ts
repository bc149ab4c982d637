import type { Clock } from '../base/clock.ts';
import { type Duration, milliseconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import { httpDownload } from '../net/http-download.ts';
import type { HttpHeaders } from '../net/http-request.ts';
import type { Ledger } from '../net/ledger.ts';
import type { CacheFolders } from './folders.ts';
import { PartialFile } from './partial-file.ts';

export interface DownloadOptions {
  readonly folders: CacheFolders;
  readonly http: HttpAgent;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly initiator: string;
  readonly url: URL;
  /** What it must be, as far as known. */
  readonly sha256: string | undefined;
  readonly size: number | undefined;
  readonly maxSize: number;
  /** Limits of one connection; defaults of `httpDownload`. */
  readonly headerTime?: Duration | undefined;
  readonly stallTime?: Duration | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number, total: number | undefined) => void) | undefined;
}

/** A finished download, on the disk under the name of the unfinished one. */
export interface Downloaded {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
  /** When the file has got another name or is of no use. */
  readonly release: () => Promise<void>;
}

/** Tries in a row that brought not one byte. */
const MAX_BARREN = 5;
/** A server that closes after each few bytes would keep us for ever. */
const MAX_TRIES = 10_000;
const MAX_RESTARTS = 3;
const FIRST_PAUSE = 250;

/** What came cannot be joined to what is there. */
const START_AGAIN = new Error('start again');

/**
 * Gets a file and goes on after drops, also those of an earlier process: with Range from where it stands, and with
 * If-Range so that a changed file comes whole instead.
 * @throws PcAgentError `cache/digest-mismatch`, `cache/size-mismatch`, `cache/too-large`, `cache/full`,
 * `cache/read-only`, `net/http-status`, and those of `httpDownload`.
 */
export async function download(options: DownloadOptions): Promise<Downloaded> {
  const { folders, url, sha256, signal } = options;
  const file = await PartialFile.open(folders, { url: url.href, sha256 }, signal);
  try {
    const digest = await new Download(file, options).run();
    await file.close();
    return { path: file.path, digest, size: file.length, release: () => file.removeSidecar() };
  } catch (error) {
    // Kept for the next try unless it is what is wrong, or takes up the disk that is full.
    const keep = !isPcAgentError(error, 'cache');
    if (keep) await file.save().catch(() => undefined);
    await file.close();
    if (!keep) await file.remove();
    throw error;
  }
}

class Download {
  readonly #file: PartialFile;
  readonly #options: DownloadOptions;
  #restarts = 0;
  /** Bytes of more than one answer are in the file. */
  #joined = false;

  constructor(file: PartialFile, options: DownloadOptions) {
    this.#file = file;
    this.#options = options;
    this.#joined = file.length > 0;
  }

  async run(): Promise<string> {
    const { sha256, size } = this.#options;
    const known = this.#file.remote.total;
    if (size !== undefined && known !== undefined && size !== known) await this.#file.restart();
    await this.#getAll();
    const digest = await this.#file.finish();
    if (sha256 === undefined || sha256 === digest) return digest;
    if (!this.#joined) throw mismatch(this.#options.url, sha256, digest);
    // The server may have changed the file without saying so: once more, all of it.
    await this.#startAgain();
    await this.#getAll();
    const second = await this.#file.finish();
    if (second === sha256) return second;
    throw mismatch(this.#options.url, sha256, second);
  }

  async #getAll(): Promise<void> {
    let barren = 0;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const before = this.#file.length;
      if (before > 0 && before === this.#file.remote.total) return;
      try {
        const whole = await this.#getOnce();
        if (whole) return;
      } catch (error) {
        if (error === START_AGAIN) {
          await this.#startAgain();
          continue;
        }
        barren = this.#file.length > before ? 0 : barren + 1;
        if (!mayHelp(error) || barren >= MAX_BARREN || (this.#file.length === 0 && isUnreachable(error))) throw error;
        await this.#file.save();
        if (barren > 0) await this.#pause(barren);
      }
      if (this.#file.length > 0) this.#joined = true;
    }
    throw new PcAgentError('net/answer-truncated', `${this.#options.url.origin} broke off again and again`, {
      retry: 'later',
      details: { origin: this.#options.url.origin, received: this.#file.length },
    });
  }

  /** One answer. @returns whether the file is whole; @throws START_AGAIN */
  async #getOnce(): Promise<boolean> {
    const { url, http: agent, ledger, initiator, headerTime, stallTime, signal } = this.#options;
    const file = this.#file;
    const from = await this.#from();
    const condition: Record<string, string> =
      from > 0 && file.remote.etag !== undefined ? { 'if-range': file.remote.etag } : {};
    await httpDownload({
      url,
      headers: {
        'accept-encoding': 'identity',
        ...(from > 0 ? { range: `bytes=${from}-`, ...condition } : {}),
      },
      ...{ agent, ledger, purpose: 'fetch', initiator, signal },
      ...(headerTime === undefined ? {} : { headerTime }),
      ...(stallTime === undefined ? {} : { stallTime }),
      onHead: (status, headers) => this.#take(status, headers, from),
      onData: (chunk) => this.#append(chunk),
    });
    const { total } = file.remote;
    if (total === undefined) {
      if (this.#options.size === undefined || this.#options.size === file.length) return true;
      throw wrongSize(url, this.#options.size, file.length);
    }
    return file.length === total;
  }

  /** Where to go on: nothing vouches that half a file without tag and digest belongs to what comes now. */
  async #from(): Promise<number> {
    const file = this.#file;
    if (file.length > 0 && file.remote.etag === undefined && this.#options.sha256 === undefined) await file.restart();
    return file.length;
  }

  async #take(status: number, headers: HttpHeaders, from: number): Promise<void> {
    const { url } = this.#options;
    if (status === 416 && from > 0) throw START_AGAIN;
    if (status !== 200 && status !== 206) throw wrongStatus(url, status);
    const coding = textOf(headers['content-encoding']);
    if (coding !== undefined && coding !== 'identity') throw malformed(url, `content coding ${coding}`);
    if (status === 206) return this.#takePart(headers, from);
    // The whole: the range was not understood, or the file is not what it was.
    if (from > 0) await this.#file.restart();
    this.#joined = false;
    this.#file.remote.etag = strongTag(headers);
    const length = textOf(headers['content-length']);
    this.#takeTotal(/^\d{1,15}$/.test(length ?? '') ? Number(length) : undefined);
  }

  #takePart(headers: HttpHeaders, from: number): void {
    const { url } = this.#options;
    if (from === 0) throw malformed(url, 'a part that nobody asked for');
    const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(textOf(headers['content-range']) ?? '');
    const { remote } = this.#file;
    const total = range?.[3] === '*' ? remote.total : Number(range?.[3]);
    const tag = strongTag(headers);
    const same = tag === undefined || remote.etag === undefined || tag === remote.etag;
    if (Number(range?.[1]) !== from || !same || (remote.total !== undefined && total !== remote.total)) {
      throw START_AGAIN;
    }
    this.#takeTotal(total);
  }

  #takeTotal(total: number | undefined): void {
    const { url, size, maxSize } = this.#options;
    if (total !== undefined && size !== undefined && total !== size) throw wrongSize(url, size, total);
    if ((total ?? 0) > maxSize) throw tooLarge(url, maxSize);
    this.#file.remote.total = total;
  }

  #append(chunk: Uint8Array): Promise<void> | undefined {
    const { url, size, maxSize, onProgress } = this.#options;
    const file = this.#file;
    const limit = file.remote.total ?? size;
    const length = file.length + chunk.length;
    if (limit !== undefined && length > limit) throw wrongSize(url, limit, length);
    if (length > maxSize) throw tooLarge(url, maxSize);
    const written = file.append(chunk);
    onProgress?.(length, limit);
    return written;
  }

  async #startAgain(): Promise<void> {
    this.#restarts += 1;
    if (this.#restarts > MAX_RESTARTS) throw malformed(this.#options.url, 'parts that do not belong together');
    await this.#file.restart();
    this.#joined = false;
  }

  #pause(barren: number): Promise<void> {
    return this.#options.clock.sleep(milliseconds(FIRST_PAUSE * 2 ** barren), this.#options.signal);
  }
}

/** Whether the same question may get another answer. */
function mayHelp(error: unknown): boolean {
  return isPcAgentError(error, 'net') && error.retry === 'later';
}

function isUnreachable(error: unknown): boolean {
  return isPcAgentError(error, 'net/unreachable');
}

/** A weak tag may stay when bytes change (RFC 9110, 8.8.1), so that it is of no use for parts. */
function strongTag(headers: HttpHeaders): string | undefined {
  const tag = textOf(headers.etag);
  return tag !== undefined && /^"[\x21\x23-\x7e]{0,1000}"$/.test(tag) ? tag : undefined;
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}

function mismatch(url: URL, expected: string, found: string): PcAgentError {
  return new PcAgentError('cache/digest-mismatch', `what ${url.origin} sent is not what was ordered`, {
    retry: 'after-operator',
    details: { origin: url.origin, digest: expected, found },
  });
}

function wrongSize(url: URL, size: number, found: number): PcAgentError {
  return new PcAgentError('cache/size-mismatch', `${url.origin} sends ${found} bytes where ${size} are due`, {
    retry: 'after-operator',
    details: { origin: url.origin, size, found },
  });
}

function tooLarge(url: URL, limit: number): PcAgentError {
  return new PcAgentError('cache/too-large', `${url.origin} sends more than ${limit} bytes`, {
    details: { origin: url.origin, limit },
  });
}

function malformed(url: URL, what: string): PcAgentError {
  return new PcAgentError('net/answer-malformed', `${url.origin} answered with ${what}`, {
    details: { origin: url.origin },
  });
}

/** RFC 9110, 15.5.9 and 15.6; RFC 6585, 4: those that may pass. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

function wrongStatus(url: URL, status: number): PcAgentError {
  return new PcAgentError('net/http-status', `${url.origin} answered with HTTP status ${status}`, {
    retry: PASSING.has(status) ? 'later' : 'after-operator',
    details: { origin: url.origin, status },
  });
}
