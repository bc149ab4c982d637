import { fromBase64 } from '../base/base64.ts';
import { concatBytes, textOf, utf8 } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import { writeXmlFragment } from '../xml/writer.ts';
import type { Item, Meta } from './model.ts';

/** A command's Meta holds for all its Items; an Item's own overrides it element by element. */
export function effectiveMeta(item: Item, commandMeta: Meta | undefined): Meta {
  if (commandMeta === undefined) return item.meta ?? {};
  return item.meta === undefined ? commandMeta : { ...commandMeta, ...item.meta };
}

/** Format in lower case; `chr` when there is none (Meta-Information 1.2, section 5). */
export function formatOf(meta: Meta): string {
  return meta.format?.trim().toLowerCase() || 'chr';
}

/** Type in lower case without parameters; `text/plain` when there is none. */
export function typeOf(meta: Meta): string {
  return meta.type?.split(';')[0]?.trim().toLowerCase() || 'text/plain';
}

/**
 * The octets that the Item carries, undecoded: what Meta/Size counts and what chunks of a large object are joined from.
 * `undefined`: no Data, no value.
 */
export function carriedBytes(item: Item): Uint8Array | undefined {
  if (item.markup !== undefined) return concatBytes(item.markup.map((element) => utf8(writeXmlFragment(element))));
  if (item.data === undefined) return undefined;
  return typeof item.data === 'string' ? utf8(item.data) : item.data;
}

/**
 * Value of a complete carried object under its effective Meta. Base64 is decoded when Format is `b64`. Raw octets with
 * that Format contradict it and are accepted: decoded when they happen to be base64 text, else taken as they are.
 * Raw octets without Format are never decoded: libwbxml sends plain text that way.
 * @param opaque whether the peer sent raw octets (WBXML opaque).
 * @throws PcAgentError `syncml/bad-base64` when text under `b64` is not base64.
 */
export function decodeCarried(carried: Uint8Array, meta: Meta, opaque: boolean): Uint8Array {
  if (formatOf(meta) !== 'b64') return carried;
  const decoded = fromBase64(textOf(carried));
  if (decoded !== undefined) return decoded;
  if (opaque) return carried;
  throw new PcAgentError('syncml/bad-base64', 'Format says b64 and the data is not base64', {
    details: { length: carried.length },
  });
}

/**
 * Raw octets of an Item's value; `undefined` when it has none. Not for a chunk of a large object, whose base64 may be
 * cut anywhere: join `carriedBytes` first, then `decodeCarried`.
 * @throws PcAgentError `syncml/bad-base64`
 */
export function itemBytes(item: Item, commandMeta: Meta | undefined): Uint8Array | undefined {
  const carried = carriedBytes(item);
  if (carried === undefined) return undefined;
  return decodeCarried(carried, effectiveMeta(item, commandMeta), item.data instanceof Uint8Array);
}

/** The same as text: malformed UTF-8 becomes U+FFFD. */
export function itemText(item: Item, commandMeta: Meta | undefined): string | undefined {
  const format = formatOf(effectiveMeta(item, commandMeta));
  if (typeof item.data === 'string' && format !== 'b64') return item.data;
  const bytes = itemBytes(item, commandMeta);
  return bytes === undefined ? undefined : textOf(bytes);
}
