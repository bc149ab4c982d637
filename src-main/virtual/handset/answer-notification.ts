import { isPcAgentError } from '../../base/errors.ts';
import { notificationSessionText, parseNotification } from '../../dm/notification/notification.ts';
import { nonceOfForm, verifyNotification } from '../../dm/notification/verify-notification.ts';
import { Alert } from '../../syncml/alert.ts';
import type { Handset, SessionPlan } from './handset.ts';

export type NotificationAnswer =
  | { readonly kind: 'session'; readonly plan: SessionPlan }
  /** Nothing happens, as the standard wants it; the reason is for the handset's own events. */
  | { readonly kind: 'ignored'; readonly code: string; readonly reason: string };

const ignored = (code: string, reason: string): NotificationAnswer => ({ kind: 'ignored', code, reason });

/** What package 0 makes the handset do (DM Notification 1.2, 6.2; spec sheet dm-protocol, section 6). */
export function answerNotification(handset: Handset, bytes: Uint8Array, packetRoom?: number): NotificationAnswer {
  const { options } = handset;
  if (handset.faults.has('ignore-notification')) return ignored('dm/notification-ignored', 'it was told to');
  let notification: ReturnType<typeof parseNotification>;
  try {
    notification = parseNotification(bytes);
  } catch (error) {
    if (isPcAgentError(error)) return ignored(error.code, error.message);
    throw error;
  }
  if (notification.sessionId === 0) return ignored('dm/notification-session', 'session id 0 is not valid');
  const named = handset.accounts.find(notification.serverId);
  const form = named === undefined ? undefined : formOf(handset, named, bytes);
  // Who does not look at the digest calls the first server, whichever is named.
  const account = form === undefined && options.laxNotification ? handset.accounts.all[0] : named;
  if (account === undefined) return ignored('dm/notification-server', `no account for server ${notification.serverId}`);
  if (form === undefined && !options.laxNotification) {
    return ignored('dm/notification-digest', 'its digest is wrong: it does not come from the server that it names');
  }
  if (handset.heard.isOld(notification)) {
    return ignored('dm/notification-repeated', 'it has led to a session before');
  }
  const nonce =
    form === undefined || form === 'stored' ? undefined : nonceOfForm(form, handset.nonces.of(account).server);
  const sessionId =
    options.profile.decimalSession === true
      ? String(notification.sessionId)
      : notificationSessionText(notification.sessionId);
  if (handset.openSessions.has(sessionId)) {
    return ignored('dm/notification-repeated', `session ${sessionId} is open already`);
  }
  if (form !== undefined) handset.heard.called(sessionId, notification);
  return {
    kind: 'session',
    plan: {
      account,
      sessionId,
      alert: Alert.ServerInitiatedMgmt,
      server: `obex:${account.serverId}`,
      ...(nonce === undefined ? {} : { nonce }),
      ...(packetRoom === undefined ? {} : { packetRoom }),
    },
  };
}

/** In which form its digest is right; `undefined`: in none. */
function formOf({ nonces, options }: Handset, account: SessionPlan['account'], bytes: Uint8Array) {
  const secret = { password: account.serverPassword, nonce: nonces.of(account).server };
  return verifyNotification(bytes, secret, options.digest);
}
