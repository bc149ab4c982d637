import { createConnection, type Socket } from 'node:net';
import type { ZodMiniType } from 'zod/mini';
import { type Duration, seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { jsonOf } from '../base/json.ts';
import { FrameLines } from '../base/node/frame-lines.ts';
import { VERSION } from '../base/version.ts';
import type { UntimedEvent } from '../contract/events.ts';
import { type FaceFrame, Greeting, type Hello, HostFrame, MAX_HOST_FRAME } from '../contract/frames.ts';
import { REQUESTS, type RequestName, type Requests, type ResultOf } from '../contract/requests.ts';
import { CONTRACT_VERSION } from '../contract/version.ts';
import type { HostConnection, HostUpdate, RequestOptions } from './connection.ts';
import { prepareEndpoint } from './endpoint.ts';
import { CANCELLED, errorOfFrame, leaving } from './frame-error.ts';

export interface LocalClientOptions {
  readonly endpoint: string;
  /** Which face it is: `cli`. */
  readonly face: string;
  readonly signal: AbortSignal;
}

export interface LocalConnection extends HostConnection {
  close(): void;
}

const GREETING_LIMIT = seconds(10);
/** How long a host may take to end what was cancelled, before it is no longer waited for. */
const CANCEL_LIMIT: Duration = seconds(8);

interface Pending {
  readonly name: RequestName;
  readonly options: RequestOptions;
  readonly settled: PromiseWithResolvers<unknown>;
}

/**
 * Connects to the running host.
 * @returns `undefined` when nobody listens there.
 * @throws PcAgentError `host/contract` when the versions differ, `host/misread`, `host/silent`; AbortError.
 */
export async function connectLocal(options: LocalClientOptions): Promise<LocalConnection | undefined> {
  prepareEndpoint(options.endpoint);
  const socket = await dial(options);
  if (socket === undefined) return undefined;
  const client = new Client(socket, options.face);
  try {
    await client.greeted(options.signal);
    return client;
  } catch (error) {
    client.close();
    // It left before it said anything: nobody is there any more.
    if (isPcAgentError(error, 'host/lost')) return undefined;
    throw error;
  }
}

/** Nobody listens, or no more, or not yet; anything else (no permission, say) is an error. */
const NOBODY = ['ENOENT', 'ECONNREFUSED', 'ENOTSOCK', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'EAGAIN'];

function dial({ endpoint, signal }: LocalClientOptions): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = createConnection(endpoint);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause: NodeJS.ErrnoException) => {
      if (NOBODY.includes(cause.code ?? '')) return resolve(undefined);
      reject(
        new PcAgentError('host/socket-failed', `the host's socket ${endpoint} cannot be used`, {
          cause,
          retry: 'after-operator',
          details: { endpoint },
        }),
      );
    });
  });
}

class Client implements LocalConnection {
  readonly own = false;
  pid = 0;
  readonly #socket: Socket;
  readonly #greeting = Promise.withResolvers<void>();
  readonly #gone = Promise.withResolvers<never>();
  readonly #pending = new Map<number, Pending>();
  readonly #lines = new FrameLines(MAX_HOST_FRAME);
  #onUpdate: ((update: HostUpdate) => void) | undefined;
  #lastId = 0;
  #greeted = false;
  /** Why there is nothing more to be had. */
  #ended: PcAgentError | undefined;

  constructor(socket: Socket, face: string) {
    this.#socket = socket;
    for (const { promise } of [this.#greeting, this.#gone]) promise.catch(() => undefined);
    socket.removeAllListeners('error');
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#end(lost()));
    socket.on('data', (chunk) => {
      const whole = this.#lines.take(chunk);
      if (whole === undefined) return void this.#end(misread());
      for (const line of whole) this.#receive(line);
    });
    this.#send({ kind: 'hello', contract: CONTRACT_VERSION, version: VERSION, face });
  }

  async greeted(signal: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(GREETING_LIMIT);
    const late = new Promise<never>((_resolve, reject) => {
      limit.addEventListener('abort', () =>
        reject(new PcAgentError('host/silent', 'the host does not answer', { retry: 'later' })),
      );
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    await Promise.race([this.#greeting.promise, this.#gone.promise, late]);
  }

  async request<N extends RequestName>(name: N, params: unknown, options: RequestOptions): Promise<ResultOf<N>> {
    options.signal.throwIfAborted();
    if (this.#ended !== undefined) throw this.#ended;
    this.#lastId += 1;
    const id = this.#lastId;
    const settled = Promise.withResolvers<unknown>();
    this.#pending.set(id, { name, options, settled });
    let limit: NodeJS.Timeout | undefined;
    const cancel = () => {
      this.#send({ kind: 'cancel', id });
      limit = setTimeout(() => settled.reject(options.signal.reason), CANCEL_LIMIT);
    };
    options.signal.addEventListener('abort', cancel, { once: true });
    this.#send({ kind: 'request', id, name, params, ...(options.keep === true ? { keep: true } : {}) });
    try {
      const result = REQUESTS[name].result.safeParse(await settled.promise);
      if (!result.success) throw misread();
      return result.data as ResultOf<N>;
    } catch (error) {
      const cancelled = error instanceof PcAgentError && error.code === CANCELLED;
      throw cancelled && options.signal.aborted ? options.signal.reason : error;
    } finally {
      clearTimeout(limit);
      options.signal.removeEventListener('abort', cancel);
      this.#pending.delete(id);
    }
  }

  async follow(onUpdate: (update: HostUpdate) => void, signal: AbortSignal): Promise<void> {
    this.#onUpdate = onUpdate;
    this.#send({ kind: 'follow' });
    const ended = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([ended, this.#gone.promise]);
  }

  close(): void {
    this.#ended ??= lost();
    this.#socket.destroy();
  }

  #send(frame: Hello | FaceFrame): void {
    if (this.#socket.writable) this.#socket.write(`${JSON.stringify(frame)}\n`);
  }

  #receive(line: string): void {
    const value = jsonOf(line);
    if (!this.#greeted) return void this.#greet(value);
    const frame = HostFrame.safeParse(value);
    if (!frame.success) return void this.#end(misread());
    switch (frame.data.kind) {
      case 'bye':
        return void this.#end(leaving());
      case 'response':
        return void this.#pending.get(frame.data.id)?.settled.resolve(frame.data.result);
      case 'error':
        return void this.#pending.get(frame.data.id)?.settled.reject(errorOfFrame(frame.data.error));
      case 'part':
        return void this.#part(frame.data.id, frame.data.part);
      case 'event':
        // The host's time is the event's; the writer keeps it.
        if (frame.data.id === undefined) this.#onUpdate?.(frame.data);
        else this.#pending.get(frame.data.id)?.options.emit(frame.data.event as UntimedEvent);
        return;
      case 'snapshot':
      case 'change':
        this.#onUpdate?.(frame.data);
    }
  }

  #part(id: number, value: unknown): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    const request: Requests[RequestName] & { readonly part?: ZodMiniType } = REQUESTS[pending.name];
    const part = request.part?.safeParse(value);
    if (part?.success !== true) return void this.#end(misread());
    void pending.options.part?.(part.data);
  }

  #greet(value: unknown): void {
    const greeting = Greeting.safeParse(value);
    if (!greeting.success) return void this.#end(misread());
    const { contract, version, pid } = greeting.data;
    if (greeting.data.kind === 'refused' || contract !== CONTRACT_VERSION)
      return void this.#end(otherContract(version, pid));
    this.pid = pid;
    this.#greeted = true;
    this.#greeting.resolve();
  }

  #end(error: PcAgentError): void {
    this.#ended ??= error;
    this.#gone.reject(error);
    for (const { settled } of this.#pending.values()) settled.reject(error);
    this.#socket.destroy();
  }
}

function lost(): PcAgentError {
  return new PcAgentError('host/lost', 'the host has ended or was killed', { retry: 'later' });
}

function misread(): PcAgentError {
  return new PcAgentError('host/misread', 'the host answered something that its contract does not have');
}

function otherContract(version: string, pid: number): PcAgentError {
  return new PcAgentError(
    'host/contract',
    `the running PC Agent (version ${version}, pid ${pid}) and this one (version ${VERSION}) do not understand each other`,
    { retry: 'after-operator', details: { host: version, own: VERSION, pid } },
  );
}
