import type { ByteStream } from '../../base/byte-stream.ts';
import type { SessionOutcome } from '../../dm/session-outcome.ts';
import { createHttpClientLink } from '../../link/http-client-link.ts';
import { openObexClientLink } from '../../link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../link/obex-envelope.ts';
import { packetRoomOf } from '../../link/packet-room.ts';
import type { HttpAgent } from '../../net/http-agent.ts';
import type { Ledger } from '../../net/ledger.ts';
import { dmContentType } from '../../syncml/content-type.ts';
import { faultyStream } from './faulty-stream.ts';
import type { Handset } from './handset.ts';
import { runHandsetSession } from './handset-session.ts';

/** Calls a PC over a bearer and runs a session of the handset's own accord (Alert 1201). */
export async function callByObex(
  handset: Handset,
  stream: ByteStream,
  { signal }: { readonly signal: AbortSignal },
): Promise<SessionOutcome> {
  const { maxPacket, emptyEnd } = handset.options.profile;
  const link = await openObexClientLink(faultyStream(stream, handset.faults, handset.clock), {
    target: SYNCML_DM_TARGET,
    signal,
    getTypes: [dmContentType(handset.options.encoding)],
    ...(maxPacket === undefined ? {} : { maxPacket }),
    ...(emptyEnd === undefined ? {} : { emptyEnd }),
  });
  const plan = handset.planOwn('obex:pc-agent', packetRoomOf(link.packetLimit));
  return runHandsetSession({ handset, plan, link, signal });
}

export interface HttpCallOptions {
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Posts to a DMS, or to a PC that relays, over a network link of the handset's own. */
export async function callByHttp(handset: Handset, options: HttpCallOptions): Promise<SessionOutcome> {
  const { url, agent, ledger, version, signal } = options;
  const link = createHttpClientLink({ url, agent, ledger, initiator: 'virtual-handset', version });
  return runHandsetSession({
    handset,
    plan: handset.planOwn(url.href),
    link,
    signal,
    // A handset goes where its server tells it to; whether a PC that relays may is decided there.
    onTarget: (uri) => {
      if (uri !== link.url.href && URL.canParse(uri, link.url.href)) link.url = new URL(uri, link.url.href);
    },
  });
}
