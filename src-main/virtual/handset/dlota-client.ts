import { createHash } from 'node:crypto';
import { type ByteSource, piecesOf } from '../../base/byte-source.ts';
import { utf8 } from '../../base/bytes.ts';
import { milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { type CombinedDelivery, combinedObject, readCombined } from '../../dlota/combined.ts';
import {
  advance,
  beginCourse,
  type Consent,
  type CourseEvent,
  type CourseState,
  type Delivery,
} from '../../dlota/course.ts';
import { type Descriptor, installParams, usableUrl } from '../../dlota/descriptor.ts';
import { type NotificationCode, notificationBody } from '../../dlota/notification-code.ts';
import {
  type DownloadOutcome,
  type InstallFailure,
  type ManagementCodes,
  managementCodes,
} from '../../dlota/outcome.ts';
import { pageText } from '../../dlota/page.ts';
import { readDescriptor } from '../../dlota/read-descriptor.ts';
import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';
import { httpRequest } from '../../net/http-request.ts';
import { type Fetched, type FetchMeans, failureOf, fetchObject } from './object-fetch.ts';
import { HandsetObjectStore } from './object-store.ts';

export interface DlotaClientOptions extends Omit<FetchMeans, 'objects'> {
  /** Which MIME types the handset can use; default: every one. */
  readonly accepts?: (type: string) => boolean;
  /** The person at the handset; without one nobody agrees to anything. */
  readonly ask?: (question: UserQuestion, signal: AbortSignal) => Promise<UserAnswer>;
  /** Notifications that an earlier run still owes, and where those of this one are kept. Default: they are forgotten. */
  readonly owed?: {
    readonly initial: readonly PendingNotification[];
    readonly keep: (owed: readonly PendingNotification[]) => void;
  };
  /** Told of each state of each download. */
  readonly onState?: (state: CourseState) => void;
}

/** An object that has come, and what is known of it. */
export interface DownloadedObject {
  readonly content: ByteSource;
  readonly type: string;
  readonly size: number;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  /** Where it came from in the end. */
  readonly url: string;
  /** `undefined` when it came without one. */
  readonly descriptor: Descriptor | undefined;
}

export interface FetchRequest {
  readonly signal: AbortSignal;
  /** `given` for a download that a DM server orders and the person need not be asked about again. */
  readonly consent: Consent;
  /** The person changes their mind: the download ends as cancelled, not as an error. */
  readonly cancelled?: AbortSignal;
  /** Puts the object to use before success is reported; without it the object is in use when it is there. */
  readonly install?: (object: DownloadedObject, signal: AbortSignal) => Promise<InstallFailure | undefined>;
}

/** What came of a download. */
export type PackageDelivery =
  | (DownloadedObject & {
      readonly kind: 'delivered';
      readonly report: Delivery;
      readonly nextUrl: string | undefined;
      /** When the content is of no more use: its file goes. */
      readonly release: () => void;
    })
  | {
      readonly kind: 'failed';
      readonly failed: DownloadOutcome;
      /** What the completion alert of SCOMO or FUMO says. */
      readonly codes: ManagementCodes;
      readonly report: Delivery;
      readonly nextUrl: string | undefined;
    };

/** An installation notification that could not be delivered yet. */
export interface PendingNotification {
  readonly uri: string;
  readonly code: NotificationCode;
}

/** Notifications that wait; the oldest gives way. */
const MAX_PENDING = 32;
const FIRST_PAUSE = 250;
/** For the answer to a notification, which says nothing. */
const NOTIFY_LIMIT = seconds(20);
const MAX_ANSWER = 64 * 1024;

/** What one download has on its way. */
interface Run {
  readonly url: string;
  readonly request: FetchRequest;
  object: DownloadedObject | undefined;
  /** What came with the descriptor, until it is the object. */
  combined?: { readonly parts: CombinedDelivery; readonly boundary: string; readonly url: string };
  /** What the object, or what it came in, was stored as. */
  stored?: ByteSource;
}

/** The Download OTA client of a virtual handset: by descriptor, or an object straight from its address. */
export class DlotaClient {
  readonly #options: DlotaClientOptions;
  /** Its own: what is being downloaded is no business of sessions, which throw away what no value holds. */
  readonly #objects = new HandsetObjectStore(undefined);
  #pending: readonly PendingNotification[];

  constructor(options: DlotaClientOptions) {
    this.#options = options;
    this.#pending = options.owed?.initial ?? [];
  }

  /** Installation notifications that are still owed, oldest first. */
  get pending(): readonly PendingNotification[] {
    return this.#pending;
  }

  /**
   * Downloads what an address gives: the object of a descriptor, or the object itself.
   * @throws the signal's reason; every other end is an answer.
   */
  async fetchPackage(url: string, request: FetchRequest): Promise<PackageDelivery> {
    const run: Run = { url, request, object: undefined };
    let state = beginCourse(request.consent);
    try {
      while (state.kind !== 'over') {
        this.#options.onState?.(state);
        state = await this.#next(state, run);
      }
      this.#options.onState?.(state);
      return this.#deliver(state, run);
    } catch (error) {
      this.#drop(run);
      // Nothing can be sent any more; what it came to is told when there is a network again.
      const end = state.kind === 'reporting' ? state : advance(state, { kind: 'aborted' });
      if (end.kind === 'reporting') this.#leave({ uri: end.uri, code: end.outcome.code });
      throw error;
    }
  }

  /** Sends what is owed, each once. @returns how many are still owed */
  async sendPending(signal: AbortSignal): Promise<number> {
    for (const owed of this.#pending) {
      if (await this.#post(owed, signal)) this.#keep(this.#pending.filter((each) => each !== owed));
    }
    return this.#pending.length;
  }

  async #next(state: Exclude<CourseState, { kind: 'over' }>, run: Run): Promise<CourseState> {
    const { request } = run;
    request.signal.throwIfAborted();
    switch (state.kind) {
      case 'describing':
        return this.#describe(state, run);
      case 'asking': {
        const question: UserQuestion = { kind: 'confirm', text: pageText(state.page) };
        const answer = await this.#options.ask?.(question, request.signal);
        return advance(state, { kind: 'answered', accepted: answer === 'accept' });
      }
      case 'loading':
        return advance(state, await this.#load(state.descriptor, run));
      case 'installing': {
        const failure = run.object && (await request.install?.(run.object, request.signal));
        return advance(state, failure === undefined ? { kind: 'installed' } : { kind: 'not-installed', failure });
      }
      case 'reporting':
        return this.#report(state, request.signal);
    }
  }

  async #describe(state: CourseState & { kind: 'describing' }, run: Run): Promise<CourseState> {
    const { maxSize: free, accepts = () => true } = this.#options;
    const can = { free, accepts };
    const asked = usableUrl(run.url);
    if (asked === undefined) return advance(state, { kind: 'failed', failure: { kind: 'address' } });
    const got = await this.#fetch(run, { url: asked, want: state.consent === 'given' ? 'either' : 'look' });
    if (got.kind === 'descriptor') {
      const { bytes, url, contentType } = got;
      return advance(state, { kind: 'described', reading: readDescriptor(bytes, { url, contentType }), url, can });
    }
    if (got.kind === 'cancelled' || got.kind === 'failed') return advance(state, got);
    if (got.kind === 'combined') {
      const { content, url, boundary } = got;
      run.stored = content;
      const parts = readCombined(content, boundary);
      if (parts === undefined) return advance(state, { kind: 'failed', failure: { kind: 'answer' } });
      run.combined = { parts, boundary, url };
      const { descriptor, descriptorType: contentType, contentId } = parts;
      const reading = readDescriptor(descriptor, { url, contentType, contentId });
      return advance(state, { kind: 'described', reading, url, can });
    }
    const size = got.kind === 'head' ? got.size : got.content.length;
    if (got.kind === 'object') this.#take(run, got, undefined);
    return advance(state, { kind: 'plain', url: got.url, asked, type: got.type, size, can });
  }

  async #load(descriptor: Descriptor | undefined, run: Run): Promise<CourseEvent> {
    // An object without descriptor may have come with the first question.
    if (run.object !== undefined) return { kind: 'loaded' };
    if (descriptor !== undefined && /^cid:/i.test(descriptor.objectUri)) return takePart(run, descriptor);
    const expected = descriptor === undefined ? undefined : expectedOf(descriptor);
    const url = descriptor?.objectUri ?? usableUrl(run.url) ?? run.url;
    const got = await this.#fetch(run, { url, want: 'object', ...(expected === undefined ? {} : { expected }) });
    if (got.kind === 'cancelled' || got.kind === 'failed') return got;
    if (got.kind !== 'object') return { kind: 'failed', failure: { kind: 'answer' } };
    this.#take(run, got, descriptor);
    return { kind: 'loaded' };
  }

  async #fetch(
    { request }: Run,
    order: Omit<Parameters<typeof fetchObject>[1], 'signal'>,
  ): Promise<Fetched | (CourseEvent & { kind: 'cancelled' | 'failed' })> {
    const { signal, cancelled } = request;
    const either = cancelled === undefined ? signal : AbortSignal.any([signal, cancelled]);
    try {
      return await fetchObject({ ...this.#options, objects: this.#objects }, { ...order, signal: either });
    } catch (error) {
      signal.throwIfAborted();
      if (cancelled?.aborted === true) return { kind: 'cancelled' };
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      return { kind: 'failed', failure };
    }
  }

  async #report(state: CourseState & { kind: 'reporting' }, signal: AbortSignal): Promise<CourseState> {
    const { uri, outcome, tries } = state;
    const owed: PendingNotification = { uri, code: outcome.code };
    if (await this.#post(owed, signal)) return advance(state, { kind: 'reported' });
    const next = advance(state, { kind: 'unreported' });
    if (next.kind === 'over') this.#leave(owed);
    else await this.#options.clock.sleep(milliseconds(FIRST_PAUSE * 2 ** tries), signal);
    return next;
  }

  async #post({ uri, code }: PendingNotification, signal: AbortSignal): Promise<boolean> {
    const { http: agent, ledger, headerTime = NOTIFY_LIMIT } = this.#options;
    try {
      const { status } = await httpRequest({
        url: new URL(uri),
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
        body: utf8(notificationBody(code)),
        ...{ agent, ledger, purpose: 'download', initiator: 'virtual-handset', signal },
        ...{ maxBody: MAX_ANSWER, headerTime, bodyTime: NOTIFY_LIMIT },
      });
      return status >= 200 && status < 300;
    } catch (error) {
      signal.throwIfAborted();
      if (!isPcAgentError(error, 'net')) throw error;
      return false;
    }
  }

  #take(
    run: Run,
    { content, url, type, sha256 }: Fetched & { kind: 'object' },
    descriptor: Descriptor | undefined,
  ): void {
    // Of a combined delivery whose descriptor names another place.
    this.#drop(run);
    run.stored = content;
    const said = type === '' ? (descriptor?.types[0] ?? '') : type;
    run.object = { content, type: said, size: content.length, sha256, url, descriptor };
  }

  #deliver({ outcome, delivery: report, nextUrl }: CourseState & { kind: 'over' }, run: Run): PackageDelivery {
    if (outcome.reason === undefined && run.object !== undefined) {
      return { kind: 'delivered', ...run.object, report, nextUrl, release: () => this.#drop(run) };
    }
    this.#drop(run);
    return { kind: 'failed', failed: outcome, codes: managementCodes(outcome), report, nextUrl };
  }

  #drop({ stored }: Run): void {
    if (stored !== undefined) this.#objects.drop(stored);
  }

  #leave(owed: PendingNotification): void {
    this.#keep([...this.#pending, owed].slice(-MAX_PENDING));
  }

  #keep(pending: readonly PendingNotification[]): void {
    this.#pending = pending;
    this.#options.owed?.keep(pending);
  }
}

/** The object is in the answer that brought its descriptor: it has to be what that says. */
function takePart(run: Run, descriptor: Descriptor): CourseEvent {
  const { combined, stored } = run;
  const failed = (kind: 'answer' | 'size' | 'type' | 'digest'): CourseEvent => ({ kind: 'failed', failure: { kind } });
  if (combined === undefined || stored === undefined) return failed('answer');
  const { parts, boundary, url } = combined;
  const { size, types, sha256, md5 } = expectedOf(descriptor);
  if (parts.type !== '' && !types.includes(parts.type)) return failed('type');
  const content = combinedObject(stored, parts, boundary, size);
  if (content === undefined || size === 0) return failed('size');
  const found = createHash('sha256');
  const weak = createHash('md5');
  for (const piece of piecesOf(content)) {
    found.update(piece);
    weak.update(piece);
  }
  const digest = found.digest('hex');
  if ((sha256?.toLowerCase() ?? digest) !== digest) return failed('digest');
  if (md5 !== undefined && md5.toLowerCase() !== weak.digest('hex')) return failed('digest');
  run.object = {
    content,
    type: parts.type === '' ? (types[0] ?? '') : parts.type,
    size,
    sha256: digest,
    url,
    descriptor,
  };
  return { kind: 'loaded' };
}

/** What is no digest in hex may be anything: the parameters are the installer's own. */
function hexOf(text: string | undefined, digits: number): string | undefined {
  return text?.length === digits && /^[0-9a-f]+$/i.test(text) ? text : undefined;
}

/** Size and types, and the digest where the installer's parameters have one. */
function expectedOf(descriptor: Descriptor): NonNullable<Parameters<typeof fetchObject>[1]['expected']> {
  const { size, types } = descriptor;
  const params = installParams(descriptor);
  const sha256 = hexOf(params.get('sha256'), 64);
  const md5 = sha256 === undefined ? hexOf(params.get('md5'), 32) : undefined;
  return { size, types, ...(sha256 === undefined ? {} : { sha256 }), ...(md5 === undefined ? {} : { md5 }) };
}
