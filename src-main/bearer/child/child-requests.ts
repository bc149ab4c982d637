import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import type { BearerKind } from '../bearer.ts';
import type { BluetoothService, RfcommState } from '../bluetooth/rfcomm-host.ts';
import type { AttachedThing } from '../discovery.ts';
import { errorFrom } from './bearer-error.ts';
import { ChildLink, type ChildLinkOptions } from './child-link.ts';
import { ChildStream } from './child-stream.ts';
import { type FromChild, type Hello, ToChild } from './protocol.ts';

type StreamNews = Extract<FromChild, { readonly stream: number }>;
type Answer = Exclude<FromChild, StreamNews | { readonly kind: 'pong' }>;
type StreamHello = Extract<Hello, { readonly kind: 'stream' }>;

/** One request that the child has not done yet. */
interface Open {
  readonly bearer?: BearerKind;
  readonly onAnswer: (answer: Answer) => void;
  readonly onStream?: (stream: ChildStream) => void;
  readonly onLost: (error: PcAgentError) => void;
}

export interface ChildListener {
  readonly address: string;
  close(): Promise<void>;
}

/** How long a port that nobody wants any more may take to be let go of before its user is told. */
const FREE_LIMIT = milliseconds(1500);
/** A stream's own connection and the word that it is there come by different ways; dozens at once take their time. */
const ARRIVAL_LIMIT = seconds(20);
/** Between two tries to listen again after the child was lost. */
const AGAIN = seconds(1);
/** Streams whose connections are still on their way, of which something is known already; the oldest is forgotten. */
const MAX_EARLY = 256;
/** What there is to tell of one: that its first octets are taken, that it ended, was lost, and is closed. */
const MAX_NEWS = 4;

/** The other process's side of a child: what is asked of it, and the streams that go through it. */
export class ChildRequests {
  readonly #options: Omit<ChildLinkOptions, 'onMessage' | 'onStream' | 'onLost'>;
  readonly #link: ChildLink;
  readonly #open = new Map<number, Open>();
  readonly #streams = new Map<number, ChildStream>();
  readonly #early = new Map<number, StreamNews[]>();
  /** Odd, as the child gives the even ones. */
  #lastId = -1;

  constructor(options: Omit<ChildLinkOptions, 'onMessage' | 'onStream' | 'onLost'>) {
    this.#options = options;
    this.#link = new ChildLink({
      ...options,
      onMessage: (message) => this.#hear(message),
      onStream: (hello, socket) => this.#arrived(hello, socket),
      onLost: (error) => this.#lost(error),
    });
  }

  async dial(bearer: BearerKind, address: string, signal: AbortSignal): Promise<ByteStream> {
    const id = this.#newId();
    const dialled = Promise.withResolvers<ByteStream>();
    let late: NodeJS.Timeout | undefined;
    const asked = this.#ask({ kind: 'dial', id, bearer, address }, signal, dialled, {
      bearer,
      onStream: dialled.resolve,
      onAnswer: ({ kind }) => {
        if (kind === 'done') late ??= setTimeout(() => dialled.reject(noArrival(bearer, address)), ARRIVAL_LIMIT);
      },
    });
    const stream = await asked.finally(() => clearTimeout(late));
    if (signal.aborted) {
      await stream.close();
      throw signal.reason;
    }
    return stream;
  }

  /** Listens, and after a loss of the child again. */
  async listen(
    bearer: BearerKind,
    address: string,
    onStream: (stream: ByteStream) => void,
    signal: AbortSignal,
  ): Promise<ChildListener> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal, this.#link.closed]);
    const first = await this.#listenOnce(bearer, address, onStream, either);
    const serving = this.#listenOn(first, { bearer, onStream, signal: either });
    return {
      address: first.address,
      close: async () => {
        stop.abort();
        await serving;
      },
    };
  }

  async look(signal: AbortSignal): Promise<readonly AttachedThing[]> {
    const id = this.#newId();
    const seen = Promise.withResolvers<readonly AttachedThing[]>();
    return this.#ask({ kind: 'look', id }, signal, seen, {
      onAnswer: (answer) => {
        if (answer.kind === 'things') seen.resolve(answer.things);
      },
    });
  }

  async watch(onChange: (things: readonly AttachedThing[]) => void, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const id = this.#newId();
    const over = Promise.withResolvers<void>();
    try {
      await this.#ask({ kind: 'watch', id }, signal, over, {
        onAnswer: (answer) => {
          if (answer.kind === 'done') over.resolve();
          if (answer.kind === 'things' && !signal.aborted) onChange(answer.things);
        },
      });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async services(address: string, signal: AbortSignal): Promise<readonly BluetoothService[]> {
    const found = Promise.withResolvers<readonly BluetoothService[]>();
    return this.#ask({ kind: 'services', id: this.#newId(), address }, signal, found, {
      bearer: 'bluetooth',
      onAnswer: (answer) => {
        if (answer.kind === 'services') found.resolve(answer.services);
      },
    });
  }

  async rfcomm(signal: AbortSignal): Promise<RfcommState> {
    const told = Promise.withResolvers<RfcommState>();
    return this.#ask({ kind: 'rfcomm', id: this.#newId() }, signal, told, {
      onAnswer: (answer) => {
        if (answer.kind === 'rfcomm') told.resolve(answer.state);
      },
    });
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** Asks, and waits for `answer`; when `signal` is aborted, until the child has let go or the limit is over. */
  async #ask<T>(
    message: Extract<ToChild, { readonly id: number }>,
    signal: AbortSignal,
    answer: PromiseWithResolvers<T>,
    open: Omit<Open, 'onLost'>,
  ): Promise<T> {
    signal.throwIfAborted();
    if (!ToChild.safeParse(message).success) throw tooLong(open.bearer);
    const { id } = message;
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.#link.tell({ kind: 'cancel', id });
      timer = setTimeout(() => answer.reject(signal.reason), FREE_LIMIT);
    };
    answer.promise.catch(() => undefined);
    try {
      this.#open.set(id, {
        ...open,
        onAnswer: (said) => {
          if (said.kind === 'failed') answer.reject(errorFrom(said.error));
          else open.onAnswer(said);
        },
        onLost: answer.reject,
      });
      await this.#link.send(message, signal);
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
      return await answer.promise;
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      this.#open.delete(id);
    }
  }

  async #listenOnce(
    bearer: BearerKind,
    address: string,
    onStream: (stream: ByteStream) => void,
    signal: AbortSignal,
  ): Promise<{ readonly address: string; readonly over: Promise<void> }> {
    const id = this.#newId();
    const listening = Promise.withResolvers<string>();
    const over = Promise.withResolvers<void>();
    const asked = this.#ask({ kind: 'listen', id, bearer, address }, signal, over, {
      bearer,
      onStream,
      onAnswer: (answer) => {
        if (answer.kind === 'listening') listening.resolve(answer.address);
        if (answer.kind === 'done') over.resolve();
      },
    });
    asked.catch(listening.reject);
    return { address: await listening.promise, over: asked.catch(() => undefined) };
  }

  async #listenOn(
    first: { readonly address: string; readonly over: Promise<void> },
    how: {
      readonly bearer: BearerKind;
      readonly onStream: (stream: ByteStream) => void;
      readonly signal: AbortSignal;
    },
  ): Promise<void> {
    const { bearer, onStream, signal } = how;
    let { over } = first;
    while (!signal.aborted) {
      await over;
      if (signal.aborted) return;
      const again = await this.#listenOnce(bearer, first.address, onStream, signal).catch(() => undefined);
      over = again?.over ?? this.#options.clock.sleep(AGAIN, signal).catch(() => undefined);
    }
  }

  #newId(): number {
    this.#lastId += 2;
    return this.#lastId;
  }

  #hear(message: StreamNews | Answer): void {
    if ('stream' in message) this.#hearOfStream(message);
    else this.#open.get(message.id)?.onAnswer(message);
  }

  #hearOfStream(news: StreamNews): void {
    const stream = this.#streams.get(news.stream);
    if (stream === undefined) return void this.#keepEarly(news);
    if (news.kind === 'taken') stream.taken();
    else if (news.kind === 'ended') stream.ended();
    else if (news.kind === 'lost') stream.lost(asLoss(errorFrom(news.error)));
    else {
      stream.closed();
      this.#streams.delete(news.stream);
    }
  }

  #keepEarly(news: StreamNews): void {
    const { stream: number } = news;
    // One that was asked for, and that nobody waits for any more.
    if (number % 2 === 1 && !this.#open.has(number)) return;
    const known = this.#early.get(number) ?? [];
    if (known.length < MAX_NEWS) this.#early.set(number, [...known, news]);
    for (const oldest of this.#early.keys()) if (this.#early.size > MAX_EARLY) this.#early.delete(oldest);
  }

  #arrived(hello: StreamHello, socket: Socket): void {
    const number = hello.stream;
    const open = this.#open.get(hello.listener ?? number);
    if (open?.onStream === undefined || open.bearer === undefined || this.#streams.has(number)) {
      this.#early.delete(number);
      return void socket.destroy();
    }
    const stream = new ChildStream({
      ...{ bearer: open.bearer, noisy: hello.noisy, socket },
      ...(hello.prepares === undefined ? {} : { prepares: hello.prepares }),
      ...(hello.peer === undefined ? {} : { peer: hello.peer }),
      onClose: () => this.#link.tell({ kind: 'close', stream: number }),
    });
    this.#streams.set(number, stream);
    open.onStream(stream);
    const early = this.#early.get(number) ?? [];
    this.#early.delete(number);
    for (const news of early) this.#hearOfStream(news);
  }

  #lost(error: PcAgentError): void {
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    this.#early.clear();
    for (const stream of streams) {
      const { message, details } = error;
      stream.gone(new PcAgentError('bearer/lost', message, { retry: 'same-bearer', cause: error, details }));
    }
    for (const { onLost } of [...this.#open.values()]) onLost(error);
  }
}

/** What a stream ends with is always one of our errors. */
function asLoss(error: Error): PcAgentError {
  if (isPcAgentError(error)) return error;
  return new PcAgentError('bearer/lost', error.message, { retry: 'same-bearer', cause: error });
}

/** The child would take it for a break of the protocol, and end with all of its streams. */
function tooLong(bearer: BearerKind | undefined): PcAgentError {
  return new PcAgentError('bearer/address-invalid', 'the address is too long', {
    details: bearer === undefined ? {} : { bearer },
  });
}

function noArrival(bearer: BearerKind, address: string): PcAgentError {
  return new PcAgentError('bearer/unavailable', `the stream of ${address} did not arrive`, {
    retry: 'later',
    details: { bearer, address },
  });
}
