import type { ByteStream } from '../base/byte-stream.ts';
import { isAbort, isPcAgentError } from '../base/errors.ts';
import type { Bearer, BearerAddress } from '../bearer/bearer.ts';
import { dmService } from '../link/obex-dm-service.ts';
import { serveObex } from '../obex/server.ts';
import { bareContentType, ContentType, encodingOf } from '../syncml/content-type.ts';
import { MAX_MESSAGE } from './dialled-session.ts';
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

/** Waits for handsets that are OBEX clients. @throws PcAgentError `bearer/unavailable` */
export async function listenObex(
  setting: RelaySetting,
  options: { readonly bearer: Bearer; readonly address: BearerAddress; readonly desk: SessionDesk },
): Promise<RelayListener> {
  const stop = new AbortController();
  const serving = new Set<Promise<void>>();
  let here = options.address.text;
  const listener = await options.bearer.listen(options.address, {
    signal: setting.signal,
    onStream: (stream) => {
      if (serving.size >= MAX_STREAMS) return void stream.close();
      const served = serveStream(stream, stop.signal, setting, options.desk, here);
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

async function serveStream(
  stream: ByteStream,
  signal: AbortSignal,
  setting: RelaySetting,
  desk: SessionDesk,
  address: string,
): Promise<void> {
  let sessions = 0;
  const service = dmService({
    accept: isSyncml,
    maxMessage: MAX_MESSAGE,
    onLink: (downlink) => {
      const admitted = desk.admit((number) =>
        relaySession({
          ...sessionOptions(setting),
          downlink,
          handset: `${address}#${number}`,
          label: `unread-${number}`,
          handsetHangsUp: true,
        }),
      );
      if (admitted) sessions += 1;
      else void downlink.close('aborted');
    },
  });
  try {
    await serveObex(stream, { services: [service], signal });
  } catch (error) {
    // A session tells of its own loss; what never became one would go unheard.
    if (isPcAgentError(error) && sessions === 0)
      setting.emit({ type: 'error', code: error.code, message: error.message });
    else if (!isAbort(error) && !isPcAgentError(error)) throw error;
  }
}

function isSyncml(contentType: string): boolean {
  return encodingOf(contentType) !== undefined || bareContentType(contentType) === ContentType.OctetStream;
}
