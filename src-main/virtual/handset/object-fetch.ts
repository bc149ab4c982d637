import { createHash, type Hash } from 'node:crypto';
import type { ByteSource } from '../../base/byte-source.ts';
import { concatBytes } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { COMBINED_EXTRA, combinedBoundary } from '../../dlota/combined.ts';
import { bareType, DESCRIPTOR_2_TYPE, DESCRIPTOR_TYPE, DescriptorLimit } from '../../dlota/descriptor.ts';
import { type DownloadFailure, failureOutcome } from '../../dlota/outcome.ts';
import { followRedirect, isRedirect } from '../../dlota/redirect.ts';
import type { ObjectStore, ObjectWriter } from '../../dm/large-object/object-store.ts';
import type { HttpAgent } from '../../net/http-agent.ts';
import { httpDownload } from '../../net/http-download.ts';
import type { HttpHeaders } from '../../net/http-request.ts';
import type { Ledger } from '../../net/ledger.ts';

/** What a fetch needs of the machine. */
export interface FetchMeans {
  readonly http: HttpAgent;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly objects: ObjectStore;
  /** Octets of an object that are taken at most. */
  readonly maxSize: number;
  /** Limits of one connection; defaults of `httpDownload`. */
  readonly headerTime?: Duration;
  readonly stallTime?: Duration;
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

export interface FetchOrder {
  readonly url: string;
  /**
   * `object`: what comes is the object. `either`: a descriptor is read whole, an object is taken too. `look`: of an
   * object only the head is wanted, because a person has to be asked first.
   */
  readonly want: 'object' | 'either' | 'look';
  /** What a descriptor says of it. */
  readonly expected?: {
    readonly size: number;
    readonly types: readonly string[];
    readonly sha256?: string;
    readonly md5?: string;
  };
  readonly signal: AbortSignal;
}

export type Fetched =
  /** Descriptor and object in one answer. */
  | { readonly kind: 'combined'; readonly content: ByteSource; readonly url: string; readonly boundary: string }
  | { readonly kind: 'descriptor'; readonly bytes: Uint8Array; readonly url: string; readonly contentType: string }
  | { readonly kind: 'head'; readonly url: string; readonly type: string; readonly size: number | undefined }
  | {
      readonly kind: 'object';
      readonly content: ByteSource;
      /** Where it came from in the end. */
      readonly url: string;
      readonly type: string;
      /** SHA-256, lower-case hex. */
      readonly sha256: string;
    };

/** Tries in a row that brought not one octet. */
const MAX_BARREN = 4;
/** A server that closes after each few octets would keep us for ever. */
const MAX_TRIES = 1000;
const MAX_RESTARTS = 3;
const FIRST_PAUSE = 100;
const ACCEPT = `${DESCRIPTOR_TYPE}, */*`;

/**
 * Gets a descriptor or an object, follows redirects, and goes on with Range where a connection broke.
 * @throws PcAgentError whose meaning `failureOf` tells; the signal's reason.
 */
export async function fetchObject(means: FetchMeans, order: FetchOrder): Promise<Fetched> {
  const fetching = new Fetching(means, order);
  try {
    return await fetching.run();
  } catch (error) {
    fetching.discard();
    throw error;
  }
}

/** What an error of a fetch means; `undefined` when it is none of a fetch. */
export function failureOf(error: unknown): DownloadFailure | undefined {
  if (!isPcAgentError(error)) return undefined;
  if (error.details.failure !== undefined) return error.details.failure as DownloadFailure;
  return BY_CODE[error.code];
}

const BY_CODE: Readonly<Record<string, DownloadFailure>> = {
  'dlota/redirect-refused': { kind: 'redirect' },
  'net/offline': { kind: 'unreachable' },
  'net/unreachable': { kind: 'unreachable' },
  'net/tls-failed': { kind: 'unreachable' },
  'net/timeout': { kind: 'timeout' },
  'net/answer-truncated': { kind: 'lost' },
  'net/answer-malformed': { kind: 'answer' },
  'net/url-invalid': { kind: 'address' },
};

/** Ends one answer: the head says all that is needed, or that it is elsewhere. */
class Enough extends Error {
  readonly next: Fetched | 'again';

  constructor(next: Fetched | 'again') {
    super('enough');
    this.next = next;
  }
}

class Fetching {
  readonly #means: FetchMeans;
  readonly #order: FetchOrder;
  readonly #trail: string[];
  #writer: ObjectWriter | undefined;
  #hash: Hash = createHash('sha256');
  #md5: Hash | undefined;
  #document: Uint8Array[] | undefined;
  #length = 0;
  #total: number | undefined;
  #etag: string | undefined;
  #type = '';
  #contentType = '';
  /** Of a combined delivery. */
  #boundary: string | undefined;
  #restarts = 0;

  constructor(means: FetchMeans, order: FetchOrder) {
    this.#means = means;
    this.#order = order;
    this.#trail = [order.url];
    this.#reset();
  }

  async run(): Promise<Fetched> {
    let barren = 0;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const before = this.#length;
      try {
        await this.#getOnce();
        return this.#finish();
      } catch (error) {
        if (error instanceof Enough) {
          if (error.next !== 'again') return error.next;
          continue;
        }
        barren = this.#length > before ? 0 : barren + 1;
        if (!mayHelp(error, this.#length) || barren >= MAX_BARREN) throw error;
        await this.#means.clock.sleep(milliseconds(FIRST_PAUSE * 2 ** barren), this.#order.signal);
      }
    }
    throw fault({ kind: 'lost' }, 'the connection broke again and again');
  }

  discard(): void {
    this.#writer?.discard();
    this.#writer = undefined;
  }

  get #url(): string {
    return this.#trail.at(-1) ?? '';
  }

  #getOnce(): Promise<void> {
    const { http: agent, ledger, headerTime, stallTime } = this.#means;
    // Nothing but a strong tag vouches that a rest belongs to what is there.
    if (this.#length > 0 && (this.#etag === undefined || this.#document !== undefined)) this.#reset();
    const from = this.#length;
    return httpDownload({
      url: new URL(this.#url),
      headers: {
        accept: ACCEPT,
        'accept-encoding': 'identity',
        ...(from > 0 && this.#etag !== undefined ? { range: `bytes=${from}-`, 'if-range': this.#etag } : {}),
      },
      ...{ agent, ledger, purpose: 'download', initiator: 'virtual-handset', signal: this.#order.signal },
      ...(headerTime === undefined ? {} : { headerTime }),
      ...(stallTime === undefined ? {} : { stallTime }),
      onHead: (status, headers) => this.#take(status, headers, from),
      onData: (chunk) => this.#append(chunk),
    });
  }

  #take(status: number, headers: HttpHeaders, from: number): void {
    if (isRedirect(status)) {
      this.#trail.push(followRedirect(this.#trail, textOf(headers.location)));
      throw new Enough('again');
    }
    if (status === 416 && from > 0) this.#startAgain();
    if (status !== 200 && status !== 206) throw fault({ kind: 'http', status }, `HTTP status ${status}`);
    const coding = textOf(headers['content-encoding']);
    if (coding !== undefined && coding !== 'identity') throw fault({ kind: 'answer' }, `content coding ${coding}`);
    this.#contentType = textOf(headers['content-type']) ?? '';
    this.#type = bareType(this.#contentType);
    if (status === 206) this.#takePart(headers, from);
    else this.#takeWhole(headers);
    this.#check();
    if (this.#document === undefined && this.#boundary === undefined && this.#order.want === 'look') {
      throw new Enough({ kind: 'head', url: this.#url, type: this.#type, size: this.#total });
    }
  }

  #takeWhole(headers: HttpHeaders): void {
    this.#reset();
    this.#etag = strongTag(headers);
    const length = textOf(headers['content-length']) ?? '';
    this.#total = /^\d{1,15}$/.test(length) ? Number(length) : undefined;
    if (this.#order.want === 'object') return;
    if (this.#isDescriptor()) this.#document = [];
    else this.#boundary = combinedBoundary(this.#contentType);
  }

  #takePart(headers: HttpHeaders, from: number): void {
    const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(textOf(headers['content-range']) ?? '');
    if (from === 0) throw fault({ kind: 'answer' }, 'a part that nobody asked for');
    const total = range?.[2] === '*' ? this.#total : Number(range?.[2]);
    const tag = strongTag(headers);
    const same = (tag === undefined || tag === this.#etag) && (this.#total === undefined || this.#total === total);
    if (Number(range?.[1]) !== from || !same) this.#startAgain();
    this.#total = total;
  }

  /** Servers that do not know the type of descriptors send them as what they take them for. */
  #isDescriptor(): boolean {
    if (this.#type === DESCRIPTOR_TYPE || this.#type === DESCRIPTOR_2_TYPE) return true;
    const vague = ['', 'text/xml', 'application/xml', 'text/plain', 'application/octet-stream'].includes(this.#type);
    return vague && new URL(this.#url).pathname.toLowerCase().endsWith('.dd');
  }

  /** The head against what the descriptor says, before anything is loaded for nothing. */
  #check(): void {
    const { expected } = this.#order;
    if (this.#document !== undefined) return;
    if (expected !== undefined && this.#type !== '' && !expected.types.includes(this.#type)) {
      throw fault({ kind: 'type' }, `the object is ${this.#type.slice(0, 100)}`);
    }
    if (expected !== undefined && this.#total !== undefined && this.#total !== expected.size) {
      throw fault({ kind: 'size' }, `the object has ${this.#total} octets`);
    }
    if ((this.#total ?? 0) > this.#room) throw fault({ kind: 'memory' }, 'the object is too large');
  }

  #append(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (this.#document !== undefined) {
      // One octet more than is read, so that the reader says that it is too large.
      if (this.#length > DescriptorLimit.Document) throw new Enough(this.#descriptor());
      this.#document.push(new Uint8Array(chunk));
      this.#length = length;
      return;
    }
    const { expected } = this.#order;
    if (expected !== undefined && length > expected.size) throw fault({ kind: 'size' }, 'more comes than is due');
    if (length > this.#room) throw fault({ kind: 'memory' }, 'more comes than there is room for');
    this.#writer ??= this.#means.objects.begin(expected?.size ?? this.#total ?? 0);
    if (this.#writer === undefined || !this.#writer.write(chunk)) throw fault({ kind: 'memory' }, 'the memory is full');
    this.#hash.update(chunk);
    this.#md5?.update(chunk);
    this.#length = length;
    this.#means.onProgress?.(length, this.#total);
  }

  #finish(): Fetched {
    if (this.#document !== undefined) return this.#descriptor();
    const { expected } = this.#order;
    if (expected !== undefined && this.#length !== expected.size) {
      throw fault({ kind: 'size' }, `the object has ${this.#length} octets`);
    }
    const sha256 = this.#hash.digest('hex');
    const same = (expected?.sha256?.toLowerCase() ?? sha256) === sha256;
    if (!same || this.#md5?.digest('hex') !== expected?.md5?.toLowerCase()) {
      throw fault({ kind: 'digest' }, 'the object is another one');
    }
    if (this.#writer === undefined) throw fault({ kind: 'answer' }, 'an object without octets');
    const content = this.#writer.done();
    this.#writer = undefined;
    if (this.#boundary !== undefined) {
      return { kind: 'combined', content, url: this.#url, boundary: this.#boundary };
    }
    return { kind: 'object', content, url: this.#url, type: this.#type, sha256 };
  }

  /** Octets of an answer that are taken. */
  get #room(): number {
    return this.#means.maxSize + (this.#boundary === undefined ? 0 : COMBINED_EXTRA);
  }

  #descriptor(): Fetched {
    const bytes = concatBytes(this.#document ?? []);
    return { kind: 'descriptor', bytes, url: this.#url, contentType: this.#contentType };
  }

  #reset(): void {
    this.discard();
    this.#hash = createHash('sha256');
    // Weak, yet what installers have used since; it is only looked at where a descriptor has nothing better.
    this.#md5 = this.#order.expected?.md5 === undefined ? undefined : createHash('md5');
    this.#document = undefined;
    this.#boundary = undefined;
    this.#length = 0;
    this.#total = undefined;
    this.#etag = undefined;
  }

  /** What came cannot be joined to what is there. */
  #startAgain(): never {
    this.#restarts += 1;
    if (this.#restarts > MAX_RESTARTS) throw fault({ kind: 'answer' }, 'parts that do not belong together');
    this.#reset();
    throw new Enough('again');
  }
}

/** RFC 9110, 15.5.9 and 15.6; RFC 6585, 4: those that may pass. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** Whether the same question may get another answer. A server that was there before may come back. */
function mayHelp(error: unknown, received: number): boolean {
  const failure = failureOf(error);
  switch (failure?.kind) {
    case 'lost':
      return true;
    case 'timeout':
    case 'unreachable':
      return received > 0 && isPcAgentError(error, 'net') && error.retry === 'later';
    case 'http':
      return PASSING.has(failure.status);
    default:
      return false;
  }
}

function fault(failure: DownloadFailure, message: string): PcAgentError {
  return new PcAgentError(failureOutcome(failure).reason ?? 'dlota/lost', message, { details: { failure } });
}

/** A weak tag may stay when octets change (RFC 9110, 8.8.1), so that it is of no use for parts. */
function strongTag(headers: HttpHeaders): string | undefined {
  const tag = textOf(headers.etag);
  return tag !== undefined && /^"[\x21\x23-\x7e]{0,1000}"$/.test(tag) ? tag : undefined;
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
