import { buildNotification, newNotificationId, notificationSessionText } from '../dm/notification/notification.ts';
import { openObexClientLink } from '../link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../link/obex-envelope.ts';
import { ContentType } from '../syncml/content-type.ts';
import { Conversation } from './conversation.ts';
import {
  type Call,
  failureOf,
  IGNORED,
  type ManagedOutcome,
  type ManageOptions,
  stepLimit,
  type Way,
} from './manage-options.ts';
import { type FirstNonce, firstNonces, knownNonces } from './nonces.ts';

/** Far more than any message that a handset sends; OBEX handsets stop at 65535 octets. */
const MAX_MESSAGE = 4 * 1024 * 1024;

/**
 * The PC as DM server: one session with one handset. A notification that is ignored is followed by others that begin
 * with the default nonce, each over a connection of its own. Never throws but for a bug.
 */
export async function manageHandset<T>(options: ManageOptions<T>): Promise<ManagedOutcome<T>> {
  const { via } = options;
  if (via.kind === 'link') return new Conversation(options, via.link, undefined).run();
  let outcome: ManagedOutcome<T> | undefined;
  const tries = [options, ...(options.others ?? [])].flatMap(({ account, nonces }) =>
    firstNonces(knownNonces(nonces, options.device, account)).map((first) => ({ account, nonces, first })),
  );
  for (const [index, { account, nonces, first }] of tries.entries()) {
    const tried = { ...options, account, nonces };
    const call = callOf(tried, first, index + 1 < tries.length);
    const link = await connect(tried, via).catch((error: unknown) => failureOf<T>(error, call.session));
    if ('ok' in link) {
      // The handset was there a moment ago: that it ignored us is the news, not that it is gone now.
      outcome ??= told(tried, link, via.address.text);
      break;
    }
    outcome = await new Conversation(tried, link, call).run();
    if (outcome.code !== IGNORED) break;
  }
  if (outcome === undefined) throw new TypeError('there was no nonce to try');
  return outcome;
}

function callOf<T>({ account, digest, random }: ManageOptions<T>, first: FirstNonce, triesFollow: boolean): Call {
  const sessionId = newNotificationId(random);
  const notification = buildNotification(
    {
      serverId: account.serverId,
      password: account.serverPassword,
      nonce: first.nonce,
      sessionId,
      uiMode: 'not-specified',
      initiator: 'server',
    },
    digest,
  );
  return { notification, session: notificationSessionText(sessionId), first, triesFollow };
}

/** A link to the DM client of a handset. @throws PcAgentError `bearer/*`, `obex/*`; AbortError */
export async function connect<T>(
  options: Pick<ManageOptions<T>, 'signal' | 'timeout'>,
  via: Pick<Extract<Way, { kind: 'dial' }>, 'bearer' | 'address'>,
) {
  const { signal } = options;
  const stream = await via.bearer.dial(via.address, { signal });
  return openObexClientLink(stream, {
    target: SYNCML_DM_TARGET,
    signal,
    getTypes: [ContentType.DmWbxml, ContentType.DmXml],
    timeouts: { message: stepLimit(options) },
    maxMessage: MAX_MESSAGE,
  });
}

function told<T>({ emit, account }: ManageOptions<T>, outcome: ManagedOutcome<T>, handset: string): ManagedOutcome<T> {
  const code = outcome.code ?? 'dm/failed';
  if (!outcome.cancelled) emit({ type: 'error', code, message: outcome.message ?? code });
  const state = outcome.cancelled ? 'aborted' : 'failed';
  emit({ type: 'session', id: outcome.id, handset, dms: account.serverId, state, code });
  return outcome;
}
