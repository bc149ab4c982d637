import { toBase64 } from '../base/base64.ts';
import { strictTextOf } from '../base/bytes.ts';
import type { Data, Encoding } from '../syncml/model.ts';
import { isXmlText } from '../xml/characters.ts';

/** A value as it travels: its data and the Format that goes beside it. */
export interface Carried {
  readonly data: Data;
  readonly format: string;
}

/**
 * Octets of a node as an Item carries them. Binary goes as opaque octets with Format `bin` in WBXML and as base64
 * text with Format `b64` in XML (DM Tree and Description 1.2, 8.3.7.2); all else is text.
 */
export function carry(value: Uint8Array, format: string, encoding: Encoding): Carried {
  if (format !== 'bin' && format !== 'b64') {
    const text = strictTextOf(value);
    if (text !== undefined && (encoding === 'xml' ? isXmlText(text) : !text.includes('\u0000'))) {
      return { data: text, format };
    }
  }
  return encoding === 'wbxml' ? { data: value, format: 'bin' } : { data: toBase64(value), format: 'b64' };
}
