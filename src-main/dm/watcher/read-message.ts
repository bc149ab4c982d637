import type { Element } from '../../base/element.ts';
import { decodeMessage } from '../../syncml/codec.ts';
import { bareContentType, ContentType, encodingOf, guessContentType } from '../../syncml/content-type.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Encoding, Message } from '../../syncml/model.ts';
import { type Notification, parseNotification } from '../notification/notification.ts';

/** What a look at a copy of a body gave. */
export type Reading =
  | { readonly kind: 'notification'; readonly notification: Notification }
  | { readonly kind: 'message'; readonly message: Message; readonly root: Element; readonly encoding: Encoding }
  | { readonly kind: 'unread'; readonly error: unknown };

/**
 * Reads a message for looking on. It never fails: whatever goes wrong in reading, even a fault of our own decoder,
 * must not stop what is being carried.
 */
export function readMessage(envelope: Envelope): Reading {
  try {
    const type = kindOf(envelope);
    if (type === 'notification') return { kind: 'notification', notification: parseNotification(envelope.body) };
    if (type === undefined) return { kind: 'unread', error: undefined };
    const encoding = type;
    const charset = charsetOf(envelope.contentType);
    const { message, root } = decodeMessage(envelope.body, encoding, charset === undefined ? {} : { charset });
    return { kind: 'message', message, root, encoding };
  } catch (error) {
    return { kind: 'unread', error };
  }
}

function kindOf({ contentType, body }: Envelope): Encoding | 'notification' | undefined {
  // Nearly every message of a session, and not worth three searches.
  if (contentType === ContentType.DmWbxml) return 'wbxml';
  if (bareContentType(contentType) === ContentType.Notification) return 'notification';
  return encodingOf(contentType) ?? encodingOf(guessContentType(body));
}

function charsetOf(contentType: string): string | undefined {
  if (!contentType.includes(';')) return undefined;
  return /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType)?.[1];
}
