import type { ByteStream } from '../../base/byte-stream.ts';
import { hexOf } from '../../base/bytes.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../../base/errors.ts';
import type { SessionOutcome } from '../../dm/session-outcome.ts';
import { Watcher } from '../../dm/watcher/watcher.ts';
import type { Envelope } from '../../link/message-link.ts';
import { dmService } from '../../link/obex-dm-service.ts';
import type { ObexServerLink } from '../../link/obex-server-link.ts';
import { packetRoomOf } from '../../link/packet-room.ts';
import { ResponseCode } from '../../obex/packet.ts';
import { type ServeObexOptions, serveObex } from '../../obex/server.ts';
import type { ObexService } from '../../obex/service.ts';
import { readBootstrapType } from '../../provisioning/content-type.ts';
import { decodeMessage } from '../../syncml/codec.ts';
import { bareContentType, ContentType, dmContentType, encodingOf } from '../../syncml/content-type.ts';
import { answerNotification } from './answer-notification.ts';
import { takeBootstrap } from './bootstrap.ts';
import { faultyStream } from './faulty-stream.ts';
import type { Handset } from './handset.ts';
import { runHandsetSession } from './handset-session.ts';

/** A handset takes one message of at most 65535 bytes (spec sheet dm-protocol, 9.2). */
const MAX_MESSAGE = 0xffff;

export interface HandsetServiceOptions extends Pick<ServeObexOptions, 'answerLimit'> {
  readonly handset: Handset;
  readonly inbox: ObexService;
  readonly signal: AbortSignal;
  readonly onOutcome: (outcome: SessionOutcome) => void;
}

/** Serves whoever comes over a stream: device management behind its Target, an inbox for everybody else. */
export async function serveHandset(stream: ByteStream, options: HandsetServiceOptions): Promise<void> {
  const { handset, signal } = options;
  const sessions: Promise<void>[] = [];
  let refusal: PcAgentError | undefined;
  let stop = new AbortController();
  let first = true;
  const service = dmService({
    accept: (type) => accepts(handset, type),
    getType: dmContentType(handset.options.encoding),
    maxMessage: MAX_MESSAGE,
    // The first PUT after CONNECT is always package 0 (spec sheet dm-protocol, 9.2); the rest must be readable.
    check: (envelope) => {
      if (first) {
        first = false;
        return undefined;
      }
      refusal = unreadable(envelope);
      if (refusal === undefined) return undefined;
      stop.abort(refusal);
      return ResponseCode.BadRequest;
    },
    onLink: (link) => {
      refusal = undefined;
      stop = new AbortController();
      first = true;
      const ended = AbortSignal.any([signal, stop.signal]);
      const answered = answerLink(
        link,
        { ...options, signal: ended },
        () => refusal,
        () => {
          first = true;
        },
      );
      // The stream may be over long before a session is that goes on over another one.
      if (handset.options.profile.keepsSession === true) handset.kept.outlives(answered);
      else sessions.push(answered);
    },
  });
  const { maxPacket, emptyEnd, idInEveryPacket } = handset.options.profile;
  const { answerLimit } = options;
  try {
    await serveObex(faultyStream(stream, handset.faults, handset.clock), {
      services: [service, options.inbox],
      signal,
      ...(maxPacket === undefined ? {} : { maxPacket }),
      ...(emptyEnd === undefined ? {} : { emptyEnd }),
      ...(idInEveryPacket === undefined ? {} : { idInEveryPacket }),
      ...(answerLimit === undefined ? {} : { answerLimit }),
    });
  } catch (error) {
    // A peer that breaks its own stream does not concern the others.
    if (!isPcAgentError(error) && !isAbort(error)) throw error;
  }
  await Promise.all(sessions);
}

function accepts(handset: Handset, type: string): boolean {
  if (bareContentType(type) === ContentType.Notification || isBootstrap(type)) return true;
  return encodingOf(type) === handset.options.encoding;
}

/** A DM message that says how it is signed is no message of a session; any other one is. */
function isBootstrap(type: string): boolean {
  const header = readBootstrapType(type);
  return header?.profile === 'cp' || header?.security !== undefined;
}

function unreadable(envelope: Envelope): PcAgentError | undefined {
  const encoding = encodingOf(envelope.contentType);
  if (encoding === undefined) return undefined;
  try {
    decodeMessage(envelope.body, encoding);
    return undefined;
  } catch (error) {
    return error instanceof PcAgentError ? error : undefined;
  }
}

/** What happens in one OBEX connection: notifications until one is taken, then its session. */
async function answerLink(
  link: ObexServerLink,
  options: HandsetServiceOptions,
  refusal: () => PcAgentError | undefined,
  expectNotification: () => void,
): Promise<void> {
  const { handset, signal } = options;
  try {
    for (;;) {
      const envelope = await link.receive(signal);
      if (envelope === undefined || handset.kept.take(link, envelope)) return;
      if (isBootstrap(envelope.contentType)) {
        void takeBootstrap(handset, envelope.contentType, envelope.body, options.signal);
        expectNotification();
        link.sayNothing();
        continue;
      }
      noteNotification(handset, envelope);
      const answer = answerNotification(handset, envelope.body, packetRoomOf(link.packetLimit));
      if (answer.kind === 'session') {
        await handset.kept.drop();
        const { plan } = answer;
        const keeps = handset.options.profile.keepsSession === true;
        const own = keeps ? handset.kept.keep(link, plan.sessionId) : link;
        options.onOutcome(await runHandsetSession({ handset, plan, link: own, signal, refusal }));
        return;
      }
      const { emit } = handset.options;
      emit({ type: 'error', code: answer.code, message: `package 0 is ignored: ${answer.reason}` });
      expectNotification();
      link.sayNothing();
    }
  } catch (error) {
    if (!isPcAgentError(error) && !isAbort(error)) throw error;
    await link.close('aborted');
  }
}

/** Package 0 is a message too, though it never passes the DMS's own address. */
function noteNotification(handset: Handset, envelope: Envelope): void {
  const { digest, emit } = handset.options;
  const { summary } = new Watcher().observe('to-handset', envelope);
  emit({
    type: 'message',
    session: summary.sessionId,
    direction: 'to-handset',
    package: 0,
    msgId: 0,
    bytes: envelope.body.length,
    sha256: hexOf(digest.sha256(envelope.body)),
    contentType: envelope.contentType,
  });
}
