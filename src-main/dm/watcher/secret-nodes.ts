import { textOf } from '../../base/bytes.ts';
import type { Data, Item } from '../../syncml/model.ts';

/**
 * Last segments of nodes that hold a password or a nonce: DMAcc of DM 1.2 (`AAuthSecret`, `AAuthData`), of DM 1.1.2
 * (`ClientPW`, `ServerPW`, `ClientNonce`, `ServerNonce`), and what vendors and connectivity objects call theirs.
 */
const SECRET_NAME = /(?:aauthsecret|aauthdata|secret|password|passwd|pwd|pw|passphrase|nonce|psk)$/i;

/** The same names anywhere in a text, as an inline or escaped tree or a provisioning document has them. */
const SECRET_NAME_INSIDE = /aauthsecret|aauthdata|clientpw|serverpw|clientnonce|servernonce|nextnonce|password|secret/i;

/** `user:password@` of a URL. */
const USER_INFO = /:\/\/[^/\s@]*:[^/\s@]*@/;

/** Bootstrap documents arrive here, and they always hold credentials (DM Bootstrap 1.2, 3.1.4). */
const INBOX = /^(?:\.\/)?inbox(?:\/|\?|$)/i;

export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.trim());
}

/** True when the value of this node must not be shown. */
export function isSecretNode(uri: string): boolean {
  const query = uri.indexOf('?');
  const path = (query < 0 ? uri : uri.slice(0, query)).trim();
  return isSecretName(path.slice(path.lastIndexOf('/') + 1)) || INBOX.test(path);
}

/** True when a value speaks of secrets itself: a tree, a provisioning document, a URL with a password. */
export function holdsSecret(data: Data): boolean {
  const text = typeof data === 'string' ? data : textOf(data);
  return SECRET_NAME_INSIDE.test(text) || USER_INFO.test(text);
}

/**
 * True when what a person has said to an alert must not be shown: all but the number of a choice, since whether it was
 * typed unseen (ET=P) stands in another message.
 */
export function isSecretAnswer(data: Data): boolean {
  return !/^\s*[0-9]{0,2}\s*$/.test(typeof data === 'string' ? data : textOf(data));
}

/** True for parameters of a question to which a secret is typed: they may hold one to begin with (DR). */
export function asksForSecret(data: Data): boolean {
  return /(?:^|&)\s*ET=P/i.test(typeof data === 'string' ? data : textOf(data));
}

export function uriOf(item: Item): string | undefined {
  return item.target?.uri ?? item.source?.uri;
}
