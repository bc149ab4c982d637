import { type Header, HeaderId, textHeader, textOfHeader, typeHeader, typeOf, wordHeader } from '../obex/header.ts';
import { guessContentType } from '../syncml/content-type.ts';
import type { Envelope } from './message-link.ts';

/** Target of device management (OMA DM OBEX binding): nine octets, no NUL. */
export const SYNCML_DM_TARGET: Uint8Array = Uint8Array.of(0x53, 0x59, 0x4e, 0x43, 0x4d, 0x4c, 0x2d, 0x44, 0x4d);

/** Headers that describe the message: Type, Length and, when there is one, the hmac (id 0x30). */
export function envelopeHeaders(envelope: Envelope): readonly Header[] {
  const headers = [typeHeader(envelope.contentType), wordHeader(HeaderId.Length, envelope.body.length)];
  if (envelope.hmac !== undefined) headers.push(textHeader(HeaderId.SyncmlHmac, envelope.hmac));
  return headers;
}

/** The type is what the object says, else what its first octet says (contract, section 5). */
export function envelopeOf(
  headers: readonly Header[],
  body: Uint8Array,
  contentType: string = typeOf(headers) ?? guessContentType(body),
): Envelope {
  const hmac = textOfHeader(headers, HeaderId.SyncmlHmac);
  return hmac === undefined ? { contentType, body } : { contentType, body, hmac };
}
