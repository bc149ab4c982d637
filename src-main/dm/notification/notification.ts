/**
 * Package 0, the notification message: a digest of 16 octets, then the trigger (DM Notification 1.2, section 6.2).
 *
 *   octet 0        16           21          23  24         24+n
 *   digest (MD5) | header 40 b | session 16 | n | ServerID | vendor data
 *   header: version 10, ui-mode 2, initiator 1, future use 27 bits
 */
import { concatBytes, EMPTY_BYTES, strictTextOf, textOf, utf8 } from '../../base/bytes.ts';
import type { Digest, Random } from '../../base/digest.ts';
import { PcAgentError } from '../../base/errors.ts';
import { macCredential } from '../auth/credentials.ts';

/** The server's credentials (SRVCRED) as far as a notification needs them. */
export interface NotificationSecret {
  readonly password: string;
  /** Raw octets, not base64. */
  readonly nonce: Uint8Array;
}

/** What the handset shows before it starts the session; in the order of the two bits. */
export const UI_MODES = ['not-specified', 'background', 'informative', 'user-interaction'] as const;
export type UiMode = (typeof UI_MODES)[number];
export type Initiator = 'client' | 'server';

/** The levels that a receiver tolerates; a sender uses 1.1, the level of this specification. */
export type NotificationVersion = '1.0' | '1.1' | '1.2';

export interface NotificationFields extends NotificationSecret {
  /** `ServerID` of the account on the handset; 1 to 255 octets. */
  readonly serverId: string;
  /** 1 to 0xFFFF. */
  readonly sessionId: number;
  readonly uiMode: UiMode;
  readonly initiator: Initiator;
  /** Default 1.1: clients exist that refuse any other. */
  readonly version?: NotificationVersion;
  /** Octets after the server identifier; their meaning is the vendor's. Default none. */
  readonly vendorData?: Uint8Array;
}

/** A notification as it was received. The byte fields are views of the message. */
export interface Notification {
  readonly digest: Uint8Array;
  /** Everything after the digest: what the digest covers. */
  readonly trigger: Uint8Array;
  readonly version: NotificationVersion;
  readonly uiMode: UiMode;
  readonly initiator: Initiator;
  /** The 27 bits that should be zero. */
  readonly futureUse: number;
  /** 0 is not a valid id (DM Notification 1.2, 6.2.2.10): whoever starts sessions ignores such a notification. */
  readonly sessionId: number;
  readonly serverId: string;
  readonly vendorData: Uint8Array;
}

export const DIGEST_LENGTH = 16;
const HEADER_LENGTH = 5;
const FIXED_LENGTH = DIGEST_LENGTH + HEADER_LENGTH + 2 + 1;
const LENGTH_OFFSET = FIXED_LENGTH - 1;
const MAX_SERVER_ID = 255;
const MAX_SESSION_ID = 0xffff;
/** One OBEX object at most; a notification in a short message is far smaller. */
const MAX_NOTIFICATION = 0xffff;

const VERSIONS: Readonly<Record<NotificationVersion, number>> = { '1.0': 10, '1.1': 11, '1.2': 12 };

function versionOf(number: number): NotificationVersion {
  switch (number) {
    case 10:
      return '1.0';
    case 11:
      return '1.1';
    case 12:
      return '1.2';
    default:
      throw new PcAgentError('dm/notification-version', `the notification's version ${number / 10} is not known`, {
        offset: DIGEST_LENGTH,
        details: { version: number },
      });
  }
}

/**
 * A new session id. Its hex text has a letter, so that its decimal text, which some handsets write, is never the hex
 * text of another one (spec sheet dm-protocol, section 12).
 */
export function newNotificationId(random: Random): number {
  const [high = 0, low = 0] = random.bytes(2);
  const id = (high << 8) | low;
  return /[A-F]/i.test(id.toString(16)) ? id : (id & 0xfff0) | 0x000a;
}

/** The session id as a handset that follows DM Protocol 1.2, 2.3.3 writes it: upper-case hex, no leading zeros. */
export function notificationSessionText(sessionId: number): string {
  return sessionId.toString(16).toUpperCase();
}

/**
 * True when a handset's SessionID is that of a notification: hex as the standard has it, or decimal as some handsets
 * write it (spec sheet dm-protocol, section 12). Ids with a letter in hex never mean two notifications at once.
 */
export function isNotificationSession(sessionId: number, text: string): boolean {
  const trimmed = text.trim();
  if (/^[0-9A-Fa-f]{1,4}$/.test(trimmed) && Number.parseInt(trimmed, 16) === sessionId) return true;
  return /^[0-9]{1,5}$/.test(trimmed) && Number(trimmed) === sessionId;
}

/** The octets that the digest covers. */
function buildTrigger(fields: NotificationFields): Uint8Array {
  const identifier = utf8(fields.serverId);
  if (identifier.length === 0 || identifier.length > MAX_SERVER_ID) {
    throw new PcAgentError('dm/notification-field', `a ServerID has 1 to ${MAX_SERVER_ID} octets`, {
      details: { length: identifier.length },
    });
  }
  if (!Number.isInteger(fields.sessionId) || fields.sessionId < 1 || fields.sessionId > MAX_SESSION_ID) {
    throw new PcAgentError('dm/notification-field', 'the session id of a notification is 1 to FFFF (hex)', {
      details: { sessionId: fields.sessionId },
    });
  }
  const version = VERSIONS[fields.version ?? '1.1'];
  const uiMode = UI_MODES.indexOf(fields.uiMode);
  const initiator = fields.initiator === 'server' ? 1 : 0;
  // The first 32 of the 40 header bits; the last octet is all future use, which is zero.
  const header = ((version << 22) | (uiMode << 20) | (initiator << 19)) >>> 0;
  const fixed = Uint8Array.of(
    header >>> 24,
    (header >>> 16) & 0xff,
    (header >>> 8) & 0xff,
    header & 0xff,
    0,
    fields.sessionId >> 8,
    fields.sessionId & 0xff,
    identifier.length,
  );
  return concatBytes([fixed, identifier, fields.vendorData ?? EMPTY_BYTES]);
}

/**
 * Builds a notification with the server's credentials.
 * @throws PcAgentError `dm/notification-field` when the ServerID or the session id does not fit its field.
 */
export function buildNotification(fields: NotificationFields, digest: Digest): Uint8Array {
  const trigger = buildTrigger(fields);
  const proof = { user: fields.serverId, password: fields.password, nonce: fields.nonce };
  return concatBytes([macCredential(digest, proof, trigger), trigger]);
}

/**
 * Reads a notification; nothing is verified.
 * @throws PcAgentError `dm/notification-truncated`, `dm/notification-too-large`, `dm/notification-version`,
 * `dm/notification-field`, with the offset.
 */
export function parseNotification(bytes: Uint8Array): Notification {
  if (bytes.length > MAX_NOTIFICATION) {
    throw new PcAgentError('dm/notification-too-large', `a notification has at most ${MAX_NOTIFICATION} octets`);
  }
  if (bytes.length < FIXED_LENGTH) {
    throw new PcAgentError('dm/notification-truncated', 'the notification ends before its server identifier', {
      offset: bytes.length,
    });
  }
  const octet = (offset: number): number => bytes[offset] ?? 0;
  const version = versionOf((octet(16) << 2) | (octet(17) >> 6));
  const identifierEnd = FIXED_LENGTH + octet(LENGTH_OFFSET);
  if (bytes.length < identifierEnd) {
    throw new PcAgentError('dm/notification-truncated', 'the notification ends inside its server identifier', {
      offset: bytes.length,
    });
  }
  const identifier = bytes.subarray(FIXED_LENGTH, identifierEnd);
  if (identifier.length === 0) {
    throw new PcAgentError('dm/notification-field', 'the notification names no server', { offset: LENGTH_OFFSET });
  }
  return {
    digest: bytes.subarray(0, DIGEST_LENGTH),
    trigger: bytes.subarray(DIGEST_LENGTH),
    version,
    uiMode: UI_MODES[(octet(17) >> 4) & 3] ?? 'not-specified',
    initiator: (octet(17) & 0x08) === 0 ? 'client' : 'server',
    futureUse: (octet(17) & 0x07) * 0x1000000 + ((octet(18) << 16) | (octet(19) << 8) | octet(20)),
    sessionId: (octet(21) << 8) | octet(22),
    serverId: strictTextOf(identifier) ?? textOf(identifier),
    vendorData: bytes.subarray(identifierEnd),
  };
}
