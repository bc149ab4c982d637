import type { ByteStream } from '../base/byte-stream.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import { dmService } from '../link/obex-dm-service.ts';
import type { ObexServerLink } from '../link/obex-server-link.ts';
import { serveObex } from '../obex/server.ts';
import { bareContentType, ContentType, encodingOf } from '../syncml/content-type.ts';
import { type Carry, carryAll, type RelayListener } from './arrival.ts';
import { MAX_MESSAGE } from './dialled-session.ts';
import type { RelayOutcome } from './relay-outcome.ts';
import type { RelaySetting } from './relay-setting.ts';
import type { SessionDesk } from './session-desk.ts';

/** Connections at a time; a bench has tens of handsets. */
const MAX_STREAMS = 256;
/** Of these from one place: a handset needs one. Behind one address there may be a whole bench of virtual ones. */
const MAX_OF_ONE = 64;
/** How long a connection may be open without a session, so that silent ones do not take the places of others. */
const MAX_SILENCE = seconds(30);

export interface ObexListenerOptions {
  readonly bearer: Bearer;
  readonly address: BearerAddress;
  readonly desk: SessionDesk;
  /** How long a connection may be open without a session; default 30 s. A line is open whether anybody is there or not. */
  readonly silence?: Duration;
  /** Largest message that is taken, in octets; default 4 MiB. */
  readonly maxMessage?: number;
}

/** Waits for handsets that are OBEX clients, and carries all of their sessions. @throws as `openObexListener` */
export function listenObex(setting: RelaySetting, options: ObexListenerOptions): Promise<RelayListener> {
  const { signal, emit } = setting;
  return openObexListener({
    ...options,
    signal,
    carry: carryAll(setting),
    onFault: ({ code, message }) => emit({ type: 'error', code, message }),
  });
}

export interface OpenObexListenerOptions extends ObexListenerOptions {
  /** Ends the listening. */
  readonly signal: AbortSignal;
  readonly carry: Carry;
  /** A connection ended badly before it had a session, which would tell of it. */
  readonly onFault: (error: PcAgentError) => void;
}

/** Waits for handsets that are OBEX clients. @throws PcAgentError `bearer/unavailable` */
export async function openObexListener(options: OpenObexListenerOptions): Promise<RelayListener> {
  const stop = new AbortController();
  const shut = new AbortController();
  const serving = new Set<Promise<void>>();
  const callers = new Map<string, number>();
  let here = options.address.text;
  const listener = await options.bearer.listen(options.address, {
    signal: options.signal,
    onStream: (stream) => {
      const place = placeOf(stream);
      const ofOne = callers.get(place) ?? 0;
      const full = serving.size >= MAX_STREAMS || (place !== '' && ofOne >= MAX_OF_ONE);
      if (full || shut.signal.aborted) return void stream.close();
      callers.set(place, ofOne + 1);
      const served = serveStream({ ...options, stream, here, shut: shut.signal, signal: stop.signal });
      serving.add(served);
      void served.then(() => {
        serving.delete(served);
        const left = (callers.get(place) ?? 1) - 1;
        if (left === 0) callers.delete(place);
        else callers.set(place, left);
      });
    },
  });
  here = listener.address.text;
  const shutDoor = async (): Promise<void> => {
    shut.abort();
    await listener.close();
  };
  return {
    address: here,
    shut: shutDoor,
    async close() {
      await shutDoor();
      stop.abort();
      await Promise.all(serving);
    },
  };
}

/** Without the port that an outgoing connection happens to have. */
function placeOf({ peer = '' }: ByteStream): string {
  return peer.startsWith('tcp:') ? peer.replace(/:\d+$/, '') : peer;
}

interface Serving extends Omit<OpenObexListenerOptions, 'address'> {
  readonly stream: ByteStream;
  /** Where we listen. */
  readonly here: string;
  /** Aborted when nobody else is let in: a connection without a session goes then. */
  readonly shut: AbortSignal;
}

async function serveStream(serving: Serving): Promise<void> {
  const { stream, here, bearer, desk, silence, maxMessage, shut, signal, carry, onFault } = serving;
  let sessions = 0;
  let running = 0;
  let over = false;
  const idle = new AbortController();
  const limit = silence ?? MAX_SILENCE;
  const timer = setTimeout(() => {
    if (running === 0 && bearer.kind !== 'serial') idle.abort();
  }, limit);
  const leave = (): void => {
    if (running === 0) idle.abort();
  };
  shut.addEventListener('abort', leave, { once: true });
  const carried = async (downlink: ObexServerLink, number: number): Promise<RelayOutcome> => {
    running += 1;
    try {
      return await carry({
        ...{ downlink, peer: stream.peer, handsetHangsUp: true },
        handset: stream.peer ?? `${here}#${number}`,
        label: `unread-${number}`,
      });
    } finally {
      running -= 1;
      if (shut.aborted) leave();
      else if (!over) timer.refresh();
    }
  };
  const service = dmService({
    accept: isSyncml,
    maxMessage: maxMessage ?? MAX_MESSAGE,
    onLink: (downlink) => {
      if (!shut.aborted && desk.admit((number) => carried(downlink, number))) sessions += 1;
      else void downlink.close('aborted');
    },
  });
  try {
    await serveObex(stream, { services: [service], signal: AbortSignal.any([signal, idle.signal]) });
  } catch (cause) {
    const silent = idle.signal.aborted && isAbort(cause);
    if (silent && shut.aborted) return;
    const error = silent ? nobodySpoke(limit) : cause;
    // A session tells of its own loss; what never became one would go unheard.
    if (isPcAgentError(error) && sessions === 0) onFault(error);
    else if (!isAbort(error) && !isPcAgentError(error)) throw error;
  } finally {
    over = true;
    clearTimeout(timer);
    shut.removeEventListener('abort', leave);
  }
}

function nobodySpoke(limit: Duration): PcAgentError {
  return new PcAgentError('obex/timeout', `a connection was open for ${limit / 1000} s and no session came of it`, {
    retry: 'never',
  });
}

function isSyncml(contentType: string): boolean {
  return encodingOf(contentType) !== undefined || bareContentType(contentType) === ContentType.OctetStream;
}
