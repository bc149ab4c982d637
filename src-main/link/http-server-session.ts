import type { ServerResponse } from 'node:http';
import { AbortWatch } from '../base/abort-watch.ts';
import { equalBytes } from '../base/bytes.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Envelope, MessageLink } from './message-link.ts';

/** One POST of a handset: its message, and where the answer goes. */
export interface HttpPost {
  readonly envelope: Envelope;
  readonly response: ServerResponse;
}

export interface HttpServerSessionOptions {
  /** How long `receive` waits for the next POST before the handset counts as gone in good order. */
  readonly idle: Duration;
  /** How long a POST is kept waiting for its answer before it gets 503. */
  readonly answerWithin: Duration;
  /** How long a handset whose connection broke may take to send its POST again before it counts as gone; default 5 s. */
  readonly goneAfter?: Duration | undefined;
  /** Called once, when nothing more is to be delivered here. */
  readonly onEnd: () => void;
}

/** The posts of one DM session as a link: receive = the next POST's body, send = its answer. */
export interface HttpServerSession {
  readonly link: MessageLink;
  /** Hands over a POST of this session; answers it by itself when it cannot be served. */
  deliver(post: HttpPost): void;
  /** The connection that stood for the session has gone: nothing more will come. */
  leave(): void;
  /** The listener ends. */
  abort(): void;
}

const GONE_AFTER = seconds(5);

export function createHttpServerSession(options: HttpServerSessionOptions): HttpServerSession {
  /** The POST that waits for its answer. */
  let open: HttpPost | undefined;
  /** True once `receive` has handed it out. */
  let handedOut = false;
  let waiter: ((post: HttpPost | undefined) => void) | undefined;
  let ended: 'left' | 'closed' | 'lost' | undefined;
  let answerTimer: ReturnType<typeof setTimeout> | undefined;
  const gone = Promise.withResolvers<void>();
  let goneTimer: ReturnType<typeof setTimeout> | undefined;
  const receiving = new AbortWatch();
  const sending = new AbortWatch();

  function end(how: 'left' | 'closed' | 'lost'): void {
    if (ended !== undefined) return;
    ended = how;
    clearTimeout(goneTimer);
    receiving.close();
    sending.close();
    options.onEnd();
    waiter?.(undefined);
  }

  /** Takes the POST off the desk and says what it is answered with if nobody did. */
  function settle(status: number): void {
    clearTimeout(answerTimer);
    if (open !== undefined) answerPlain(open.response, status);
    open = undefined;
    handedOut = false;
  }

  /** The handset may come again with the same octets, over another connection. */
  function watch({ response }: HttpPost): void {
    clearTimeout(goneTimer);
    response.once('close', () => {
      if (open?.response !== response || ended !== undefined) return;
      goneTimer = setTimeout(gone.resolve, options.goneAfter ?? GONE_AFTER);
    });
  }

  function put(post: HttpPost): void {
    clearTimeout(answerTimer);
    open = post;
    watch(post);
    answerTimer = setTimeout(() => {
      settle(503);
      end('lost');
    }, options.answerWithin);
    waiter?.(post);
  }

  const lost = (why: string): PcAgentError =>
    new PcAgentError('bearer/lost', why, { retry: 'same-bearer', details: { bearer: 'http' } });

  async function nextPost(signal: AbortSignal): Promise<HttpPost | undefined> {
    if (open !== undefined || ended !== undefined) return open;
    return new Promise((resolve, reject) => {
      const finish = (post: HttpPost | undefined): void => {
        clearTimeout(timer);
        receiving.end();
        waiter = undefined;
        resolve(post);
      };
      const timer = setTimeout(() => finish(undefined), options.idle);
      receiving.start(signal, (reason) => {
        finish(undefined);
        reject(reason);
      });
      waiter = finish;
    });
  }

  const link: MessageLink = {
    peerGone: gone.promise,
    async receive(signal) {
      signal.throwIfAborted();
      if (handedOut) throw new TypeError('the last message was not answered yet');
      if (waiter !== undefined) throw new TypeError('one receive at a time');
      const post = await nextPost(signal);
      signal.throwIfAborted();
      if (post === undefined) {
        if (ended === 'lost') throw lost('the listener was closed');
        end('left');
        return undefined;
      }
      handedOut = true;
      return post.envelope;
    },
    async send(envelope, signal) {
      signal.throwIfAborted();
      if (ended === 'lost') throw lost('the handset was answered 503 because no answer came in time');
      const post = open;
      if (post === undefined || !handedOut)
        throw new TypeError('the handset has not asked: there is nothing to answer');
      clearTimeout(answerTimer);
      open = undefined;
      handedOut = false;
      if (!(await answerEnvelope(post.response, envelope, { signal, watch: sending }))) {
        end('left');
        throw lost('the handset closed its connection before its answer');
      }
    },
    async close(reason) {
      settle(reason === 'done' ? 204 : 503);
      end('closed');
    },
  };

  return {
    link,
    deliver(post) {
      if (ended !== undefined) return answerPlain(post.response, 503);
      if (open !== undefined) {
        // A handset whose connection broke sends the same bytes again: the answer then goes to the new one.
        if (!equalBytes(open.envelope.body, post.envelope.body)) return answerPlain(post.response, 409);
        answerPlain(open.response, 503);
        open = { envelope: open.envelope, response: post.response };
        watch(open);
        return;
      }
      put(post);
    },
    leave() {
      // A POST that is being worked on keeps the session: its answer finds the connection gone, and says so.
      if (open === undefined) end('left');
    },
    abort() {
      settle(503);
      end('lost');
    },
  };
}

/** An answer without a message. Harmless when the connection has gone or was answered. */
export function answerPlain(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const length: Record<string, string> = status === 204 ? {} : { 'Content-Length': '0' };
  response.writeHead(status, { ...length, 'Cache-Control': 'private, no-store', ...headers });
  response.end();
}

/** True when the operating system has the whole answer, false when the connection had gone. */
function answerEnvelope(
  response: ServerResponse,
  envelope: Envelope,
  { signal, watch }: { readonly signal: AbortSignal; readonly watch: AbortWatch },
): Promise<boolean> {
  if (response.destroyed || response.socket === null || response.socket.destroyed) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    let over = false;
    const done = (whole: boolean): void => {
      if (over) return;
      over = true;
      watch.end();
      resolve(whole);
    };
    watch.start(signal, (reason) => {
      reject(reason);
      response.destroy();
    });
    response.on('finish', () => done(true));
    response.on('close', () => done(false));
    response.writeHead(200, {
      'Content-Type': envelope.contentType,
      'Content-Length': String(envelope.body.length),
      'Cache-Control': 'private, no-store',
      ...(envelope.hmac === undefined ? {} : { 'x-syncml-hmac': envelope.hmac }),
    });
    response.end(envelope.body);
  });
}
