import { utf8 } from '../../base/bytes.ts';
import { assertNever } from '../../base/errors.ts';
import type { MessageDetail, MessageSummary } from '../../contract/message-summary.ts';
import type { Envelope } from '../../syncml/envelope.ts';
import type { Data, Encoding } from '../../syncml/model.ts';
import { writeXml } from '../../xml/writer.ts';
import { DIGEST_LENGTH } from '../notification/notification.ts';
import { hexDump, locate } from './hex-dump.ts';
import { maskTree } from './mask-tree.ts';
import { type Reading, readMessage } from './read-message.ts';
import { summaryOf } from './summarise.ts';

const MAX_HEX = 64 * 1024;

/**
 * What a person may see of a message. A secret that cannot be found in the bytes again (written with entities, in
 * pieces, in another charset) blanks all of them, and so does a message that cannot be read: what is not known to be
 * harmless is not shown.
 * @param sequence number of the message event in its feed.
 * @param known the summary that was made when the message passed; it has the package number.
 */
export function maskedDetail(envelope: Envelope, sequence: number, known?: MessageSummary): MessageDetail {
  const reading = readMessage(envelope);
  const summary = known ?? summaryOf(reading, envelope, -1);
  // The value of `x-syncml-hmac` is not part of the body, and is never shown.
  const headers = envelope.hmac === undefined ? 0 : 1;
  const { xml, hidden, masked } = maskReading(reading, envelope.body);
  return { sequence, summary, xml, hex: hexDump(envelope.body, hidden, MAX_HEX), masked: masked + headers };
}

interface MaskedBody {
  readonly xml: string;
  /** 1 for each octet that must not be shown. */
  readonly hidden: Uint8Array;
  readonly masked: number;
}

function maskReading(reading: Reading, body: Uint8Array): MaskedBody {
  switch (reading.kind) {
    case 'notification':
      // The digest lets a password be guessed at leisure; the trigger is public.
      return { xml: '', hidden: new Uint8Array(body.length).fill(1, 0, DIGEST_LENGTH), masked: 1 };
    case 'unread':
      return { xml: '', hidden: new Uint8Array(body.length).fill(1), masked: 0 };
    case 'message': {
      const { root, secrets } = maskTree(reading.root);
      const spellings = secrets.map((secret) => spellingsOf(secret, reading.encoding));
      const hidden = locate(body, spellings) ?? new Uint8Array(body.length).fill(1);
      return { xml: xmlOf(root), hidden, masked: secrets.length };
    }
    default:
      return assertNever(reading);
  }
}

function xmlOf(root: Parameters<typeof writeXml>[0]): string {
  try {
    return writeXml(root, { indent: true, annotations: true });
  } catch {
    // A document that we can read and not write is shown by its summary alone.
    return '';
  }
}

/** How a value may stand in the bytes: as it is, and in XML with the five entities. */
function spellingsOf(secret: Data, encoding: Encoding): readonly Uint8Array[] {
  if (typeof secret !== 'string') return [secret];
  const plain = utf8(secret);
  if (encoding === 'wbxml' || !/[&<>"']/.test(secret)) return [plain];
  const tags = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quotes = tags.replaceAll('"', '&quot;');
  return [plain, utf8(tags), utf8(quotes), utf8(quotes.replaceAll("'", '&apos;'))];
}
