import { equalBytes } from '../base/bytes.ts';
import type { Duration } from '../base/durations.ts';
import { DEFAULT_MAX_OBJECT } from '../obex/client.ts';
import { type Header, typeOf } from '../obex/header.ts';
import { ResponseCode } from '../obex/packet.ts';
import type { ObexAnswer, ObexConnectRequest, ObexService, ObexServiceConnection } from '../obex/service.ts';
import { guessContentType } from '../syncml/content-type.ts';
import type { Envelope } from './message-link.ts';
import { envelopeOf, SYNCML_DM_TARGET } from './obex-envelope.ts';
import { ObexServerLink } from './obex-server-link.ts';

export interface DmServiceOptions {
  /**
   * Called for each CONNECT, before it is answered, with the link that lives until its DISCONNECT or an ABORT; for the
   * first PUT after an ABORT again.
   */
  readonly onLink: (link: ObexServerLink) => void;
  /** Default: `SYNCML-DM`. */
  readonly target?: Uint8Array;
  /** Types that are taken; a PUT of another one is answered by 0xCF. Default: all. */
  readonly accept?: (contentType: string) => boolean;
  /** The only type that is sent: a GET that asks for another one is answered by 0xCF. Default: any. */
  readonly getType?: string;
  /** Longest message that is taken; more is answered by 0xCD. Default 16 MiB. */
  readonly maxMessage?: number;
  /** Looks at a whole message before it is acknowledged; an OBEX error response refuses it. */
  readonly check?: (envelope: Envelope) => number | undefined;
  /** How long a link's `close('done')` waits for the peer's DISCONNECT; default 30 s. */
  readonly closeLimit?: Duration;
}

/** The service that makes an `ObexServerLink` of every connection to its Target. */
export function dmService(options: DmServiceOptions): ObexService {
  const ours = options.target ?? SYNCML_DM_TARGET;
  return {
    serves: (target) => target !== undefined && equalBytes(target, ours),
    connect: (request) => openConnection(request, options),
  };
}

function openConnection(request: ObexConnectRequest, options: DmServiceOptions): ObexServiceConnection {
  let link = openLink(request, options);
  let aborted = false;
  /** ABORT ends what was going on, and the peer may begin anew without another CONNECT (dm-protocol, section 9.2). */
  const linkForPut = (): ObexServerLink => {
    if (aborted) link = openLink(request, options);
    aborted = false;
    return link;
  };
  return {
    maxObject: options.maxMessage ?? DEFAULT_MAX_OBJECT,
    acceptPut: (headers) => refusalOfType(typeOf(headers), options),
    put: (headers, body, signal) => put(linkForPut(), headers, body, { ...options, signal }),
    get: (headers, signal) => link.onGet(headers, signal),
    aborted: () => {
      aborted = true;
      link.onAborted();
    },
    ended: (end) => link.onEnded(end),
  };
}

function openLink({ packetLimit, drop }: ObexConnectRequest, options: DmServiceOptions): ObexServerLink {
  const { getType, closeLimit, onLink } = options;
  const link = new ObexServerLink({
    packetLimit,
    drop,
    ...(getType === undefined ? {} : { getType }),
    ...(closeLimit === undefined ? {} : { closeLimit }),
  });
  onLink(link);
  return link;
}

function refusalOfType(contentType: string | undefined, options: DmServiceOptions): number | undefined {
  const taken = contentType === undefined || options.accept === undefined || options.accept(contentType);
  return taken ? undefined : ResponseCode.UnsupportedMediaType;
}

async function put(
  link: ObexServerLink,
  headers: readonly Header[],
  body: Uint8Array,
  options: DmServiceOptions & { readonly signal: AbortSignal },
): Promise<ObexAnswer> {
  const named = typeOf(headers);
  const contentType = named ?? guessContentType(body);
  if (named === undefined) {
    const refusal = refusalOfType(contentType, options);
    if (refusal !== undefined) return { code: refusal };
  }
  const envelope = envelopeOf(headers, body, contentType);
  const refusal = options.check?.(envelope);
  if (refusal !== undefined) return { code: refusal };
  return link.onPut(envelope, options.signal);
}
