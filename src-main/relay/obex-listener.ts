import type { ByteStream } from '../base/byte-stream.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import { dmService } from '../link/obex-dm-service.ts';
import type { ObexServerLink } from '../link/obex-server-link.ts';
import { serveObex } from '../obex/server.ts';
import { bareContentType, ContentType, encodingOf } from '../syncml/content-type.ts';
import { MAX_MESSAGE } from './dialled-session.ts';
import type { RelayOutcome } from './relay-outcome.ts';
import { relaySession } from './relay-session.ts';
import { type RelaySetting, sessionOptions } from './relay-setting.ts';
import type { SessionDesk } from './session-desk.ts';

/** A way in for handsets. */
export interface RelayListener {
  /** As the other side's `--connect` takes it. */
  readonly address: string;
  /** Lets nobody in any more; call it when no session runs. */
  close(): Promise<void>;
}

/** Connections at a time; a bench has tens of handsets. */
const MAX_STREAMS = 256;
/** How long a connection may be open without a session, so that silent ones do not take the places of others. */
const MAX_SILENCE = seconds(30);

export interface ObexListenerOptions {
  readonly bearer: Bearer;
  readonly address: BearerAddress;
  readonly desk: SessionDesk;
  /** How long a connection may be open without a session; default 30 s. A line is open whether anybody is there or not. */
  readonly silence?: Duration;
}

/** Waits for handsets that are OBEX clients. @throws PcAgentError `bearer/unavailable` */
export async function listenObex(setting: RelaySetting, options: ObexListenerOptions): Promise<RelayListener> {
  const stop = new AbortController();
  const serving = new Set<Promise<void>>();
  let here = options.address.text;
  const listener = await options.bearer.listen(options.address, {
    signal: setting.signal,
    onStream: (stream) => {
      if (serving.size >= MAX_STREAMS) return void stream.close();
      const served = serveStream({ ...options, stream, setting, here, signal: stop.signal });
      serving.add(served);
      void served.then(() => serving.delete(served));
    },
  });
  here = listener.address.text;
  return {
    address: here,
    async close() {
      await listener.close();
      stop.abort();
      await Promise.all(serving);
    },
  };
}

interface Serving extends Pick<ObexListenerOptions, 'bearer' | 'desk' | 'silence'> {
  readonly stream: ByteStream;
  readonly setting: RelaySetting;
  /** Where we listen. */
  readonly here: string;
  readonly signal: AbortSignal;
}

async function serveStream({ stream, setting, here, bearer, desk, silence, signal }: Serving): Promise<void> {
  let sessions = 0;
  let running = 0;
  let over = false;
  const silent = new AbortController();
  const limit = silence ?? MAX_SILENCE;
  const timer = setTimeout(() => {
    if (running === 0 && bearer.kind !== 'serial') silent.abort();
  }, limit);
  const relayed = async (downlink: ObexServerLink, number: number): Promise<RelayOutcome> => {
    running += 1;
    try {
      return await relaySession({
        ...sessionOptions(setting),
        downlink,
        handset: `${here}#${number}`,
        label: `unread-${number}`,
        handsetHangsUp: true,
      });
    } finally {
      running -= 1;
      if (!over) timer.refresh();
    }
  };
  const service = dmService({
    accept: isSyncml,
    maxMessage: MAX_MESSAGE,
    onLink: (downlink) => {
      if (desk.admit((number) => relayed(downlink, number))) sessions += 1;
      else void downlink.close('aborted');
    },
  });
  try {
    await serveObex(stream, { services: [service], signal: AbortSignal.any([signal, silent.signal]) });
  } catch (cause) {
    const error = silent.signal.aborted && isAbort(cause) ? nobodySpoke(limit) : cause;
    // A session tells of its own loss; what never became one would go unheard.
    if (isPcAgentError(error) && sessions === 0)
      setting.emit({ type: 'error', code: error.code, message: error.message });
    else if (!isAbort(error) && !isPcAgentError(error)) throw error;
  } finally {
    over = true;
    clearTimeout(timer);
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
