import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { hexOf, textOf } from '../base/bytes.ts';
import type { Random } from '../base/digest.ts';
import type { ContentPieces } from '../cache/content-store.ts';
import { DESCRIPTOR_TYPE, type Descriptor } from '../dlota/descriptor.ts';
import { type InstallNotification, readNotification } from '../dlota/notification-code.ts';
import { writeDescriptor } from '../dlota/write-descriptor.ts';
import { byteRange, etagMatches } from '../net/byte-range.ts';

const MAX_NOTIFICATION = 4096;
const PIECE = 256 * 1024;

/** What is handed out: a content that was verified, and what its descriptor says. */
export interface ServedPackage {
  /** Last part of its address; what is no letter, digit, dot, line or underscore becomes a line. */
  readonly file: string;
  /** MIME type. */
  readonly type: string;
  readonly content: ContentPieces;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  readonly about: Pick<Descriptor, 'name' | 'vendor' | 'description' | 'installParam'>;
  /** How far into the content what goes out has come. */
  readonly onSent?: (octets: number) => void;
  /** A client whose download was cut goes on where it stopped. */
  readonly onResumed?: (resumed: ResumedDownload) => void;
}

/** A download that goes on. */
export interface ResumedDownload {
  /** Addresses of the client, before and now. */
  readonly from: string;
  readonly over: string;
  /** Octets that it has already. */
  readonly kept: number;
}

/** One package for one client, below a path that nobody can guess. */
export interface PackageOffer {
  /** Of the descriptor. */
  readonly descriptor: string;
  /** Of the package itself. */
  readonly object: string;
  /** The first installation notification. After it the package is not there any more. */
  readonly notified: Promise<InstallNotification>;
  /** @param origin how the client reaches this server. Answers whatever the path is. */
  handle(request: IncomingMessage, answer: ServerResponse, origin: string): Promise<void>;
  /** Whether a path belongs to it. */
  covers(path: string): boolean;
}

/** @param folder with which its paths begin */
export function packageOffer(served: ServedPackage, random: Random, folder = ''): PackageOffer {
  const token = hexOf(random.bytes(16));
  const file = served.file.replace(/[^A-Za-z0-9._-]+/g, '-');
  const notified = Promise.withResolvers<InstallNotification>();
  const base = `${folder}/${token}`;
  const paths = { object: `${base}/${file}`, descriptor: `${base}/${file}.dd`, notify: `${base}/installed` };
  const cuts = new CutDownloads(served);
  let over = false;

  /** A client whose answer was lost sends it again, so it is taken again. */
  async function takeNotification(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return endAnswer(answer, 405, { allow: 'POST' });
    const body = await bodyOf(request);
    const said = body === undefined ? undefined : readNotification(body);
    if (said === undefined) return endAnswer(answer, body === undefined ? 413 : 400);
    over = true;
    endAnswer(answer, 200);
    notified.resolve(said);
  }

  return {
    ...{ descriptor: paths.descriptor, object: paths.object, notified: notified.promise },
    covers: (path) => path.startsWith(`${base}/`),
    async handle(request, answer, origin) {
      const path = request.url?.split('?')[0];
      if (path === paths.notify) return takeNotification(request, answer);
      if (over || (path !== paths.object && path !== paths.descriptor)) return endAnswer(answer, 404);
      if (request.method !== 'GET' && request.method !== 'HEAD') return endAnswer(answer, 405, { allow: 'GET, HEAD' });
      if (path === paths.object) return sendContent(request, answer, served, cuts);
      const text = writeDescriptor(describe(served, origin + paths.object, origin + paths.notify));
      answer.writeHead(200, { 'content-type': DESCRIPTOR_TYPE, 'content-length': text.length });
      answer.end(request.method === 'HEAD' ? undefined : text);
    },
  };
}

/** What goes with every answer: it is for one client, and what its type says. */
export function beginAnswer(answer: ServerResponse): void {
  answer.setHeader('cache-control', 'no-store');
  answer.setHeader('x-content-type-options', 'nosniff');
}

function describe(served: ServedPackage, objectUri: string, installNotifyUri: string): Descriptor {
  const { type, content, sha256, about } = served;
  const params = [about.installParam, `SHA256=${sha256}`].filter((each) => each !== undefined);
  return {
    ...about,
    version: '1.0',
    types: [type],
    size: content.size,
    objectUri,
    installNotifyUri,
    installParam: params.join(';'),
  };
}

async function sendContent(
  request: IncomingMessage,
  answer: ServerResponse,
  served: ServedPackage,
  cuts: CutDownloads,
): Promise<void> {
  const { content, sha256, type } = served;
  const { size } = content;
  const etag = `"${sha256}"`;
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (etagMatches(request.headers['if-none-match'], etag)) return endAnswer(answer, 304, headers);
  const { range, 'if-range': condition } = request.headers;
  const wanted = byteRange({ range, 'if-range': typeof condition === 'string' ? condition : undefined }, etag, size);
  if (wanted === 'outside') return endAnswer(answer, 416, { ...headers, 'content-range': `bytes */${size}` });
  const { first, last } = wanted ?? { first: 0, last: size - 1 };
  answer.writeHead(wanted === undefined ? 200 : 206, {
    ...headers,
    'content-type': type,
    'content-length': last - first + 1,
    ...(wanted === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${size}` }),
  });
  if (request.method === 'HEAD') {
    answer.end();
    return;
  }
  const done = cuts.begin(request.socket.remoteAddress ?? '', first, last);
  await pipeline(piecesOf(served, first, last), answer);
  done();
}

/** Tells a download that goes on after a cut from one in several parts. */
class CutDownloads {
  readonly #served: Pick<ServedPackage, 'onResumed'>;
  /** The part that was asked for last. */
  #last: { readonly client: string; readonly end: number; done: boolean } | undefined;

  constructor(served: Pick<ServedPackage, 'onResumed'>) {
    this.#served = served;
  }

  /** A part is asked for. @returns to be called when all of it has gone out */
  begin(client: string, first: number, last: number): () => void {
    const before = this.#last;
    // What has gone out may all the same not have arrived: then the client asks for some of it again.
    if (before !== undefined && first > 0 && (!before.done || first < before.end)) {
      this.#served.onResumed?.({ from: before.client, over: client, kept: first });
    }
    const part = { client, end: last + 1, done: false };
    this.#last = part;
    return () => {
      part.done = true;
    };
  }
}

/** What was changed on the disk since it was verified is not handed out: reading it fails. */
async function* piecesOf({ content, onSent }: ServedPackage, first: number, last: number): AsyncGenerator<Uint8Array> {
  for (let at = first; at <= last; at += PIECE) {
    const end = Math.min(at + PIECE, last + 1);
    yield await content.read(at, end);
    onSent?.(end);
  }
}

/** An answer without a body. */
export function endAnswer(
  answer: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  answer.writeHead(status, { ...headers, connection: 'close', ...(status === 304 ? {} : { 'content-length': 0 }) });
  answer.end();
}

/** `undefined` when there is more of it than any notification has. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_NOTIFICATION) return undefined;
    chunks.push(chunk);
  }
  return textOf(Buffer.concat(chunks));
}
