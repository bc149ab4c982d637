import type { Element } from '../../base/element.ts';
import { decodeMessage, skimMessage } from '../../syncml/codec.ts';
import { bareContentType, ContentType, charsetOf, encodingOf, guessContentType } from '../../syncml/content-type.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Encoding, Header, Message } from '../../syncml/model.ts';
import { type Notification, parseNotification } from '../notification/notification.ts';
import { type Outline, outlineOf } from './outline.ts';

interface NotificationReading {
  readonly kind: 'notification';
  readonly notification: Notification;
}

interface NoReading {
  readonly kind: 'unread';
  readonly error: unknown;
}

/** What a look at a copy of a body gave. */
export type Reading =
  | NotificationReading
  | { readonly kind: 'message'; readonly message: Message; readonly root: Element; readonly encoding: Encoding }
  | NoReading;

/** What a glance at it gave: as much as the course of a session depends on, for a fraction of the price. */
export type Glance =
  | NotificationReading
  | {
      readonly kind: 'message';
      readonly header: Header;
      readonly outline: Outline;
      /** Some item says that more of it follows. Certain when false. */
      readonly moreData: boolean;
    }
  | NoReading;

/**
 * Reads a message for looking on. It never fails: whatever goes wrong in reading, even a fault of our own decoder,
 * must not stop what is being carried.
 */
export function readMessage(envelope: Envelope): Reading {
  return look(envelope, (encoding, options) => {
    const { message, root } = decodeMessage(envelope.body, encoding, options);
    return { kind: 'message', message, root, encoding };
  });
}

/** The same without what the commands carry. What it can read, `readMessage` can read. */
export function glanceAt(envelope: Envelope): Glance {
  return look(envelope, (encoding, options) => {
    const frame = skimMessage(envelope.body, encoding, options);
    return { kind: 'message', header: frame.header, outline: outlineOf(frame.body), moreData: frame.moreData };
  });
}

function look<T>(
  envelope: Envelope,
  read: (encoding: Encoding, options: { readonly charset?: string }) => T,
): T | NotificationReading | NoReading {
  try {
    const type = kindOf(envelope);
    if (type === 'notification') return { kind: 'notification', notification: parseNotification(envelope.body) };
    if (type === undefined) return { kind: 'unread', error: undefined };
    const charset = charsetOf(envelope.contentType);
    return read(type, charset === undefined ? {} : { charset });
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
