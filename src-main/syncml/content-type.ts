import type { Encoding } from './model.ts';

/** MIME types of DM Representation 1.2 and DM Notification 1.2, section 6.2. */
export const ContentType = {
  DmWbxml: 'application/vnd.syncml.dm+wbxml',
  DmXml: 'application/vnd.syncml.dm+xml',
  Notification: 'application/vnd.syncml.notification',
  /** The data-sync look-alikes: relayed and accepted, never sent by ours. */
  SyncWbxml: 'application/vnd.syncml+wbxml',
  SyncXml: 'application/vnd.syncml+xml',
  OctetStream: 'application/octet-stream',
} as const;

/** Type without parameters, NUL and blanks; lower case. */
export function bareContentType(text: string): string {
  // Nearly every message, and not worth three searches.
  if (text === ContentType.DmWbxml || text === ContentType.DmXml) return text;
  const end = text.indexOf(';');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: OBEX Type headers end in NUL.
  return (end < 0 ? text : text.slice(0, end)).replace(/[\s\u0000]+/g, '').toLowerCase();
}

/** The charset parameter of a type; `undefined` when it has none. */
export function charsetOf(contentType: string): string | undefined {
  if (!contentType.includes(';')) return undefined;
  return /;\s*charset\s*=\s*["']?([^\s"';]{1,40})/i.exec(contentType)?.[1];
}

/** How a body of this type is encoded; `undefined` when the type is not a SyncML message's. */
export function encodingOf(contentType: string): Encoding | undefined {
  switch (bareContentType(contentType)) {
    case ContentType.DmWbxml:
    case ContentType.SyncWbxml:
      return 'wbxml';
    case ContentType.DmXml:
    case ContentType.SyncXml:
      return 'xml';
    default:
      return undefined;
  }
}

/** The type that ours send. */
export function dmContentType(encoding: Encoding): string {
  return encoding === 'wbxml' ? ContentType.DmWbxml : ContentType.DmXml;
}

/** Type of a body whose sender named none: by first byte (contract, section 5). */
export function guessContentType(body: Uint8Array): string {
  const first = body[0];
  if (first === 0x3c || (first === 0xef && body[1] === 0xbb) || first === 0xfe || first === 0xff) {
    return ContentType.DmXml;
  }
  if (first !== undefined && first <= 0x03) return ContentType.DmWbxml;
  return ContentType.OctetStream;
}
